"""Synthetic books: what compounds spend, take in and are invoiced over 36 months, and what was planted in them.

Nothing here knows how anomalies are found. A seed makes the same books every time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import exp, pi, sin
from random import Random

MONTHS, FIRST = 36, 2023 * 12
_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Planted:
    """An anomaly that was planted: what was done to a category, from a month on, for so many months."""

    what: str
    category: str
    month: int
    months: int = 1


@dataclass
class Invoice:
    """An expense with its invoice. ``planted``: why it is not as it should be; ``group``: those that belong together."""

    number: str
    supplier: str
    amount: Decimal
    day: date
    planted: str = ""
    group: int = 0


@dataclass
class Books:
    """The books of one compound: yuan by category and month, cash, invoices, and what is wrong with them."""

    homes: int
    area_m2: int
    spent: dict[str, dict[int, Decimal]] = field(default_factory=dict[str, dict[int, Decimal]])
    received: dict[int, Decimal] = field(default_factory=dict[int, Decimal])
    opening: Decimal = Decimal(0)
    planted: list[Planted] = field(default_factory=list[Planted])
    invoices: list[Invoice] = field(default_factory=list[Invoice])
    approval_limit: Decimal = Decimal(10_000)


def _yuan(value: float) -> Decimal:
    return Decimal(repr(max(0.0, value))).quantize(_FEN)


def _wave(month: int, *, peak: int, high: float) -> float:
    """A year's wave: 1 on average, ``high`` more at its peak."""
    return 1 + high * sin(2 * pi * ((month % 12 - peak) / 12 + 0.25))


