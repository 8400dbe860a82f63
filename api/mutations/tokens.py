"""Mutations of administrators on API tokens; the acts are in models/tokens.py."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.access import Scope
from models import tokens

from .payloads import OVERLAP, OnceInput, Payload, SecretPayload, mutation

graphql_enum(Scope)

_OF_API = "The token as it is now (令牌); null when refused."


@strawberry.input(description="An API token to make.")
class ApiTokenCreateInput(OnceInput):
    account_id: strawberry.ID = strawberry.field(description="Service account (服务账号).")
    scope: Scope = strawberry.field(description="What it is good for (权限): READ or WRITE.", default=Scope.READ)
    days: int = strawberry.field(description="How many days it lasts (有效天数): 1 to 366.", default=90)


@bound("What apiTokenCreate answers.")
class ApiTokenCreatePayload(SecretPayload):
    token = by_id("ApiToken", "subject_id", description=_OF_API)


@mutation("Make an API token (创建令牌), to be sent as Authorization: Bearer.")
async def api_token_create(context: Context, given: ApiTokenCreateInput) -> ApiTokenCreatePayload:
    token, secret = await tokens.create_token(context.viewer, given.account_id, given.scope, given.days)
    return ApiTokenCreatePayload(subject_id=token.id, secret=secret)


@strawberry.input(description="An API token to replace.")
class ApiTokenRotateInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Token (令牌) to replace.")
    overlap_hours: int = strawberry.field(description=OVERLAP, default=24)


@bound("What apiTokenRotate answers.")
class ApiTokenRotatePayload(SecretPayload):
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
