"""Buildings, units and homes of a compound. Of a home is known how many live there, and never who."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.territory import (
    AREA_MAX,
    BUILDING_CODE_MAX,
    HEIGHT_MAX,
    HOME_CODE_MAX,
    RESIDENTS_MAX,
    SHORT_NAME_MAX,
    STOREYS_MAX,
    UNIT_CODE_MAX,
    HomeUse,
    within,
)
from domain.texts import written
from domain.words import Text
from models.connection import constrained
from models.facts import record
from models.permits import actor_of, permitted

from .editing import change, made
from .rows import Building, Compound, Home, Unit

#: Homes that are added at once at most: those of a tall stairwell.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class HomePlan:
    """A home to add. ``name``: the number on its door."""

    code: str
    name: str
    floor: int
    area_m2: Decimal
    use: HomeUse = HomeUse.RESIDENTIAL
    residents: int = 0


async def add_building(
    viewer: Viewer, compound_id: str, *, code: str, name: str, storeys: int, height_m: Decimal | None = None
) -> Building:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, figures) and CONFLICT (the code is taken)."""
    code, name = written(code, "code", BUILDING_CODE_MAX), written(name, "name", SHORT_NAME_MAX)
    within(storeys, "storeys", 1, STOREYS_MAX)
    if height_m is not None:
        _measure(height_m, "height_m", HEIGHT_MAX)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "buildingAdd", path=("compound_id",))
        building = Building(code=code, name=name, storeys=storeys, height_m=height_m, compound_id=compound.id)
        building.street_id = compound.street_id
        await made(building)
        await record(actor_of(viewer), "buildingAdd", building, after={"storeys": storeys})
        return await Building.get(id=building.id)


async def add_unit(viewer: Viewer, building_id: str, *, code: str, name: str) -> Unit:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (texts) and CONFLICT (the code is taken)."""
    code, name = written(code, "code", UNIT_CODE_MAX), written(name, "name", SHORT_NAME_MAX)
    async with in_transaction():
        building = await permitted(Building, building_id, viewer, "unitAdd", path=("building_id",))
        where = {"compound_id": building.compound_id, "street_id": building.street_id}
        unit = Unit(code=code, name=name, building_id=building.id, **where)
        await made(unit)
        await record(actor_of(viewer), "unitAdd", unit)
        return unit


async def add_homes(viewer: Viewer, unit_id: str, plans: Sequence[HomePlan]) -> Unit:
    """The unit with these homes besides those that it has: all of them, or none.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (none, too many, texts, figures, one code twice) and CONFLICT (a code is taken).
    """
    if not 1 <= len(plans) <= MOST_AT_ONCE:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"These are {len(plans)} homes.", f"共 {len(plans)} 户。"),
            path=("homes",),
            hint=Text(f"Give 1 to {MOST_AT_ONCE} at once.", f"每次请填写 1 到 {MOST_AT_ONCE} 户。"),
        )
    rows = [_home(plan) for plan in plans]
    codes = [row.code for row in rows]
    async with in_transaction():
        unit = await permitted(Unit, unit_id, viewer, "homesAdd", path=("unit_id",))
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if taken := twice or await Home.filter(code__in=codes).order_by("code").values_list("code", flat=True):
            raise _taken(f" {taken[0]}")
        for row in rows:
            row.unit_id, row.compound_id, row.street_id = unit.id, unit.compound_id, unit.street_id
        async with constrained(_taken("")):
            await Home.bulk_create(rows)
        await record(actor_of(viewer), "homesAdd", unit, after={"count": len(rows)})
        return unit


def _home(plan: HomePlan) -> Home:
    within(plan.floor, "homes", -20, STOREYS_MAX)
    return Home(
        code=written(plan.code, "homes", HOME_CODE_MAX),
        name=written(plan.name, "homes", SHORT_NAME_MAX),
        floor=plan.floor,
        area_m2=_measure(plan.area_m2, "homes", AREA_MAX),
        use=plan.use,
        residents=_living(plan.residents, "homes"),
    )


async def set_use(viewer: Viewer, home_id: str, use: HomeUse, *, expected_version: int | None = None) -> Home:
    """Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION."""
    return await change(Home, home_id, viewer, "homeSetUse", {"use": use}, expected_version)


async def set_area(viewer: Viewer, home_id: str, area_m2: Decimal, *, expected_version: int | None = None) -> Home:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (no area) and STALE_VERSION."""
    changes = {"area_m2": _measure(area_m2, "area_m2", AREA_MAX)}
    return await change(Home, home_id, viewer, "homeSetArea", changes, expected_version)


async def set_residents(viewer: Viewer, home_id: str, residents: int, *, expected_version: int | None = None) -> Home:
    """Say how many live in a home. The record holds that it was said, and not how many: that is a household's own.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no count) and STALE_VERSION.
    """
    changes = {"residents": _living(residents, "residents")}
    return await change(Home, home_id, viewer, "homeSetResidents", changes, expected_version)


def _living(residents: int, field: str) -> int:
    within(residents, field, 0, RESIDENTS_MAX)
    return residents


def _measure(value: Decimal, field: str, most: int) -> Decimal:
    """Metres or square metres to the hundredth. Refuses (INVALID) what is none."""
    if not value.is_finite() or not Decimal(0) < value <= most or value != round(value, 2):
        raise Refused(
            RefusalCode.INVALID,
            Text("This is no measure.", "数值无效。"),
            path=(field,),
            hint=Text(
                f"Give more than 0 and at most {most}, to two decimals.", f"请填写大于 0 且不超过 {most} 的数，保留两位小数。"
            ),
        )
    return value


def _taken(code: str) -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text(f"The code{code} is taken.", f"编码{code}已被使用。"),
        path=("homes",),
        hint=Text("Give every home a code of its own.", "请为每户填写唯一编码。"),
    )
