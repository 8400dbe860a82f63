"""The rounds that the fire code asks for by the kind of building; figures with their clauses."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.words import Text

from .plans import KINDS, Plan
from .words import RoundBasis, RoundKind, RoundMeasure

_B, _K, _M = RoundBasis, RoundKind, RoundMeasure

#: A residential building is high-rise over so many metres (GB 50016 2.1.1).
HIGH_RISE_M = Decimal(27)
#: Metres that a storey counts for where the register does not say how high a building is (product default).
STOREY_M = Decimal(3)


@dataclass(frozen=True)
class FirePlan:
    """A plan that is made by itself where it holds. ``name``: what it is called."""

    kind: RoundKind
    name: Text
    plan: Plan


#: Per ground: daily where buildings are high-rise, else weekly; monthly everywhere.
FIRE_PLANS: Mapping[RoundBasis, FirePlan] = {
    _B.HIGH_RISE_PATROL: FirePlan(
        _K.FIRE_PATROL, Text("Daily fire patrol of high-rise buildings", "高层住宅每日防火巡查"), KINDS[_K.FIRE_PATROL].plan
    ),
    _B.PATROL: FirePlan(
        _K.FIRE_PATROL,
        Text("Weekly fire patrol", "每周防火巡查"),
        Plan(_M.WEEKS, 1, ("08:00",), 2 * 24 * 60, "GB 25201-2010 6"),
    ),
    _B.CHECK: FirePlan(_K.FIRE_CHECK, Text("Monthly fire check", "每月防火检查"), KINDS[_K.FIRE_CHECK].plan),
}
