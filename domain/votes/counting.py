"""Counting: who took part, what they said, and whether that is enough. Exact: fractions and decimals, never floats."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .words import BallotChoice, DecisionKind


@dataclass(frozen=True)
class Threshold:
    """A share of the whole that is needed: at least it, or more than it. ``clause``: where that is written."""

    share: Fraction
    at_least: bool
    clause: str

    def met(self, part: Decimal | int, whole: Decimal | int) -> bool:
        """Whether ``part`` of ``whole`` is enough; of nothing, never."""
        if whole <= 0:
            return False
        needed = self.share * Fraction(whole)
        return Fraction(part) >= needed if self.at_least else Fraction(part) > needed

    def written(self) -> str:
        """``>=2/3`` or ``>1/2``."""
        return f"{'>=' if self.at_least else '>'}{self.share}"


#: How many have to take part, of all homes and of all area.
QUORUM = Threshold(Fraction(2, 3), at_least=True, clause="民法典第278条")
_HALF = Threshold(Fraction(1, 2), at_least=False, clause="民法典第278条")
_THREE_QUARTERS = Threshold(Fraction(3, 4), at_least=True, clause="民法典第278条")
#: How many of those taking part have to say yes, by homes and by area.
PASSING: Mapping[DecisionKind, Threshold] = {
    DecisionKind.PROCEDURE: _HALF,
    DecisionKind.COVENANT: _HALF,
    DecisionKind.COMMITTEE: _HALF,
    DecisionKind.COMPANY: _HALF,
    DecisionKind.USE_FUND: _HALF,
    DecisionKind.RAISE_FUND: _THREE_QUARTERS,
    DecisionKind.REBUILD: _THREE_QUARTERS,
    DecisionKind.COMMON_PARTS: _THREE_QUARTERS,
    DecisionKind.OTHER: _HALF,
}
#: How many owners can demand a meeting, of all homes.
DEMAND = Threshold(Fraction(20, 100), at_least=True, clause="物业管理条例第13条")


@dataclass(frozen=True)
class Weight:
    """So many homes, and their area in square metres."""

    homes: int = 0
    area: Decimal = Decimal(0)

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.homes + other.homes, self.area + other.area)


def enough(threshold: Threshold, part: Weight, whole: Weight) -> bool:
    """Whether the threshold is met by homes and by area, each for itself."""
    return threshold.met(part.homes, whole.homes) and threshold.met(part.area, whole.area)


@dataclass(frozen=True)
class Item:
    """What is asked."""

    id: str
    kind: DecisionKind


#: What a ballot says, by item.
Choices = Mapping[str, BallotChoice]


@dataclass(frozen=True)
class ItemResult:
    """What was answered to an item; ``passed`` only where the vote is quorate."""

    item: Item
    by_choice: Mapping[BallotChoice, Weight]
    passed: bool


@dataclass(frozen=True)
class Result:
    """What came of a vote."""

    roll: Weight
    taking_part: Weight
    quorate: bool
    items: tuple[ItemResult, ...]

    def content(self, vote_id: str) -> str:
        """The result as it is kept, to the character: JSON in one fixed order, areas as text, the same for the same ballots."""
        told = {
            "vote": vote_id,
            "roll": _told(self.roll),
            "takingPart": _told(self.taking_part),
            "quorum": QUORUM.written(),
            "quorate": self.quorate,
            "items": [
                {
                    "item": one.item.id,
                    "kind": one.item.kind.value,
                    "needed": PASSING[one.item.kind].written(),
                    **{choice.value: _told(weight) for choice, weight in one.by_choice.items()},
                    "passed": one.passed,
                }
                for one in self.items
            ],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _told(weight: Weight) -> dict[str, int | str]:
    return {"homes": weight.homes, "area": f"{weight.area:.2f}"}


def count(roll: Weight, items: Sequence[Item], ballots: Iterable[tuple[Decimal, Choices]]) -> Result:
    """What came of the ballots, each of one home with its area; the order of ballots makes no difference."""
    said = {item.id: dict.fromkeys(BallotChoice, Weight()) for item in items}
    taking_part = Weight()
    for area, choices in ballots:
        one = Weight(1, area)
        taking_part += one
        for item in items:
            said[item.id][choices[item.id]] += one
    quorate = enough(QUORUM, taking_part, roll)
    return Result(
        roll,
        taking_part,
        quorate,
        tuple(
            ItemResult(
                item,
                said[item.id],
                passed=quorate and enough(PASSING[item.kind], said[item.id][BallotChoice.FOR], taking_part),
            )
            for item in items
        ),
    )


def lacking(roll: Weight, taking_part: Weight) -> Weight:
    """How many homes and how much area more have to take part for a quorum; the least that does."""
    homes = QUORUM.share * roll.homes - taking_part.homes
    area = QUORUM.share * Fraction(roll.area) - Fraction(taking_part.area)
    cents = max(0, -((-area * 100) // 1))
    return Weight(max(0, int(-((-homes) // 1))), Decimal(int(cents)) / 100)
