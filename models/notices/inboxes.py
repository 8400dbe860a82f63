"""Inboxes: the channels that are read in the product. What comes into one is told to those who watch it."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from tortoise import connections
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import ChannelKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.ids import new_id
from models.permits import found, permit

from .rows import Channel, Notice

_MISSING = """
SELECT a.id, a.street_id FROM account a
WHERE a.id = ANY($1::text[]) AND a.kind = 'PERSON' AND a.disabled_at IS NULL AND a.erased_at IS NULL
    AND NOT EXISTS (SELECT FROM channel c WHERE c.account_id = a.id AND c.kind = 'LIVE' AND c.removed_at IS NULL)
ORDER BY a.id
"""
_MAKE = """
INSERT INTO channel (id, kind, hint, created_at, account_id, organisation_id, street_id)
VALUES ($1, 'LIVE', $2, now(), $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id
"""
#: As facts are told (api/feed.py): the row, what was done, and what it belongs to.
_TELL = """
SELECT pg_notify('fact', concat_ws(' ', id, 'noticeTell', coalesce(compound_id, ''), coalesce(office_street_id, ''), '',
    coalesce(account_id, ''), coalesce(organisation_id, ''))) FROM notice WHERE id = $1
"""
HINT = "live"


async def make_inboxes(account_ids: Collection[str]) -> None:
    """Give an inbox to each of these people who has none."""
    database = connections.get("default")
    for row in await database.execute_query_dict(_MISSING, [sorted(account_ids)]):
        await make_inbox(Channel(id=new_id(Channel.prefix), account_id=row["id"], street_id=row["street_id"]))


async def make_inbox(of: Channel) -> tuple[Channel, bool]:
    """The inbox of whom the unsaved channel ``of`` is for: the one there is, or a new one; whether it is new."""
    values: list[Any] = [of.id, HINT, of.account_id, of.organisation_id, of.street_id]
    made = await connections.get("default").execute_query_dict(_MAKE, values)
    inboxes = Channel.filter(kind=ChannelKind.LIVE, removed_at=None)
    return await inboxes.get(account_id=of.account_id, organisation_id=of.organisation_id), bool(made)


async def tell_inbox(notice_id: str) -> None:
    """Tell those who watch that the notice has come, or was read."""
    await connections.get("default").execute_query(_TELL, [notice_id])


async def read_notice(viewer: Viewer, notice_id: str) -> Notice:
    """Note that a notice was read in an inbox, the viewer's or their organisation's; one that was read stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it has not come yet).
    """
    async with in_transaction():
        notice = await found(Notice, notice_id, viewer, lock=True)
        if notice.account_id is None or notice.account_id != viewer.account_id:
            permit(viewer, "noticeRead", notice)
        if notice.sent_at is None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("This notice has not come yet.", "该通知尚未送达。"),
                path=("id",),
                hint=Text("Wait for its digest, or for the end of quiet hours.", "请等待汇总发送或免打扰时段结束。"),
            )
        if notice.read_at is None:
            notice.read_at = datetime.now(UTC)
            await notice.save(update_fields=["read_at"])
            await tell_inbox(notice.id)
        return notice
