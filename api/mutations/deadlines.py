"""Mutations on the deadlines of tickets and on what they go by; the acts are in models/deadlines."""

from datetime import date, datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.deadlines import Goal, Measure, Policy, TicketPauseReason
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import WorkingDays
from models import deadlines

from .payloads import ChangeInput, OnceInput, Payload, mutation

for _word in (Goal, Measure, TicketPauseReason, TicketKind, TicketPriority, WorkingDays):
    graphql_enum(_word)

_TICKET = "The ticket as it is now (工单); null when refused."
_RESET = "Take back what was set, so that what is above holds again (恢复默认)."


@strawberry.input(description="A ticket whose clock shall stand still.")
class TicketPauseInput(ChangeInput):
    reason: TicketPauseReason = strawberry.field(description="Why (原因).")
    note: str = strawberry.field(description="More on that (备注), at most 500 characters; required with OTHER.", default="")
    until: datetime | None = strawberry.field(
        description="When it ends by itself (恢复时间). Default: when the ticket's pauses are used up.", default=strawberry.UNSET
    )


@bound("What ticketPause answers.")
class TicketPausePayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Stop a ticket's clock (暂停计时), for a reason, and for as long as the policy allows.")
async def ticket_pause(context: Context, given: TicketPauseInput) -> TicketPausePayload:
    changed = await deadlines.pause(
        context.viewer, given.id, given.reason, note=given.note, until=given.until, expected_version=given.expected_version
    )
    return TicketPausePayload(subject_id=changed.id)


@strawberry.input(description="A paused ticket.")
class TicketResumeInput(ChangeInput):
    pass


@bound("What ticketResume answers.")
class TicketResumePayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Let the clock of a paused ticket go on (恢复计时).")
async def ticket_resume(context: Context, given: TicketResumeInput) -> TicketResumePayload:
    changed = await deadlines.resume(context.viewer, given.id, expected_version=given.expected_version)
    return TicketResumePayload(subject_id=changed.id)


@strawberry.input(description="A ticket where somebody is on the spot.")
class TicketArriveInput(ChangeInput):
    pass


@bound("What ticketArrive answers.")
class TicketArrivePayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Say that somebody is on the spot (到场).")
async def ticket_arrive(context: Context, given: TicketArriveInput) -> TicketArrivePayload:
    changed = await deadlines.arrive(context.viewer, given.id, expected_version=given.expected_version)
    return TicketArrivePayload(subject_id=changed.id)


@strawberry.input(description="A ticket and its new priority.")
class TicketSetPriorityInput(ChangeInput):
    priority: TicketPriority = strawberry.field(description="How fast it must move (优先级).")


@bound("What ticketSetPriority answers.")
class TicketSetPriorityPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Make a ticket more or less urgent (调整优先级): its deadlines are worked out anew from when it was opened.")
async def ticket_set_priority(context: Context, given: TicketSetPriorityInput) -> TicketSetPriorityPayload:
    changed = await deadlines.set_priority(context.viewer, given.id, given.priority, expected_version=given.expected_version)
    return TicketSetPriorityPayload(subject_id=changed.id)


@strawberry.input(description="What is promised for one goal of some tickets, and by whom.")
class SlaPolicySetInput(OnceInput):
    owner_id: strawberry.ID = strawberry.field(
        description="Street (街道), or the organisation (组织) whose tickets it is for: its own comes before the street's."
    )
    kind: TicketKind = strawberry.field(description="Kind of tickets (工单类别).")
    priority: TicketPriority = strawberry.field(description="Their priority (优先级).")
    goal: Goal = strawberry.field(description="What is promised (目标).")
    amount: int | None = strawberry.field(description="The limit (时限), in the measure.", default=strawberry.UNSET)
    measure: Measure = strawberry.field(description="What it is counted in (计量方式).", default=Measure.WORKING_DAYS)
    warn_percent: int = strawberry.field(description="Warn after so much of the limit (预警百分比), 1 to 99.", default=80)
    escalate_minutes: int = strawberry.field(
        description="Minutes (分钟) between two steps up the ladder once it is late, 5 to 43,200.", default=1_440
    )
    pause_minutes: int | None = strawberry.field(
        description="With CLOSE: minutes (分钟) that such a ticket may be paused, all together. Default: none.",
        default=strawberry.UNSET,
    )
    reset: bool = strawberry.field(description=_RESET, default=False)


@bound("What slaPolicySet answers.")
class SlaPolicySetPayload(Payload):
    policy = by_id("SlaPolicy", "subject_id", description="The policy (时限规定); null when refused or taken back.")


@mutation("Set a time limit for tickets (设置时限): for a street, or for one organisation. Deadlines are worked out anew.")
async def sla_policy_set(context: Context, given: SlaPolicySetInput) -> SlaPolicySetPayload:
    figures = (given.measure, given.warn_percent, given.escalate_minutes, given.pause_minutes)
    policy = None if given.amount is None else Policy(given.amount, *figures)
    tickets = (given.kind, given.priority, given.goal)
    row = await deadlines.set_policy(context.viewer, given.owner_id, *tickets, policy, reset=given.reset)
    return SlaPolicySetPayload(subject_id=row.id if row else None)


@strawberry.input(description="When a street or an organisation works.")
class WorkingHoursSetInput(OnceInput):
    owner_id: strawberry.ID = strawberry.field(
        description="Street (街道) or organisation (组织): its own comes before the street's."
    )
    hours: list[str] | None = strawberry.field(
        description='Spans of a working day (时段), not overlapping: `["09:00-12:00", "14:00-18:00"]`.', default=strawberry.UNSET
    )
    days: WorkingDays = strawberry.field(description="Which days are worked (工作日).", default=WorkingDays.OFFICIAL)
    reset: bool = strawberry.field(description=_RESET, default=False)


@bound("What workingHoursSet answers.")
class WorkingHoursSetPayload(Payload):
    working_hours = by_id("WorkingHours", "subject_id", description="The hours (工作时间); null when refused or taken back.")


@mutation("Set working hours (设置工作时间): for a street, or for one organisation. Deadlines are worked out anew.")
async def working_hours_set(context: Context, given: WorkingHoursSetInput) -> WorkingHoursSetPayload:
    row = await deadlines.set_hours(context.viewer, given.owner_id, given.hours, given.days, reset=given.reset)
    return WorkingHoursSetPayload(subject_id=row.id if row else None)


@strawberry.input(description="A day on which a street works, or does not.")
class CalendarDaySetInput(OnceInput):
    street_id: strawberry.ID = strawberry.field(description="Street (街道).")
    day: date = strawberry.field(description="Day (日期): up to 31 days back and 800 ahead.")
    works: bool | None = strawberry.field(description="Whether people work (是否上班).", default=strawberry.UNSET)
    note: str = strawberry.field(description="Why (原因), 1 to 100 characters.", default="")
    reset: bool = strawberry.field(description=_RESET, default=False)


@bound("What calendarDaySet answers.")
class CalendarDaySetPayload(Payload):
    calendar_day = by_id("CalendarDay", "subject_id", description="The day (日历调整); null when refused or taken back.")


@mutation("Make a day a working day of the street, or a day off (调整工作日历). Deadlines are worked out anew.")
async def calendar_day_set(context: Context, given: CalendarDaySetInput) -> CalendarDaySetPayload:
    row = await deadlines.set_day(context.viewer, given.street_id, given.day, given.works, given.note, reset=given.reset)
    return CalendarDaySetPayload(subject_id=row.id if row else None)
