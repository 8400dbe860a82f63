"""Rows of area-wide services. What they promise, the database keeps: see migration area_services."""

from tortoise import fields

from domain.access import Reach
from models.rows import MoneyField, Row

_OF_A_COMPOUND = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}


class AreaService(Row):
    """An area-wide service by one company, from ``starts_on`` to ``ends_on`` (both included; null: open). ``services``: words of
    MandateService, what it does in every compound. ``contract_number``: of the paper with the street."""

    prefix = "ars"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    name = fields.CharField(max_length=120)
    services: fields.JSONField[list[str]] = fields.JSONField()
    contract_number = fields.CharField(max_length=60, db_default="")
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "area_service"


class AreaServiceMember(Row):
    """A compound in an area-wide service, from ``joins_on`` to ``leaves_on`` (both included; null: open). No compound is in two
    on one day. ``area_m2``: by which it shares, for as long as it is in."""

    prefix = "arm"
    belonging = _OF_A_COMPOUND

    id = fields.CharField(max_length=30, primary_key=True)
    area_m2 = fields.DecimalField(max_digits=12, decimal_places=2)
    joins_on = fields.DateField()
    leaves_on = fields.DateField(null=True)
    area_service_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "area_service_member"


class AreaServiceCost(Row):
    """What an area-wide service cost in a period (both days included), shared over its compounds. A withdrawn one counts no
    more."""

    prefix = "acs"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    title = fields.CharField(max_length=120)
    total = MoneyField()
    period_from = fields.DateField()
    period_to = fields.DateField()
    shared_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_why = fields.CharField(max_length=500, db_default="")
    area_service_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "area_service_cost"


class AreaServiceShare(Row):
    """What one compound bears of such a cost, by its area and the days on which it was in. The shares of a cost add up to it."""

    prefix = "ash"
    belonging = _OF_A_COMPOUND

    id = fields.CharField(max_length=30, primary_key=True)
    area_m2 = fields.DecimalField(max_digits=12, decimal_places=2)
    days = fields.IntField()
    amount = MoneyField()
    cost_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "area_service_share"
