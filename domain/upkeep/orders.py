"""Work orders: where they stand, which moves that allows, and what a finished one must say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .checklists import Item
from .words import ItemResult, WorkOrderMove, WorkOrderState

_S, _M = WorkOrderState, WorkOrderMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[WorkOrderState, Mapping[WorkOrderMove, WorkOrderState]] = {
    _S.PLANNED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.CANCEL: _S.CANCELLED},
    _S.ASSIGNED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.CANCEL: _S.CANCELLED},
    _S.IN_PROGRESS: {_M.ASSIGN: _S.ASSIGNED, _M.FINISH: _S.DONE, _M.CANCEL: _S.CANCELLED},
    _S.DONE: {_M.COUNTERSIGN: _S.COUNTERSIGNED, _M.REJECT: _S.REJECTED},
    _S.REJECTED: {_M.ASSIGN: _S.ASSIGNED, _M.START: _S.IN_PROGRESS, _M.CANCEL: _S.CANCELLED},
    _S.COUNTERSIGNED: {},
    _S.CANCELLED: {},
}
#: Nobody is at work on it: what a plan made may still be taken back by the plan.
UNTOUCHED = frozenset({_S.PLANNED, _S.ASSIGNED})
#: It is still to be done: a facility has at most one such order of a kind.
OPEN = UNTOUCHED | {_S.IN_PROGRESS, _S.REJECTED}
#: It was done, and counts for the clock.
COUNTS = frozenset({_S.DONE, _S.COUNTERSIGNED})

NOTE_MAX, REASON_MAX, NAME_MAX, UNIT_MAX = 1_000, 500, 120, 20
PARTS_MAX = 50
#: A reading, a quantity and a price have at most three places after the point, and nine digits before it.
AMOUNT_MAX = Decimal(10) ** 9
_PLACES = Decimal("0.001")
#: How far back work may be written down, and how far ahead planned, by hand.
BACK, AHEAD = timedelta(days=3 * 366), timedelta(days=400)


def moved(state: WorkOrderState, move: WorkOrderMove) -> WorkOrderState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A work order that is {state} does not allow {move}.", f"作业单{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "Nothing more can be done to it; open a new one.",
            f"当前可以：{'、'.join(other.zh for other in allowed)}。" if allowed else "该作业单已终结，请另开作业单。",
        ),
    )


@dataclass(frozen=True)
class Found:
    """What was found at one item of the checklist."""

    code: str
    result: ItemResult
    reading: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Part:
    """Something that was used up. ``unit_price``: in yuan."""

    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal


def invalid(path: tuple[str, ...], message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=path, hint=hint)


def check_planned_on(day: date, today: date) -> date:
    """The day from which an order that is opened by hand may be done. Refuses INVALID."""
    if today - BACK <= day <= today + AHEAD:
        return day
    raise invalid(
        ("planned_on",),
        Text(f"{day} is too far from today.", f"日期 {day} 距今过远。"),
        Text("Give a day of the last three years, or of the coming year.", "请填写近三年内或未来一年内的日期。"),
    )


def check_done_at(done_at: datetime, planned_on: date, now: datetime) -> datetime:
    """When work was done. Refuses (INVALID) the future, and what was before it was planned."""
    if done_at > now:
        raise invalid(
            ("done_at",),
            Text("The work cannot have been done in the future.", "完成时间不能晚于当前时间。"),
            Text("Report it once it is done, with the time at which it was.", "请在完成后上报，并填写实际完成时间。"),
        )
    if done_at.date() < planned_on:
        raise invalid(
            ("done_at",),
            Text(
                f"The work was planned from {planned_on} on: it cannot have been done before.",
                f"计划自 {planned_on} 起，完成时间不能早于该日。",
            ),
            Text(
                "Give the right time; for work of before, open an order of its own with plannedOn.",
                "请核对完成时间；补录此前的作业请另开作业单并填写 plannedOn。",
            ),
        )
    return done_at


def check_found(checklist: Sequence[Item], found: Sequence[Found]) -> dict[str, Found]:
    """What was found, by the code of the item. Refuses (INVALID) what leaves an item out, names one twice or one that is not
    there, has no note to a fault, no reading where one is asked for, or one that cannot be."""
    by_code: dict[str, Found] = {}
    known = {item.code: item for item in checklist}
    for number, each in enumerate(found):
        path = ("items", str(number))
        if each.code not in known or each.code in by_code:
            again = each.code in by_code
            raise invalid(
                (*path, "code"),
                Text(
                    f"Item {each.code!r} is {'there twice' if again else 'not on the checklist'}.",
                    f"检查项“{each.code}”{'重复' if again else '不在清单中'}。",
                ),
                Text(f"The checklist has: {', '.join(known)}.", f"清单项目：{'、'.join(known)}。"),
            )
        by_code[each.code] = _checked(known[each.code], each, path)
    missing = [item for item in checklist if item.code not in by_code]
    if missing:
        raise invalid(
            ("items",),
            Text(
                f"The checklist is not complete: {', '.join(item.code for item in missing)}.",
                f"清单未填完：{'、'.join(item.words.zh for item in missing)}。",
            ),
            Text("Say of each item OK, FAULT or NOT_APPLICABLE.", "请逐项填写：正常、异常或不适用。"),
        )
    return by_code


def _checked(item: Item, each: Found, path: tuple[str, ...]) -> Found:
    note = written(each.note, "items", REASON_MAX, least=0)
    if each.result is ItemResult.FAULT and not note:
        raise invalid(
            (*path, "note"),
            Text(f"Nothing is said of the fault at {item.code}.", f"“{item.words.zh}”异常未说明。"),
            Text("Say in a few words what is wrong.", "请简要说明异常情况。"),
        )
    if each.reading is None:
        if item.unit and each.result is not ItemResult.NOT_APPLICABLE:
            raise invalid(
                (*path, "reading"),
                Text(f"The reading of {item.code} is missing.", f"“{item.words.zh}”缺少读数。"),
                Text(f"Give it in {item.unit}, or say NOT_APPLICABLE.", f"请填写读数（{item.unit}），或选择不适用。"),
            )
        return Found(each.code, each.result, None, note)
    if not item.unit:
        raise invalid(
            (*path, "reading"),
            Text(f"{item.code} has no reading.", f"“{item.words.zh}”不填读数。"),
            Text("Leave it out; say it in the note.", "请去掉读数，可在说明中填写。"),
        )
    return Found(each.code, each.result, _amount(each.reading, (*path, "reading"), least=-AMOUNT_MAX), note)


def check_parts(parts: Sequence[Part]) -> list[Part]:
    """The parts as they are kept. Refuses (INVALID) a quantity that is none, a price below nothing, and too many of them."""
    if len(parts) > PARTS_MAX:
        raise invalid(
            ("parts",),
            Text(f"An order lists {PARTS_MAX} parts at most.", f"配件最多 {PARTS_MAX} 项。"),
            Text("Put what belongs together in one line.", "请合并同类配件。"),
        )
    return [
        Part(
            written(part.name, "parts", NAME_MAX),
            _amount(part.quantity, ("parts", str(number), "quantity"), least=_PLACES),
            written(part.unit, "parts", UNIT_MAX),
            _amount(part.unit_price, ("parts", str(number), "unitPrice"), least=Decimal(0)),
        )
        for number, part in enumerate(parts)
    ]


def _amount(value: Decimal, path: tuple[str, ...], *, least: Decimal) -> Decimal:
    if value.is_finite() and least <= value < AMOUNT_MAX and value == value.quantize(_PLACES):
        return value
    raise invalid(
        path,
        Text(f"{value} cannot be.", f"数值 {value} 无效。"),
        Text(
            f"Give a number from {least} on, with three places after the point at most."
            if least >= 0
            else "Give a number with three places after the point at most.",
            f"请填写不小于 {least} 的数，最多三位小数。" if least >= 0 else "请填写数值，最多三位小数。",
        ),
    )
