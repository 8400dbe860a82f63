"""What a channel wants to be told, and when: types, compounds, severity, quiet hours, digests."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.alerts import Severity
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .events import EVENT_TYPES, Announcement
from .kinds import ChannelKind, Digest

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def clock_time(text: str, field: str) -> time:
    """``22:30`` as a time of day. Refuses (INVALID, naming ``field``) anything else."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{text[:20]!r} is not a time of day.", f"“{text[:20]}”不是有效时间。"),
            path=(field,),
            hint=Text("Write hours and minutes like 22:30.", "请按 22:30 的格式填写时和分。"),
        )
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` until ``end``, every day, over midnight where ``end`` is the earlier one. Refuses what has no length."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise Refused(
                RefusalCode.INVALID,
                Text("Quiet hours that end as they begin have no length.", "免打扰的开始与结束时间相同，时长为零。"),
                path=("quiet_to",),
                hint=Text(
                    "Give two times, such as 22:00 and 07:00; leave both out for none.",
                    "请填写两个不同的时间，例如 22:00 与 07:00；不需要时都留空。",
                ),
            )

    def hold(self, moment: datetime) -> bool:
        """Whether it is quiet at ``moment``, which is in the street's time zone."""
        now = moment.time()
        return self.start <= now < self.end if self.start < self.end else now >= self.start or now < self.end

    def over(self, moment: datetime) -> datetime:
        """The first end of quiet hours after ``moment``."""
        return _next(moment, self.end)


def _next(moment: datetime, at: time) -> datetime:
    """The first moment after ``moment`` at which clocks show ``at``."""
    day = moment.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return day if day > moment else day + _DAY


@dataclass(frozen=True)
class Preferences:
    """What a channel wants. ``types`` and ``compounds``: none but these; None: all. ``least``: nothing milder.

    ``digest_at``: when a DAILY digest comes. What has no severity is never too mild.
    """

    types: frozenset[str] | None = None
    compounds: frozenset[str] | None = None
    least: Severity = Severity.MAJOR
    quiet: QuietHours | None = None
    digest: Digest = Digest.NONE
    digest_at: time = time(8)

    def wants(self, what: Announcement, kind: ChannelKind, *, by_name: bool = False) -> bool:
        """Whether a channel of this kind is told of it. ``by_name``: only if it asked for its type."""
        named = self.types is not None and what.type in self.types
        if not named and (by_name or self.types is not None):
            return False
        if not named and EVENT_TYPES[what.type].machines and kind is not ChannelKind.WEBHOOK:
            return False
        if self.compounds is not None and what.compound_id not in self.compounds:
            return False
        return what.severity is None or not self.least.worse_than(what.severity)

    def held_until(self, severity: Severity | None, moment: datetime) -> datetime | None:
        """Until when it waits that happened at ``moment`` (in the street's time zone); None: it is told at once.

        CRITICAL waits for nothing. What waits for a digest that falls into quiet hours waits for their end.
        """
        if severity is Severity.CRITICAL:
            return None
        slot = self._slot(moment)
        if self.quiet is not None and self.quiet.hold(slot or moment):
            return self.quiet.over(slot or moment)
        return slot

    def _slot(self, moment: datetime) -> datetime | None:
        match self.digest:
            case Digest.NONE:
                return None
            case Digest.HOURLY:
                return moment.replace(minute=0, second=0, microsecond=0) + _HOUR
            case Digest.DAILY:
                return _next(moment, self.digest_at)


def checked_types(types: Iterable[str]) -> list[str]:
    """The types, each once, in order. Refuses (INVALID) one that does not exist, and none at all."""
    named = sorted(set(types))
    can = [name for name, type_ in EVENT_TYPES.items() if type_.asked]
    for name in named:
        if name not in can:
            raise Refused(
                RefusalCode.INVALID,
                Text(f"There is no type {name[:60]!r}.", f"没有名为“{name[:60]}”的事件类型。"),
                path=("types",),
                hint=Text(f"Use some of: {', '.join(can)}.", f"可用：{'、'.join(can)}。"),
            )
    if not named:
        raise Refused(
            RefusalCode.INVALID,
            Text("A channel that wants no type hears nothing.", "未选择任何事件类型，将收不到通知。"),
            path=("types",),
            hint=Text("Name some, or give null for all.", "请至少选择一种；传 null 表示全部。"),
        )
    return named
