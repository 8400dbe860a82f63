"""Organisations and their mandates."""

from tortoise import fields

from domain.access import Reach, Via
from domain.organisations import MandateRole, OrganisationKind

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
    """What an organisation does for a compound, from ``starts_on`` to ``ends_on`` (both included; null: open)."""

    prefix = "mnd"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    role = fields.CharEnumField(MandateRole, max_length=40)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
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
