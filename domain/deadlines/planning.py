"""When a deadline is due and when it is warned of, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.working_time import Stretch, Timetable, all_time, close_after, elapse, passed

from .policies import Policy
from .words import DeadlineState, Measure, TicketPauseReason


@dataclass(frozen=True)
class Pause:
    """A time during which a ticket's clock stands still. ``open``: it is not over; ``ends`` is when it ends by itself."""

    begins: datetime
    ends: datetime
    reason: TicketPauseReason
    open: bool = False

    @property
    def stretch(self) -> Stretch:
        return self.begins, self.ends


@dataclass(frozen=True)
class Plan:
    """When it is due (if nothing changes), when it is warned of, and how many days off lie between."""

    due: datetime
    warn_at: datetime
    days_off: int = 0


def planned(policy: Policy, start: datetime, pauses: Sequence[Pause], timetable: Timetable) -> Plan:
    """When a limit that began at ``start`` ends: time during the pauses (in order, not overlapping) does not count.

    The warning comes when ``warn_percent`` of the limit has passed, of working days: of the working time in them.
    """
    start = start.astimezone(UTC)  # comparing moments of one zone is ten times as fast
    stopped = [(begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in (pause.stretch for pause in pauses)]
    share = policy.warn_percent / 100
    match policy.measure:
        case Measure.MINUTES:
            limit = timedelta(minutes=policy.amount)
            return Plan(elapse(all_time(start), stopped, limit), elapse(all_time(start), stopped, limit * share))
        case Measure.WORKING_MINUTES:
            limit = timedelta(minutes=policy.amount)
            due = elapse(timetable.stretches(start), stopped, limit)
        case Measure.WORKING_DAYS:
            due = close_after(timetable, start, policy.amount, stopped)
            limit = passed(timetable.stretches(start), stopped, due)
    return Plan(due, elapse(timetable.stretches(start), stopped, limit * share), _days_off(timetable, start, due))


def _days_off(timetable: Timetable, start: datetime, due: datetime) -> int:
    first, last = timetable.day_of(start), timetable.day_of(due)
    return sum(not timetable.works(first + timedelta(days=n)) for n in range(1, (last - first).days))


def overdrawn(pauses: Sequence[Pause], allowed: timedelta, now: datetime) -> datetime:
    """When pauses that have been, and one that begins or goes on now, come to all that is allowed.

    The open pause, if there is one, is the last. Time for which the work was thought done is no pause that anybody took.
    """
    over = [pause for pause in pauses if not pause.open and pause.reason is not TicketPauseReason.DONE]
    begins = next((pause.begins for pause in pauses if pause.open), now)
    return begins + allowed - sum((pause.ends - pause.begins for pause in over), timedelta())


def state_of(due: datetime, now: datetime, *, met_at: datetime | None, paused: bool, dropped: bool) -> DeadlineState:
    """Where a deadline stands. What is done is done, in time or late; what is late stays late while it is paused."""
    if met_at is not None:
        return DeadlineState.MET if met_at <= due else DeadlineState.MET_LATE
    if dropped:
        return DeadlineState.DROPPED
    if now >= due:
        return DeadlineState.LATE
    return DeadlineState.PAUSED if paused else DeadlineState.RUNNING
