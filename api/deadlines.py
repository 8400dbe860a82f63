"""Deadlines of tickets, what they go by, and what stopped their clock."""

import strawberry

import models
from api.enums import graphql_enum
from api.read.declare import column, computed, localised, node, one
from domain.deadlines import DEFAULTS, Goal, Measure
from domain.tickets import TicketKind, TicketPriority

for _word in (TicketKind, TicketPriority, Goal, Measure):
    graphql_enum(_word)


@node(models.TicketDeadline, "Deadline (时限): by when one goal of a ticket must be reached, and why then.")
class TicketDeadline:
    goal = column("What must have happened (目标).", filter=True, group=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    level = column("Who answers for it now that it is late (升级层级).", filter=True, group=True)
    source = column("Whose figures it follows (依据来源).")
    policy = localised("What was promised, and by whom, in the language of the request (依据).")
    why = localised("Why it falls when it does, in the language of the request (说明).")
    started_at = column("When its clock began (开始时间).")
    due = column(
        "When it ends, if nothing changes (截止时间): while it is paused, as late as the pause may last.",
        filter=True,
        sort=True,
    )
    warn_at = column("When it is warned of (预警时间).")
    warned_at = column("When it was warned of (已预警时间).")
    breached_at = column("When it passed before the goal was reached (超时时间).")
    met_at = column("When the goal was reached (完成时间).")
    paused = computed(bool, "({row}.state = 'PAUSED')", "Whether its clock stands still (是否暂停).")
    ticket = one("Ticket", "Ticket (工单).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)


@node(models.TicketPause, "Pause (暂停): a time during which a ticket's clock stood still.")
class TicketPause:
    reason = column("Why (原因).")
    note = column("More on that (备注).")
    started_at = column("When it began (开始时间).", sort=True)
    ends_at = column("When it ends by itself (最迟恢复时间).")
    ended_at = column("When it ended (恢复时间); null: it goes on.")
    ticket = one("Ticket", "Ticket (工单).")
    started_by = one("Account", "Who paused it, where the viewer may know (暂停人).")
    ended_by = one("Account", "Who resumed it, where the viewer may know (恢复人); null: it ended by itself.")


@node(
    models.SlaPolicy,
    "Policy (时限规定): what a street promises for one goal of some tickets, or what holds for one organisation.",
)
class SlaPolicy:
    kind = column("Kind of tickets (工单类别).", filter=True, sort=True)
    priority = column("Their priority (优先级).", filter=True)
    goal = column("What is promised (目标).", filter=True)
    amount = column("The limit (时限).")
    measure = column("What it is counted in (计量方式).")
    warn_percent = column("Percentage of the limit after which a warning is given (预警百分比).")
    escalate_minutes = column("Minutes between two steps up the ladder once it is late (升级间隔).")
    pause_minutes = column("With CLOSE: how long such a ticket may be paused, all together (暂停总时长).")
    organisation = one("Organisation", "Organisation (组织) for which it holds; null: for the street.", filter=True)


@node(models.WorkingHours, "Working hours (工作时间) of a street, or of one organisation.")
class WorkingHours:
    hours = column("Spans of a working day (时段), with blanks between.", sort=True)
    days = column("Which days are worked (工作日).")
    organisation = one("Organisation", "Organisation (组织) for which they hold; null: for the street.", filter=True)


@node(models.CalendarDay, "Day (日历调整) on which the street works, or does not, whatever the official calendar says.")
class CalendarDay:
    day = column("Day (日期).", filter=True, sort=True)
    works = column("Whether people work (是否上班).")
    note = column("Why (原因).")


@strawberry.type(description="What is promised where nobody set anything else (默认时限).")
class SlaDefault:
    kind: TicketKind = strawberry.field(description="Kind of tickets (工单类别).")
    priority: TicketPriority = strawberry.field(description="Their priority (优先级).")
    goal: Goal = strawberry.field(description="What is promised (目标).")
    amount: int = strawberry.field(description="The limit (时限).")
    measure: Measure = strawberry.field(description="What it is counted in (计量方式).")
    warn_percent: int = strawberry.field(description="Percentage of the limit after which a warning is given (预警百分比).")
    escalate_minutes: int = strawberry.field(description="Minutes between two steps up the ladder once it is late (升级间隔).")
    pause_minutes: int | None = strawberry.field(description="With CLOSE: how long such a ticket may be paused (暂停总时长).")


@strawberry.field(description="What is promised where neither the street nor the organisation set anything else (默认时限).")
def sla_defaults() -> list[SlaDefault]:
    return [
        SlaDefault(kind=kind, priority=priority, goal=goal, **vars(policy))
        for (kind, priority), goals in DEFAULTS.items()
        for goal, policy in goals.items()
    ]
