"""Scalars whose input must say exactly what it means."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.money import Money


def _instant(value: object) -> datetime:
    try:
        parsed = datetime.fromisoformat(value if isinstance(value, str) else "")
        _ = parsed.tzinfo and parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError('A DateTime is a string such as "2026-03-01T08:00:00+08:00".') from None
    if parsed.tzinfo is None:
        raise ValueError('A DateTime needs an offset: "2026-03-01T08:00:00+08:00".')
    return parsed


def _day(value: object) -> date:
    try:
        parsed = date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError('A Date is a string such as "2026-03-01".') from None
    if parsed in {date.min, date.max}:  # the database driver stores these as infinity
        raise ValueError("A Date lies from 0001-01-02 to 9999-12-30.")
    return parsed


def _decimal(value: object) -> Decimal:
    try:
        parsed = Decimal(value if isinstance(value, str) else "")
    except InvalidOperation:
        parsed = Decimal("NaN")
    if not parsed.is_finite():
        raise ValueError('A Decimal is a string such as "12.50".')
    return parsed


def _amount(value: object) -> Money:
    try:
        return Money.read(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError('Money is a string such as "12.50": yuan, with two decimals at most.') from None


#: What the schema calls each Python type, and how its values are read.
SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description='A moment (时刻) in RFC 3339 with an offset: "2026-03-01T08:00:00+08:00".',
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=datetime.isoformat,
        parse_value=_instant,
    ),
    date: strawberry.scalar(name="Date", description='A day (日期): "2026-03-01".', serialize=date.isoformat, parse_value=_day),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number (小数), as a string: "12.50".',
        serialize=lambda number: f"{number:f}",
        parse_value=_decimal,
    ),
    Money: strawberry.scalar(
        name="Money",
        description='An exact amount (金额) of yuan (人民币元, CNY), as a string: "12.50".',
        serialize=lambda amount: Money(amount).write(),
        parse_value=_amount,
    ),
}
