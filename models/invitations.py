"""Invitations: with the code of one, a resident makes an account bound to a home. A code works once, for a while."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Role, Viewer
from domain.addresses import origin
from domain.passwords import check_password
from domain.permits import may
from domain.phones import normalised
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from settings import Settings

from .accounts import Account, hashed
from .administration import create_account
from .attempts import BY_CODE, count_attempt, give_attempt_back
from .facts import Actor, record
from .permits import actor_of, permitted
from .phones import kept
from .rows import Row
from .territory import Home
from .viewers import viewer_of

INVITATION_DAYS = 14
#: Most invitations to one home that are good at one time.
MOST_OPEN = 5
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS, _LETTERS = 4, 5
_LONGEST = 100


class Invitation(Row):
    """``digest`` is the code's SHA-256. ``account_id``: whom it made, once it was used."""

    prefix = "inv"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    home: fields.ForeignKeyRelation[Home] = fields.ForeignKeyField(
        "models.Home", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    home_id: str
    invited_by_id = fields.CharField(max_length=30)
    account_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "invitation"


def _new_code() -> str:
    """Twenty characters (100 random bits) that are not mistaken for each other, in groups: fit for a note at the door."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))


def _digest(code: str) -> str:
    plain = "".join(character for character in code.upper() if character.isalnum())
    return sha256(plain.encode(errors="replace")).hexdigest()


async def invite_resident(viewer: Viewer, home_id: str) -> tuple[Invitation, str]:
    """An invitation to the home, good once and for two weeks; and its code, which cannot be had again.

    Refuses NOT_FOUND, FORBIDDEN and CONFLICT (MOST_OPEN are open).
    """
    now, code = datetime.now(UTC), _new_code()
    async with in_transaction():
        home = await permitted(Home, home_id, viewer, "residentInvite", path=("home_id",))
        if await Invitation.filter(home_id=home.id, used_at=None, expires_at__gt=now).count() >= MOST_OPEN:
            raise Refused(
                RefusalCode.CONFLICT,
                Text(f"The home has {MOST_OPEN} open invitations already.", f"该住房已有 {MOST_OPEN} 份未使用的邀请。"),
                path=("home_id",),
                hint=Text("Revoke one that is not needed, or wait until one is used.", "请先撤销不需要的邀请，或等待其被使用。"),
            )
        invitation = await Invitation.create(
            digest=_digest(code),
            created_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
            home_id=home.id,
            invited_by_id=actor_of(viewer).id,
            compound_id=home.compound_id,
            street_id=home.street_id,
        )
        await record(actor_of(viewer), "residentInvite", home, after={"invitation": invitation.id})
        return invitation, code


async def revoke_invitation(viewer: Viewer, invitation_id: str) -> Invitation:
    """The invitation, its code good for nothing any more; one that is over or was revoked before stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it was used).
    """
    async with in_transaction():
        invitation = await permitted(Invitation, invitation_id, viewer, "invitationRevoke")
        if invitation.used_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("Somebody has registered with it.", "该邀请码已被使用。"),
                path=("id",),
                hint=Text("Ask an administrator to close the account.", "如需停用账号，请联系系统管理员。"),
            )
        if invitation.expires_at > (now := datetime.now(UTC)):
            invitation.expires_at = now
            await invitation.save(update_fields=["expires_at"])
            await record(actor_of(viewer), "invitationRevoke", invitation)
        return invitation


def _no_good() -> Refused:
    return Refused(
        RefusalCode.NOT_FOUND,
        Text("The code is not valid, or no longer.", "邀请码无效或已失效。"),
        path=("code",),
        hint=Text("Check it, or ask for a new one.", "请核对，或重新索取邀请码。"),
    )


async def register_resident(
    code: str, login: str, password: str, name: str, phone: str | None = None, *, settings: Settings, address: str = ""
) -> Account:
    """A resident's account for the home that the code invites to; the code is spent by it. ``phone`` may be left out.

    Refuses NOT_FOUND in the same words a code that is unknown, spent or over, or of somebody who may invite there no more;
    INVALID and CONFLICT what is wrong with the account, which leaves the code good; RATE_LIMITED an ``address`` with too many
    wrong codes. Call it outside of any transaction.
    """
    await count_attempt(BY_CODE, origin(address))
    if len(code) > _LONGEST or await _open(code) is None:
        raise _no_good()
    await give_attempt_back(BY_CODE, origin(address))
    login = login.strip()
    check_password(password, login)
    number = normalised(phone) if phone and phone.strip() else None
    password_hash = await hashed(password)
    async with in_transaction():
        invitation = await _open(code, lock=True)
        if invitation is None:
            raise _no_good()
        home = await Home.get(id=invitation.home_id)
        account = await create_account(
            *(login, name, Role.RESIDENT, home, Actor(invitation.id)), password_hash=password_hash, action="registerResident"
        )
        columns = kept(number, account, "phone", settings)
        await account.update_from_dict(columns).save(update_fields=list(columns))
        invitation.used_at, invitation.account_id = datetime.now(UTC), account.id
        await invitation.save(update_fields=["used_at", "account_id"])
        return account


async def _open(code: str, *, lock: bool = False) -> Invitation | None:
    """The invitation of this code, if it is good now: whoever invited may still invite to that home."""
    query = Invitation.filter(digest=_digest(code), used_at=None, expires_at__gt=datetime.now(UTC))
    invitation = await (query.select_for_update() if lock else query).get_or_none()
    if invitation is None:
        return None
    inviter, home = await viewer_of(invitation.invited_by_id), await Home.get(id=invitation.home_id)
    return invitation if inviter and may(inviter, "residentInvite", "Home", home.belongs()) else None
