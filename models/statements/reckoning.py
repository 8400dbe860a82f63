"""What the journal says of a book in a period, for a statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.ledger import CHART, AccountCode, AccountType, BookRegime, Fund, owners_money
from domain.statements import Movement, StatementLineKind, StatementPart, opening
from domain.words import Text
from models.connection import query

_K = StatementLineKind
#: Expenses that are no cost: what the owners' money was used for.
_USES = frozenset({AccountCode.COMMON_USE, AccountCode.FUND_USE})
#: What comes onto these accounts besides opening balances.
_PAID_IN: Mapping[AccountCode, Text] = {
    AccountCode.COMMON_AREA_FUND: Text("Moved into the common-area income", "转入公共收益"),
    AccountCode.MAINTENANCE_FUND: Text("Paid into the maintenance fund", "维修资金交存"),
    AccountCode.OPENING_EQUITY: Text("Moved in", "其他转入"),
}

#: $1: book, $2 and $3: the period's first and last day, $4 and $5: accounts and the kinds of lines they make. An entry's share of
#: a line. Opening balances, and what takes them back, count as what was there, whenever they were booked.
_MOVED = """
SELECT l.entry_id, e.number, e.kind AS entry_kind, l.booked_on, l.fund, said.kind, said.code,
    sum(CASE WHEN said.kind IN ('COST', 'USE') THEN l.debit - l.credit ELSE l.credit - l.debit END) AS amount
FROM unnest($4::text[], $5::text[]) AS w (code, kind)
JOIN journal_line l ON l.book_id = $1 AND l.code = w.code AND l.booked_on <= $3
JOIN journal_entry e ON e.id = l.entry_id LEFT JOIN journal_entry r ON r.id = e.reverses_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN was THEN 'OPENING' ELSE w.kind END AS kind, CASE WHEN was THEN '' ELSE w.code END AS code
    FROM (SELECT l.booked_on < $2 OR coalesce(r.kind, e.kind) = 'OPENING' AS was) AS told
) AS said
GROUP BY l.entry_id, e.number, e.kind, l.booked_on, l.fund, said.kind, said.code
ORDER BY e.number
"""
_THROUGH = "SELECT coalesce(max(number), 0) AS number FROM journal_entry WHERE book_id = $1 AND booked_on <= $2"


@dataclass(frozen=True)
class Share:
    """What an entry adds to a line."""

    part: StatementPart
    kind: StatementLineKind
    code: str
    entry_id: str
    number: int
    entry_kind: str
    booked_on: date
    amount: Decimal


def kind_of(code: AccountCode) -> StatementLineKind | None:
    """What kind of line an account makes; None: none, it is no income, no expense and nobody's fund."""
    match CHART[code].type:
        case AccountType.INCOME | AccountType.FUND:
            return _K.INCOME
        case AccountType.EXPENSE:
            return _K.USE if code in _USES else _K.COST
        case _:
            return None


#: The accounts that make lines.
_LINES = {code: kind for code in AccountCode if (kind := kind_of(code)) is not None}


def carried(regime: BookRegime) -> frozenset[StatementPart]:
    """The parts whose balance is carried on: those that are the owners' money."""
    return frozenset(StatementPart(fund.value) for fund in Fund if owners_money(regime, fund))


async def shares(book_id: str, regime: BookRegime, first: date, last: date) -> list[Share]:
    """What each entry up to ``last`` adds to which line, in the order of their numbers.

    Of a company's own money what was there before, and what its owner put in, is no part of a statement.
    """
    rows = await query(_MOVED, book_id, first, last, [code.value for code in _LINES], [kind.value for kind in _LINES.values()])
    kept = carried(regime)
    return [share for row in rows if (share := _share(row)).amount and (share.part in kept or not _own(share))]


def _own(share: Share) -> bool:
    """Whether it is what an owner of a company's money put in, or left there."""
    return share.kind is _K.OPENING or AccountCode(share.code) in _PAID_IN


def _share(row: Mapping[str, Any]) -> Share:
    part, kind = StatementPart(row["fund"]), StatementLineKind(row["kind"])
    entry = row["entry_id"], row["number"], row["entry_kind"], row["booked_on"]
    return Share(part, kind, row["code"], *entry, row["amount"])


def movements(found: Iterable[Share]) -> list[Movement]:
    """The lines that shares add up to."""
    made: dict[tuple[StatementPart, StatementLineKind, str], Movement] = {}
    for each in found:
        key = each.part, each.kind, each.code
        known = made.get(key)
        amount, entries = (known.amount + each.amount, known.entries + 1) if known else (each.amount, 1)
        if each.kind is _K.OPENING:
            made[key] = opening(each.part, amount, entries)
        else:
            made[key] = Movement(each.part, each.kind, each.code, _name(AccountCode(each.code)), amount, entries)
    return sorted(made.values(), key=lambda each: _place(each.code))


def _place(code: str) -> int:
    """Where the account stands in the chart."""
    return list(AccountCode).index(AccountCode(code)) if code else -1


def _name(code: AccountCode) -> Text:
    return _PAID_IN.get(code) or Text(code.meaning.rstrip("."), code.zh)


async def through(book_id: str, last: date) -> int:
    """The number of the newest entry of the book up to a day; 0: there is none."""
    (row,) = await query(_THROUGH, book_id, last)
    return row["number"]


def traced(found: Sequence[Share], *, before: bool) -> list[Share]:
    """The shares that lines name: of opening balances those that no earlier statement tells of, all of them where ``before``."""
    return [each for each in found if before or each.kind is not _K.OPENING or each.entry_kind == "OPENING"]
