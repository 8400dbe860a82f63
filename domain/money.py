"""Money: amounts in yuan (CNY), exact to the fen."""

import re
from decimal import ROUND_HALF_UP, Decimal

#: One fen, and the most that an amount may be (NUMERIC(14, 2)).
FEN, MOST = Decimal("0.01"), Decimal("999999999999.99")

_WRITTEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


class Money(Decimal):
    """An amount of yuan. What is reckoned with it is a ``Decimal`` again: say ``Money(…)`` where it is an amount once more."""

    @classmethod
    def read(cls, written: str) -> "Money":
        """The amount that is written like "12.50". Raises ValueError for anything else, a third decimal included."""
        if not _WRITTEN.fullmatch(written):
            raise ValueError('An amount is written like "12.50": yuan, to the fen.')
        return cls(written)

    def write(self) -> str:
        """The amount with two decimals: "12.50"."""
        return f"{self.quantize(FEN, ROUND_HALF_UP):f}"
