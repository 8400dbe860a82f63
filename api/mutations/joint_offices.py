"""Mutations on joint offices; the acts are in models/joint_offices.py."""

from datetime import date

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import joint_offices

from .payloads import OnceInput, Payload, mutation

_OFFICE = "The joint office as it is now (合署办公点); null when refused."


@strawberry.input(description="A joint office to declare.")
class JointOfficeDeclareInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    address: str = strawberry.field(description="Where it is (地址), 1 to 200 characters.")
    starts_on: date | None = strawberry.field(description="First day (开始日期); none: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What jointOfficeDeclare answers.")
class JointOfficeDeclarePayload(Payload):
    joint_office = by_id("JointOffice", "subject_id", description=_OFFICE)


@mutation("Declare where Party branch, owners' body and company of a compound work in one office (登记合署办公).")
async def joint_office_declare(context: Context, given: JointOfficeDeclareInput) -> JointOfficeDeclarePayload:
    office = await joint_offices.declare_joint_office(
        *(context.viewer, given.compound_id, given.address),
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return JointOfficeDeclarePayload(subject_id=office.id)


@strawberry.input(description="A joint office to end.")
class JointOfficeEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Joint office (合署办公点).")
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: today.", default=strawberry.UNSET)


@bound("What jointOfficeEnd answers.")
class JointOfficeEndPayload(Payload):
    joint_office = by_id("JointOffice", "subject_id", description=_OFFICE)


@mutation("Set a joint office's last day (终止合署办公).")
async def joint_office_end(context: Context, given: JointOfficeEndInput) -> JointOfficeEndPayload:
    office = await joint_offices.end_joint_office(context.viewer, given.id, ends_on=given.ends_on)
    return JointOfficeEndPayload(subject_id=office.id)
