"""Rows of fee items: items and their prices, who has a part in them, meters and what they show, common costs to share."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.bills import FeeUnit
from domain.charges import ExemptionReason, FeeBasis, FeeKind, ShareBy, TierBasis
from domain.ledger import AccountCode
from domain.money import Rounding
from models.rows import MoneyField, Row

#: What everybody in the compound may read: what is asked for, and on what ground.
_PUBLIC = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.COMPOUND: "compound_id"}
_OF_A_HOME = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.HOME: "home_id"}


class FeeItem(Row):
    """A fee item (收费项目) of a book. ``code``: one per book. ``months``: for how many it is billed at once.

    ``share_by``: of SHARED items, and of no others. ``ended_on``: its last day.
    """

    prefix = "fit"
    belonging = _PUBLIC

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=60)
    kind = fields.CharEnumField(FeeKind, max_length=40)
    account = fields.CharEnumField(AccountCode, max_length=40)
    unit = fields.CharEnumField(FeeUnit, max_length=40)
    months = fields.IntField(db_default=1)
    rounding = fields.CharEnumField(Rounding, max_length=40, db_default=Rounding.FEN_HALF_UP)
    share_by = fields.CharEnumField(ShareBy, max_length=40, null=True)
    tier_basis = fields.CharEnumField(TierBasis, max_length=40, db_default=TierBasis.MONTH)
    starts_on = fields.DateField()
    ended_on = fields.DateField(null=True)
    version = fields.IntField(db_default=1)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fee_item"


class FeePrice(Row):
    """What a unit of an item costs from a day on, and on what ground. ``tiers``: [{"upto", "price"}], as text; may be none."""

    prefix = "fpr"
    belonging = _PUBLIC

    id = fields.CharField(max_length=30, primary_key=True)
    starts_on = fields.DateField()
    price = fields.DecimalField(max_digits=14, decimal_places=6)
    tiers: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(db_default="[]")
    basis = fields.CharEnumField(FeeBasis, max_length=40)
    basis_number = fields.CharField(max_length=60)
    basis_on = fields.DateField()
    fee_item_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fee_price"


class FeeAssignment(Row):
    """A home's part in an item, for some days (both included; null: open); one at a time. ``discount``: percent.

    ``exemption``: why it pays nothing; null: it pays.
    """

    prefix = "fas"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    quantity = fields.DecimalField(max_digits=10, decimal_places=2, db_default=1)
    discount = fields.DecimalField(max_digits=5, decimal_places=2, db_default=0)
    exemption = fields.CharEnumField(ExemptionReason, max_length=40, null=True)
    version = fields.IntField(db_default=1)
    fee_item_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fee_assignment"


class Meter(Row):
    """A meter (计量表) of a home, for an item. ``value``: what was read last, on ``read_on``; ``turns``: how often its dial went
    round; ``charged``: up to what count it was charged for. See domain/charges/metering.
    """

    prefix = "met"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=40)
    digits = fields.IntField()
    ratio = fields.DecimalField(max_digits=10, decimal_places=3, db_default=1)
    value = fields.DecimalField(max_digits=14, decimal_places=3)
    turns = fields.IntField(db_default=0)
    charged = fields.DecimalField(max_digits=20, decimal_places=6)
    started_on = fields.DateField()
    ended_on = fields.DateField(null=True)
    read_on = fields.DateField()
    version = fields.IntField(db_default=1)
    fee_item_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "meter"


class MeterReading(Row):
    """What a meter showed on a day, and what is charged for it; never changed. ``value``: null where it was estimated."""

    prefix = "mrd"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    read_on = fields.DateField()
    value = fields.DecimalField(max_digits=14, decimal_places=3, null=True)
    used = fields.DecimalField(max_digits=14, decimal_places=3)
    estimated = fields.BooleanField(db_default=False)
    rolled_over = fields.BooleanField(db_default=False)
    meter_id = fields.CharField(max_length=30)
    fee_item_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "meter_reading"


class SharedCost(Row):
    """What there is to share of an item, for the period that begins on ``period_from``. ``note``: what it is of."""

    prefix = "shc"
    belonging = _PUBLIC

    id = fields.CharField(max_length=30, primary_key=True)
    period_from = fields.DateField()
    period_to = fields.DateField()
    amount = MoneyField()
    note = fields.CharField(max_length=200)
    version = fields.IntField(db_default=1)
    fee_item_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "shared_cost"
