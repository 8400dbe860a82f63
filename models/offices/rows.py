"""The rows of offices and elections."""

from tortoise import fields

from domain.offices import OfficeEnd, OfficeKind
from models.organisations import Organisation
from models.organisations.rows import OF_A_BODY
from models.rows import Row


class Election(Row):
    """An election (换届) of an organisation, and the term that it began. ``warned_at``: when it was said that it ends soon."""

    prefix = "elc"
    belonging = OF_A_BODY

    id = fields.CharField(max_length=30, primary_key=True)
    held_on = fields.DateField()
    term_starts_on = fields.DateField()
    term_ends_on = fields.DateField()
    warned_at = fields.DatetimeField(null=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "election"


class Office(Row):
    """What somebody is in an organisation from ``starts_on`` to ``ends_on`` (both included; null: open).

    ``holder``: their name. ``single``: nobody else holds it then, in ``compound_id`` where there is one; the database sees to it.
    ``lasts_to``: the last day, or 9999-12-31; made by the database. ``cleared_at``: when the name was taken away.
    """

    prefix = "off"
    belonging = OF_A_BODY

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(OfficeKind, max_length=40)
    single = fields.BooleanField()
    holder = fields.CharField(max_length=60)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    lasts_to = fields.DateField(generated=True)
    how_ended = fields.CharEnumField(OfficeEnd, max_length=40, null=True)
    end_note = fields.TextField(db_default="")
    cleared_at = fields.DatetimeField(null=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: str
    election: fields.ForeignKeyNullableRelation[Election] = fields.ForeignKeyField(
        "models.Election", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    election_id: str | None
    compound_id = fields.CharField(max_length=30, null=True)
    account_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "office"
