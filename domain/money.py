"""Money: amounts in yuan (CNY), exact to the fen."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from .refusals import RefusalCode, Refused
from .words import Text, Word

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


class Rounding(Word):
    """How an amount that is reckoned becomes one that can be paid. A price list says which."""

    FEN_HALF_UP = "FEN_HALF_UP", "四舍五入到分", "To the fen, half a fen up."
    JIAO_HALF_UP = "JIAO_HALF_UP", "四舍五入到角", "To the jiao, half a jiao up."
    YUAN_HALF_UP = "YUAN_HALF_UP", "四舍五入到元", "To the yuan, half a yuan up."
    FEN_DOWN = "FEN_DOWN", "舍去分以下", "What is less than a fen is dropped."

    def of(self, amount: Decimal) -> Money:
        """The amount so rounded; ``half up`` is away from zero, ``down`` towards it."""
        return Money(amount.quantize(_STEPS[self], ROUND_DOWN if self is Rounding.FEN_DOWN else ROUND_HALF_UP).quantize(FEN))


_STEPS = {
    Rounding.FEN_HALF_UP: FEN,
    Rounding.JIAO_HALF_UP: Decimal("0.1"),
    Rounding.YUAN_HALF_UP: Decimal(1),
    Rounding.FEN_DOWN: FEN,
}


def fen(amount: Decimal, field: str = "amount", *, least: Decimal = FEN, most: Decimal = MOST) -> Money:
    """The amount with two decimals. Refuses (INVALID, on ``field``) less than ``least``, more than ``most``, parts of a fen."""
    if not amount.is_finite() or not least <= amount <= most:
        raise _invalid(
            field,
            Text(f"The amount {amount} cannot be.", f"金额 {amount} 无效。"),
            Text(f"Give {least} to {most} yuan.", f"请填写 {least} 到 {most} 元。"),
        )
    if amount != amount.quantize(FEN, ROUND_DOWN):
        raise _invalid(
            field,
            Text(f"{amount} has parts of a fen.", f"金额 {amount} 不足一分。"),
            Text("Give two decimals at most.", "金额最多两位小数。"),
        )
    return Money(amount.quantize(FEN))


def share(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``total`` (whole fen, either sign) shared by the weights, exact: the parts always add up to it.

    Each part is its exact share cut to the fen; the fen that are left go to the largest remainders, the earlier first where
    they are equal. Weights are 0 or more, and one is more: else ValueError, as for a total with parts of a fen.
    """
    whole = sum(weights, Decimal(0))
    if total != total.quantize(FEN) or whole <= 0 or min(weights) < 0:
        raise ValueError("whole fen are shared by weights of 0 or more, not all of them 0")
    sign, fens, exact = (-1 if total < 0 else 1), int(abs(total) / FEN), Fraction(whole)
    parts = [divmod(Fraction(weight) * fens, exact) for weight in weights]
    left = fens - sum(cut for cut, _ in parts)
    first = sorted(range(len(parts)), key=lambda each: (-parts[each][1], each))[:left]
    more = set(first)
    return [(sign * (cut + (each in more))) * FEN for each, (cut, _) in enumerate(parts)]


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
