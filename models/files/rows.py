"""The rows of files."""

from tortoise import fields

from domain.access import Reach
from models.rows import Row


class File(Row):
    """Something attached to a ticket, a work order, an inspection, a hazard, a round, a register or an organisation's paper. Its
    content is in the store, under its id.

    ``name``: for people, and "" once it was removed. ``audience_id``: the resident whom the subject concerns.
    ``cleared_at``: when the content of a removed file went. ``private``: for the organisation alone whose book it was sent to; it
    has no ``office_street_id``, and nobody sees it who sees the street.
    """

    prefix = "fil"
    belonging = {
        Reach.STREET: "office_street_id",
        Reach.COMPOUND: "compound_id",
        Reach.ORGANISATION: "organisation_id",
        Reach.ACCOUNT: "audience_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    subject_id = fields.CharField(max_length=30)
    name = fields.CharField(max_length=120)
    media_type = fields.CharField(max_length=100)
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    uploaded_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)
    cleared_at = fields.DatetimeField(null=True)
    private = fields.BooleanField(db_default=False)
    uploaded_by_id = fields.CharField(max_length=30, null=True)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)
    office_street_id = fields.CharField(max_length=30, null=True, generated=True)

    class Meta:
        table = "file"
