"""What becomes of an alert after it was raised: who is told when, what holds it back, and to whom it climbs.

A CRITICAL alert is told at once, alone, whatever else is said: nothing here ever holds one back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.words import Word

from .words import Severity


class CareStanding(Word):
    """Where the care for an alert stands."""

    QUIET = "QUIET", "仅列表显示", "So mild that nobody is told, or told of by something else already; it is found in the lists."
    WAITING = "WAITING", "等待合并", "It waits a little, to be told together with others."
    DAMPED = "DAMPED", "抖动抑制", "It comes and goes: it is told once it stays."
    INHIBITED = "INHIBITED", "上级抑制", "What it hangs on is silent, and that has been told."
    SILENCED = "SILENCED", "静默", "A silence that somebody made covers it."
    SHELVED = "SHELVED", "搁置", "Somebody put it aside for a while."
    TOLD = "TOLD", "已通知", "Those who answer for the place were told."
    ENDING = "ENDING", "待告知解除", "It is over; whoever was told is told so in a little while, together with other ends."
    OVER = "OVER", "已结束", "It is over; nothing more is done."


class CareRung(Word):
    """To whom an alert climbs that nobody takes note of, in this order."""

    DUTY = "DUTY", "值班", "Those on duty of the organisation that handles the compound."
    MANAGER = "MANAGER", "带班", "Their managers."
    COMMUNITY = "COMMUNITY", "社区和网格", "The community's office and the grid's team."
    STREET = "STREET", "街道", "The street office."


class CareAct(Word):
    """What is to be done now."""

    TELL = "TELL", "通知", "Tell of it for the first time, or because it has become worse."
    REPEAT = "REPEAT", "重复通知", "Tell again those who were told."
    CLIMB = "CLIMB", "升级通知", "Tell those on the next rung."
    END = "END", "通知解除", "Tell those who were told that it is over."


_S = CareStanding
_HELD = frozenset({_S.DAMPED, _S.INHIBITED, _S.SILENCED, _S.SHELVED})
_ANY = frozenset(CareStanding)

#: Per standing, those that may follow it. Every standing has a row.
MOVES: Mapping[CareStanding, frozenset[CareStanding]] = {
    **dict.fromkeys((_S.QUIET, _S.WAITING, *_HELD), _ANY),
    # What was told is held back by people alone, and so for a while; it never waits for others again.
    _S.TOLD: frozenset({_S.TOLD, _S.SILENCED, _S.SHELVED, _S.ENDING, _S.OVER}),
    # It may be open again before anybody was told that it was over; then nobody need be.
    _S.ENDING: frozenset({_S.ENDING, _S.TOLD, _S.SILENCED, _S.SHELVED, _S.OVER}),
    # Late readings may show of what is over that it never was.
    _S.OVER: frozenset({_S.OVER, _S.ENDING}),
}


@dataclass(frozen=True)
class Care:
    """What was done about an alert so far. ``said_at``: when it was told or repeated last; ``severity``: as it was told.

    ``rung``: the number of the last rung that was told, ``climbed_at`` when.
    """

    standing: CareStanding
    raised_at: datetime
    severity: Severity | None = None
    said_at: datetime | None = None
    repeats: int = 0
    rung: int = 0
    climbed_at: datetime | None = None

    @property
    def told(self) -> bool:
        return self.severity is not None


@dataclass(frozen=True)
class Seen:
    """How things are with an alert now.

    ``shelved_until``, ``silent_until``: the end of what holds it back, if anything does. ``inhibited``: what it hangs on is
    silent. ``told_by_others``: something else tells people of the same thing. ``raises``: how often its condition was raised
    lately, this time included. ``rungs``: how many there are to climb.
    """

    severity: Severity
    open: bool = True
    acknowledged: bool = False
    shelved_until: datetime | None = None
    silent_until: datetime | None = None
    inhibited: bool = False
    told_by_others: bool = False
    raises: int = 1
    rungs: int = 1


@dataclass(frozen=True)
class Step:
    """What to do now, where it leaves the alert, and when to look again (None: when something happens to it)."""

    care: Care
    act: CareAct | None = None
    look_at: datetime | None = None


#: The figures of an alert's severity: see policies.py.
Figures = Mapping[str, float]


def decide(care: Care, seen: Seen, figures: Figures, now: datetime) -> Step:
    """What is to be done about an alert at ``now``.

    One step at a time: after a long absence what is due is done once, and the next thing is due from then on.
    """
    if care.standing is CareStanding.ENDING:
        if not seen.open:
            return Step(replace(care, standing=CareStanding.OVER), CareAct.END)
        care = replace(care, standing=CareStanding.TOLD)
    if not seen.open or care.standing is CareStanding.OVER:
        return Step(replace(care, standing=CareStanding.OVER))
    if seen.severity is not Severity.CRITICAL:
        if seen.told_by_others or not figures["tell"]:
            return Step(replace(care, standing=CareStanding.TOLD if care.told else CareStanding.QUIET))
        held = _held(care, seen, figures, now)
        if held is not None:
            return held
    if care.severity is None or seen.severity.worse_than(care.severity):
        due = care.raised_at + _seconds(figures, "wait_seconds")
        if now < due and not care.told and seen.severity is not Severity.CRITICAL:
            return Step(replace(care, standing=CareStanding.WAITING), look_at=due)
        return tell(care, seen, figures, now)
    return _follow(care, seen, figures, now)


def leave(care: Care, seen: Seen, figures: Figures, now: datetime) -> Step:
    """What is to be done about an alert that is over now: told of its end are those who were told of it.

    Of what is CRITICAL, or was told as such, at once, of other alerts when others end as well.
    """
    if not care.told:
        return Step(replace(care, standing=CareStanding.OVER))
    wait = _seconds(figures, "wait_seconds")
    if Severity.CRITICAL in (seen.severity, care.severity) or not wait:
        return Step(replace(care, standing=CareStanding.OVER), CareAct.END)
    return Step(replace(care, standing=CareStanding.ENDING), look_at=now + wait)


def tell(care: Care, seen: Seen, figures: Figures, now: datetime) -> Step:
    """Tell of the alert now: when it is due, or when others are told with which it goes together."""
    told = replace(care, standing=CareStanding.TOLD, severity=seen.severity, said_at=now, climbed_at=now, repeats=0)
    return Step(told, CareAct.TELL, _next(told, seen, figures))


def _held(care: Care, seen: Seen, figures: Figures, now: datetime) -> Step | None:
    """What holds the alert back, people first; None: nothing does."""
    for standing, until in ((CareStanding.SHELVED, seen.shelved_until), (CareStanding.SILENCED, seen.silent_until)):
        if until is not None and now < until:
            return Step(replace(care, standing=standing), look_at=until)
    if care.told:
        return None
    if seen.inhibited:
        return Step(replace(care, standing=CareStanding.INHIBITED), look_at=now + _minutes(figures, "return_minutes"))
    calm = care.raised_at + _minutes(figures, "calm_minutes")
    if seen.raises >= figures["flap_times"] and now < calm:
        return Step(replace(care, standing=CareStanding.DAMPED), look_at=calm)
    return None


def _follow(care: Care, seen: Seen, figures: Figures, now: datetime) -> Step:
    """An alert that was told: climb, or repeat, until somebody takes note."""
    back = care.standing in _HELD
    care = replace(care, standing=CareStanding.TOLD)
    if seen.acknowledged:
        return Step(care)
    if back:
        care = replace(care, said_at=now, climbed_at=now)
        return Step(care, CareAct.REPEAT, _next(care, seen, figures))
    climb, again = _climb_at(care, seen, figures), _repeat_at(care, figures)
    if climb is not None and climb <= now:
        care = replace(care, rung=care.rung + 1, climbed_at=now, said_at=now)
        return Step(care, CareAct.CLIMB, _next(care, seen, figures))
    if again is not None and again <= now:
        care = replace(care, repeats=care.repeats + 1, said_at=now)
        return Step(care, CareAct.REPEAT, _next(care, seen, figures))
    return Step(care, look_at=_next(care, seen, figures))


def _next(care: Care, seen: Seen, figures: Figures) -> datetime | None:
    if seen.acknowledged:
        return None
    return min((each for each in (_climb_at(care, seen, figures), _repeat_at(care, figures)) if each), default=None)


def _climb_at(care: Care, seen: Seen, figures: Figures) -> datetime | None:
    after = _minutes(figures, "climb_minutes")
    return care.climbed_at + after if care.climbed_at and after and care.rung + 1 < seen.rungs else None


def _repeat_at(care: Care, figures: Figures) -> datetime | None:
    after = _minutes(figures, "repeat_minutes")
    return care.said_at + after if care.said_at and after and care.repeats < figures["repeat_times"] else None


def _minutes(figures: Figures, name: str) -> timedelta:
    return timedelta(minutes=figures[name])


def _seconds(figures: Figures, name: str) -> timedelta:
    return timedelta(seconds=figures[name])
