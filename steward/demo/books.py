"""Books in the demo street: Kangqiao's, kept by its company, and Shuren's, by its community; a year of entries of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.expenses import DEFAULT_LIMIT, ExpenseCategory, ExpenseState, approved_lines, needs_another, paid_from, paid_lines
from domain.ledger import CHART, AccountCode, BookRegime, EntryKind, Fund, Line, month_after, opening, owners_money
from domain.money import Money

from .accounts import People
from .ids import Ids, lots
from .organisations import Bodies
from .plans import CompoundPlan, StreetPlan

_PLACE = ("compound_id", "organisation_id", "street_id")
BOOK = ("id", "regime", "opened_on", "approval_limit", "next_entry_number", *_PLACE)
ACCOUNT = ("id", "code", "type", "fund", "book_id", *_PLACE)
PERIOD = ("id", "month", "closed_at", "closed_by_id", "book_id", *_PLACE)
SUPPLIER = ("id", "name", "added_at", "organisation_id", "street_id")
EXPENSE = (
    *("id", "state", "category", "fund", "amount", "what", "spent_on", "invoice_number", "invoice_on", "basis", "drafted_at"),
    *("submitted_at", "approved_at", "paid_on", "paid_from", "supplier_id", "drafted_by_id", "submitted_by_id"),
    *("approved_by_id", "book_id", *_PLACE),
)
ENTRY = ("id", "number", "booked_on", "kind", "source_id", "text", "actor", "posted_at", "book_id", *_PLACE)
LINE = (
    *("id", "code", "fund", "debit", "credit", "category", "booked_on", "entry_id", "account_id", "book_id", *_PLACE),
    *("owners_compound_id", "home_id", "bill_id"),
)
#: When all entries are written: the number that comes next.
NUMBERS = """
UPDATE book SET next_entry_number = 1 + (SELECT coalesce(max(number), 0) FROM journal_entry WHERE book_id = book.id)
"""

_A, _C = AccountCode, ExpenseCategory
_MONTHS, _DAY = 12, timedelta(days=1)
#: What is spent every month on so many homes: category, yuan a home, what, of whom.
_MONTHLY = (
    (_C.STAFF, "46.00", "工资及社保", ""),
    (_C.CLEANING, "18.50", "保洁与垃圾清运", "清洁服务（示例）"),
    (_C.POWER, "9.20", "公共用电", "供电（示例）"),
    (_C.WATER, "1.60", "公共用水", "供水（示例）"),
    (_C.LIFT_MAINTENANCE, "8.00", "电梯半月维保", "电梯维保（示例）"),
    (_C.REPAIRS, "4.30", "日常维修材料", "五金建材（示例）"),
)
#: What is spent once, so many months ago.
_ONCE = (
    (10, _C.INSURANCE, "6800.00", "公众责任险", "保险（示例）"),
    (8, _C.LIFT_REPAIR, "18600.00", "曳引机维修", "电梯维保（示例）"),
    (6, _C.FIRE_MAINTENANCE, "12000.00", "消防设施年度检测", "消防技术（示例）"),
    (2, _C.LIFT_REPAIR, "4200.00", "门机更换", "电梯维保（示例）"),
)


@dataclass(frozen=True)
class _Keeping:
    """A book, who keeps it, and by which contract."""

    id: str
    regime: BookRegime
    compound: CompoundPlan
    organisation_id: str
    staff: Sequence[str]


@dataclass(frozen=True)
class Kept:
    """A book as others post to it: its accounts by code, and how many entries it has."""

    id: str
    regime: BookRegime
    compound: CompoundPlan
    organisation_id: str
    staff: Sequence[str]
    opened_on: date
    accounts: dict[AccountCode, str]
    entries: int


class Books:
    """As of ``now``; amounts are drawn by lot, always the same."""

    def __init__(self, plan: StreetPlan, of_street: Bodies, who: People, now: datetime) -> None:
        self._plan, self._now = plan, now
        self._new, self._draw = Ids(plan.seed, "books").new, lots(plan.seed, "books")
        months = [now.date().replace(day=1)]
        for _ in range(_MONTHS):
            months.insert(0, (months[0] - _DAY).replace(day=1))
        self._months = months[:-1]
        self.kept: list[Kept] = []
        self._rows: dict[str, list[tuple[Any, ...]]] = {
            name: []
            for name in ("book", "ledger_account", "supplier", "expense", "journal_entry", "journal_line", "ledger_period")
        }
        for compound, regime in ((plan.kangqiao, BookRegime.LUMP_SUM), (plan.shuren, BookRegime.SELF_MANAGED)):
            keeper = of_street.handling[compound.id]
            staff = [account.id for account in who.staff[keeper.id]]
            self._keep(_Keeping(self._new("bok"), regime, compound, keeper.id, staff))

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """Tables with their columns and rows."""
        columns = (BOOK, ACCOUNT, SUPPLIER, EXPENSE, ENTRY, LINE, PERIOD)
        for table, named in zip(self._rows, columns, strict=True):
            yield table, named, iter(self._rows[table])

    def enter(self, entry: tuple[Any, ...], lines: Sequence[tuple[Any, ...]]) -> None:
        """Another entry with its lines, as ENTRY and LINE have them."""
        self._rows["journal_entry"].append(entry)
        self._rows["journal_line"] += lines

    def _place(self, book: _Keeping) -> tuple[str, ...]:
        return book.compound.id, book.organisation_id, self._plan.street.id

    def _keep(self, book: _Keeping) -> None:
        """The year of one book, month by month; its months are closed but for the last."""
        self._rows["book"].append((book.id, book.regime, self._months[0], DEFAULT_LIMIT, 1, *self._place(book)))
        accounts = {code: self._new("lac") for code in CHART}
        for code, kind in CHART.items():
            self._rows["ledger_account"].append((accounts[code], code, kind.type, kind.fund, book.id, *self._place(book)))
        suppliers = self._suppliers(book)
        posted: list[tuple[date, EntryKind, str | None, str, list[Line]]] = []
        homes = book.compound.homes
        opened = opening({_A.BANK: self._about(homes, "120"), _A.COMMON_BANK: self._about(homes, "35")})
        posted.append((self._months[0], EntryKind.OPENING, None, "", opened))
        for ago, month in zip(range(_MONTHS, 0, -1), self._months, strict=True):
            posted += self._month(book, month, ago, suppliers)
            if ago > 1:
                closed = datetime.combine(month_after(month) + 9 * _DAY, self._now.timetz())
                self._rows["ledger_period"].append(
                    (self._new("lpd"), month, min(closed, self._now), book.staff[0], book.id, *self._place(book))
                )
        self._post(book, accounts, posted)
        of_book = (book.id, book.regime, book.compound, book.organisation_id, book.staff, self._months[0])
        self.kept.append(Kept(*of_book, accounts, len(posted)))

    def _suppliers(self, book: _Keeping) -> dict[str, str]:
        names = sorted({name for *_, name in (*_MONTHLY, *_ONCE) if name})
        made = {name: self._new("sup") for name in names}
        for name, id_ in made.items():
            self._rows["supplier"].append((id_, name, self._at(self._months[0]), book.organisation_id, self._plan.street.id))
        return made

    def _month(
        self, book: _Keeping, month: date, ago: int, suppliers: dict[str, str]
    ) -> Iterator[tuple[date, EntryKind, str | None, str, list[Line]]]:
        """What came in and was spent in a month, day by day."""
        homes = book.compound.homes
        rent, fees = self._about(homes, "3.10"), self._about(homes, "96")
        yield (
            month + 4 * _DAY,
            EntryKind.MANUAL,
            None,
            "电梯广告",
            [Line(_A.COMMON_BANK, rent), Line(_A.COMMON_ADVERTISING, credit=rent)],
        )
        yield (
            month + 9 * _DAY,
            EntryKind.MANUAL,
            None,
            "原系统收费汇总",
            [Line(_A.BANK, fees), Line(_A.SERVICE_INCOME, credit=fees)],
        )
        spent = [(category, self._about(homes, each), what, of) for category, each, what, of in _MONTHLY]
        spent += [(category, Money(amount), what, of) for when, category, amount, what, of in _ONCE if when == ago]
        for n, (category, amount, what, of) in enumerate(spent):
            yield from self._spend(book, month + (11 + n) * _DAY, (category, amount, what), suppliers.get(of))

    def _spend(
        self, book: _Keeping, day: date, said: tuple[ExpenseCategory, Decimal, str], supplier: str | None
    ) -> Iterator[tuple[date, EntryKind, str | None, str, list[Line]]]:
        """An expense that was approved, by another person where it must be, and paid two days later."""
        category, amount, what = said
        id_, source, drafted, approver = self._new("exp"), paid_from(Fund.COMPANY, None), book.staff[0], book.staff[1]
        another = approver if needs_another(amount, DEFAULT_LIMIT, Fund.COMPANY, alike=False) else None
        at, paid = self._at(day), day + 2 * _DAY
        self._rows["expense"].append(
            (
                *(id_, ExpenseState.PAID, category, Fund.COMPANY, amount, what, day),
                *(
                    f"DEMO{len(self._rows['expense']):06}" if supplier else "",
                    day if supplier else None,
                    "",
                    at,
                    at,
                    at,
                    paid,
                    source,
                ),
                *(supplier, drafted, drafted, another, book.id, *self._place(book)),
            )
        )
        yield day, EntryKind.EXPENSE, id_, "", approved_lines(category, Fund.COMPANY, amount)
        yield paid, EntryKind.EXPENSE_PAYMENT, id_, "", paid_lines(source, amount)

    def _post(
        self,
        book: _Keeping,
        accounts: dict[AccountCode, str],
        posted: Sequence[tuple[date, EntryKind, str | None, str, list[Line]]],
    ) -> None:
        for number, (day, kind, source, text, lines) in enumerate(sorted(posted, key=lambda each: each[0]), 1):
            entry, at = self._new("jen"), self._at(day)
            self._rows["journal_entry"].append(
                (entry, number, day, kind, source, text, book.staff[0], at, book.id, *self._place(book))
            )
            for line in lines:
                fund = CHART[line.account].fund
                owners = book.compound.id if owners_money(book.regime, fund) else None
                of_line = (line.account, fund, line.debit, line.credit, line.category, day)
                of_book = (entry, accounts[line.account], book.id, *self._place(book))
                self._rows["journal_line"].append((self._new("jln"), *of_line, *of_book, owners, None, None))

    def _about(self, homes: int, each: str) -> Money:
        """So much a home, give or take a tenth, in whole yuan."""
        return Money((homes * Decimal(each) * self._draw.randint(90, 110) / 100).quantize(Decimal(1)).quantize(Decimal("0.01")))

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, self._now.timetz())
