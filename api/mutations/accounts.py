"""Mutations of administrators on accounts; the acts are in models/."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.access import Role
from models import administration, erasure, identities, passwords

from .payloads import OnceInput, Payload, mutation
from .roles import HELD_OVER

graphql_enum(Role)

_ACCOUNT = "The account as it is now (账号); null when refused."


@strawberry.input(description="A person's account to make.")
class AccountCreateInput(OnceInput):
    login: str = strawberry.field(description="Log-in name (登录名): 3 to 40 small letters, digits, dots, hyphens, underscores.")
    name: str = strawberry.field(description="Shown name (姓名), 1 to 60 characters.")
    role: Role = strawberry.field(description="First role (角色), from today on.")
    bound_id: strawberry.ID = strawberry.field(description=HELD_OVER)


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


@strawberry.input(description="An account.")
class _AccountInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Account (账号).")


@strawberry.input(description="Whose password to replace.")
class AccountResetPasswordInput(_AccountInput):
    pass


@bound("What accountResetPassword answers.")
class AccountResetPasswordPayload(_PasswordPayload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Give a person a temporary password (重置密码), to be changed at the next log-in; their sessions end.")
async def account_reset_password(context: Context, given: AccountResetPasswordInput) -> AccountResetPasswordPayload:
    account, password = await passwords.reset_password_of(context.viewer, given.id)
    return AccountResetPasswordPayload(subject_id=account.id, secret=password)


@strawberry.input(description="An account to close.")
class AccountDisableInput(_AccountInput):
    pass


@bound("What accountDisable answers.")
class AccountDisablePayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Close an account (停用账号): its sessions and tokens are good for nothing from now on.")
async def account_disable(context: Context, given: AccountDisableInput) -> AccountDisablePayload:
    account = await administration.disable_account(context.viewer, given.id)
    return AccountDisablePayload(subject_id=account.id)


@strawberry.input(description="An account to open again.")
class AccountEnableInput(_AccountInput):
    pass


@bound("What accountEnable answers.")
class AccountEnablePayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Open a closed account again (启用账号); its sessions stay over.")
async def account_enable(context: Context, given: AccountEnableInput) -> AccountEnablePayload:
    account = await administration.enable_account(context.viewer, given.id)
    return AccountEnablePayload(subject_id=account.id)


@strawberry.input(description="An account to erase.")
class AccountEraseInput(_AccountInput):
    pass


@bound("What accountErase answers.")
class AccountErasePayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation(
    "Erase a person (注销账号), yourself or by an administrator: name, log-in, telephone number, sessions and what they"
    " reported in their own words go for good; the record of what was done stays."
)
async def account_erase(context: Context, given: AccountEraseInput) -> AccountErasePayload:
    account = await erasure.erase_account(context.viewer, given.id)
    return AccountErasePayload(subject_id=account.id)


@strawberry.input(description="An account and who it is elsewhere.")
class AccountLinkIdentityInput(_AccountInput):
    issuer: str = strawberry.field(description="Issuer (签发方): its address, as its tokens name it in `iss`.")
    subject: str = strawberry.field(description="Subject (身份标识): as the issuer's tokens name it in `sub`.")


@bound("What accountLinkIdentity answers.")
class AccountLinkIdentityPayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Let a subject of an OpenID Connect issuer be an account (关联身份).")
async def account_link_identity(context: Context, given: AccountLinkIdentityInput) -> AccountLinkIdentityPayload:
    account = await identities.link_identity(context.viewer, given.id, given.issuer, given.subject)
    return AccountLinkIdentityPayload(subject_id=account.id)


@strawberry.input(description="An account and where it is no longer known.")
class AccountUnlinkIdentityInput(_AccountInput):
    issuer: str = strawberry.field(description="Issuer (签发方): its address.")


@bound("What accountUnlinkIdentity answers.")
class AccountUnlinkIdentityPayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Let no subject of an issuer be an account any more (解除关联).")
async def account_unlink_identity(context: Context, given: AccountUnlinkIdentityInput) -> AccountUnlinkIdentityPayload:
    account = await identities.unlink_identities(context.viewer, given.id, given.issuer)
    return AccountUnlinkIdentityPayload(subject_id=account.id)


@strawberry.input(description="A service account to make.")
class ServiceAccountCreateInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织) that it acts for.")
    login: str = strawberry.field(description="Log-in name (登录名): 3 to 40 small letters, digits, dots, hyphens, underscores.")
    name: str = strawberry.field(description="Shown name (名称), 1 to 60 characters.")


@bound("What serviceAccountCreate answers.")
class ServiceAccountCreatePayload(Payload):
    account = by_id("Account", "subject_id", description=_ACCOUNT)


@mutation("Make a service account (创建服务账号) with the role INTEGRATION; it needs an API token to ask anything.")
async def service_account_create(context: Context, given: ServiceAccountCreateInput) -> ServiceAccountCreatePayload:
    account = await administration.create_service_account(context.viewer, given.organisation_id, given.login, given.name)
    return ServiceAccountCreatePayload(subject_id=account.id)
