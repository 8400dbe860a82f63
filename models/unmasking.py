"""Whole telephone numbers, told to those whose work needs them: for a reason, a few an hour, and on record."""

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.permits import may
from domain.phones import UnmaskReason, checked_note, normalised
from domain.policy import ACTS
from settings import Settings

from .accounts import Account
from .attempts import Quota, spend
from .calendar import now
from .facts import record
from .permits import actor_of, found, not_found, permit
from .phones import found_by, told
from .rows import Row
from .territory import Place
from .tickets import Ticket

#: Whose numbers can be asked for: the prefix of an id → the row and its column.
PHONES: dict[str, tuple[type[Account] | type[Ticket], str]] = {
    Account.prefix: (Account, "phone"),
    Ticket.prefix: (Ticket, "contact_phone"),
}


class Unmasking(Row):
    """Why ``actor_id`` was told the number of ``subject_id``, or looked for a number in it, if it is a street.

    The note is what somebody wrote, so it stands here, where it can be forgotten, and not in the fact.
    """

    prefix = "unm"

    id = fields.CharField(max_length=30, primary_key=True)
    actor_id = fields.CharField(max_length=30)
    subject_id = fields.CharField(max_length=30)
    reason = fields.CharEnumField(UnmaskReason, max_length=40)
    note = fields.CharField(max_length=500, db_default="")
    at = fields.DatetimeField()
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "unmasking"


def _quota(settings: Settings) -> Quota:
    return Quota("unmask", most=settings.unmasks_per_hour, seconds=3_600)


async def unmask(viewer: Viewer, row_id: str, reason: UnmaskReason, note: str | None, *, settings: Settings) -> str | None:
    """The whole number of an account, or the one to call back on of a ticket; None where there is none.

    Those whose role allows it may ask on rows they see, and everybody for their own. Refuses RATE_LIMITED, NOT_FOUND,
    FORBIDDEN and INVALID (note). Raises NoSecretKey and NotOpened. Call it outside of any transaction.
    """
    await spend(_quota(settings), viewer.account_id or "")
    note = checked_note(reason, note)
    model, column = PHONES.get(row_id[:3], (None, ""))
    if model is None:
        raise not_found()
    async with in_transaction():
        row = await model.get(id=row_id) if row_id == viewer.account_id else await found(model, row_id, viewer)
        owner_id = row.opened_by_id if isinstance(row, Ticket) else row.id
        if owner_id != viewer.account_id:
            permit(viewer, "unmask", row)
        phone = told(row, column, settings)
        if phone is not None:
            await _because("unmask", viewer, row, reason, note)
        return phone


async def find_by_phone(viewer: Viewer, phone: str, reason: UnmaskReason, note: str | None, *, settings: Settings) -> list[str]:
    """The ids of the accounts and tickets with this number on which the viewer may ask for it.

    Each street that was looked in has it on record, with how many were found there.
    Refuses RATE_LIMITED, FORBIDDEN and INVALID (number or note). Raises NoSecretKey. Call it outside of any transaction.
    """
    await spend(_quota(settings), viewer.account_id or "")
    number, note = normalised(phone), checked_note(reason, note)
    async with in_transaction():
        worked_in = {id_ for role in viewer.roles & ACTS["findByPhone"] for id_ in viewer.ids(role, Reach.STREET)}
        streets = worked_in or {(await Account.get(id=viewer.account_id)).street_id}
        for street in await Place.filter(id__in=streets):
            permit(viewer, "findByPhone", street)
        theirs: list[Account | Ticket] = []
        for model, column in PHONES.values():
            indexes = found_by(number, model, column, settings)
            rows = await model.filter(**{f"{column}_index__in": indexes}).order_by("id")
            theirs += [
                row for row in rows if row.id == viewer.account_id or may(viewer, "findByPhone", model.__name__, row.belongs())
            ]
        for street in await Place.filter(id__in=streets | {row.street_id for row in theirs}).order_by("id"):
            there = sum(row.street_id == street.id for row in theirs)
            await _because("findByPhone", viewer, street, reason, note, found=there)
        return [row.id for row in theirs]


async def _because(act: str, viewer: Viewer, row: Account | Ticket | Place, reason: UnmaskReason, note: str, **more: int) -> None:
    actor = actor_of(viewer)
    why = await Unmasking.create(
        actor_id=actor.id, subject_id=row.id, reason=reason, note=note, at=now(), street_id=row.street_id
    )
    await record(actor, act, row, after={"reason": reason, "unmasking": why.id, **more})
