"""What a statement says: reckoned from movements of the books, and written down so that a hash of it can be kept."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from domain.money import Money
from domain.words import Text

from .words import StatementLineKind, StatementPart

_K = StatementLineKind
_NOTHING = Decimal(0)
#: How the content is laid out. Whoever reads an old one knows by it what to expect.
LAYOUT = 1

_ORDER = {kind: place for place, kind in enumerate(_K)}
_PARTS = {part: place for place, part in enumerate(StatementPart)}
_SIGNS = {_K.OPENING: 1, _K.INCOME: 1, _K.COST: -1, _K.USE: -1}


@dataclass(frozen=True)
class Movement:
    """What the books say of an account of a part in the period: ``amount``, of so many journal entries.

    Income as a positive amount where more came in than went back, cost and use where more went out. ``code``: the account;
    "" for an opening balance.
    """

    part: StatementPart
    kind: StatementLineKind
    code: str
    name: Text
    amount: Decimal
    entries: int = 0


@dataclass(frozen=True)
class StatementLine:
    """A line. ``previous``: the same of the period before; None: not told. ``was``: the same in the statement that this one
    corrects; None: nothing is corrected."""

    part: StatementPart
    kind: StatementLineKind
    code: str
    name: Text
    amount: Money
    previous: Money | None = None
    was: Money | None = None
    entries: int = 0

    @property
    def key(self) -> tuple[StatementPart, StatementLineKind, str]:
        """By which lines of two statements are compared."""
        return self.part, self.kind, self.code

    @property
    def changed(self) -> bool:
        """Whether a correction tells another amount than what it corrects."""
        return self.was is not None and self.was != self.amount


def drawn_up(
    movements: Iterable[Movement],
    *,
    carried: Iterable[StatementPart],
    previous: Sequence[StatementLine] | None = None,
    corrects: Sequence[StatementLine] | None = None,
) -> list[StatementLine]:
    """The lines of a statement in the order in which they are read: of each part what was there, came in, went out, and is left.

    ``carried``: the parts whose balance is carried on; the others end with a result. ``previous``: the lines of the period
    before; ``corrects``: those of the statement that is corrected, none of which is left out. What is nothing, and was nothing,
    is not told; a part of which nothing is told is left out.
    """
    kept, found = frozenset(carried), dict[tuple[StatementPart, StatementLineKind, str], StatementLine]()
    for each in movements:
        line = StatementLine(each.part, each.kind, each.code, each.name, Money(each.amount), entries=each.entries)
        if (known := found.get(line.key)) is not None:
            line = replace(line, amount=Money(known.amount + line.amount), entries=known.entries + line.entries)
        found[line.key] = line
    for other in (*(previous or ()), *(corrects or ())):
        if other.kind in _SIGNS:
            found.setdefault(other.key, replace(other, amount=Money(_NOTHING), previous=None, was=None, entries=0))
    _close(found, kept)
    amounts, old = _amounts(previous), _amounts(corrects)
    lines = [
        replace(
            line,
            previous=None if previous is None else amounts.get(line.key, Money(_NOTHING)),
            was=None if corrects is None else old.get(line.key, Money(_NOTHING)),
        )
        for line in found.values()
    ]
    told = {line.part for line in lines if _tells(line)}
    lines = [line for line in lines if line.part in told and (_tells(line) or line.kind not in {_K.INCOME, _K.COST, _K.USE})]
    return sorted(lines, key=lambda line: (_PARTS[line.part], _ORDER[line.kind]))


def _close(found: dict[tuple[StatementPart, StatementLineKind, str], StatementLine], carried: frozenset[StatementPart]) -> None:
    """Add to each part what was there and is left, or its result."""
    for part in {line.part for line in found.values()}:
        kind = _K.CLOSING if part in carried else _K.RESULT
        opening = (part, _K.OPENING, "")
        if part not in carried:
            found.pop(opening, None)
        elif opening not in found:
            found[opening] = _summary(part, _K.OPENING, _NOTHING)
        left = sum((_SIGNS[line.kind] * line.amount for line in found.values() if line.part is part), _NOTHING)
        found[part, kind, ""] = _summary(part, kind, left)


def _summary(part: StatementPart, kind: StatementLineKind, amount: Decimal) -> StatementLine:
    names = {_K.OPENING: "Opening balance", _K.CLOSING: "Closing balance", _K.RESULT: "Result of the period"}
    return StatementLine(part, kind, "", Text(names[kind], kind.zh), Money(amount))


def opening(part: StatementPart, amount: Decimal, entries: int = 0) -> Movement:
    """What was there of a part when the period began."""
    return Movement(part, _K.OPENING, "", Text("Opening balance", _K.OPENING.zh), amount, entries)


def _amounts(lines: Sequence[StatementLine] | None) -> Mapping[tuple[StatementPart, StatementLineKind, str], Money]:
    return {line.key: line.amount for line in lines or ()}


def _tells(line: StatementLine) -> bool:
    return bool(line.amount or line.previous or line.was or line.entries)


def totals(lines: Iterable[StatementLine]) -> Mapping[StatementPart, Mapping[StatementLineKind, Money]]:
    """Per part, what lines of a kind come to together."""
    made: dict[StatementPart, dict[StatementLineKind, Money]] = {}
    for line in lines:
        of = made.setdefault(line.part, {})
        of[line.kind] = Money(of.get(line.kind, _NOTHING) + line.amount)
    return made


@dataclass(frozen=True)
class StatementHead:
    """What stands above the lines. ``edition``: 1, or more for a correction. ``through``: the number of the newest journal entry
    that was looked at. ``corrects``: the hash of the edition before, and ``reason``: why it is corrected."""

    compound: str
    keeper: str
    regime: str
    regime_name: Text
    period_from: date
    period_to: date
    edition: int
    through: int
    corrects: str | None = None
    reason: str = ""


def content_of(head: StatementHead, lines: Sequence[StatementLine]) -> str:
    """The content as it is kept, to the character: JSON with its names in order, amounts as strings of yuan."""
    told: dict[str, Any] = {
        "layout": LAYOUT,
        "currency": "CNY",
        "compound": head.compound,
        "keeper": head.keeper,
        "regime": {"key": head.regime, **head.regime_name.both()},
        "period": {"from": head.period_from.isoformat(), "to": head.period_to.isoformat()},
        "edition": head.edition,
        "through_entry": head.through,
        "corrects": None if head.corrects is None else {"sha256": head.corrects, "reason": head.reason},
        "lines": [_written(line) for line in lines],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: str) -> str:
    """The SHA-256 of a content, in hex."""
    return sha256(content.encode()).hexdigest()


def read_content(content: str) -> tuple[StatementHead, list[StatementLine]]:
    """What ``content_of`` wrote."""
    told: dict[str, Any] = json.loads(content)
    corrects: dict[str, str] = told["corrects"] or {}
    head = StatementHead(
        compound=told["compound"],
        keeper=told["keeper"],
        regime=told["regime"]["key"],
        regime_name=_text(told["regime"]),
        period_from=date.fromisoformat(told["period"]["from"]),
        period_to=date.fromisoformat(told["period"]["to"]),
        edition=told["edition"],
        through=told["through_entry"],
        corrects=corrects.get("sha256"),
        reason=corrects.get("reason", ""),
    )
    return head, [_read(each) for each in told["lines"]]


def _written(line: StatementLine) -> dict[str, Any]:
    amounts = {"amount": line.amount, "previous": line.previous, "was": line.was}
    return {
        "part": line.part,
        "kind": line.kind,
        "code": line.code,
        "name": line.name.both(),
        "entries": line.entries,
        **{name: None if amount is None else amount.write() for name, amount in amounts.items()},
    }


def _read(told: Mapping[str, Any]) -> StatementLine:
    amounts = {name: None if told[name] is None else Money.read(told[name]) for name in ("previous", "was")}
    return StatementLine(
        StatementPart(told["part"]),
        StatementLineKind(told["kind"]),
        told["code"],
        _text(told["name"]),
        Money.read(told["amount"]),
        **amounts,
        entries=told["entries"],
    )


def _text(both: Mapping[str, str]) -> Text:
    return Text(both["en"], both["zh-CN"])
