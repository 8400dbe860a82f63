"""Periods of statements: so many whole months, counted from the beginning of the year (art. 282 and 943: regularly, by default a
quarter)."""

from datetime import date, timedelta

from domain.words import Text

from .words import invalid

#: How many months a period may have: what a year is made of.
CADENCES = (1, 2, 3, 4, 6, 12)
_QUARTERS = ("一", "二", "三", "四")
_QUARTER, _HALF, _YEAR = 3, 6, 12


def period_of(day: date, months: int) -> tuple[date, date]:
    """The first and the last day of the period of so many months in which ``day`` lies."""
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, _after(first, months) - timedelta(days=1)


def last_over(today: date, months: int) -> tuple[date, date]:
    """The newest period that is over on ``today``."""
    return before(period_of(today, months)[0], months)


def before(first: date, months: int) -> tuple[date, date]:
    """The period of so many months that ends on the day before ``first``."""
    return period_of(first - timedelta(days=1), months)


def months_of(first: date, last: date) -> int:
    """How many months a period has."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def check_period(day: date, months: int, today: date) -> tuple[date, date]:
    """The period in which ``day`` lies. Refuses (INVALID) one that is not over."""
    first, last = period_of(day, months)
    if last < today:
        return first, last
    raise invalid(
        "period",
        Text(f"The period ends on {last} and is not over.", f"该期间截至 {last}，尚未结束。"),
        Text(f"Draft it from {last + timedelta(days=1)} on.", f"请于 {last + timedelta(days=1)} 起再起草。"),
    )


def cadence(figure: float) -> int:
    """The months of a period as a figure tells them: the greatest number a year can be made of that is not more."""
    return max((each for each in CADENCES if each <= figure), default=CADENCES[0])


def named(first: date, last: date) -> Text:
    """What people call the period: 2026年第三季度, Q3 2026."""
    year, months = first.year, months_of(first, last)
    if months == _YEAR:
        return Text(f"{year}", f"{year}年度")
    if months == _HALF:
        half = 1 if first.month == 1 else 2
        return Text(f"H{half} {year}", f"{year}年{'上' if half == 1 else '下'}半年")
    if months == _QUARTER:
        quarter = (first.month - 1) // 3
        return Text(f"Q{quarter + 1} {year}", f"{year}年第{_QUARTERS[quarter]}季度")
    if months == 1:
        return Text(f"{first:%Y-%m}", f"{year}年{first.month}月")
    return Text(f"{first:%Y-%m} to {last:%Y-%m}", f"{year}年{first.month}月至{last.month}月")


def _after(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
