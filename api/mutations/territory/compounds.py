"""Mutations on compounds; the acts are in models/territory/."""

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.territory import CompoundKind, GovernanceMode
from models import territory

from .places import LATITUDE, LONGITUDE, OUTLINE, point_of

for _word in (CompoundKind, GovernanceMode):
    graphql_enum(_word)

_COMPOUND = "The compound as it is now (小区); null when refused."


@strawberry.input(description="A compound to add.")
class CompoundAddInput(OnceInput):
    place_id: strawberry.ID = strawberry.field(description="Grid (网格), or a community or village that has none for it.")
    code: str = strawberry.field(description="Code of its own (编码), 1 to 40 characters.")
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")
    kind: CompoundKind = strawberry.field(description="Kind (类别).")
    governance: GovernanceMode = strawberry.field(description="Who runs it (管理模式).")
    address: str = strawberry.field(description="Address (地址), 1 to 200 characters.")
    handed_over_year: int | None = strawberry.field(description="Year of handover (交付年份).", default=strawberry.UNSET)
    latitude: float | None = strawberry.field(description=LATITUDE, default=strawberry.UNSET)
    longitude: float | None = strawberry.field(description=LONGITUDE, default=strawberry.UNSET)
    home_count: int = strawberry.field(description="Number of homes (户数), as the register says.", default=0)
    resident_count: int = strawberry.field(description="Number of residents (居民人数), as the register says.", default=0)


@bound("What compoundAdd answers.")
class CompoundAddPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Add a compound to a grid (新增小区).")
async def compound_add(context: Context, given: CompoundAddInput) -> CompoundAddPayload:
    done = await territory.add_compound(
        context.viewer,
        given.place_id,
        code=given.code,
        name=given.name,
        kind=given.kind,
        governance=given.governance,
        address=given.address,
        year=given.handed_over_year,
        point=point_of(given.latitude, given.longitude),
        homes=given.home_count,
        residents=given.resident_count,
    )
    return CompoundAddPayload(subject_id=done.id)


@strawberry.input(description="A compound and what it is called from now on.")
class CompoundRenameInput(ChangeInput):
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")


@bound("What compoundRename answers.")
class CompoundRenamePayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Rename a compound (变更小区名称).")
async def compound_rename(context: Context, given: CompoundRenameInput) -> CompoundRenamePayload:
    done = await territory.rename_compound(context.viewer, given.id, given.name, expected_version=given.expected_version)
    return CompoundRenamePayload(subject_id=done.id)


@strawberry.input(description="A compound and its address.")
class CompoundSetAddressInput(ChangeInput):
    address: str = strawberry.field(description="Address (地址), 1 to 200 characters.")


@bound("What compoundSetAddress answers.")
class CompoundSetAddressPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Set the address of a compound (更新小区地址).")
async def compound_set_address(context: Context, given: CompoundSetAddressInput) -> CompoundSetAddressPayload:
    done = await territory.set_address(context.viewer, given.id, given.address, expected_version=given.expected_version)
    return CompoundSetAddressPayload(subject_id=done.id)


@strawberry.input(description="A compound and its kind.")
class CompoundSetKindInput(ChangeInput):
    kind: CompoundKind = strawberry.field(description="Kind (类别).")


@bound("What compoundSetKind answers.")
class CompoundSetKindPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Say what kind of compound it is (变更小区类别).")
async def compound_set_kind(context: Context, given: CompoundSetKindInput) -> CompoundSetKindPayload:
    done = await territory.set_kind(context.viewer, given.id, given.kind, expected_version=given.expected_version)
    return CompoundSetKindPayload(subject_id=done.id)


@strawberry.input(description="A compound and who runs it.")
class CompoundSetGovernanceInput(ChangeInput):
    governance: GovernanceMode = strawberry.field(description="Who runs it (管理模式).")


@bound("What compoundSetGovernance answers.")
class CompoundSetGovernancePayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Say who runs a compound day by day (变更管理模式).")
async def compound_set_governance(context: Context, given: CompoundSetGovernanceInput) -> CompoundSetGovernancePayload:
    done = await territory.set_governance(context.viewer, given.id, given.governance, expected_version=given.expected_version)
    return CompoundSetGovernancePayload(subject_id=done.id)


@strawberry.input(description="A compound and when it was handed over.")
class CompoundSetYearInput(ChangeInput):
    handed_over_year: int | None = strawberry.field(
        description="Year of handover (交付年份); none: nobody knows.", default=strawberry.UNSET
    )


@bound("What compoundSetYear answers.")
class CompoundSetYearPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Set the year in which a compound was handed over (更新交付年份).")
async def compound_set_year(context: Context, given: CompoundSetYearInput) -> CompoundSetYearPayload:
    done = await territory.set_year(context.viewer, given.id, given.handed_over_year, expected_version=given.expected_version)
    return CompoundSetYearPayload(subject_id=done.id)


@strawberry.input(description="A compound and where it belongs.")
class CompoundSetGridInput(ChangeInput):
    place_id: strawberry.ID = strawberry.field(
        description="Grid (网格) of its street; or a community or village that has none for it."
    )


@bound("What compoundSetGrid answers.")
class CompoundSetGridPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Move a compound to another grid of its street (调整所属网格).")
async def compound_set_grid(context: Context, given: CompoundSetGridInput) -> CompoundSetGridPayload:
    done = await territory.set_grid(context.viewer, given.id, given.place_id, expected_version=given.expected_version)
    return CompoundSetGridPayload(subject_id=done.id)


@strawberry.input(description="A compound and what its register counts.")
class CompoundSetCountsInput(ChangeInput):
    home_count: int = strawberry.field(description="Number of homes (户数).")
    resident_count: int = strawberry.field(description="Number of residents (居民人数).")


@bound("What compoundSetCounts answers.")
class CompoundSetCountsPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Set what the register says of how many homes and residents there are (更新户数和人数).")
async def compound_set_counts(context: Context, given: CompoundSetCountsInput) -> CompoundSetCountsPayload:
    done = await territory.set_counts(
        context.viewer, given.id, given.home_count, given.resident_count, expected_version=given.expected_version
    )
    return CompoundSetCountsPayload(subject_id=done.id)


@strawberry.input(description="A compound and where it lies.")
class CompoundSetPointInput(ChangeInput):
    latitude: float | None = strawberry.field(description=LATITUDE, default=strawberry.UNSET)
    longitude: float | None = strawberry.field(description=LONGITUDE, default=strawberry.UNSET)


@bound("What compoundSetPoint answers.")
class CompoundSetPointPayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Say where a compound lies (更新小区位置); neither: nobody knows.")
async def compound_set_point(context: Context, given: CompoundSetPointInput) -> CompoundSetPointPayload:
    done = await territory.set_compound_point(
        context.viewer, given.id, point_of(given.latitude, given.longitude), expected_version=given.expected_version
    )
    return CompoundSetPointPayload(subject_id=done.id)


@strawberry.input(description="A compound and its outline.")
class CompoundSetOutlineInput(ChangeInput):
    outline: JSON | None = strawberry.field(description=OUTLINE, default=strawberry.UNSET)


@bound("What compoundSetOutline answers.")
class CompoundSetOutlinePayload(Payload):
    compound = by_id("Compound", "subject_id", description=_COMPOUND)


@mutation("Draw the outline of a compound (绘制小区边界).")
async def compound_set_outline(context: Context, given: CompoundSetOutlineInput) -> CompoundSetOutlinePayload:
    done = await territory.set_compound_outline(
        *(context.viewer, given.id, given.outline), expected_version=given.expected_version
    )
    return CompoundSetOutlinePayload(subject_id=done.id)
