"""How notices are delivered: when a failed one is tried again, when a target is left in peace, how fast it may be called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.words import Word

from .kinds import ChannelKind

MAX_ATTEMPTS = 10
#: The most that a target may ask us to wait, and the longest wait between two attempts.
LONGEST_WAIT = timedelta(hours=1)


def back_off(attempts: int) -> timedelta | None:
    """The wait before the next attempt after ``attempts`` failures; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return min(timedelta(seconds=5 * 3 ** (attempts - 1)), LONGEST_WAIT)


class Outcome(Word):
    """How an attempt to deliver ended."""

    ACCEPTED = "ACCEPTED", "已接受", "The target accepted it."
    REFUSED = "REFUSED", "被拒绝", "The target answered and did not accept it."
    GONE = "GONE", "已停用", "The target answered that it is gone for good (HTTP 410)."
    UNREACHABLE = "UNREACHABLE", "无法连接", "The target was not found, or not to be connected to, or did not speak HTTP."
    TIMED_OUT = "TIMED_OUT", "超时", "The target did not answer in time."
    FORBIDDEN = "FORBIDDEN", "地址不允许", "The target has an address that is not of the public internet: it was not called."
    NOT_CALLED = "NOT_CALLED", "未发出", "The target was not called, through no fault of its own."


class Breaker(Word):
    """Whether a target is called."""

    CLOSED = "CLOSED", "正常", "It is called."
    OPEN = "OPEN", "熔断", "It failed again and again: it is left in peace until one delivery may try it."
    PROBING = "PROBING", "试探", "One delivery tries whether it is back; the others wait."


class PauseReason(Word):
    """Why a channel is paused."""

    BY_HAND = "BY_HAND", "手动暂停", "Somebody paused it."
    FAILING = "FAILING", "持续失败", "It accepted nothing for too long."
    GONE = "GONE", "已停用", "Its target answered that it is gone for good."


#: Failures in a row that open the breaker.
TRIPS_AT = 5
#: Failures in a row without which no channel is paused, however long they took.
PAUSES_AT = 10
#: The first rest of a target, which doubles with every failure up to the longest.
_FIRST_REST, _LONGEST_REST = timedelta(seconds=30), timedelta(minutes=30)
#: After so long without an answer a delivery that tries a target counts as lost: its worker has been killed.
PROBE_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class Health:
    """How a target fares. ``failures``: in a row. ``failing_since``: the first of them.

    ``until``: when an OPEN breaker lets one delivery through, and when that of a PROBING one counts as lost.
    """

    breaker: Breaker = Breaker.CLOSED
    failures: int = 0
    until: datetime | None = None
    failing_since: datetime | None = None


def admit(health: Health, now: datetime) -> tuple[Health, timedelta | None]:
    """Ask to call the target: its health from now on, and the wait before asking again; None: call it now."""
    if health.until is None:
        return health, None
    if health.until > now:
        return health, health.until - now
    return replace(health, breaker=Breaker.PROBING, until=now + PROBE_WITHIN), None


def failed(health: Health, now: datetime, *, blamed: bool = True) -> Health:
    """The target did not accept what it was called with; not ``blamed``: it was our own fault.

    What was under way when the breaker opened changes nothing any more.
    """
    if health.breaker is Breaker.OPEN:
        return health
    failures = health.failures + blamed
    since = health.failing_since or (now if blamed else None)
    if health.breaker is Breaker.PROBING or failures >= TRIPS_AT:
        return Health(Breaker.OPEN, failures, now + rest(failures), since)
    return Health(Breaker.CLOSED, failures, None, since)


def rest(failures: int) -> timedelta:
    """How long a target is left in peace after so many failures in a row."""
    return min(_FIRST_REST * 2 ** min(max(failures - TRIPS_AT, 0), 10), _LONGEST_REST)


def must_pause(health: Health, now: datetime, after: timedelta) -> bool:
    """Whether the target has failed for so long, and so often, that nobody should call it until somebody has looked."""
    since = health.failing_since
    return since is not None and health.failures >= PAUSES_AT and now - since >= after


@dataclass(frozen=True)
class Rate:
    """How fast a target may be called: so often a minute, and so many at once after a rest."""

    per_minute: int
    at_once: int = 1

    @property
    def spacing(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute


#: What the services of group robots allow, by their documentation; ours for the others.
RATES: Mapping[ChannelKind, Rate] = {
    ChannelKind.WEBHOOK: Rate(600, at_once=50),
    ChannelKind.MAIL: Rate(60, at_once=10),
    ChannelKind.SMS: Rate(60, at_once=10),
    ChannelKind.WECOM: Rate(20, at_once=5),
    ChannelKind.DINGTALK: Rate(20, at_once=5),
    ChannelKind.FEISHU: Rate(100, at_once=5),
}


def turn(reserved_until: datetime | None, rate: Rate, now: datetime) -> tuple[datetime, datetime]:
    """The next free turn at a target, ``now`` at the earliest, and until when its turns are reserved once that one is taken.

    ``reserved_until``: what the last call of this function returned; None: nobody has had a turn.
    """
    start = max(reserved_until or now, now)
    return max(now, start - rate.spacing * (rate.at_once - 1)), start + rate.spacing
