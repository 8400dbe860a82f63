"""Income and expenses: what is looked for on the clock."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from domain.alerts.conditions import Limits
from domain.analysis import AnomalyKind, InvoiceFault, first_day, month_of
from domain.ledger import CHART, AccountCode, owners_money
from domain.steward.revenue import MODULE, OF_KIND, spending_bounds
from domain.steward.revenue.invoices import INVOICE_SPLIT, INVOICE_TWICE
from domain.steward.revenue.keeping import RUNS_DRY
from domain.steward.revenue.spending import BUDGET_OVERRUN
from domain.words import Text
from models.analysis import (
    OpenBook,
    SpendingAnomaly,
    doubtful_invoices,
    dwindling,
    limits_of,
    months_left,
    open_books,
    over_budget,
    strays,
)
from models.calendar import zone
from tasks.clock import check

from .finding import Found, bring_in_line

#: What strayed is told of for so many months.
_MONTHS = 2
_HUNDRED = 100.0


@check(
    "revenue.spending",
    module=MODULE.key,
    cron="10 6 * * *",
    does=Text("Find spending that strays from what is usual, or from the budget.", "查找异常支出和超预算支出。"),
)
async def find_spending(now: datetime) -> Mapping[str, int]:
    """Raise alerts for accounts that strayed in the last two months that are over, or are over their budget; end others."""
    today = _day(now)
    books, last = await open_books(), first_day(month_of(today) - 1)
    found: dict[str, dict[str, Found]] = {rule.key: {} for rule in OF_KIND.values()}
    for each in await strays(books, last, months=_MONTHS):
        of = found[OF_KIND[each.strayed.kind].key]
        of.setdefault(each.account_id, _strayed(books[each.book_id], each, today))
    changed = [await bring_in_line(key, list(of.values()), now) for key, of in found.items()]
    over = [
        Found(
            subject_id=row["account_id"],
            value=_over(row["spent"], row["planned"]),
            place=_place(books[row["book_id"]], AccountCode(row["code"])),
            compound_id=books[row["book_id"]].compound_id,
            street_id=books[row["book_id"]].street_id,
            more={"unit": "%", "year": last.year},
        )
        for row in await over_budget(last.replace(month=1), first_day(month_of(today)))
    ]
    changed.append(await bring_in_line(BUDGET_OVERRUN.key, over, now))
    return _sums(changed)


def _strayed(book: OpenBook, each: SpendingAnomaly, today: date) -> Found:
    strayed, month = each.strayed, first_day(each.month)

    def value(limits: Limits) -> float:
        told = strayed.told(spending_bounds(limits))
        match strayed.kind:
            case AnomalyKind.HIGH:
                return round(strayed.times, 1) if told else 1.0
            case AnomalyKind.FIRST:
                return float(round(strayed.percent)) if told else 0.0
            case _:
                waited = (today - first_day(each.month + 1)).days >= limits["wait_days"]
                return float(round(strayed.times * 100)) if told and waited else _HUNDRED

    return Found(
        subject_id=each.account_id,
        value=value,
        place=f"{_place(book, each.account)}（{month:%Y-%m}）",
        compound_id=book.compound_id,
        street_id=book.street_id,
        more={"month": month.isoformat(), "kind": strayed.kind},
    )


def _place(book: OpenBook, account: AccountCode) -> str:
    return book.place(account.zh, CHART[account].fund)


def _over(spent: Decimal, planned: Decimal) -> Callable[[Limits], float]:
    percent = float(round((spent - planned) * 100 / planned))
    return lambda limits: percent if float(spent - planned) >= limits["least_yuan"] else 0.0


@check(
    "revenue.invoices",
    module=MODULE.key,
    cron="25 6 * * *",
    does=Text("Find expenses that were entered twice, or split.", "查找疑似重复或拆分的支出。"),
)
async def find_invoices(now: datetime) -> Mapping[str, int]:
    """Raise an alert for the last of expenses that look as if they were one, or one split, and end those of others."""
    books = await open_books()
    limits = await limits_of([(book.compound_id, book.street_id) for book in books.values()])
    told = await doubtful_invoices(books, _day(now), {id_: limits[book.compound_id] for id_, book in books.items()})
    found: dict[str, dict[str, Found]] = {INVOICE_TWICE.key: {}, INVOICE_SPLIT.key: {}}
    for each in told:
        book, rule = books[each.book_id], INVOICE_SPLIT if each.doubtful.fault is InvoiceFault.SPLIT else INVOICE_TWICE
        subject = each.doubtful.last.expense_id
        found[rule.key][subject] = Found(
            subject_id=subject,
            value=float(len(each.doubtful.invoices)),
            place=book.compound_name,
            compound_id=book.compound_id,
            street_id=book.street_id,
            more={"fault": each.doubtful.fault},
        )
    return _sums([await bring_in_line(key, list(of.values()), now) for key, of in found.items()])


@check(
    "revenue.cash",
    module=MODULE.key,
    cron="40 6 * * *",
    does=Text("Find owners' money that runs out, as it goes.", "查找按趋势即将不足的业主资金。"),
)
async def find_dry(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every fund of owners that will be empty within a year, as it goes, and end those of others.

    A company's own money is told to it and to the street by the forecast, and to nobody else on duty by an alert.
    """
    today = _day(now)
    books, month = await open_books(), today.replace(day=1)
    found: list[Found] = []
    for book_id, fund, account_id in await dwindling(list(books), month.replace(year=month.year - 1), month):
        book = books[book_id]
        left = await months_left(book_id, fund, today) if owners_money(book.regime, fund) else None
        if left is not None:
            found.append(
                Found(
                    subject_id=account_id,
                    value=float(left[0]),
                    place=book.place(fund.zh, fund),
                    compound_id=book.compound_id,
                    street_id=book.street_id,
                    more={"unit": "mo", "month": left[1].isoformat(), "fund": fund},
                )
            )
    return await bring_in_line(RUNS_DRY.key, found, now)


def _sums(changed: list[Mapping[str, int]]) -> Mapping[str, int]:
    return {name: sum(each[name] for each in changed) for name in ("raised", "over")}


def _day(now: datetime) -> date:
    return now.astimezone(zone()).date()