#: Share of what is spent on everything, and how it comes over the months: rising prices, seasons, quarters, lumps, noise.
_Process = Callable[[Random, int], float]
_PROCESSES: Mapping[str, tuple[float, _Process]] = {
    "STAFF": (0.34, lambda r, m: exp(r.gauss(0, 0.02)) * (1.6 if m % 12 == 0 else 1.0) * 1.05 ** ((m - FIRST) // 12)),
    "CLEANING": (0.12, lambda r, m: exp(r.gauss(0, 0.03)) * 1.04 ** ((m - FIRST + 6) // 12)),
    "SECURITY": (0.14, lambda r, m: exp(r.gauss(0, 0.03)) * 1.03 ** ((m - FIRST) // 12)),
    "GREENING": (0.05, lambda r, m: exp(r.gauss(0, 0.2)) * _wave(m, peak=4, high=0.6)),
    "LIFT": (0.08, lambda r, _: exp(r.gauss(0, 0.05)) * 0.8 + (exp(r.gauss(-0.6, 0.6)) if r.random() < 0.25 else 0)),
    "FIRE_SAFETY": (0.03, lambda r, m: (1.0 if m % 3 == 2 else 0.0) * exp(r.gauss(0, 0.15)) * (2.5 if m % 12 == 11 else 1.0)),
    "REPAIRS": (0.07, lambda r, _: exp(r.gauss(0, 0.45))),
    "UTILITIES": (0.10, lambda r, m: exp(r.gauss(0, 0.09)) * (1 + 0.45 * max(0, sin(2 * pi * (m % 12 - 4) / 12)))),
    "WATER_SUPPLY": (0.02, lambda r, m: (1.0 if m % 6 == 4 else 0.0) * exp(r.gauss(0, 0.1))),
    "INSURANCE": (0.02, lambda r, m: (12.0 if m % 12 == 2 else 0.0) * exp(r.gauss(0, 0.05))),
    "OFFICE": (0.02, lambda r, _: exp(r.gauss(0, 0.25))),
    "TAX": (0.04, lambda r, m: (3.0 if m % 3 == 0 else 0.0) * exp(r.gauss(0, 0.08))),
    "OTHER_EXPENSE": (0.02, lambda r, _: exp(r.gauss(0, 0.5)) * 2 if r.random() < 0.3 else 0.0),
}
#: Categories that are booked every month, so that a month without them, or half of them, is one.
_REGULAR = ("STAFF", "CLEANING", "SECURITY", "UTILITIES", "GREENING", "OFFICE")
_CONTRACTS = ("STAFF", "CLEANING", "SECURITY", "UTILITIES")


def make(seed: int) -> Books:
    """The books of a compound of 60 to 2,500 homes."""
    random = Random(seed)
    homes = int(exp(random.uniform(4.1, 7.8)))
    area = int(homes * random.uniform(70, 115))
    books = Books(homes, area)
    monthly = float(area) * random.uniform(1.2, 2.4)
    for category, (share, process) in _PROCESSES.items():
        scale = monthly * share * random.uniform(0.7, 1.4)
        values = {month: _yuan(scale * process(random, month)) for month in range(FIRST, FIRST + MONTHS)}
        books.spent[category] = {month: value for month, value in values.items() if value}
    _plant(books, random)
    _take_in(books, random, monthly)
    _invoice(books, random, monthly)
    return books


def _plant(books: Books, random: Random) -> None:
    """Two anomalies in the last two years, on average; never two of a category within a year and a half."""
    taken: set[str] = set()
    for _ in range(random.choice((0, 1, 2, 2, 3, 4))):
        what = random.choices(("spike", "double", "missing", "drop", "shift"), (5, 2, 1.5, 1, 1.5))[0]
        pool = {"missing": _REGULAR, "drop": _CONTRACTS, "shift": (*_CONTRACTS, "LIFT", "REPAIRS")}.get(what, tuple(_PROCESSES))
        category = random.choice([each for each in pool if each not in taken] or ["STAFF"])
        spent = books.spent[category]
        months = [month for month in spent if month >= FIRST + 12]
        if category in taken or not months:
            continue
        taken.add(category)
        month = random.choice([each for each in months if each < FIRST + MONTHS - 3] or months)
        match what:
            case "spike":
                quiet = category in {"REPAIRS", "LIFT", "OTHER_EXPENSE"}
                spent[month] = _yuan(float(spent[month]) * random.uniform(3.0 if quiet else 1.8, 6.0))
            case "double":
                spent[month] *= 2
            case "missing":
                del spent[month]
            case "drop":
                spent[month] = _yuan(float(spent[month]) * random.uniform(0.15, 0.45))
            case _:
                factor = random.uniform(1.5, 2.2)
                for each in [each for each in spent if each >= month]:
                    spent[each] = _yuan(float(spent[each]) * factor)
        books.planted.append(Planted(what, category, month, MONTHS if what == "shift" else 1))


def _take_in(books: Books, random: Random, monthly: float) -> None:
    """Fees come in waves: much in January and at the ends of quarters; more or less than is spent."""
    margin, fading = random.uniform(0.88, 1.12), random.uniform(-0.006, 0.003)
    for month in range(FIRST, FIRST + MONTHS):
        season = {0: 1.9, 2: 1.15, 5: 1.15, 8: 1.1, 11: 1.3}.get(month % 12, 0.72)
        books.received[month] = _yuan(monthly * margin * season * exp(random.gauss(0, 0.1) + fading * (month - FIRST)))
    books.opening = _yuan(monthly * random.uniform(0.3, 10))


def _invoice(books: Books, random: Random, monthly: float) -> None:
    """Invoices of suppliers over the last year: contracts with the same amount every month, and odd jobs."""
    books.approval_limit = Decimal(random.choice((5_000, 10_000, 20_000)))
    limit, number = float(books.approval_limit), random.randint(10_000_000, 90_000_000)
    start = date((FIRST + MONTHS - 12) // 12, 1, 1)

    def add(supplier: str, amount: Decimal, day: date, planted: str = "", number_: str = "", of: int = 0) -> Invoice:
        nonlocal number
        number += random.randint(1, 400)
        made = Invoice(number_ or f"{number:08d}", supplier, amount, day, planted, of)
        books.invoices.append(made)
        return made

    def near(day: date, days: int) -> date:
        return day + timedelta(days=random.randint(0, days))

    for contract in range(5):
        amount = _yuan(monthly * random.uniform(0.02, 0.12))
        for month in range(12):
            add(f"contract {contract}", amount, date(start.year, month + 1, random.randint(3, 9)))
    for tariff in range(3):  # a visit costs the same whenever they come, and that is now and then
        amount = Decimal(random.choice((180, 260, 350, 480)))
        for _ in range(random.randint(1, 6)):
            add(f"tariff {tariff}", amount, start + timedelta(days=random.randrange(360)))
    for group in range(1, random.randint(41, 91)):
        amount = _yuan(exp(random.gauss(7.4, 1.0)))
        made = add(f"supplier {random.randrange(25)}", amount, start + timedelta(days=random.randrange(360)))
        what = random.choices(("", "SAME_NUMBER", "SAME_AMOUNT", "SPLIT", "honest"), (94, 1.3, 1.3, 1.3, 2))[0]
        if what == "SAME_NUMBER":
            made.group = group
            digits = made.number
            typed = (digits, f"No.{digits}", f" {digits[:4]} {digits[4:]}", f"0{digits}", f"{digits[:-1]}{random.randrange(10)}")
            add(made.supplier, amount, near(made.day, 120), what, random.choice(typed), group)
        elif what == "SAME_AMOUNT":
            made.group = group
            add(made.supplier, amount, near(made.day, 20), what, of=group)
        elif what:  # a job in parts: to stay under the limit, or because it was a large one
            supplier, first = f"supplier {random.randrange(25, 60)}", start + timedelta(days=random.randrange(340))
            for _ in range(random.randint(2, 4)):
                part = _yuan(limit * (random.uniform(0.65, 0.99) if what == "SPLIT" else random.uniform(0.1, 1.6)))
                add(supplier, part, near(first, 8), what if what == "SPLIT" else "", of=group)
