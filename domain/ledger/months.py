"""Months of a book: closed in order when they are over, opened again from the last one back."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text


def first_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after."""
    return first_of(first_of(month) + timedelta(days=31))


def check_over(month: date, today: date) -> date:
    """The month's first day. Refuses (INVALID) a month that is not over."""
    if month_after(month) <= today:
        return first_of(month)
    raise Refused(
        RefusalCode.INVALID,
        Text(f"{month:%Y-%m} is not over.", f"{month:%Y-%m} 尚未结束。"),
        path=("month",),
        hint=Text("Close a month when it is over.", "请在当月结束后结账。"),
    )


def next_to_close(opened_on: date, last: date | None, month: date) -> Iterator[date]:
    """The months that close so that ``month`` is closed: from the first one that is open, given the ``last`` that is closed."""
    each = month_after(last) if last else first_of(opened_on)
    while each <= month:
        yield each
        each = month_after(each)
