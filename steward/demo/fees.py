"""What homes are charged in the demo street: a fee by area in Kangqiao and in Shuren, and this month's bills for it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from json import dumps
from typing import Any

from domain.bill_runs import DUE_DAYS, BillRunState
from domain.bills import BillKind, FeeUnit
from domain.charges import FeeBasis, FeeKind, Holding, Item, Price, TierBasis, charge, period_from
from domain.jobs import JobKind, JobState
from domain.ledger import CHART, AccountCode, EntryKind, Line, owners_money
from domain.money import Rounding

from .books import Books, Kept
from .ids import Ids
from .plans import StreetPlan
from .territory import homes_of

_PLACE = ("compound_id", "organisation_id", "street_id")
ITEM = ("id", "code", "name", "kind", "account", "unit", "months", "starts_on", "book_id", *_PLACE)
PRICE = ("id", "starts_on", "price", "basis", "basis_number", "basis_on", "fee_item_id", *_PLACE)
ASSIGNMENT = ("id", "starts_on", "home_id", "fee_item_id", "book_id", *_PLACE)
JOB = ("id", "kind", "state", "done", "total", "started_at", "changed_at", "ended_at", "subject_id", *_PLACE)
RUN = (
    *("id", "month", "state", "item_ids", "issued_on", "due_on", "homes", "bills", "total", "started_at", "ended_at"),
    *("started_by", "job_id", "book_id", *_PLACE),
)
RUN_ITEM = ("id", "period_from", "period_to", "homes", "amount", "run_id", "fee_item_id", *_PLACE)
BILL = (
    *("id", "number", "kind", "period_from", "period_to", "issued_on", "due_on", "total", "run_id", "book_id", "home_id"),
    *_PLACE,
)
BILL_LINE = (
    *("id", "number", "account", "description", "period_from", "period_to", "quantity", "unit", "unit_price", "amount"),
    *("bill_id", "fee_item_id", "home_id", *_PLACE),
)
_TABLES = {
    "fee_item": ITEM,
    "fee_price": PRICE,
    "fee_assignment": ASSIGNMENT,
    "job": JOB,
    "bill_run": RUN,
    "bill_run_item": RUN_ITEM,
    "bill": BILL,
    "bill_line": BILL_LINE,
    "bill_counter": ("book_id", "bills"),
}
#: What the fee is called, yuan a month and m², on what ground.
_KANGQIAO, _SHUREN = ("物业服务费", "1.85", FeeBasis.CONTRACT), ("居民自管管理费", "0.35", FeeBasis.OWNERS_VOTE)


class Fees:
    """As of ``now``, in the books that are kept; what is billed is entered there."""

    def __init__(self, plan: StreetPlan, books: Books, now: datetime) -> None:
        self._plan, self._books, self._now = plan, books, now
        self._lines: list[tuple[Any, ...]] = []
        self._new = Ids(plan.seed, "fees").new
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _TABLES}
        for book in books.kept:
            self._charge(book, *(_KANGQIAO if book.compound is plan.kangqiao else _SHUREN))

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """Tables with their columns and rows."""
        for table, columns in _TABLES.items():
            yield table, columns, iter(self._rows[table])

    def _charge(self, book: Kept, name: str, price: str, basis: FeeBasis) -> None:
        """The item, everybody's part in it, and the run of this month."""
        place, began, id_ = self._place(book), book.opened_on, self._new("fit")
        kind, account, unit = FeeKind.AREA, AccountCode.SERVICE_INCOME, FeeUnit.M2
        self._rows["fee_item"].append((id_, "A1", name, kind, account, unit, 1, began, book.id, *place))
        ground = (basis, f"{began.year}-1（示例）", began)
        self._rows["fee_price"].append((self._new("fpr"), began, Decimal(price), *ground, id_, *place))
        prices = (Price(began, Decimal(price)),)
        item = Item(id_, name, kind, account, unit, Rounding.FEN_HALF_UP, prices, TierBasis.MONTH)
        homes = [(home[0], Decimal(home[4])) for home in homes_of(self._plan, book.compound)]
        for home, _ in homes:
            self._rows["fee_assignment"].append((self._new("fas"), began, home, id_, book.id, *place))
        self._run(book, item, homes)

    def _run(self, book: Kept, item: Item, homes: list[tuple[str, Decimal]]) -> None:
        month = self._now.date().replace(day=1)
        run, entry, place = self._new("brn"), self._new("jen"), self._place(book)
        number, total = book.entries + 1, Decimal(0)
        for n, (home, area) in enumerate(homes, 1):
            total += self._bill(book, item, (run, entry, month), n, (home, area))
        income = Line(item.account, credit=total)
        self._posted(book, entry, month, income)
        of_entry = (entry, number, month, EntryKind.BILLS, run, "", book.staff[0], self._now, book.id, *place)
        self._books.enter(of_entry, self._lines)
        self._lines = []
        self._rows["bill_counter"].append((book.id, len(homes)))
        job, due = self._new("job"), month + timedelta(days=DUE_DAYS)
        times = (self._now, self._now, self._now)
        self._rows["job"].append((job, JobKind.BILL_RUN, JobState.DONE, len(homes), len(homes), *times, run, *place))
        figures = (len(homes), len(homes), total, self._now, self._now)
        self._rows["bill_run"].append(
            (run, month, BillRunState.DONE, dumps([item.id]), month, due, *figures, book.staff[0], job, book.id, *place)
        )
        period = period_from(month, 1)
        assert period is not None
        days = (period.first, period.last)
        self._rows["bill_run_item"].append((self._new("bri"), *days, len(homes), total, run, item.id, *place))

    def _bill(self, book: Kept, item: Item, of: tuple[str, str, date], number: int, home: tuple[str, Decimal]) -> Decimal:
        """A home's bill, posted; what it asks for."""
        (run, entry, month), (home_id, area) = of, home
        period = period_from(month, 1)
        assert period is not None
        (line,) = charge(item, period, [Holding(book.opened_on)], area=area).lines
        id_, place = self._new("bil"), self._place(book)
        due = month + timedelta(days=DUE_DAYS)
        days = (line.period_from, line.period_to)
        self._rows["bill"].append((id_, number, BillKind.FEES, *days, month, due, line.amount, run, book.id, home_id, *place))
        what = (line.quantity, line.unit, line.unit_price, line.amount)
        self._rows["bill_line"].append(
            (self._new("bln"), 1, line.account, dumps(line.description.both()), *days, *what, id_, item.id, home_id, *place)
        )
        self._posted(book, entry, month, Line(AccountCode.RECEIVABLE, line.amount, home_id=home_id, bill_id=id_))
        return line.amount

    def _posted(self, book: Kept, entry: str, day: date, line: Line) -> None:
        fund = CHART[line.account].fund
        owners = book.compound.id if owners_money(book.regime, fund) else None
        of_line = (line.account, fund, line.debit, line.credit, line.category, day)
        of_book = (entry, book.accounts[line.account], book.id, *self._place(book))
        self._lines.append((self._new("jln"), *of_line, *of_book, owners, line.home_id, line.bill_id))

    def _place(self, book: Kept) -> tuple[str, ...]:
        return book.compound.id, book.organisation_id, self._plan.street.id
