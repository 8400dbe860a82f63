"""Mutations on mandates; the acts are in models/mandates.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.organisations import MandateBasis, MandateRole, MandateService
from models import mandates

from .payloads import OnceInput, Payload, mutation

graphql_enum(MandateRole)
graphql_enum(MandateService)
graphql_enum(MandateBasis)

_MANDATE = "The mandate as it is now (服务与治理关系); null when refused."


@strawberry.input(description="A mandate to record.")
class MandateStartInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织).")
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    role: MandateRole = strawberry.field(description="What it does there (角色).")
    service: MandateService | None = strawberry.field(
        description="Which service (服务项目), of whoever serves; none: FULL.", default=strawberry.UNSET
    )
    basis: MandateBasis | None = strawberry.field(description="On what ground (依据).", default=strawberry.UNSET)
    basis_number: str | None = strawberry.field(
        description="Number of the contract, filing or the like (依据文号), 60 characters at most.", default=strawberry.UNSET
    )
    basis_on: date | None = strawberry.field(description="Its date (依据日期).", default=strawberry.UNSET)
    starts_on: date | None = strawberry.field(description="First day (开始日期); none: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What mandateStart answers.")
class MandateStartPayload(Payload):
    mandate = by_id("Mandate", "subject_id", description=_MANDATE)


@mutation("Record what an organisation does for a compound (登记服务关系): its people see the compound from the first day on.")
async def mandate_start(context: Context, given: MandateStartInput) -> MandateStartPayload:
    mandate = await mandates.start_mandate(
        *(context.viewer, given.organisation_id, given.compound_id, given.role),
        service=given.service,
        basis=given.basis,
        basis_number=given.basis_number or "",
        basis_on=given.basis_on,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return MandateStartPayload(subject_id=mandate.id)


@strawberry.input(description="A mandate to end.")
class MandateEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Mandate (服务与治理关系).")
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: today.", default=strawberry.UNSET)


@bound("What mandateEnd answers.")
class MandateEndPayload(Payload):
    mandate = by_id("Mandate", "subject_id", description=_MANDATE)


@mutation("Set a mandate's last day (终止服务关系); for a while after it a company may still read.")
async def mandate_end(context: Context, given: MandateEndInput) -> MandateEndPayload:
    mandate = await mandates.end_mandate(context.viewer, given.id, ends_on=given.ends_on)
    return MandateEndPayload(subject_id=mandate.id)
