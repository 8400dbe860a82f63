"""Who may still be told: between what happened and its delivery a person may have lost what let them hear of it."""

from collections.abc import Iterable
from datetime import datetime

from domain.access import Viewer
from domain.notices import NoticeState
from domain.permits import sees

from .alerts import Alert
from .notices import Channel, Notice
from .rows import Row
from .tickets import Ticket
from .viewers import viewers_of

_WHY = "its person may not hear of this any more"


async def withhold(notice: Notice) -> bool:
    """Give up a notice that waits, if its person may not hear of it any more; whether that was so."""
    return bool(await _withhold([notice])) if notice.state is NoticeState.PENDING else False


async def withhold_held(channel_id: str, moment: datetime) -> int:
    """``withhold`` for all that waited until ``moment`` for the digest of a channel; how many were given up.

    Call it inside a transaction: it takes the channel first, as all do who change several notices of one.
    """
    await Channel.select_for_update().get_or_none(id=channel_id)
    held = Notice.filter(channel_id=channel_id, account_id__not_isnull=True, state=NoticeState.HELD, due_at__lte=moment)
    return await _withhold(await held)


async def _withhold(notices: Iterable[Notice]) -> int:
    theirs = [each for each in notices if each.account_id is not None]
    if not theirs:
        return 0
    viewers = await viewers_of(sorted({str(each.account_id) for each in theirs}))
    rows: dict[str, Row] = {
        **await Alert.in_bulk({each.alert_id for each in theirs if each.alert_id}, "id"),
        **await Ticket.in_bulk({each.ticket_id for each in theirs if each.ticket_id}, "id"),
    }
    lost = [each.id for each in theirs if not _may_hear(viewers.get(str(each.account_id)), each, rows)]
    return await Notice.filter(id__in=lost, state__in=[NoticeState.PENDING, NoticeState.HELD]).update(
        state=NoticeState.DEAD, next_attempt_at=None, last_error=_WHY
    )


def _may_hear(viewer: Viewer | None, notice: Notice, rows: dict[str, Row]) -> bool:
    """Whether the person has a role, and sees the alert or the ticket that the notice tells of."""
    if viewer is None or not viewer.roles:
        return False
    told = [(name, id_) for name, id_ in (("Alert", notice.alert_id), ("Ticket", notice.ticket_id)) if id_]
    return not told or any(id_ in rows and sees(viewer, name, rows[id_].belongs()) for name, id_ in told)
