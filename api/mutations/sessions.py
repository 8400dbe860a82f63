"""Logging in and out: sessions, their tokens, and the password behind them."""

from datetime import datetime, timedelta

import strawberry

from api.context import Context
from api.tokens import issue
from domain.accounts import client_family
from models import AccountSession, accounts, sessions
from models.passwords import change_password

from .payloads import OnceInput, Payload, UserError, mutation, private_mutation


@strawberry.type(description="What opens and keeps a session.")
class _TokensPayload:
    token: str | None = strawberry.field(
        description="Access token (访问令牌), to be sent as Authorization: Bearer; null when refused.", default=None
    )
    expires_at: datetime | None = strawberry.field(description="When the token ends (到期时间).", default=None)
    refresh_token: str | None = strawberry.field(
        description="Refresh token (刷新令牌): good for one sessionRefresh; keep it secret. Null when refused.", default=None
    )
    session_expires_at: datetime | None = strawberry.field(
        description="When the session ends (会话到期时间) and the password is asked again.", default=None
    )


@strawberry.input(description="Who logs in.")
class LogInInput:
    login: str = strawberry.field(description="Log-in name (登录名).")
    password: str = strawberry.field(description="Password (密码).")


@strawberry.type(description="What logIn answers.")
class LogInPayload(_TokensPayload):
    password_change_required: bool = strawberry.field(
        description="Whether the token is good for passwordChange only (须先修改密码) until that is done.", default=False
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


def _tokens(session: AccountSession, refresh_token: str, context: Context) -> dict[str, str | datetime]:
    token, expires_at = issue(session.account_id, session.id, context.settings)
    return {
        "token": token,
        "expires_at": expires_at,
        "refresh_token": refresh_token,
        "session_expires_at": session.expires_at,
    }


@private_mutation("Log in with a local account (登录): opens a session.", anybody=True)
async def log_in(context: Context, given: LogInInput) -> LogInPayload:
    account = await accounts.log_in(given.login, given.password, address=context.address)
    lasts = timedelta(days=context.settings.session_days)
    session, refresh_token = await sessions.open_session(account, client_family(context.client), lasts=lasts)
    payload = LogInPayload(password_change_required=account.must_change_password)
    vars(payload).update(_tokens(session, refresh_token, context))
    return payload


@strawberry.input(description="Which session goes on.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(description="Refresh token (刷新令牌) that came with the latest access token.")


@strawberry.type(description="What sessionRefresh answers.")
class SessionRefreshPayload(_TokensPayload):
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@private_mutation(
    "A new access token and a new refresh token for a session (续期). A refresh token that comes a second time "
    "is in two hands: it ends its session.",
    anybody=True,
)
async def session_refresh(context: Context, given: SessionRefreshInput) -> SessionRefreshPayload:
    session, refresh_token = await sessions.refresh_session(given.refresh_token)
    payload = SessionRefreshPayload()
    vars(payload).update(_tokens(session, refresh_token, context))
    return payload


@strawberry.input(description="Nothing but that you want it.")
class LogOutInput(OnceInput):
    pass


@strawberry.type(description="What logOut answers.")
class LogOutPayload(Payload):
    pass


@mutation("End the session whose token is sent (退出登录): its tokens are good for nothing from now on.")
async def log_out(context: Context, given: LogOutInput) -> LogOutPayload:  # noqa: ARG001 (every mutation takes it)
    await sessions.log_out(context.viewer)
    return LogOutPayload()


@strawberry.input(description="Nothing but that you want it.")
class LogOutEverywhereInput(OnceInput):
    pass


@strawberry.type(description="What logOutEverywhere answers.")
class LogOutEverywherePayload(Payload):
    ended: int | None = strawberry.field(
        description="How many sessions were ended (已结束会话数); null on a retry.", default=None
    )


@mutation("End all your sessions, this one too (退出所有设备).")
async def log_out_everywhere(
    context: Context,
    given: LogOutEverywhereInput,  # noqa: ARG001 (every mutation takes it)
) -> LogOutEverywherePayload:
    return LogOutEverywherePayload(ended=await sessions.log_out_everywhere(context.viewer))


@strawberry.input(description="A session to end.")
class SessionRevokeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="One of your sessions (会话), as `viewer { sessions }` lists them.")


@strawberry.type(description="What sessionRevoke answers.")
class SessionRevokePayload(Payload):
    pass


@mutation("End one of your sessions (结束会话).")
async def session_revoke(context: Context, given: SessionRevokeInput) -> SessionRevokePayload:
    await sessions.revoke_session(context.viewer, given.id)
    return SessionRevokePayload()


@strawberry.input(description="An old and a new password.")
class PasswordChangeInput:
    current: str = strawberry.field(description="Password as it is (当前密码).")
    new: str = strawberry.field(description="Password as it shall be (新密码): 12 to 256 characters, not easy to guess.")


@strawberry.type(description="What passwordChange answers.")
class PasswordChangePayload:
    done: bool = strawberry.field(description="Whether the new password holds (是否完成).", default=False)
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@private_mutation("Choose a new password (修改密码): your other sessions end, and this one is good for everything again.")
async def password_change(context: Context, given: PasswordChangeInput) -> PasswordChangePayload:
    await change_password(context.viewer, given.current, given.new)
    return PasswordChangePayload(done=True)
