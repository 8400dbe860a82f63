"""What becomes of the open tickets of an organisation that has nothing to do with the compound any more.

They go to whoever serves the compound now, else to its community's office; what the organisation still had to sign, and who of
it was named, goes with it.
"""

from domain.notices import TICKETS_HANDED_OVER, Announcement
from domain.tickets import HANDED_OVER, IN_HAND
from domain.tickets.routing import why_handed_over
from domain.words import Text
from models.accounts import Account
from models.calendar import today
from models.connection import query
from models.deadlines.clock import wind
from models.facts import Actor, record
from models.notices import announce
from models.organisations import Organisation
from models.territory import Compound
from models.work import add

from .moving import Changes, change
from .parties import is_around
from .routing import handling_organisation, propose
from .rows import Ticket, TicketParty
from .telling import tell_of_move

#: The kind of the work rows; payload ``{"compound": id, "organisation": id}``.
KIND = "tickets.hand_over"
#: Tickets that one work row hands over.
AT_ONCE = 100
SYSTEM = Actor("system:tickets")

_OPEN = ", ".join(f"'{state}'" for state in sorted(IN_HAND))
#: $1: today. Compounds with open tickets in the hands of an organisation that is not around any more (see ``is_around``).
_LEFT_BEHIND = f"""
SELECT DISTINCT t.compound_id, held.organisation_id FROM ticket t
    CROSS JOIN LATERAL (
        SELECT t.organisation_id UNION SELECT p.organisation_id FROM ticket_party p
        WHERE p.ticket_id = t.id AND p.sign_off AND p.signed_off_at IS NULL
    ) AS held
    JOIN compound c ON c.id = t.compound_id JOIN organisation o ON o.id = held.organisation_id
WHERE t.state IN ({_OPEN}) AND NOT (
    (coalesce(o.place_id IN (c.street_id, c.community_id, c.grid_id), false)
        OR o.kind = 'STREET_OFFICE' AND o.street_id = c.street_id)
    AND (o.ended_on IS NULL OR o.ended_on >= $1)
) AND NOT EXISTS (
    SELECT FROM mandate m WHERE m.organisation_id = o.id AND m.compound_id = c.id AND m.starts_on <= $1 AND m.lasts_to >= $1
)
"""


async def leave(compound_id: str, organisation_id: str) -> None:
    """Leave the work of handing over what the organisation has in hand in the compound. Call it within ``ringing()``."""
    await add(KIND, {"compound": compound_id, "organisation": organisation_id})


async def leave_all() -> int:
    """Leave that work for every organisation that is not around any more where it has tickets; how many."""
    rows = await query(_LEFT_BEHIND, today())
    for row in rows:
        await leave(row["compound_id"], row["organisation_id"])
    return len(rows)


async def hand_over(compound_id: str, organisation_id: str) -> int:
    """Hand over open tickets of the organisation in the compound, if it has nothing to do with it any more; how many.

    Call it inside a transaction. Where there may be more than it takes at once, it leaves the rest as work.
    """
    to_id = await handling_organisation(compound_id, today())
    if to_id is None or to_id == organisation_id or await is_around(organisation_id, compound_id):
        return 0
    await _hand_over_signatures(compound_id, organisation_id, to_id)
    open_ = Ticket.filter(compound_id=compound_id, organisation_id=organisation_id, state__in=sorted(IN_HAND))
    tickets = await open_.order_by("id").limit(AT_ONCE).select_for_update()
    if not tickets:
        return 0
    names = {body.id: body.name for body in await Organisation.filter(id__in=[organisation_id, to_id])}
    proposed, who = await propose(to_id, compound_id)
    why = why_handed_over(names[organisation_id], who)
    for ticket in tickets:
        changes: Changes = {
            "organisation_id": to_id,
            "proposed_assignee_id": proposed,
            "routing": why.both(),
            **await _without_theirs(ticket, organisation_id),
        }
        before, after = await change(ticket, changes)
        told = ("state", "version", "organisation_id", "assignee_id")
        kept = [{name: each[name] for name in told if name in each} for each in (before, after)]
        await record(SYSTEM, "ticketHandOver", ticket, before=kept[0], after=kept[1])
        await wind(ticket)
        await tell_of_move(ticket, None)
    await _tell(tickets[0], organisation_id, to_id, names, len(tickets))
    if len(tickets) == AT_ONCE:
        await leave(compound_id, organisation_id)
    return len(tickets)


async def _without_theirs(ticket: Ticket, organisation_id: str) -> Changes:
    """Whoever of the leaving organisation was named is named no more."""
    assignee = await Account.get_or_none(id=ticket.assignee_id) if ticket.assignee_id else None
    if assignee is not None and assignee.organisation_id != organisation_id:
        return {}
    return {"state": HANDED_OVER[ticket.state], "assignee_id": None}


async def _hand_over_signatures(compound_id: str, organisation_id: str, to_id: str) -> None:
    """What the leaving organisation still had to sign, the next one signs; unless it does already, or handles the ticket."""
    theirs = TicketParty.filter(compound_id=compound_id, organisation_id=organisation_id, signed_off_at=None)
    for party in await theirs.filter(ticket__state__in=sorted(IN_HAND)).select_related("ticket"):
        there = await TicketParty.exists(ticket_id=party.ticket_id, organisation_id=to_id)
        if there or party.ticket.organisation_id in {to_id, organisation_id}:
            await party.delete()
        else:
            party.organisation_id = to_id
            await party.save(update_fields=["organisation_id"])
        told = {"organisation_id": organisation_id}
        await record(SYSTEM, "ticketHandOver", party.ticket, before=told, after={"organisation_id": to_id})


async def _tell(ticket: Ticket, from_id: str, to_id: str, names: dict[str, str], count: int) -> None:
    compound = await Compound.get(id=ticket.compound_id)
    message = Text(
        f"{count} open tickets of {names[from_id]} are with {names[to_id]} now.",
        f"{names[from_id]}的 {count} 件未结工单已移交{names[to_id]}。",
    )
    await announce(
        Announcement(
            type=TICKETS_HANDED_OVER,
            topic=f"{ticket.id} handed over {ticket.version}",
            data={
                "message": message.both(),
                "count": count,
                "from": {"id": from_id, "name": names[from_id]},
                "to": {"id": to_id, "name": names[to_id]},
                "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
            },
            street_id=ticket.street_id,
            compound_id=compound.id,
            organisations=frozenset({to_id}),
        )
    )
