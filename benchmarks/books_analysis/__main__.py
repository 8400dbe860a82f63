"""What the analysis of books finds of what was planted in them, and how well it foretells cash.

    .venv/bin/python -m benchmarks.books_analysis [--compounds N] [--beside]

200 compounds × 36 months, made by a seed. Every month of the last two years is looked at as if it were the newest. Prints
precision and recall and writes them to benchmarks/results/analysis.md (not with another number of compounds). `--beside`: also
by the STL decomposition of statsmodels, which must be installed by hand for that.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from domain.analysis import (
    Bounds,
    Flows,
    Invoice,
    InvoiceBounds,
    duplicates,
    forecast,
    splits,
    strayed,
    usual_total,
)
from domain.steward.revenue import INVOICE_BOUNDS, SPENDING_BOUNDS

from .books import FIRST, MONTHS, Books, Planted, make

SEED, COMPOUNDS = 7_000_000, 200
RESULT = Path(__file__).parent.parent / "results" / "analysis.md"
#: What judges a month of a category: spent by month, the month, what a month costs in all.
Judge = Callable[[dict[int, Decimal], int, float], bool]


def ours(bounds: Bounds) -> Judge:
    """The product's, with its default figures."""

    def judge(spent: dict[int, Decimal], month: int, total: float) -> bool:
        found = strayed(spent, month, total)
        return found is not None and found.told(bounds)

    return judge


def three_deviations(spent: dict[int, Decimal], month: int, total: float) -> bool:
    """Three standard deviations off the mean of the year before."""
    before = [float(spent.get(each, 0)) for each in range(month - 12, month)]
    return abs(float(spent.get(month, 0)) - statistics.fmean(before)) > max(3 * statistics.pstdev(before), total * 0.02, 500)


def last_year(spent: dict[int, Decimal], month: int, total: float) -> bool:
    """Half as much again as in the same month of the year before, or half of it."""
    now, before = float(spent.get(month, 0)), float(spent.get(month - 12, 0))
    return (now > before * 1.5 or now < before / 1.5) and abs(now - before) > max(total * 0.02, 500)


class Counts:
    """What was found of what was planted, and what else was."""

    def __init__(self) -> None:
        self.planted, self.found, self.false, self.seconds, self.judged = Counter[str](), Counter[str](), 0, 0.0, 0

    def add(self, books: Books, judge: Judge) -> None:
        """Look at every month of the last two years, with what was known then."""
        total = spent_in_all(books)
        found: set[Planted] = set()
        for month in range(FIRST + 12, FIRST + MONTHS):
            usual = usual_total(total, month)
            for category, spent in books.spent.items():
                began = time.perf_counter()
                told = judge(spent, month, usual)
                self.seconds += time.perf_counter() - began
                self.judged += 1
                if told:
                    of = [p for p in books.planted if p.category == category and p.month <= month < p.month + p.months]
                    found.update(p for p in of if month < p.month + 3)
                    self.false += not of
        self.planted.update(each.what for each in books.planted)
        self.found.update(each.what for each in found)

    @property
    def recall(self) -> float:
        return self.found.total() / self.planted.total()

    @property
    def precision(self) -> float:
        return self.found.total() / (self.found.total() + self.false)


def spent_in_all(books: Books) -> dict[int, Decimal]:
    """What a compound spends on everything, by month."""
    months = range(FIRST, FIRST + MONTHS)
    return {month: sum((spent.get(month, Decimal(0)) for spent in books.spent.values()), Decimal(0)) for month in months}


def invoices(books: Books, bounds: InvoiceBounds, counts: Counts) -> None:
    """Look through the invoices of a year."""
    by_id = {str(place): each for place, each in enumerate(books.invoices)}
    given = [Invoice(id_, each.supplier, each.number, each.amount, each.day) for id_, each in by_id.items()]
    planted = {each.group: each.planted for each in books.invoices if each.planted}
    found: set[int] = set()
    for told in (*duplicates(given, bounds), *splits(given, books.approval_limit, bounds)):
        groups = {by_id[each.expense_id].group for each in told.invoices}
        if len(groups) == 1 and groups <= planted.keys():
            found |= groups
        else:
            counts.false += 1
    counts.planted.update(planted.values())
    counts.found.update(planted[group] for group in found)


