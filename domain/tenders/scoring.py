"""Points, weights and ranks. Exact: nothing is rounded before it is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.texts import written
from domain.words import Text

from .states import invalid

CRITERIA_MAX, NAME_MAX, WHOLE, FULL_POINTS = 20, 80, 100, 100


@dataclass(frozen=True)
class Criterion:
    """What bids are judged by, and its share of 100."""

    name: str
    weight: int


@dataclass(frozen=True)
class Standing:
    """The mean of a bid's weighted points (0 to 100), and its rank from 1; whoever ties shares the better rank."""

    score: Fraction
    rank: int


def check_criteria(given: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria as they are kept. Refuses (INVALID, ``criteria``) none, too many, the same twice, a weight that is not 1 to
    100, and weights that do not add up to 100."""
    criteria = tuple(Criterion(written(each.name, "criteria", NAME_MAX), each.weight) for each in given)
    total = sum(each.weight for each in criteria)
    if not 1 <= len(criteria) <= CRITERIA_MAX or len({each.name for each in criteria}) < len(criteria):
        raise invalid(
            "criteria",
            Text("A tender has criteria, each once.", "评分项不能为空，也不能重复。"),
            Text(f"Name 1 to {CRITERIA_MAX} different ones.", f"请填写 1 到 {CRITERIA_MAX} 个不同的评分项。"),
        )
    if total != WHOLE or any(not 1 <= each.weight <= WHOLE for each in criteria):
        raise invalid(
            "criteria",
            Text(f"The weights add up to {total}, not to {WHOLE}.", f"权重合计为 {total}，应为 {WHOLE}。"),
            Text(f"Give whole weights of 1 to {WHOLE} that add up to {WHOLE}.", f"请填写合计为 {WHOLE} 的正整数权重。"),
        )
    return criteria


def check_points(criteria: Sequence[Criterion], points: Sequence[int]) -> list[int]:
    """Points for each criterion in order. Refuses (INVALID, ``bids``) others than one of 0 to 100 for each."""
    if len(points) == len(criteria) and all(0 <= each <= FULL_POINTS for each in points):
        return list(points)
    raise invalid(
        "bids",
        Text("A bid has one figure of points for each criterion.", "每份投标须逐项评分。"),
        Text(
            f"Give {len(criteria)} whole numbers of 0 to {FULL_POINTS}, in the order of the criteria.",
            f"请按评分项顺序填写 {len(criteria)} 个 0 到 {FULL_POINTS} 的整数。",
        ),
    )


def weighted(criteria: Sequence[Criterion], points: Sequence[int]) -> int:
    """Points by weight, in hundredths of a point: 0 to 10,000."""
    return sum(criterion.weight * each for criterion, each in zip(criteria, points, strict=True))


def ranked(hundredths: Mapping[str, Sequence[int]]) -> dict[str, Standing]:
    """Of each bid the mean of what everybody gave it, and where that puts it."""
    means = {bid: Fraction(sum(given), len(given) * WHOLE) for bid, given in hundredths.items() if given}
    return {bid: Standing(mean, 1 + sum(other > mean for other in means.values())) for bid, mean in means.items()}
