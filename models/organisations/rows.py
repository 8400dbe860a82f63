"""Organisations and their mandates."""

from datetime import date

from tortoise import fields
from tortoise.expressions import Q

from domain.access import Reach, Via
from domain.organisations import MandateBasis, MandateRole, MandateService, OrganisationKind
from models.rows import Row
from models.territory import Compound, Place

#: What is an organisation's own is seen where the organisation is.
OF_A_BODY = {
    Reach.STREET: "street_id",
    Reach.ORGANISATION: "organisation_id",
    Reach.COMPOUND: Via("mandate", "organisation_id", "compound_id", own="organisation_id"),
}


class Organisation(Row):
    """A body that answers for something in the street.

    ``place_id``: the place that it is of, if it is of one; ``compound_id``: the compound whose own body it is. ``telephone``,
    ``address``, ``hours``: the office's, never a person's. ``ended_on``: its last day. ``term_ends_on``: of the last election.
    """

    prefix = "org"
    belonging = {
        Reach.STREET: "street_id",
        Reach.ORGANISATION: "id",
        Reach.COMPOUND: Via("mandate", "organisation_id", "compound_id"),
    }

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    kind = fields.CharEnumField(OrganisationKind, max_length=40)
    name = fields.CharField(max_length=120)
    functional = fields.BooleanField(db_default=False)
    credit_code = fields.CharField(max_length=18, null=True)
    telephone = fields.CharField(max_length=20, db_default="")
    address = fields.CharField(max_length=200, db_default="")
    hours = fields.CharField(max_length=120, db_default="")
    founded_on = fields.DateField(null=True)
    ended_on = fields.DateField(null=True)
    term_ends_on = fields.DateField(null=True)
    version = fields.IntField(db_default=1)
    street: fields.ForeignKeyRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, on_delete=fields.RESTRICT
    )
    street_id: str
    place: fields.ForeignKeyNullableRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    place_id: str | None
    compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "organisation"


def lasting(day: date) -> Q:
    """Organisations that have not ended before the day: the last day is one of theirs."""
    return Q(ended_on=None) | Q(ended_on__gte=day)


class Mandate(Row):
    """What an organisation does for a compound, from ``starts_on`` to ``ends_on`` (both included; null: open).

    ``service``: of whoever serves it, and of nobody else; no two of one compound overlap: the database sees to it.
    ``basis_…``: the contract, filing or the like on which it stands. ``lasts_to``: the last day, or 9999-12-31 while open; made
    by the database, so that who did what on a day can be asked for.
    """

    prefix = "mnd"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    role = fields.CharEnumField(MandateRole, max_length=40)
    service = fields.CharEnumField(MandateService, max_length=40, null=True)
    basis = fields.CharEnumField(MandateBasis, max_length=40, null=True)
    basis_number = fields.CharField(max_length=60, db_default="")
    basis_on = fields.DateField(null=True)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    lasts_to = fields.DateField(generated=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: str
    compound: fields.ForeignKeyRelation[Compound] = fields.ForeignKeyField(
        "models.Compound", related_name=False, on_delete=fields.RESTRICT
    )
    compound_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "mandate"
