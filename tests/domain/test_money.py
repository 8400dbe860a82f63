"""Amounts are written exactly, or not at all."""

from decimal import Decimal

import pytest

from domain.money import MOST, Money


@pytest.mark.parametrize("written", ["0", "12.5", "12.50", "-3.07", str(MOST)])
def test_an_amount_is_read_as_it_is_written(written: str) -> None:
    assert Money.read(written) == Decimal(written)


@pytest.mark.parametrize(
    "written", ["", "1.005", "1e3", "NaN", "Infinity", "１２.50", " 1", "1,000.00", "+1", ".5", "1000000000000"]
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="yuan, to the fen"):
        Money.read(written)


def test_an_amount_always_shows_its_fen() -> None:
    assert [Money(value).write() for value in ("0", "12.5", "-3.07")] == ["0.00", "12.50", "-3.07"]
