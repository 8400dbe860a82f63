"""Identities: which account the subject of an OpenID Connect issuer stands for. None is made by itself."""

from hashlib import sha256

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .accounts import Account, check_unerased
from .connection import constrained
from .facts import Actor, record
from .permits import actor_of, permitted
from .rows import Row


class AccountIdentity(Row):
    """``subject`` of ``issuer`` is this account. ``digest`` is what a request is looked up by."""

    prefix = "idn"

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    issuer = fields.CharField(max_length=300)
    subject = fields.CharField(max_length=255)
    created_at = fields.DatetimeField(auto_now_add=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    account_id: str

    class Meta:
        table = "account_identity"


def identity_digest(issuer: str, subject: str) -> str:
    """The key under which the subject of an issuer is found."""
    return sha256(f"{issuer}\0{subject}".encode(errors="replace")).hexdigest()


async def link_identity(viewer: Viewer, account_id: str, issuer: str, subject: str) -> Account:
    """From the next request on, the subject of the issuer is this account.

    Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE (erased) and CONFLICT (the subject stands for an account already).
    """
    async with in_transaction():
        account = await permitted(Account, account_id, viewer, "accountLinkIdentity")
        check_unerased(account)
        issuer, subject = written(issuer, "issuer", 300), written(subject, "subject", 255)
        digest = identity_digest(issuer, subject)
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("This subject stands for an account already.", "该身份已关联账号。"),
                path=("subject",),
                hint=Text("Undo that first.", "请先解除原有关联。"),
            )
        ):
            identity = await AccountIdentity.create(digest=digest, issuer=issuer, subject=subject, account_id=account.id)
        await record(actor_of(viewer), "accountLinkIdentity", account, after={"identity": identity.id, "issuer": issuer})
        return account


async def unlink_identities(viewer: Viewer, account_id: str, issuer: str) -> Account:
    """From the next request on, no subject of the issuer is this account. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        account = await permitted(Account, account_id, viewer, "accountUnlinkIdentity")
        await unlink(account, actor_of(viewer), issuer)
        return account


async def unlink(account: Account, actor: Actor, issuer: str | None = None) -> None:
    """Undo the account's links to subjects of the issuer, of all where None is named. Call it inside a transaction."""
    linked = await identities_of(account.id)
    for each in sorted({identity.issuer for identity in linked} if issuer is None else {issuer}):
        gone = [identity for identity in linked if identity.issuer == each]
        for identity in gone:
            await identity.delete()
        if gone:
            before = {"identities": [identity.id for identity in gone], "issuer": each}
            await record(actor, "accountUnlinkIdentity", account, before=before)


async def identities_of(account_id: str) -> list[AccountIdentity]:
    """The links of the account, in a stable order."""
    return await AccountIdentity.filter(account_id=account_id).order_by("id")
