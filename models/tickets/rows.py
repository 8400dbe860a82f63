"""The rows of tickets and of what is around them."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.tickets import TicketKind, TicketPriority, TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.relations import LinkKind
from domain.tickets.routing import RouteTarget
from domain.tickets.satisfaction import CallBackOutcome, CallBackState
from models.rows import Row


class Ticket(Row):
    """A repair, complaint, suggestion or enquiry. A resident sees the tickets they opened.

    ``arrived_at``: when somebody was on the spot; ``replied_at``: when whoever opened it had a first answer;
    ``transferred_at``: when it was last handed on to another organisation. ``closes_at``: when it is closed although nobody has
    confirmed that its work is done; set when its reporter was told so.
    ``case_number``: the hotline's, where it came in by it. ``routing``: why it went to ``organisation_id``, and why
    ``proposed_assignee_id`` is proposed there, by language. ``contact_phone_…``: the number to call back on (see
    models/phones.py). ``cleared_at``: when that number and what the reporter wrote were taken away.
    """

    prefix = "tkt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "opened_by_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    kind = fields.CharEnumField(TicketKind, max_length=40)
    priority = fields.CharEnumField(TicketPriority, max_length=40)
    state = fields.CharEnumField(TicketState, max_length=40)
    source = fields.CharEnumField(TicketSource, max_length=40, db_default=TicketSource.STAFF)
    case_number = fields.CharField(max_length=60, null=True)
    category = fields.CharEnumField(TicketCategory, max_length=40, null=True)
    title = fields.CharField(max_length=200)
    description = fields.TextField(db_default="")
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField(null=True)
    arrived_at = fields.DatetimeField(null=True)
    replied_at = fields.DatetimeField(null=True)
    transferred_at = fields.DatetimeField(null=True)
    reopened_count = fields.SmallIntField(db_default=0)
    routing: fields.JSONField[dict[str, str]] = fields.JSONField(db_default="{}")
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
    proposed_assignee_id = fields.CharField(max_length=30, null=True)
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


class TicketParty(Row):
    """An organisation that handles a ticket besides the one that answers for it. ``sign_off``: it must agree to the end."""

    prefix = "tpy"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "audience_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    sign_off = fields.BooleanField(db_default=True)
    added_at = fields.DatetimeField()
    signed_off_at = fields.DatetimeField(null=True)
    signed_off_by_id = fields.CharField(max_length=30, null=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name=False, on_delete=fields.CASCADE
    )
    ticket_id: str
    organisation_id = fields.CharField(max_length=30)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_party"


class TicketWatcher(Row):
    """Somebody who wants to hear of every move of a ticket."""

    prefix = "twt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    since = fields.DatetimeField()
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name=False, on_delete=fields.CASCADE
    )
    ticket_id: str
    account_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_watcher"


class TicketLink(Row):
    """What a ticket is to another of the street. Links of all kinds together never lead back to where they began."""

    prefix = "tln"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "audience_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(LinkKind, max_length=40)
    made_at = fields.DatetimeField()
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name=False, on_delete=fields.CASCADE
    )
    ticket_id: str
    other_id = fields.CharField(max_length=30)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_link"


class TicketRating(Row):
    """What whoever reported it thinks of the work; said once. ``organisation_id``: who handled it then."""

    prefix = "trt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "audience_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    score = fields.SmallIntField()
    reasons: fields.JSONField[list[Any]] = fields.JSONField(db_default="[]")
    note = fields.TextField(db_default="")
    rated_at = fields.DatetimeField()
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name=False, on_delete=fields.CASCADE
    )
    ticket_id: str
    organisation_id = fields.CharField(max_length=30, null=True)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_rating"


class CallBack(Row):
    """That the reporter of a closed ticket is asked how it went. ``closed_on``: the day of closing whose sample it is of."""

    prefix = "clb"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(CallBackState, max_length=40)
    closed_on = fields.DateField()
    attempts = fields.IntField(db_default=0)
    called_at = fields.DatetimeField(null=True)
    called_by_id = fields.CharField(max_length=30, null=True)
    outcome = fields.CharEnumField(CallBackOutcome, max_length=40, null=True)
    score = fields.SmallIntField(null=True)
    note = fields.TextField(db_default="")
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name=False, on_delete=fields.CASCADE
    )
    ticket_id: str
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "call_back"


class TicketRoute(Row):
    """Where the street sends tickets of a kind and category (null: any) of a compound, a grid or a community (none: of all)."""

    prefix = "trr"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(TicketKind, max_length=40, null=True)
    category = fields.CharEnumField(TicketCategory, max_length=40, null=True)
    target = fields.CharEnumField(RouteTarget, max_length=40, null=True)
    set_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    place_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_route"
