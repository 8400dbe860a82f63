"""Mutations on buildings, units and homes; the acts are in models/territory/homes.py."""

from decimal import Decimal

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.territory import HomeUse
from models import territory

graphql_enum(HomeUse)

_BUILDING = "The building as it is now (楼栋); null when refused."
_UNIT = "The unit as it is now (单元); null when refused."
_HOME = "The home as it is now (房屋); null when refused."


@strawberry.input(description="A building to add.")
class BuildingAddInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    code: str = strawberry.field(description="Code of its own (编码), 1 to 60 characters.")
    name: str = strawberry.field(description='Name (名称), such as "24幢"; 1 to 60 characters.')
    storeys: int = strawberry.field(description="Storeys (层数), 1 to 200.")
    height_m: Decimal | None = strawberry.field(description="Height in metres (高度), to two decimals.", default=strawberry.UNSET)


@bound("What buildingAdd answers.")
class BuildingAddPayload(Payload):
    building = by_id("Building", "subject_id", description=_BUILDING)


@mutation("Add a building to a compound (新增楼栋).")
async def building_add(context: Context, given: BuildingAddInput) -> BuildingAddPayload:
    done = await territory.add_building(
        *(context.viewer, given.compound_id),
        code=given.code,
        name=given.name,
        storeys=given.storeys,
        height_m=given.height_m,
    )
    return BuildingAddPayload(subject_id=done.id)


@strawberry.input(description="A unit to add.")
class UnitAddInput(OnceInput):
    building_id: strawberry.ID = strawberry.field(description="Building (楼栋).")
    code: str = strawberry.field(description="Code of its own (编码), 1 to 70 characters.")
    name: str = strawberry.field(description='Name (名称), such as "1单元"; 1 to 60 characters.')


@bound("What unitAdd answers.")
class UnitAddPayload(Payload):
    unit = by_id("Unit", "subject_id", description=_UNIT)


@mutation("Add a unit to a building (新增单元).")
async def unit_add(context: Context, given: UnitAddInput) -> UnitAddPayload:
    done = await territory.add_unit(context.viewer, given.building_id, code=given.code, name=given.name)
    return UnitAddPayload(subject_id=done.id)


@strawberry.input(description="A home (房屋) to add.")
class HomeInput:
    code: str = strawberry.field(description="Code of its own (编码), 1 to 80 characters.")
    name: str = strawberry.field(description="Number on the door (门牌), 1 to 60 characters.")
    floor: int = strawberry.field(description="Floor (楼层); below the ground: negative.")
    area_m2: Decimal = strawberry.field(description="Area in square metres (建筑面积), to two decimals.")
    use: HomeUse = strawberry.field(description="Use (用途).", default=HomeUse.RESIDENTIAL)
    residents: int = strawberry.field(description="How many live there (居住人数), 0 to 100.", default=0)


@strawberry.input(description="Homes to add: all of them, or none.")
class HomesAddInput(OnceInput):
    unit_id: strawberry.ID = strawberry.field(description="Unit (单元).")
    homes: list[HomeInput] = strawberry.field(description="Homes (房屋), 1 to 200.")


@bound("What homesAdd answers.")
class HomesAddPayload(Payload):
    unit = by_id("Unit", "subject_id", description=_UNIT)


@mutation("Add homes to a unit (新增房屋).")
async def homes_add(context: Context, given: HomesAddInput) -> HomesAddPayload:
    plans = [territory.HomePlan(each.code, each.name, each.floor, each.area_m2, each.use, each.residents) for each in given.homes]
    done = await territory.add_homes(context.viewer, given.unit_id, plans)
    return HomesAddPayload(subject_id=done.id)


@strawberry.input(description="A home and what it is used for.")
class HomeSetUseInput(ChangeInput):
    use: HomeUse = strawberry.field(description="Use (用途).")


@bound("What homeSetUse answers.")
class HomeSetUsePayload(Payload):
    home = by_id("Home", "subject_id", description=_HOME)


@mutation("Say what a home is used for (变更房屋用途).")
async def home_set_use(context: Context, given: HomeSetUseInput) -> HomeSetUsePayload:
    done = await territory.set_use(context.viewer, given.id, given.use, expected_version=given.expected_version)
    return HomeSetUsePayload(subject_id=done.id)


@strawberry.input(description="A home and its area.")
class HomeSetAreaInput(ChangeInput):
    area_m2: Decimal = strawberry.field(description="Area in square metres (建筑面积), to two decimals.")


@bound("What homeSetArea answers.")
class HomeSetAreaPayload(Payload):
    home = by_id("Home", "subject_id", description=_HOME)


@mutation("Set the area of a home (更新建筑面积).")
async def home_set_area(context: Context, given: HomeSetAreaInput) -> HomeSetAreaPayload:
    done = await territory.set_area(context.viewer, given.id, given.area_m2, expected_version=given.expected_version)
    return HomeSetAreaPayload(subject_id=done.id)


@strawberry.input(description="A home and how many live in it.")
class HomeSetResidentsInput(ChangeInput):
    residents: int = strawberry.field(description="How many live there (居住人数), 0 to 100.")


@bound("What homeSetResidents answers.")
class HomeSetResidentsPayload(Payload):
    home = by_id("Home", "subject_id", description=_HOME)


@mutation("Say how many live in a home (更新居住人数); who they are, is not asked.")
async def home_set_residents(context: Context, given: HomeSetResidentsInput) -> HomeSetResidentsPayload:
    done = await territory.set_residents(context.viewer, given.id, given.residents, expected_version=given.expected_version)
    return HomeSetResidentsPayload(subject_id=done.id)
