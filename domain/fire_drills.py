"""Fire drills and trainings (消防演练与培训): planned, held with how many people and what was learnt, or called off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

SAID_MAX = 1_000
PEOPLE_MAX, MINUTES_MAX = 100_000, 1_440
#: How far back a drill may be written down, and how far ahead planned.
BACK, AHEAD = timedelta(days=3 * 366), timedelta(days=400)


class FireDrillKind(Word):
    """What is practised."""

    DRILL = "DRILL", "疏散演练", "People leave the building and put out a fire, as if it burned."
    TRAINING = "TRAINING", "消防培训", "People are taught."


class FireDrillState(Word):
    """Where a drill stands."""

    PLANNED = "PLANNED", "已计划", "It is to be held."
    HELD = "HELD", "已开展", "It was held."
    CANCELLED = "CANCELLED", "已取消", "It was called off."


class FireDrillMove(Word):
    """What can be done to a drill."""

    HOLD = "HOLD", "登记开展", "Record that it was held."
    CANCEL = "CANCEL", "取消", "Call it off."


_S, _M = FireDrillState, FireDrillMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[FireDrillState, Mapping[FireDrillMove, FireDrillState]] = {
    _S.PLANNED: {_M.HOLD: _S.HELD, _M.CANCEL: _S.CANCELLED},
    _S.HELD: {},
    _S.CANCELLED: {},
}


def moved(state: FireDrillState, move: FireDrillMove) -> FireDrillState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A drill that is {state} does not allow {move}.", f"该演练（培训）{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text("Plan another one: fireDrillPlan.", "请另行计划（fireDrillPlan）。"),
    )


def check_planned_on(day: date, today: date) -> date:
    """The day for which it is planned; it may lie in the past, to be written down. Refuses INVALID."""
    if today - BACK <= day <= today + AHEAD:
        return day
    raise _invalid(
        "planned_on",
        Text(f"{day} is too far from today.", f"日期 {day} 距今过远。"),
        Text("Give a day of the last three years, or of the coming year.", "请填写近三年内或未来一年内的日期。"),
    )


@dataclass(frozen=True)
class Held:
    """How it went. ``participants``: heads, of which ``residents`` live there; nobody is named."""

    on: date
    participants: int
    residents: int
    minutes: int


def check_held(held: Held, today: date) -> Held:
    """How it went, if that can be. Refuses INVALID."""
    if not today - BACK <= held.on <= today:
        raise _invalid(
            "held_on",
            Text(f"It cannot have been held on {held.on}.", f"开展日期 {held.on} 无效。"),
            Text("Give the day on which it was held, today or before.", "请填写实际开展日期，不晚于今天。"),
        )
    for name, value, least, most in (
        ("participants", held.participants, 1, PEOPLE_MAX),
        ("residents", held.residents, 0, held.participants),
        ("minutes", held.minutes, 1, MINUTES_MAX),
    ):
        if not least <= value <= most:
            raise _invalid(
                name,
                Text(f"{name} cannot be {value}.", f"数值 {value} 无效。"),
                Text(f"Give a whole number from {least} to {most}.", f"请填写 {least} 到 {most} 的整数。"),
            )
    return held


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
