"""Sessions: one per log-in. It ends when it is revoked, when its time is over, and when a spent refresh token comes back."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .accounts import Account, wrong_password
from .facts import Actor, record
from .ids import ID
from .permits import actor_of, not_found
from .rows import Row

_SHOWN = 100


class AccountSession(Row):
    """One log-in. ``label``: the client's family; ``last_used_at``: the log-in or the latest refresh."""

    prefix = "ses"
    belonging = {Reach.STREET: "street_id", Reach.ACCOUNT: "account_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    label = fields.CharField(max_length=40)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    account_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "account_session"


class RefreshToken(Row):
    """A refresh token of a session, by its SHA-256; ``used_at`` is set when the next one took its place."""

    digest = fields.CharField(max_length=64, primary_key=True)
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    session: fields.ForeignKeyRelation[AccountSession] = fields.ForeignKeyField(
        "models.AccountSession", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    session_id: str

    class Meta:
        table = "refresh_token"


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


async def _new_refresh_token(session: AccountSession, now: datetime) -> str:
    token = f"rft_{secrets.token_urlsafe(32)}"
    await RefreshToken.create(digest=_digest(token), created_at=now, session_id=session.id)
    return token


async def open_session(account: Account, label: str, *, lasts: timedelta) -> tuple[AccountSession, str]:
    """A new session of ``account`` and its first refresh token, which cannot be had again. Records ``logIn``.

    Refuses (UNAUTHENTICATED, in the words of a wrong password) an account that was closed or given another password since
    ``account`` was read: whoever ended its sessions then meant this one too.
    """
    now = datetime.now(UTC)
    async with in_transaction():
        locked = await Account.select_for_update(of=("account",)).get_or_none(id=account.id)
        if locked is None or locked.disabled_at is not None or locked.password_hash != account.password_hash:
            raise wrong_password()
        session = await AccountSession.create(
            label=label,
            created_at=now,
            last_used_at=now,
            expires_at=now + lasts,
            account_id=account.id,
            street_id=account.street_id,
        )
        token = await _new_refresh_token(session, now)
        await record(Actor(account.id), "logIn", account, after={"session": session.id, "client": label})
        return session, token


async def refresh_session(refresh_token: str) -> tuple[AccountSession, str]:
    """The session of this refresh token and the token that takes its place: each is good for one use.

    A spent one that comes back is in two hands: its session is revoked, and the fact ``sessionTheft`` says so. Refuses
    (UNAUTHENTICATED) in the same words a token that is unknown or spent, and one whose session or account is over.
    """
    now, digest = datetime.now(UTC), _digest(refresh_token)
    async with in_transaction():
        token = await RefreshToken.select_for_update().get_or_none(digest=digest)
        if token is not None:
            session = await AccountSession.select_for_update().get(id=token.session_id)
            account = await Account.get(id=session.account_id)
            if token.used_at is not None:
                await _end([session], account, Actor("system:sessions"), "sessionTheft", now)
            elif session.revoked_at is None and session.expires_at > now and account.disabled_at is None:
                token.used_at = session.last_used_at = now
                await token.save(update_fields=["used_at"])
                await session.save(update_fields=["last_used_at"])
                return session, await _new_refresh_token(session, now)
    raise Refused(
        RefusalCode.UNAUTHENTICATED,
        Text("The refresh token is not valid, or no longer.", "刷新令牌无效或已过期。"),
        hint=Text("Log in again.", "请重新登录。"),
    )


async def _end(sessions: list[AccountSession], account: Account, actor: Actor, action: str, now: datetime) -> None:
    ended = [session for session in sessions if session.revoked_at is None]
    for session in ended:
        session.revoked_at = now
        await session.save(update_fields=["revoked_at"])
    if ended:
        await record(actor, action, account, after={"sessions": [session.id for session in ended]})


async def revoke_sessions(account: Account, actor: Actor, action: str, *, but: str | None = None) -> int:
    """End all sessions of the account except ``but``; returns how many. Call it inside a transaction."""
    running = AccountSession.filter(account_id=account.id, revoked_at=None, expires_at__gt=datetime.now(UTC))
    sessions = [each for each in await running.order_by("id").select_for_update() if each.id != but]
    await _end(sessions, account, actor, action, datetime.now(UTC))
    return len(sessions)


async def revoke_session(viewer: Viewer, session_id: str, action: str = "sessionRevoke") -> AccountSession:
    """End one of the viewer's own sessions; one that is over stays as it is. Refuses (NOT_FOUND) all others."""
    if not ID.match(session_id):
        raise not_found()
    async with in_transaction():
        session = await AccountSession.select_for_update().get_or_none(id=session_id, account_id=viewer.account_id)
        if session is None:
            raise not_found()
        await _end([session], await Account.get(id=session.account_id), actor_of(viewer), action, datetime.now(UTC))
        return session


async def log_out(viewer: Viewer) -> None:
    """End the session whose token the viewer sent; nothing for a viewer without one."""
    if viewer.session_id is not None:
        await revoke_session(viewer, viewer.session_id, "logOut")


async def log_out_everywhere(viewer: Viewer) -> int:
    """End all sessions of the viewer's account, this one too; returns how many."""
    async with in_transaction():
        account = await Account.get(id=viewer.account_id)
        return await revoke_sessions(account, actor_of(viewer), "logOutEverywhere")


async def sessions_of(account_id: str) -> list[AccountSession]:
    """The sessions of the account that are not over, the latest used first; a hundred at most."""
    running = AccountSession.filter(account_id=account_id, revoked_at=None, expires_at__gt=datetime.now(UTC))
    return await running.order_by("-last_used_at", "-id").limit(_SHOWN)


async def forget_old_sessions(before: datetime) -> int:
    """Drop the sessions that were over before that moment, with their tokens; returns how many."""
    over = await AccountSession.filter(expires_at__lt=before).delete()
    return over + await AccountSession.filter(revoked_at__lt=before).delete()
