"""Amounts as parts of others: change in percent, per square metre, per home."""

from decimal import ROUND_HALF_UP, Decimal

_TENTH, _FEN = Decimal("0.1"), Decimal("0.01")


def change_percent(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many percent it is more (less: negative) than before, to one place; None: there was nothing before."""
    return percent_of(now - before, before)


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """How many percent of the whole, to one place; None: there is no whole."""
    return (part * 100 / whole).quantize(_TENTH, ROUND_HALF_UP) if whole > 0 else None


def per(amount: Decimal, count: Decimal | int) -> Decimal | None:
    """An amount by each of so many, yuan to the fen; None: there are none."""
    return (amount / count).quantize(_FEN, ROUND_HALF_UP) if count else None
