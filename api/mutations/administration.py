"""Mutations of administrators on accounts, API tokens and intake keys; the acts are in models/."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.access import Scope
from models import administration, erasure, identities, keys, passwords, tokens

from .payloads import OnceInput, Payload, mutation

graphql_enum(Scope)

_ACCOUNT = "The account as it is now (账号); null when refused."
_OF_API = "The token as it is now (令牌); null when refused."
_KEY = "The key as it is now (密钥); null when refused."
_OVERLAP = "Hours (小时) for which the old one goes on: 0 to 336."


@strawberry.type(description="What is shown once.")
class _SecretPayload(Payload):
    secret: str | None = strawberry.field(
        description="The secret itself (密文): shown this once, null on a retry and when refused.", default=None
    )


@strawberry.input(description="An account.")
class _AccountInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Account (账号).")


@strawberry.input(description="Whose password to replace.")
class AccountResetPasswordInput(_AccountInput):
    pass


@bound("What accountResetPassword answers.")
class AccountResetPasswordPayload(_SecretPayload):
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


@strawberry.input(description="An API token to make.")
class ApiTokenCreateInput(OnceInput):
    account_id: strawberry.ID = strawberry.field(description="Service account (服务账号).")
    scope: Scope = strawberry.field(description="What it is good for (权限): READ or WRITE.", default=Scope.READ)
    days: int = strawberry.field(description="How many days it lasts (有效天数): 1 to 366.", default=90)


@bound("What apiTokenCreate answers.")
class ApiTokenCreatePayload(_SecretPayload):
    token = by_id("ApiToken", "subject_id", description=_OF_API)


@mutation("Make an API token (创建令牌), to be sent as Authorization: Bearer.")
async def api_token_create(context: Context, given: ApiTokenCreateInput) -> ApiTokenCreatePayload:
    token, secret = await tokens.create_token(context.viewer, given.account_id, given.scope, given.days)
    return ApiTokenCreatePayload(subject_id=token.id, secret=secret)


@strawberry.input(description="An API token to replace.")
class ApiTokenRotateInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Token (令牌) to replace.")
    overlap_hours: int = strawberry.field(description=_OVERLAP, default=24)


@bound("What apiTokenRotate answers.")
class ApiTokenRotatePayload(_SecretPayload):
    token = by_id("ApiToken", "subject_id", description="The new token (新令牌); null when refused.")


@mutation("Replace an API token (轮换令牌): a new one now, the old one ends after the overlap.")
async def api_token_rotate(context: Context, given: ApiTokenRotateInput) -> ApiTokenRotatePayload:
    token, secret = await tokens.rotate_token(context.viewer, given.id, given.overlap_hours)
    return ApiTokenRotatePayload(subject_id=token.id, secret=secret)


@strawberry.input(description="An API token to close.")
class ApiTokenRevokeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Token (令牌) to close.")


@bound("What apiTokenRevoke answers.")
class ApiTokenRevokePayload(Payload):
    token = by_id("ApiToken", "subject_id", description=_OF_API)


@mutation("Close an API token (吊销令牌) from the next request on.")
async def api_token_revoke(context: Context, given: ApiTokenRevokeInput) -> ApiTokenRevokePayload:
    return ApiTokenRevokePayload(subject_id=(await tokens.revoke_token(context.viewer, given.id)).id)


@strawberry.input(description="An intake key to make.")
class KeyCreateInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织) that it speaks for.")
    source_prefix: str | None = strawberry.field(
        description="What an event's source must begin with (来源前缀); null lets any through.", default=strawberry.UNSET
    )


@bound("What keyCreate answers.")
class KeyCreatePayload(_SecretPayload):
    key = by_id("IntakeKey", "subject_id", description=_KEY)


@mutation("Make an intake key (创建接入密钥), with which an organisation's machine posts events.")
async def key_create(context: Context, given: KeyCreateInput) -> KeyCreatePayload:
    key, secret = await keys.create_key(context.viewer, given.organisation_id, given.source_prefix)
    return KeyCreatePayload(subject_id=key.id, secret=secret)


@strawberry.input(description="An intake key to replace.")
class KeyRotateInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Key (密钥) to replace.")
    overlap_hours: int = strawberry.field(description=_OVERLAP, default=24)


@bound("What keyRotate answers.")
class KeyRotatePayload(_SecretPayload):
    key = by_id("IntakeKey", "subject_id", description="The new key (新密钥); null when refused.")


@mutation("Replace an intake key (轮换接入密钥): a new one now, the old one ends after the overlap.")
async def key_rotate(context: Context, given: KeyRotateInput) -> KeyRotatePayload:
    key, secret = await keys.rotate_key(context.viewer, given.id, given.overlap_hours)
    return KeyRotatePayload(subject_id=key.id, secret=secret)


@strawberry.input(description="An intake key to close.")
class KeyRevokeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Key (密钥) to close.")


@bound("What keyRevoke answers.")
class KeyRevokePayload(Payload):
    key = by_id("IntakeKey", "subject_id", description=_KEY)


@mutation("Close an intake key (吊销接入密钥) from the next request on.")
async def key_revoke(context: Context, given: KeyRevokeInput) -> KeyRevokePayload:
    return KeyRevokePayload(subject_id=(await keys.revoke_key(context.viewer, given.id)).id)