def foretold(books: Books, known: int) -> Iterator[tuple[int, bool, float]]:
    """Per months ahead: whether the balance lay within the interval, and how far off it was, percent of a year's costs."""
    spent, first = spent_in_all(books), FIRST + known
    balance = books.opening + sum((books.received[month] - spent[month] for month in range(FIRST, first)), Decimal(0))
    before = {month: amount for month, amount in spent.items() if month < first}
    fees = {month: amount for month, amount in books.received.items() if month < first}
    told = forecast(balance, Flows(fees, {}, before), first)
    assert told is not None
    year = sum((spent[month] for month in range(first, first + 12)), Decimal(0))
    for ahead, each in enumerate(told.months, 1):
        balance += books.received[each.month] - spent[each.month]
        yield ahead, each.low <= balance <= each.high, float(abs(balance - each.closing) / year) * 100


def judges(beside: bool) -> dict[str, Judge]:
    """What is measured, by name."""
    asked: dict[str, Judge] = {
        "Steward": ours(SPENDING_BOUNDS),
        "mean of 12 months ± 3 deviations": three_deviations,
        "same month of last year × 1.5": last_year,
    }
    if beside:
        asked["STL of statsmodels, robust, 3.5 deviations"] = import_module("benchmarks.books_analysis.beside").stl
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(description="Anomalies, invoices and cash in synthetic books.")
    parser.add_argument("--compounds", type=int, default=COMPOUNDS)
    parser.add_argument("--beside", action="store_true", help="statsmodels as well")
    given = parser.parse_args()
    all_books = [make(SEED + place) for place in range(given.compounds)]
    counted = {name: Counts() for name in judges(given.beside)}
    for name, judge in judges(given.beside).items():
        for books in all_books:
            counted[name].add(books, judge)
    billed = Counts()
    for books in all_books:
        invoices(books, INVOICE_BOUNDS, billed)
    cash = {known: [each for books in all_books for each in foretold(books, known)] for known in (12, 24)}
    page = report(given.compounds, counted, billed, cash)
    print(page)
    if given.compounds == COMPOUNDS:
        RESULT.write_text(page, "utf-8")


def report(compounds: int, counted: dict[str, Counts], billed: Counts, cash: dict[int, list[tuple[int, bool, float]]]) -> str:
    """The page."""
    mine = counted["Steward"]
    kinds = sorted(mine.planted)
    lines = [
        "# Analysis of books",
        "",
        f"Synthetic books of {compounds} compounds × {MONTHS} months, 13 categories each; Python {platform.python_version()}.",
        "Run `make bench-analysis` to make this page again.",
        "",
        "## Spending",
        "",
        f"{mine.planted.total()} anomalies in {mine.judged:,} months of categories. Precision: of what was told, so much was",
        "planted. False: told without being planted, a compound and year.",
        "",
        f"| | precision | recall | {' | '.join(f'{kind} ({mine.planted[kind]})' for kind in kinds)} | false | µs a month |",
        f"|---|---|---|{'---|' * len(kinds)}---|---|",
        *(
            f"| {name} | {each.precision:.0%} | {each.recall:.0%} "
            f"| {' | '.join(f'{each.found[kind] / each.planted[kind]:.0%}' for kind in kinds)} "
            f"| {each.false / compounds / 2:.2f} | {each.seconds / each.judged * 1e6:.0f} |"
            for name, each in counted.items()
        ),
        "",
        "*Spike*: 1.8 to 6 times (3 to 6 where lumps are usual). *Double*: booked twice. *Missing*: not booked. *Drop*: 15 to",
        "45 % of it. *Shift*: 1.5 to 2.2 times from then on; told within three months. They are planted in any category and",
        "whatever they come to: some are worth less than people are told of (2 % of what is spent in a month), and odd repairs",
        "are doubled that stray by as much by themselves. The figures of the rules were chosen on books of other seeds.",
        "",
        "## Invoices",
        "",
        f"Precision {billed.precision:.0%}, recall {billed.recall:.0%}: "
        + ", ".join(f"{kind} {billed.found[kind]} of {billed.planted[kind]}" for kind in sorted(billed.planted))
        + f"; {billed.false} false, in {compounds} books of a year.",
        "",
        "## Cash",
        "",
        "| known months | ahead | within the 80 % interval | off, median, of a year's costs |",
        "|---|---|---|---|",
        *(_cash(known, ahead, found) for known, found in cash.items() for ahead in (3, 6, 12)),
        "",
    ]
    return "\n".join(lines)


def _cash(known: int, ahead: int, found: list[tuple[int, bool, float]]) -> str:
    of = [each for each in found if each[0] == ahead]
    within = sum(each[1] for each in of) / len(of)
    return f"| {known} | {ahead} | {within:.0%} | {statistics.median(each[2] for each in of):.1f} % |"


if __name__ == "__main__":
    main()
