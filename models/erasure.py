"""Erasing a person: nothing is left that tells who it was, while the record of what was done stays as it is.

Facts and rows go on naming the account's id, which then stands for nobody. See docs/privacy.md.
"""

import secrets
from datetime import UTC, datetime

from tortoise import connections
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.accounts import ERASED, AccountKind
from domain.refusals import RefusalCode, Refused
from domain.tickets import CLEARED
from domain.words import Text

from .accounts import Account, RoleBinding
from .arrears.disputes import forget_disputes
from .attempts import BY_NAME, forget_attempts
from .calendar import today
from .duty import forget_shifts
from .facts import Actor, record
from .idempotency import IdempotencyKey
from .identities import AccountIdentity
from .invitations import Invitation
from .notices import Channel, Notice
from .offices import Office
from .passes import VisitorPass
from .permits import actor_of, permitted
from .posts import forget_stints
from .sessions import AccountSession
from .statements.rows import StatementQuestion
from .tickets.clearing import CLEAR_SQL, ON_DUTY
from .unmasking import Unmasking

#: $1: the account. Their tickets, but those that they opened on duty.
_THEIRS = f"SELECT t.id FROM ticket t WHERE t.opened_by_id = $1 AND t.cleared_at IS NULL AND NOT {ON_DUTY}"


async def erase_account(viewer: Viewer, account_id: str) -> Account:
    """Erase a person's account, at an administrator's hand or their own; one that is erased stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a service account).
    """
    async with in_transaction():
        if account_id == viewer.account_id:
            account = await Account.select_for_update(of=("account",)).get(id=account_id)
        else:
            account = await permitted(Account, account_id, viewer, "accountErase")
        if account.kind is not AccountKind.PERSON:
            raise Refused(
                RefusalCode.INVALID,
                Text("A service account is nobody's person.", "服务账号不对应个人。"),
                path=("id",),
                hint=Text("Close it with accountDisable.", "请使用 accountDisable 停用。"),
            )
        if account.erased_at is None:
            await erase(account, actor_of(viewer))
        return account


async def erase(account: Account, actor: Actor) -> None:
    """Erase the account, which the caller has taken FOR UPDATE. Call it inside a transaction."""
    now, database = datetime.now(UTC), connections.get("default")
    await forget_attempts(BY_NAME, account.login)
    account.update_from_dict(
        {
            "login": f"erased-{secrets.token_hex(8)}",
            "name": ERASED.zh,
            "password_hash": None,
            "must_change_password": False,
            **dict.fromkeys(("phone_masked", "phone_sealed", "phone_index")),
            "disabled_at": account.disabled_at or now,
            "erased_at": now,
        }
    )
    await account.save()
    for gone in (AccountSession, AccountIdentity, IdempotencyKey):
        await gone.filter(account_id=account.id).delete()
    await Invitation.filter(account_id=account.id).update(account_id=None)
    await forget_disputes(account.id)
    await _leave(account)
    await forget_shifts(account.id)
    await forget_stints(account.id)
    await VisitorPass.filter(issued_by_id=account.id).delete()
    await StatementQuestion.filter(asked_by_id=account.id).update(asked_by_id=None)
    await Office.filter(account_id=account.id, cleared_at=None).update(holder=ERASED.zh, end_note="", cleared_at=now)
    for gone in (Notice, Channel):
        await gone.filter(account_id=account.id).delete()
    theirs = [row["id"] for row in await database.execute_query_dict(_THEIRS, [account.id])]
    await Unmasking.filter(subject_id__in=[account.id, *theirs]).update(note="")
    cleared = await database.execute_query_dict(CLEAR_SQL, [theirs, CLEARED.zh])
    await record(actor, "accountErase", account, after={"erased_at": now.isoformat(), "tickets": cleared[0]["count"]})


async def _leave(account: Account) -> None:
    """Their roles end today; where they lived is forgotten."""
    roles, day = RoleBinding.filter(account_id=account.id), today()
    await roles.filter(home_id__not_isnull=True).delete()
    await roles.filter(starts_on__gt=day).delete()
    await roles.filter(ends_on__isnull=True).update(ends_on=day)
    await roles.filter(ends_on__gt=day).update(ends_on=day)
