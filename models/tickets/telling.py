"""Who hears of a ticket: those who handle it, those who watch it and may still see it, and whoever reported it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from domain.notices import (
    TICKET_CLOSING,
    TICKET_MOVED,
    TICKET_NEWS,
    TICKET_OPENED,
    TICKET_PROPOSED,
    TICKET_RATED,
    TICKET_TRANSFERRED,
    Announcement,
)
from domain.permits import sees
from domain.tickets import TicketSource
from domain.words import Text
from models.accounts import Account
from models.calendar import zone
from models.notices import announce
from models.territory import Compound
from models.viewers import viewers_of

from .rows import Ticket, TicketParty, TicketRating, TicketWatcher


async def tell_of_opening(ticket: Ticket) -> None:
    """Tell of a ticket that a person opened; whoever is proposed for it hears so."""
    await _tell(ticket, TICKET_OPENED, "opened", Text(f"Ticket {ticket.number} was opened.", f"工单 {ticket.number} 已提交。"))
    await _tell_proposed(ticket)


async def tell_of_move(ticket: Ticket, mover_id: str | None) -> None:
    """Tell of a ticket's state; whoever moved it need not be told."""
    said = Text(f"Ticket {ticket.number} is {ticket.state} now.", f"工单 {ticket.number} {ticket.state.zh}。")
    await _tell(ticket, TICKET_MOVED, f"moved {ticket.version}", said)
    people = {*await _followers(ticket), ticket.assignee_id} - {mover_id}
    await _tell(ticket, TICKET_NEWS, f"news {ticket.version}", said, [id_ for id_ in people if id_])


async def tell_of_closing(ticket: Ticket, at: datetime) -> None:
    """Tell whoever reported it, and those who watch it, that a ticket will be closed then unless somebody says it is not done."""
    said = Text(
        f"The work on ticket {ticket.number} was reported done. It is closed on {at:%Y-%m-%d %H:%M}, unless you say before that"
        " it is not done (ticketReopen).",
        f"工单 {ticket.number} 已处理完成。如未解决，请在 {at:%Y-%m-%d %H:%M} 前重新打开；逾期未确认将自动办结。",
    )
    more = {"closesAt": _time(at)}
    await _tell(ticket, TICKET_CLOSING, f"closing {ticket.version}", said, await _followers(ticket), more=more)


async def _followers(ticket: Ticket) -> set[str]:
    """Those who watch it, and whoever reported it, but for the machine that passed a hotline's case on."""
    watching = await TicketWatcher.filter(ticket_id=ticket.id).values_list("account_id", flat=True)
    reporter = None if ticket.source is TicketSource.HOTLINE else ticket.opened_by_id
    return {*map(str, watching)} | ({reporter} if reporter else set())


async def tell_of_transfer(ticket: Ticket, before: str | None, people: Iterable[str]) -> None:
    """Tell whoever handled a ticket, and whoever does now, that it was handed on; ``people`` need not handle it any more."""
    said = Text(f"Ticket {ticket.number} was handed on.", f"工单 {ticket.number} 已转办。")
    more = {"before": {"organisationId": before}}
    await _tell(ticket, TICKET_TRANSFERRED, f"transferred {ticket.version}", said, more=more, besides=before)
    await _tell(ticket, TICKET_NEWS, f"news {ticket.version}", said, people)
    await _tell_proposed(ticket)


async def _tell_proposed(ticket: Ticket) -> None:
    if ticket.proposed_assignee_id:
        said = Text(f"You are proposed for ticket {ticket.number}.", f"建议由您处理工单 {ticket.number}。")
        await _tell(ticket, TICKET_PROPOSED, f"proposed {ticket.version}", said, (ticket.proposed_assignee_id,))


async def tell_of_rating(ticket: Ticket, rating: TicketRating) -> None:
    """Tell of what the reporter thinks of the work, in a figure and reasons; in the figure alone whoever did it."""
    said = Text(f"Ticket {ticket.number} was rated {rating.score} of 5.", f"工单 {ticket.number} 评分 {rating.score}（满分 5）。")
    await _tell(ticket, TICKET_RATED, "rated", said, more={"score": rating.score, "reasons": rating.reasons})
    if ticket.assignee_id:
        await _tell(ticket, TICKET_NEWS, "news rated", said, (ticket.assignee_id,))


async def _tell(
    ticket: Ticket,
    type_: str,
    topic: str,
    message: Text,
    people: Iterable[str] | None = None,
    *,
    more: dict[str, Any] | None = None,
    besides: str | None = None,
) -> None:
    """Tell those of these people who may see the ticket; without people, the organisations that handle it, and ``besides``."""
    organisations, concerned, seeing = frozenset[str](), frozenset[str](), frozenset[str]()
    if people is None:
        concerned = await _passed_on_by(ticket)
        parties = await TicketParty.filter(ticket_id=ticket.id).values_list("organisation_id", flat=True)
        organisations = frozenset(id_ for id_ in (*map(str, parties), ticket.organisation_id, besides) if id_)
    else:
        viewers = await viewers_of(sorted(people))
        seeing = frozenset(id_ for id_, viewer in viewers.items() if sees(viewer, "Ticket", ticket.belongs()))
    if not organisations | concerned | seeing:
        return
    await announce(
        Announcement(
            type=type_,
            topic=f"{ticket.id} {topic}",
            data=await _data(ticket) | {"message": message.both()} | (more or {}),
            street_id=ticket.street_id,
            compound_id=ticket.compound_id,
            organisations=organisations,
            accounts=seeing,
            concerned=concerned - organisations,
            ticket_id=ticket.id,
        )
    )


async def _passed_on_by(ticket: Ticket) -> frozenset[str]:
    """The organisation whose machine passed a hotline's case on: it hears what becomes of it, if it asked to."""
    if ticket.source is not TicketSource.HOTLINE or ticket.opened_by_id is None:
        return frozenset()
    opener = await Account.get(id=ticket.opened_by_id)
    return frozenset({opener.organisation_id}) if opener.organisation_id else frozenset()


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(zone()).isoformat() if moment else None


async def _data(ticket: Ticket) -> dict[str, Any]:
    compound = await Compound.get(id=ticket.compound_id)
    return {
        "ticket": ticket_data(ticket),
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
    }


def ticket_data(ticket: Ticket) -> dict[str, Any]:
    """What is told of a ticket: ids, words and times; nothing that anybody wrote, nothing about a person."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "kind": ticket.kind,
        "category": ticket.category,
        "priority": ticket.priority,
        "source": ticket.source,
        "state": ticket.state,
        "version": ticket.version,
        "facilityId": ticket.facility_id,
        "organisationId": ticket.organisation_id,
        "openedAt": _time(ticket.opened_at),
        "dueAt": _time(ticket.due_at),
    }
