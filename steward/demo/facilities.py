"""Facilities of the demo street and their status histories."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from domain.facilities import FacilityKind, FacilityStatus
from domain.territory import CompoundKind

from .ids import Ids, lots
from .plans import BuildingPlan, CompoundPlan

_K = FacilityKind

#: The part of a facility's code that tells its kind: ``KQ-LFT-24-1``, ``KQ-GAT-002``.
LETTERS: Mapping[FacilityKind, str] = {
    _K.LIFT: "LFT",
    _K.PUMP: "PMP",
    _K.TANK: "TNK",
    _K.HYDRANT: "HYD",
    _K.EXTINGUISHER: "EXT",
    _K.FIRE_PANEL: "FPN",
    _K.DISTRIBUTION_BOX: "DBX",
    _K.GAS_LINE: "GSL",
    _K.CAMERA: "CAM",
    _K.GATE: "GAT",
    _K.BARRIER: "BAR",
    _K.LAMP: "LMP",
    _K.BENCH: "BNC",
    _K.FOUNTAIN: "FTN",
    _K.GUARD_BOX: "GBX",
    _K.DRYING_AREA: "DRY",
    _K.CHARGING_SHED: "CHG",
    _K.MANHOLE: "MAN",
    _K.FIRE_LANE: "FLN",
    _K.GARAGE: "GRG",
    _K.PARKING_AREA: "PKA",
    _K.WASTE_POINT: "WST",
}
_FAULTS = ("部件老化，待更换", "受潮故障", "人为损坏", "例行检修发现异常", "线路故障")

StatusEntry = tuple[FacilityStatus, datetime, str]

#: The lift that stood still for over a year, until the new company had it repaired.
LIFT_24 = "KQ-LFT-24-1"
_LIFT_24_HISTORY: tuple[StatusEntry, ...] = (
    (FacilityStatus.IN_SERVICE, datetime(2008, 6, 30, 1, tzinfo=UTC), "交付使用"),
    (FacilityStatus.DEGRADED, datetime(2021, 3, 9, 2, 20, tzinfo=UTC), "运行异响，限时使用"),
    (FacilityStatus.OUT_OF_SERVICE, datetime(2022, 4, 18, 0, 40, tzinfo=UTC), "曳引机损坏，停梯"),
    (FacilityStatus.UNDER_MAINTENANCE, datetime(2023, 7, 3, 1, 0, tzinfo=UTC), "列入整改清单，更换曳引机"),
    (FacilityStatus.IN_SERVICE, datetime(2023, 8, 21, 8, 30, tzinfo=UTC), "检验合格，恢复运行"),
)


class FacilityPlan(NamedTuple):
    """A facility with its status history, oldest first."""

    id: str
    code: str
    kind: FacilityKind
    name: str
    building: BuildingPlan | None
    history: tuple[StatusEntry, ...]


def fit(seed: int, compound: CompoundPlan, now: datetime) -> list[FacilityPlan]:
    """What stands in a compound as of ``now``. Only a compound that has sensors has fire panels."""
    return _Fitting(seed, compound, now).fit()


class _Fitting:
    """Puts facilities into one compound."""

    def __init__(self, seed: int, compound: CompoundPlan, now: datetime) -> None:
        self.compound, self.now = compound, now
        self.lots = lots(seed, f"{compound.code}/facilities")
        self.ids = Ids(seed, f"{compound.code}/facilities", compound.ordinal)
        self.since = datetime(max(compound.year, 2000), 6, 30, 1, tzinfo=UTC)
        self.fitted: list[FacilityPlan] = []

    def fit(self) -> list[FacilityPlan]:
        modern = self.compound.kind is not CompoundKind.UNMANAGED
        sensed = self.lots.random() < 0.35 or modern or self.compound.code == "SR"
        for building in self.compound.buildings:
            self._in_building(building, modern, sensed)
        if modern:
            self._on_modern_ground()
        else:
            self._on_old_ground()
        return self.fitted

    def _in_building(self, building: BuildingPlan, modern: bool, sensed: bool) -> None:
        if sensed:
            self._put(_K.FIRE_PANEL, 1, building)
            self._put(_K.GAS_LINE, 1, building)
        if modern or building.number % 3 == 1:
            self._put(_K.HYDRANT, 1, building)
            self._put(_K.LAMP, 1, building)
        if modern:
            self._put(_K.MANHOLE, 1, building)
        units = len(building.units)
        self._put(_K.DISTRIBUTION_BOX, units, building)
        self._put(_K.EXTINGUISHER, units * (2 if building.has_lift else 1), building)
        if building.has_lift:
            self._put(_K.LIFT, units * (2 if building.storeys > 18 else 1), building)

    def _on_modern_ground(self) -> None:
        random, compound = self.lots, self.compound
        buildings = len(compound.buildings)
        high = any(building.has_lift for building in compound.buildings)
        counts = {
            _K.GATE: random.randint(2, 4),
            _K.BARRIER: random.randint(1, 2),
            _K.GUARD_BOX: 1,
            _K.CAMERA: 4 + 2 * buildings,
            _K.BENCH: buildings,
            _K.FIRE_LANE: 1 + buildings // 6,
            _K.CHARGING_SHED: 1 + compound.homes // 400,
            _K.PUMP: 2 if high else 0,
            _K.TANK: 2 if high else 0,
            _K.GARAGE: int(compound.code == "KQ" or compound.year >= 2003),
            _K.FOUNTAIN: int(compound.code == "KQ" or random.random() < 0.3),
            _K.DRYING_AREA: int(compound.code == "KQ" or random.random() < 0.5),
            _K.PARKING_AREA: 1,
            _K.WASTE_POINT: 1 + buildings // 6,
        }
        for kind, number in counts.items():
            self._put(kind, number)

    def _on_old_ground(self) -> None:
        self._put(_K.CAMERA, self.lots.randint(0, 3))
        self._put(_K.BENCH, self.lots.randint(0, 2))
        self._put(_K.CHARGING_SHED, self.lots.randint(0, 1))
        self._put(_K.FIRE_LANE, 1)
        self._put(_K.WASTE_POINT, 1)

    def _put(self, kind: FacilityKind, number: int, building: BuildingPlan | None = None) -> None:
        stem = f"{self.compound.code}-{LETTERS[kind]}-" + (f"{building.number}-" if building else "")
        where = building.name if building else ""
        for n in range(1, number + 1):
            code = f"{stem}{n}" if building else f"{stem}{n:03}"
            name = f"{where}{n}号{kind.zh}" if number > 1 else f"{where}{kind.zh}"
            self.fitted.append(FacilityPlan(self.ids.new("fac"), code, kind, name, building, self._history(code)))

    def _history(self, code: str) -> tuple[StatusEntry, ...]:
        """In service from the start; one in twenty has failed since, some of these still."""
        if code == LIFT_24:
            return _LIFT_24_HISTORY
        start = (FacilityStatus.IN_SERVICE, self.since, "")
        fate = self.lots.random()
        if fate > 0.05:
            return (start,)
        note = self.lots.choice(_FAULTS)
        failed = self.now - timedelta(hours=self.lots.randint(400, 9_000))
        if failed <= self.since:
            return (start,)
        if fate > 0.015:
            back = failed + timedelta(hours=self.lots.randint(6, 390))
            down = (FacilityStatus.OUT_OF_SERVICE, failed, note)
            return start, down, (FacilityStatus.IN_SERVICE, back, "修复后恢复使用")
        still = FacilityStatus.OUT_OF_SERVICE if fate < 0.004 else FacilityStatus.DEGRADED
        return start, (still, failed, note)
