"""Mutations of administrators on roles; the acts are in models/roles.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.access import Role
from models import roles

from .payloads import OnceInput, Payload, mutation

graphql_enum(Role)

_ACCOUNT = "The account as it is now (账号); null when refused."
#: What inputs that give a role say of what it is held over.
HELD_OVER = (
    "Place, organisation, compound or home (任职对象): a street for those who work for it, a community or village, a grid,"
    " a company, a compound or committee, a home."
)


@strawberry.input(description="A role to give.")
class RoleGrantInput(OnceInput):
    account_id: strawberry.ID = strawberry.field(description="Account (账号).")
    role: Role = strawberry.field(description="Role (角色).")
    bound_id: strawberry.ID = strawberry.field(description=HELD_OVER)
    starts_on: date | None = strawberry.field(description="First day (开始日期); none: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What roleGrant answers.")
class RoleGrantPayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Give an account a role (授予任职).")
async def role_grant(context: Context, given: RoleGrantInput) -> RoleGrantPayload:
    account = await roles.grant_role(
        context.viewer, given.account_id, given.role, given.bound_id, starts_on=given.starts_on, ends_on=given.ends_on
    )
    return RoleGrantPayload(subject_id=account.id)


@strawberry.input(description="A role to end.")
class RoleEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Role (任职): the id of a RoleBinding.")
    ends_on: date | None = strawberry.field(
        description="Last day (结束日期), past or to come; none: it is over at once.", default=strawberry.UNSET
    )


@bound("What roleEnd answers.")
class RoleEndPayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("End a role (终止任职) of an account.")
async def role_end(context: Context, given: RoleEndInput) -> RoleEndPayload:
    account = await roles.end_role(context.viewer, given.id, ends_on=given.ends_on)
    return RoleEndPayload(subject_id=account.id)
