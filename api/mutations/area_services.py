"""Mutations on area-wide services; the acts are in models/area_services/."""

from datetime import date
from decimal import Decimal

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.money import Money
from domain.organisations import MandateService
from models import area_services

graphql_enum(MandateService)

_SERVICE = "The area-wide service as it is now (区域化物业服务); null when refused."
_MEMBER = "The compound in the service as it is now (参加小区); null when refused."
_COST = "The cost as it is now (服务费用); null when refused."


@strawberry.input(description="An area-wide service to begin.")
class AreaServiceBeginInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="The company (服务单位).")
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")
    services: list[MandateService] = strawberry.field(description="What it does in every compound (共同服务), one at least.")
    contract_number: str | None = strawberry.field(
        description="Number of the contract with the street (合同编号), 60 characters at most.", default=strawberry.UNSET
    )
    starts_on: date | None = strawberry.field(description="First day (开始日期); none: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What areaServiceBegin answers.")
class AreaServiceBeginPayload(Payload):
    area_service = by_id("AreaService", "subject_id", description=_SERVICE)


@mutation("Begin an area-wide service by one company (设立区域化物业服务).")
async def area_service_begin(context: Context, given: AreaServiceBeginInput) -> AreaServiceBeginPayload:
    done = await area_services.begin(
        *(context.viewer, given.organisation_id, given.name, given.services),
        contract_number=given.contract_number or "",
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return AreaServiceBeginPayload(subject_id=done.id)


@strawberry.input(description="A compound that joins an area-wide service.")
class AreaServiceJoinInput(OnceInput):
    area_service_id: strawberry.ID = strawberry.field(description="Area-wide service (区域化物业服务).")
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区): unmanaged or resettlement.")
    area_m2: Decimal | None = strawberry.field(
        description="Area by which it shares (分摊面积), square metres; none: what its homes come to.", default=strawberry.UNSET
    )
    joins_on: date | None = strawberry.field(description="First day (加入日期); none: today.", default=strawberry.UNSET)


@bound("What areaServiceJoin answers.")
class AreaServiceJoinPayload(Payload):
    area_service_member = by_id("AreaServiceMember", "subject_id", description=_MEMBER)


@mutation("Let a compound join an area-wide service; the company serves it from that day (小区加入区域化物业服务).")
async def area_service_join(context: Context, given: AreaServiceJoinInput) -> AreaServiceJoinPayload:
    done = await area_services.join(
        *(context.viewer, given.area_service_id, given.compound_id), area_m2=given.area_m2, joins_on=given.joins_on
    )
    return AreaServiceJoinPayload(subject_id=done.id)


@strawberry.input(description="A compound that leaves an area-wide service.")
class AreaServiceLeaveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="The compound in the service (参加记录).")
    leaves_on: date | None = strawberry.field(description="Last day (退出日期); none: today.", default=strawberry.UNSET)


@bound("What areaServiceLeave answers.")
class AreaServiceLeavePayload(Payload):
    area_service_member = by_id("AreaServiceMember", "subject_id", description=_MEMBER)


@mutation("Let a compound leave an area-wide service; the company's mandates end with it (小区退出区域化物业服务).")
async def area_service_leave(context: Context, given: AreaServiceLeaveInput) -> AreaServiceLeavePayload:
    done = await area_services.leave(context.viewer, given.id, leaves_on=given.leaves_on)
    return AreaServiceLeavePayload(subject_id=done.id)


@strawberry.input(description="An area-wide service to end.")
class AreaServiceEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Area-wide service (区域化物业服务).")
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: today.", default=strawberry.UNSET)


@bound("What areaServiceEnd answers.")
class AreaServiceEndPayload(Payload):
    area_service = by_id("AreaService", "subject_id", description=_SERVICE)


@mutation("Set an area-wide service's last day; its compounds leave on it (终止区域化物业服务).")
async def area_service_end(context: Context, given: AreaServiceEndInput) -> AreaServiceEndPayload:
    done = await area_services.end(context.viewer, given.id, ends_on=given.ends_on)
    return AreaServiceEndPayload(subject_id=done.id)


@strawberry.input(description="What an area-wide service cost.")
class AreaServiceShareCostInput(OnceInput):
    area_service_id: strawberry.ID = strawberry.field(description="Area-wide service (区域化物业服务).")
    title: str = strawberry.field(description="What for (费用名称), 1 to 120 characters.")
    total: Money = strawberry.field(description="How much in all (总额), yuan.")
    period_from: date = strawberry.field(description="First day of the period (期间起).")
    period_to: date = strawberry.field(description="Last day of the period (期间止).")


@bound("What areaServiceShareCost answers.")
class AreaServiceShareCostPayload(Payload):
    area_service_cost = by_id("AreaServiceCost", "subject_id", description=_COST)


@mutation("Share what an area-wide service cost over its compounds, by area and days (分摊区域化服务费用).")
async def area_service_share_cost(context: Context, given: AreaServiceShareCostInput) -> AreaServiceShareCostPayload:
    done = await area_services.share_cost(
        *(context.viewer, given.area_service_id, given.title, given.total, given.period_from, given.period_to)
    )
    return AreaServiceShareCostPayload(subject_id=done.id)


@strawberry.input(description="A cost that was shared wrongly.")
class AreaServiceWithdrawCostInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Cost (费用).")
    reason: str = strawberry.field(description="Why (撤回原因), 1 to 500 characters.")


@bound("What areaServiceWithdrawCost answers.")
class AreaServiceWithdrawCostPayload(Payload):
    area_service_cost = by_id("AreaServiceCost", "subject_id", description=_COST)


@mutation("Withdraw a cost of an area-wide service that was shared wrongly (撤回费用分摊).")
async def area_service_withdraw_cost(context: Context, given: AreaServiceWithdrawCostInput) -> AreaServiceWithdrawCostPayload:
    done = await area_services.withdraw_cost(context.viewer, given.id, given.reason)
    return AreaServiceWithdrawCostPayload(subject_id=done.id)


AREA_SERVICES = (
    area_service_begin,
    area_service_join,
    area_service_leave,
    area_service_end,
    area_service_share_cost,
    area_service_withdraw_cost,
)
