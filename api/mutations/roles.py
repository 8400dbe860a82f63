"""Mutations that decide who sees what: accounts of people, their roles, and mandates; the acts are in models/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.access import Role
from domain.organisations import MandateRole
from models import administration, mandates, roles

from .payloads import OnceInput, Payload, mutation

graphql_enum(Role)
graphql_enum(MandateRole)

_ACCOUNT = "The account as it is now (账号); null when refused."
_MANDATE = "The mandate as it is now (服务与治理关系); null when refused."
_HELD_OVER = (
    "Place, organisation, compound or home (任职对象): a street for those who work for it, a community or village, a grid,"
    " a company, a compound or committee, a home."
)


@strawberry.input(description="A person's account to make.")
class AccountCreateInput(OnceInput):
    login: str = strawberry.field(description="Log-in name (登录名): 3 to 40 small letters, digits, dots, hyphens, underscores.")
    name: str = strawberry.field(description="Shown name (姓名), 1 to 60 characters.")
    role: Role = strawberry.field(description="First role (角色), from today on.")
    bound_id: strawberry.ID = strawberry.field(description=_HELD_OVER)


@strawberry.type(description="What a new account comes with.")
class _PasswordPayload(Payload):
    secret: str | None = strawberry.field(
        description="Temporary password (临时密码): shown this once, null on a retry and when refused.", default=None
    )


@bound("What accountCreate answers.")
class AccountCreatePayload(_PasswordPayload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Make a person's account (创建账号) with one role; its password must be changed at the first log-in.")
async def account_create(context: Context, given: AccountCreateInput) -> AccountCreatePayload:
    account, password = await administration.create_person(context.viewer, given.login, given.name, given.role, given.bound_id)
    return AccountCreatePayload(subject_id=account.id, secret=password)


@strawberry.input(description="A role to give.")
class RoleGrantInput(OnceInput):
    account_id: strawberry.ID = strawberry.field(description="Account (账号).")
    role: Role = strawberry.field(description="Role (角色).")
    bound_id: strawberry.ID = strawberry.field(description=_HELD_OVER)
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


@strawberry.input(description="A mandate to record.")
class MandateStartInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织).")
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    role: MandateRole = strawberry.field(description="What it does there (角色).")
    starts_on: date | None = strawberry.field(description="First day (开始日期); none: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What mandateStart answers.")
class MandateStartPayload(Payload):
    mandate = by_id("Mandate", "subject_id", description=_MANDATE)


@mutation("Record what an organisation does for a compound (登记服务关系): its people see the compound from the first day on.")
async def mandate_start(context: Context, given: MandateStartInput) -> MandateStartPayload:
    mandate = await mandates.start_mandate(
        *(context.viewer, given.organisation_id, given.compound_id, given.role),
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
