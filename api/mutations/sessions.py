"""Logging in."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.tokens import issue
from domain.refusals import Refused
from models import accounts

from .payloads import Info, UserError, user_error


@strawberry.input(description="Who logs in.")
class LogInInput:
    login: str = strawberry.field(description="Log-in name (登录名).")
    password: str = strawberry.field(description="Password (密码).")


@strawberry.type(description="What logIn answers.")
class LogInPayload:
    token: str | None = strawberry.field(
        description="Access token (访问令牌), to be sent as Authorization: Bearer; null when refused.", default=None
    )
    expires_at: datetime | None = strawberry.field(description="When the token ends (到期时间).", default=None)
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@strawberry.mutation(description="Log in with a local account (登录).")
async def log_in(info: Info, input: Annotated[LogInInput, strawberry.argument(description="Who logs in.")]) -> LogInPayload:
    try:
        account = await accounts.log_in(input.login, input.password)
    except Refused as refused:
        return LogInPayload(errors=[user_error(refused, info.context.language)])
    token, expires_at = issue(account.id, info.context.settings)
    return LogInPayload(token=token, expires_at=expires_at)
