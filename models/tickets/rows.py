"""The rows of tickets and their comments."""

from tortoise import fields

from domain.access import Reach
from domain.tickets import TicketKind, TicketPriority, TicketState
from models.rows import Row


class Ticket(Row):
    """A repair, complaint, suggestion or enquiry. A resident sees the tickets they opened.

    ``arrived_at``: when somebody was on the spot; ``replied_at``: when whoever opened it had a first answer.
    ``contact_phone_…``: the number to call back on (see models/phones.py). ``cleared_at``: when that number and what the
    reporter wrote were taken away.
    """

    prefix = "tkt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "opened_by_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    kind = fields.CharEnumField(TicketKind, max_length=40)
    priority = fields.CharEnumField(TicketPriority, max_length=40)
    state = fields.CharEnumField(TicketState, max_length=40)
    title = fields.CharField(max_length=200)
    description = fields.TextField(db_default="")
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    arrived_at = fields.DatetimeField(null=True)
    replied_at = fields.DatetimeField(null=True)
    contact_phone_masked = fields.CharField(max_length=20, null=True)
    contact_phone_sealed = fields.BinaryField(null=True)
    contact_phone_index = fields.BinaryField(null=True)
    cleared_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)
    alert_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    assignee_id = fields.CharField(max_length=30, null=True)
    opened_by_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "ticket"


class TicketComment(Row):
    """A remark on a ticket. ``audience_id`` is the resident who opened the ticket, or null for an inside remark.

    ``outside_compound_id``: the compound, unless it is an inside remark; made by the database.
    """

    prefix = "tkc"
    belonging = {
        Reach.STREET: "street_id",
        Reach.COMPOUND: "compound_id",
        Reach.OUTSIDE: "outside_compound_id",
        Reach.ACCOUNT: "audience_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    body = fields.TextField()
    internal = fields.BooleanField(db_default=False)
    at = fields.DatetimeField()
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name=False, on_delete=fields.CASCADE
    )
    ticket_id: str
    author_id = fields.CharField(max_length=30, null=True)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    outside_compound_id = fields.CharField(max_length=30, null=True, generated=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_comment"
