"""What if fees, the collection rate or costs were others (情景测算): nothing is changed, only the forecast is asked again."""

from dataclasses import dataclass
from decimal import Decimal

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .forecast import Factors

_PRICE, _COSTS, _RATE = (Decimal(-50), Decimal(100)), (Decimal(-50), Decimal(100)), (Decimal(1), Decimal(100))


@dataclass(frozen=True)
class WhatIf:
    """Fees dearer by so many percent, so many percent of what is billed paid, costs higher by so many percent; None: as it is.

    Nobody is taken to move or to pay later because of it.
    """

    price_percent: Decimal | None = None
    collection_rate: Decimal | None = None
    costs_percent: Decimal | None = None


def factors(asked: WhatIf, collection_rate: Decimal | None) -> Factors:
    """By what fees and costs are multiplied. ``collection_rate``: percent of what was billed that is paid now; None: not known.

    Refuses (INVALID) figures out of range, and another collection rate where the present one is not known.
    """
    for name, value, (least, most) in (
        ("price_percent", asked.price_percent, _PRICE),
        ("costs_percent", asked.costs_percent, _COSTS),
        ("collection_rate", asked.collection_rate, _RATE),
    ):
        if value is not None and not least <= value <= most:
            raise _invalid(
                name,
                Text(f"It cannot be {value} percent.", f"不能是 {value}%。"),
                Text(f"Give {least} to {most}.", f"请填写 {least} 到 {most}。"),
            )
    fees = 1 + (asked.price_percent or Decimal(0)) / 100
    if asked.collection_rate is not None:
        if not collection_rate:
            raise _invalid(
                "collection_rate",
                Text(
                    "Nothing was billed in the year before, so there is no rate to compare with.",
                    "过去一年无账单，无法比较收缴率。",
                ),
                Text("Leave it out.", "请不要填写收缴率。"),
            )
        fees = fees * asked.collection_rate / collection_rate
    return Factors(fees=fees, costs=1 + (asked.costs_percent or Decimal(0)) / 100)


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=("what_if", field), hint=hint)
