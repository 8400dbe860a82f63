"""Organisations and their mandates."""

from tortoise import fields

from domain.access import Reach, Via
from domain.organisations import MandateBasis, MandateRole, MandateService, OrganisationKind

from .rows import Row
from .territory import Compound, Place


class Organisation(Row):
    """A body that answers for something in the street."""

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
    street: fields.ForeignKeyRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, on_delete=fields.RESTRICT
    )
    street_id: str
    place: fields.ForeignKeyNullableRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    place_id: str | None

    class Meta:
        table = "organisation"


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
