"""Changing one's own password, and giving somebody a new one to begin with."""

import secrets

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.accounts import AccountKind
from domain.passwords import check_password
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .accounts import Account, check_unerased, hashed, password_is
from .attempts import BY_ACCOUNT, BY_NAME, count_attempt, forget_attempts
from .facts import Actor, record
from .identities import unlink
from .permits import actor_of, found, permit, permitted
from .sessions import revoke_sessions

#: Letters and digits that are not mistaken for each other when they are read aloud.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


async def change_password(viewer: Viewer, current: str, new: str) -> Account:
    """Give the viewer's account a password of their own choice; their other sessions end.

    Refuses UNAUTHENTICATED (``current`` is wrong), RATE_LIMITED (it was too often) and INVALID (``new`` is no good: see
    domain/passwords.py). Call it outside of any transaction.
    """
    account = await Account.get(id=viewer.account_id)
    await count_attempt(BY_ACCOUNT, account.id)
    wrong = Refused(
        RefusalCode.UNAUTHENTICATED,
        Text("The current password is wrong.", "当前密码不正确。"),
        path=("current",),
        hint=Text("Check it and try again.", "请核对后重试。"),
    )
    if not await password_is(account, current):
        raise wrong
    await forget_attempts(BY_ACCOUNT, account.id)
    check_password(new, account.login, field="new")
    if new == current:
        raise Refused(
            RefusalCode.INVALID,
            Text("The new password is the current one.", "新密码与当前密码相同。"),
            path=("new",),
            hint=Text("Choose another.", "请更换一个新密码。"),
        )
    password_hash = await hashed(new)
    async with in_transaction():
        locked = await Account.select_for_update(of=("account",)).get(id=account.id)
        if locked.disabled_at is not None or locked.password_hash != account.password_hash:
            raise wrong  # while it was hashed, somebody gave it another
        await _set(locked, password_hash, must_change=False)
        await record(actor_of(viewer), "passwordChange", locked)
        await revoke_sessions(locked, actor_of(viewer), "sessionRevoke", but=viewer.session_id)
    return locked


def temporary_password() -> str:
    """A password to begin with: sixteen characters in groups of four, to be read aloud or written down once."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


async def reset_password(account: Account, actor: Actor) -> str:
    """Give the account a temporary password, which must be changed at the next log-in; all its sessions and links end.

    Returns the password, which cannot be had again. Refuses INVALID (a service account) and ILLEGAL_MOVE (erased). Call it
    outside of any transaction.
    """
    _check_person(account)
    password = temporary_password()
    password_hash = await hashed(password)
    async with in_transaction():
        await _reset(await Account.select_for_update(of=("account",)).get(id=account.id), password_hash, actor)
    return password


async def reset_password_of(viewer: Viewer, account_id: str) -> tuple[Account, str]:
    """``reset_password`` by an administrator. Refuses NOT_FOUND, FORBIDDEN, INVALID and ILLEGAL_MOVE."""
    account = await found(Account, account_id, viewer)
    permit(viewer, "accountResetPassword", account)
    _check_person(account)
    password = temporary_password()
    password_hash = await hashed(password)  # takes long: not for whoever may not, and not while the account is locked
    async with in_transaction():
        account = await permitted(Account, account_id, viewer, "accountResetPassword")
        await _reset(account, password_hash, actor_of(viewer))
    return account, password


def _check_person(account: Account) -> None:
    if account.kind is not AccountKind.PERSON:
        raise Refused(
            RefusalCode.INVALID,
            Text("A service account has no password.", "服务账号没有密码。"),
            path=("id",),
            hint=Text("Give it an API token.", "请为其创建 API 令牌。"),
        )
    check_unerased(account)


async def _reset(account: Account, password_hash: str, actor: Actor) -> None:
    """Set a temporary password on the account, which is locked: it is the one way in that is left."""
    _check_person(account)
    await _set(account, password_hash, must_change=True)
    await record(actor, "accountResetPassword", account)
    await revoke_sessions(account, actor, "sessionRevoke")
    await unlink(account, actor)
    await forget_attempts(BY_NAME, account.login)


async def _set(account: Account, password_hash: str, *, must_change: bool) -> None:
    account.password_hash, account.must_change_password = password_hash, must_change
    await account.save(update_fields=["password_hash", "must_change_password"])
