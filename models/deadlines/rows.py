"""The rows of deadlines: what is promised, when people work, and how far each ticket has come."""

from tortoise import fields

from domain.access import Reach
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, Measure, Policy, PolicySource, TicketPauseReason
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import WorkingDays
from models.rows import Row


class SlaPolicy(Row):
    """What a street promises for one goal of some tickets, or lets one organisation promise. Unique on owner and tickets."""

    prefix = "sla"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(TicketKind, max_length=40)
    priority = fields.CharEnumField(TicketPriority, max_length=40)
    goal = fields.CharEnumField(Goal, max_length=40)
    amount = fields.IntField()
    measure = fields.CharEnumField(Measure, max_length=40)
    warn_percent = fields.IntField()
    escalate_minutes = fields.IntField()
    pause_minutes = fields.IntField(null=True)
    street_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30, null=True)

    def policy(self) -> Policy:
        """Its figures."""
        return Policy(self.amount, self.measure, self.warn_percent, self.escalate_minutes, self.pause_minutes)

    class Meta:
        table = "sla_policy"


class WorkingHours(Row):
    """When a street works, or one organisation of it. ``hours``: spans of a day with blanks between. Unique on the owner."""

    prefix = "whr"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    hours = fields.CharField(max_length=80)
    days = fields.CharEnumField(WorkingDays, max_length=40)
    street_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "working_hours"


class CalendarDay(Row):
    """A day on which a street works, or does not, whatever the official calendar says. Unique on (street, day)."""

    prefix = "cld"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    day = fields.DateField()
    works = fields.BooleanField()
    note = fields.CharField(max_length=100)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "calendar_day"


class TicketPause(Row):
    """A time during which a ticket's clock stood still. ``ends_at``: when it ends by itself; ``ended_at``: when it did.

    At most one of a ticket has no ``ended_at``. ``audience_id``: the resident who opened the ticket.
    """

    prefix = "tps"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "audience_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    reason = fields.CharEnumField(TicketPauseReason, max_length=40)
    note = fields.TextField(db_default="")
    started_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    ticket_id = fields.CharField(max_length=30)
    started_by_id = fields.CharField(max_length=30, null=True)
    ended_by_id = fields.CharField(max_length=30, null=True)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_pause"


class TicketDeadline(Row):
    """By when one goal of a ticket must be reached. Unique on (ticket, goal).

    ``policy`` and ``why`` map a language to a sentence. ``next_of_id``: the ticket, if of its deadlines that still count this
    is the first. ``next_at``: when the clock must look at it again. ``audience_id``: the resident who opened the ticket.
    """

    prefix = "dln"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ACCOUNT: "audience_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    goal = fields.CharEnumField(Goal, max_length=40)
    state = fields.CharEnumField(DeadlineState, max_length=40)
    level = fields.CharEnumField(DeadlineLevel, max_length=40)
    source = fields.CharEnumField(PolicySource, max_length=40)
    policy: fields.JSONField[dict[str, str]] = fields.JSONField()
    why: fields.JSONField[dict[str, str]] = fields.JSONField()
    started_at = fields.DatetimeField()
    due = fields.DatetimeField()
    warn_at = fields.DatetimeField()
    warned_at = fields.DatetimeField(null=True)
    breached_at = fields.DatetimeField(null=True)
    met_at = fields.DatetimeField(null=True)
    next_at = fields.DatetimeField(null=True)
    ticket_id = fields.CharField(max_length=30)
    next_of_id = fields.CharField(max_length=30, null=True)
    audience_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ticket_deadline"
