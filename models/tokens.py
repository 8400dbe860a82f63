"""API tokens of service accounts: opaque, shown once, stored as a hash."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Scope, Viewer
from domain.accounts import AccountKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .accounts import Account
from .facts import record
from .permits import actor_of, found, permit, permitted
from .rows import Row

LONGEST_DAYS = 366
LONGEST_OVERLAP = 24 * 14

#: The shape of a token: 256 random bits, so that a plain hash is enough to store.
API_TOKEN = re.compile(r"stk_[A-Za-z0-9_-]{43}")


class ApiToken(Row):
    """A bearer token of a service account. ``digest`` is its SHA-256; ``hint`` its last four characters."""

    prefix = "tok"
    belonging = {Reach.STREET: "street_id", Reach.ACCOUNT: "account_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    hint = fields.CharField(max_length=12)
    scope = fields.CharEnumField(Scope, max_length=40)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    account_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "api_token"


def token_digest(token: str) -> str:
    """The key under which a token is found."""
    return sha256(token.encode(errors="replace")).hexdigest()


async def create_token(viewer: Viewer, account_id: str, scope: Scope, days: int) -> tuple[ApiToken, str]:
    """A token of a service account, good for ``scope`` (READ or WRITE) for ``days``; and itself, which cannot be had again.

    Refuses NOT_FOUND, FORBIDDEN and INVALID.
    """
    async with in_transaction():
        account = await found(Account, account_id, viewer, path=("account_id",), lock=True)
        permit(viewer, "apiTokenCreate", account)
        if account.kind is not AccountKind.SERVICE:
            raise _invalid("account_id", Text("Only service accounts have API tokens.", "只有服务账号可以使用 API 令牌。"))
        if scope is Scope.PASSWORD:
            raise _invalid("scope", Text("A token is good for READ or WRITE.", "令牌权限只能为 READ 或 WRITE。"))
        if not 1 <= days <= LONGEST_DAYS:
            text = f"A token lasts 1 to {LONGEST_DAYS} days.", f"令牌有效期为 1 至 {LONGEST_DAYS} 天。"
            raise _invalid("days", Text(*text))
        return await _issue(viewer, account, scope, timedelta(days=days), "apiTokenCreate")


async def rotate_token(viewer: Viewer, token_id: str, overlap_hours: int) -> tuple[ApiToken, str]:
    """A token in the place of another: as long-lived, while the old one ends after ``overlap_hours``, or when it would.

    Refuses NOT_FOUND, FORBIDDEN, INVALID and ILLEGAL_MOVE (the old one is over).
    """
    now = datetime.now(UTC)
    async with in_transaction():
        old = await permitted(ApiToken, token_id, viewer, "apiTokenRotate")
        check_overlap(overlap_hours)
        if old.revoked_at is not None or old.expires_at <= now:
            raise over()
        old.expires_at, lasts = min(old.expires_at, now + timedelta(hours=overlap_hours)), old.expires_at - old.created_at
        old.expires_at = max(old.expires_at, old.created_at + timedelta(microseconds=1))
        await old.save(update_fields=["expires_at"])
        account = await Account.get(id=old.account_id)
        return await _issue(viewer, account, old.scope, lasts, "apiTokenRotate", replaces=old.id)


async def revoke_token(viewer: Viewer, token_id: str) -> ApiToken:
    """Close a token from the next request on; one that is closed stays as it is. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        token = await permitted(ApiToken, token_id, viewer, "apiTokenRevoke")
        if token.revoked_at is None:
            token.revoked_at = datetime.now(UTC)
            await token.save(update_fields=["revoked_at"])
            account = await Account.get(id=token.account_id)
            await record(actor_of(viewer), "apiTokenRevoke", account, after={"token": token.id, "hint": token.hint})
        return token


async def _issue(
    viewer: Viewer, account: Account, scope: Scope, lasts: timedelta, action: str, **more: str
) -> tuple[ApiToken, str]:
    now, secret = datetime.now(UTC), f"stk_{secrets.token_urlsafe(32)}"
    token = await ApiToken.create(
        digest=token_digest(secret),
        hint=secret[-4:],
        scope=scope,
        created_at=now,
        expires_at=now + lasts,
        account_id=account.id,
        street_id=account.street_id,
    )
    await record(actor_of(viewer), action, account, after={"token": token.id, "hint": token.hint, "scope": scope, **more})
    return token, secret


def check_overlap(hours: int) -> None:
    """Refuses (INVALID) an overlap of two secrets that is negative or longer than two weeks."""
    if not 0 <= hours <= LONGEST_OVERLAP:
        text = f"Two overlap for 0 to {LONGEST_OVERLAP} hours.", f"新旧重叠时间为 0 至 {LONGEST_OVERLAP} 小时。"
        raise _invalid("overlap_hours", Text(*text))


def over() -> Refused:
    """The refusal to renew what is over."""
    return Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text("It is over already.", "已失效，无法轮换。"),
        path=("id",),
        hint=Text("Make a new one.", "请重新创建。"),
    )


def _invalid(field: str, message: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=Text("Mend it and try again.", "请修改后重试。"))
