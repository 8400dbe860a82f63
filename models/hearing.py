"""Who may still be told: between what happened and its delivery a person, or an organisation, may have lost what let them hear
of it."""

from collections.abc import Iterable, Sequence

from domain.access import Viewer
from domain.notices import NoticeState
from domain.permits import sees

from .alerts import Alert
from .notices import Notice
from .notices.places import looking_after
from .rows import Row
from .tickets import Ticket
from .viewers import viewers_of

_PERSON = "its person may not hear of this any more"
_ORGANISATION = "its organisation looks after the place no more"


async def withhold(notice: Notice) -> bool:
    """Give up a notice that waits, if its person or organisation may not hear of it any more; whether that was so."""
    return bool(await withhold_all([notice])) if notice.state is NoticeState.PENDING else False


async def withhold_all(notices: Sequence[Notice]) -> int:
    """``withhold`` for many that wait, or are held for a digest; how many were given up.

    Of one channel: call it inside a transaction that has taken the channel, as all do who change several of its notices.
    """
    return await _give_up(await _of_people(notices), _PERSON) + await _give_up(await _of_organisations(notices), _ORGANISATION)


async def _give_up(ids: list[str], why: str) -> int:
    if not ids:
        return 0
    waiting = Notice.filter(id__in=ids, state__in=[NoticeState.PENDING, NoticeState.HELD])
    return await waiting.update(state=NoticeState.DEAD, next_attempt_at=None, last_error=why)


async def _of_organisations(notices: Iterable[Notice]) -> list[str]:
    """Those to organisations that look after the place no more of which they tell."""
    theirs = {each.id: (each.organisation_id, each.compound_id) for each in notices if each.organisation_id and each.compound_id}
    found = await looking_after(set(theirs.values()))
    return [id_ for id_, pair in theirs.items() if pair not in found]


async def _of_people(notices: Iterable[Notice]) -> list[str]:
    """Those to people who may not hear of what they tell."""
    theirs = [each for each in notices if each.account_id is not None]
    if not theirs:
        return []
    viewers = await viewers_of(sorted({str(each.account_id) for each in theirs}))
    rows: dict[str, Row] = {
        **await Alert.in_bulk({each.alert_id for each in theirs if each.alert_id}, "id"),
        **await Ticket.in_bulk({each.ticket_id for each in theirs if each.ticket_id}, "id"),
    }
    return [each.id for each in theirs if not _may_hear(viewers.get(str(each.account_id)), each, rows)]


def _may_hear(viewer: Viewer | None, notice: Notice, rows: dict[str, Row]) -> bool:
    """Whether the person has a role, and sees the alert or the ticket that the notice tells of."""
    if viewer is None or not viewer.roles:
        return False
    told = [(name, id_) for name, id_ in (("Alert", notice.alert_id), ("Ticket", notice.ticket_id)) if id_]
    return not told or any(id_ in rows and sees(viewer, name, rows[id_].belongs()) for name, id_ in told)
