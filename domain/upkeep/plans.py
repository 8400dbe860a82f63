"""What is due of each kind of facility where nobody says otherwise; every figure with its clause, every figure overridable."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.facilities import FacilityKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .cadence import Cadence
from .words import CadenceMeasure, UpkeepKind

_F, _U, _M = FacilityKind, UpkeepKind, CadenceMeasure

#: Most days for which a plan looks ahead, and longest clause.
AHEAD_MAX, CLAUSE_MAX = 365, 120


@dataclass(frozen=True)
class Plan:
    """How often, by which clause. ``ahead_days``: how long before the day its work order is made; ``warn_days``: how long
    before it people are warned. ``asks_location``: whether who does it must say where they stood. ``off``: it is not done here.
    """

    cadence: Cadence
    clause: str
    ahead_days: int
    warn_days: int
    asks_location: bool = False
    off: bool = False


def _days(every: int, clause: str, ahead: int, warn: int) -> Plan:
    return Plan(Cadence(_M.DAYS, every), clause, ahead, warn)


def _months(every: int, clause: str, ahead: int = 7, warn: int = 3) -> Plan:
    return Plan(Cadence(_M.MONTHS, every), clause, ahead, warn)


_LIFT, _TSG = "TSG T5002-2017", "TSG T7001-2023"
_INSPECTED, _TESTED = (1, 4, 7, 9, 11, 13, 15), (2, 3, 5, 6, 8, 10, 12, 14)

#: Per kind of facility: what is due of it by default. Kinds without a row have only what a street plans for them.
DEFAULTS: Mapping[FacilityKind, Mapping[UpkeepKind, Plan]] = {
    _F.LIFT: {
        _U.LIFT_HALF_MONTH: _days(15, f"{_LIFT} 附件 A", 5, 2),
        _U.LIFT_QUARTER: _months(3, f"{_LIFT} 附件 A", 10, 5),
        _U.LIFT_HALF_YEAR: _months(6, f"{_LIFT} 附件 A", 10, 5),
        _U.LIFT_YEAR: _months(12, f"{_LIFT} 附件 A", 10, 5),
        # Applied for a month before the day (Special Equipment Safety Law art. 40): people are warned a month before that.
        _U.LIFT_INSPECTION: Plan(Cadence(_M.ANNIVERSARIES, 1, _INSPECTED), _TSG, 0, 60),
        _U.LIFT_SELF_TEST: Plan(Cadence(_M.ANNIVERSARIES, 0, _TESTED), _TSG, 0, 30),
        _U.LIFT_ASSESSMENT: Plan(Cadence(_M.ANNIVERSARIES, 0, (15,)), "重庆市电梯安全管理办法 第三十六、三十七条", 0, 90),
    },
    _F.PUMP: {
        _U.FIRE_PUMP_START: _days(7, "GB 50974-2014 14.0.4", 3, 1),
        _U.FIRE_PUMP_RUN: _months(1, "GB 50974-2014 14.0.4"),
        _U.FIRE_PUMP_FLOW: _months(3, "GB 50974-2014 14.0.4"),
    },
    _F.TANK: {
        _U.TANK_LEVEL: _months(1, "GB 50974-2014 14.0.3"),
        _U.TANK_CLEAN: _months(6, "二次供水管理办法（各地不一）", 30, 14),
        _U.TANK_WATER_TEST: _months(3, "二次供水管理办法（各地不一）", 14, 7),
    },
    _F.HYDRANT: {_U.HYDRANT_CHECK: _months(3, "GB 50974-2014 14.0.7")},
    _F.EXTINGUISHER: {_U.EXTINGUISHER_CHECK: _months(1, "GB 50444-2008 5.2.1")},
    _F.FIRE_PANEL: {
        _U.FIRE_FULL_TEST: _months(12, "消防法 第十六条第三项", 60, 30),
        # Of the building where the panel stands.
        _U.FIRE_ASSESSMENT: _months(12, "高层民用建筑消防安全管理规定（应急管理部令第 5 号）第三十九条", 60, 30),
    },
    # The register has no kind for lightning rods: the test hangs on the box where a building is earthed.
    _F.DISTRIBUTION_BOX: {_U.LIGHTNING_TEST: _months(12, "GB/T 21431-2015", 60, 30)},
}

#: What is recorded with a report by whoever inspects, and never made into a work order by a plan.
INSPECTIONS = frozenset({_U.LIFT_INSPECTION, _U.LIFT_SELF_TEST, _U.LIFT_ASSESSMENT})
#: What may be recorded as an inspection: these, and tests by specialists that also come as work orders.
REPORTED = INSPECTIONS | {_U.FIRE_FULL_TEST, _U.FIRE_ASSESSMENT, _U.LIGHTNING_TEST, _U.TANK_WATER_TEST}
#: What is done to any facility.
ANYWHERE = frozenset({_U.CHECK, _U.REPAIR})
#: What must be countersigned by the user's safety manager (TSG T5002-2017 art. 7); anything may be.
TO_COUNTERSIGN = frozenset({_U.LIFT_HALF_MONTH, _U.LIFT_QUARTER, _U.LIFT_HALF_YEAR, _U.LIFT_YEAR})
#: What else is done with it: a lift's longer maintenances contain the shorter ones (TSG T5002-2017 annex A).
CONTAINS: Mapping[UpkeepKind, frozenset[UpkeepKind]] = {
    **{kind: frozenset({kind}) for kind in _U},
    _U.LIFT_QUARTER: frozenset({_U.LIFT_QUARTER, _U.LIFT_HALF_MONTH}),
    _U.LIFT_HALF_YEAR: frozenset({_U.LIFT_HALF_YEAR, _U.LIFT_QUARTER, _U.LIFT_HALF_MONTH}),
    _U.LIFT_YEAR: TO_COUNTERSIGN,
}
#: What water is for where it is done; where the register does not say, it is done.
_FOR: Mapping[UpkeepKind, str] = {
    **dict.fromkeys((_U.FIRE_PUMP_START, _U.FIRE_PUMP_RUN, _U.FIRE_PUMP_FLOW, _U.TANK_LEVEL), "FIRE"),
    **dict.fromkeys((_U.TANK_CLEAN, _U.TANK_WATER_TEST), "DOMESTIC"),
}
#: What of this is for fighting fire.
OF_FIRE = frozenset(
    {
        *(_U.FIRE_PUMP_START, _U.FIRE_PUMP_RUN, _U.FIRE_PUMP_FLOW, _U.TANK_LEVEL, _U.EXTINGUISHER_CHECK, _U.HYDRANT_CHECK),
        *(_U.FIRE_FULL_TEST, _U.FIRE_ASSESSMENT),
    }
)
#: How many months before an inspection is due it is applied for: Special Equipment Safety Law art. 40.
APPLY_MONTHS: Mapping[UpkeepKind, int] = {_U.LIFT_INSPECTION: 1}


def applies(kind: UpkeepKind, purpose: object) -> bool:
    """Whether a default holds for a pump or tank with this ``purpose`` in the register (None: it does not say)."""
    return purpose is None or _FOR.get(kind, purpose) == purpose


def kinds_of(facility: FacilityKind) -> tuple[UpkeepKind, ...]:
    """What can be done to such a facility, as the words are ordered."""
    own = DEFAULTS.get(facility, {})
    return tuple(kind for kind in _U if kind in own or kind in ANYWHERE)


def check_kind(kind: UpkeepKind, facility: FacilityKind, *, among: frozenset[UpkeepKind] = frozenset(UpkeepKind)) -> None:
    """Refuses (INVALID) what is not done to such a facility, or is not ``among`` those that the act is about."""
    allowed = [each for each in kinds_of(facility) if each in among]
    if kind not in allowed:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{kind} is not done so to a facility of kind {facility}.", f"{facility.zh}不适用“{kind.zh}”。"),
            path=("kind",),
            hint=Text(
                f"Choose one of {', '.join(allowed)}." if allowed else "Choose another facility.",
                f"可选：{'、'.join(each.zh for each in allowed)}。" if allowed else "请选择其他设施。",
            ),
        )


def check_days(days: int, field: str) -> int:
    """``days`` if a plan may look so far ahead; refuses INVALID."""
    if not 0 <= days <= AHEAD_MAX:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"A plan does not look {days} days ahead.", f"提前天数 {days} 无效。"),
            path=(field,),
            hint=Text(f"Give 0 to {AHEAD_MAX} days.", f"请填写 0 到 {AHEAD_MAX} 天。"),
        )
    return days
