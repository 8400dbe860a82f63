"""Joint handling: the organisations that take part in a ticket, and their signatures."""

from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.refusals import RefusalCode, Refused
from domain.tickets import TicketState
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.facts import record
from models.organisations import Organisation
from models.permits import actor_of, found, permit, permitted
from models.work import ringing

from .consent import check_ones_own
from .moving import note_of
from .rows import Ticket, TicketParty
from .telling import tell_of_move

#: $1: organisation, $2: compound, $3: today. Whether it has to do with the compound: by mandate, or as the office of its place.
_AROUND = """
SELECT 1 FROM organisation o JOIN compound c ON c.id = $2
WHERE o.id = $1 AND (
    (o.place_id IN (c.street_id, c.community_id, c.grid_id) OR o.kind = 'STREET_OFFICE' AND o.street_id = c.street_id)
        AND (o.ended_on IS NULL OR o.ended_on >= $3)
    OR EXISTS (
        SELECT FROM mandate m WHERE m.organisation_id = o.id AND m.compound_id = c.id
            AND m.starts_on <= $3 AND (m.ends_on IS NULL OR m.ends_on >= $3)
    )
)
"""
_UNSIGNED = """
SELECT o.name FROM ticket_party p JOIN organisation o ON o.id = p.organisation_id
WHERE p.ticket_id = $1 AND p.sign_off AND p.signed_off_at IS NULL ORDER BY p.added_at, p.id
"""


async def is_around(organisation_id: str, compound_id: str) -> bool:
    """Whether an organisation has to do with a compound today: by mandate, or as the office of its place."""
    return bool(await query(_AROUND, organisation_id, compound_id, today()))


async def check_around(organisation: Organisation, compound_id: str) -> None:
    """Refuses (INVALID, path ``organisation_id``) an organisation that has nothing to do with the compound today."""
    if await is_around(organisation.id, compound_id):
        return
    raise Refused(
        RefusalCode.INVALID,
        Text("The organisation has nothing to do with this compound.", "该单位与本小区没有服务或管辖关系。"),
        path=("organisation_id",),
        hint=Text(
            "Name one with a mandate for the compound, or the office of its grid, community or street.",
            "请选择在本小区有现行服务关系的单位，或其网格、社区、街道。",
        ),
    )


async def add_party(viewer: Viewer, ticket_id: str, organisation_id: str, *, sign_off: bool = True) -> TicketParty:
    """Let an organisation handle the ticket as well; one that does already stays as it is, but for ``sign_off``.

    To let one that has to sign sign no more takes who may take it off. Refuses NOT_FOUND (either), FORBIDDEN, INVALID (it has
    nothing to do with the compound) and ILLEGAL_MOVE (the work is done).
    """
    async with ringing(), in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketPartyAdd")
        await check_ones_own(viewer, ticket, "ticketPartyAdd")
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        _check_going_on(ticket)
        await check_around(organisation, ticket.compound_id)
        party = await TicketParty.get_or_none(ticket_id=ticket.id, organisation_id=organisation.id)
        if party is not None and (party.sign_off is sign_off or party.signed_off_at is not None):
            return party
        if party is not None and not sign_off:
            permit(viewer, "ticketPartyRemove", ticket)
        party = party or TicketParty(
            added_at=now(),
            ticket_id=ticket.id,
            organisation_id=organisation.id,
            audience_id=ticket.opened_by_id,
            compound_id=ticket.compound_id,
            street_id=ticket.street_id,
        )
        party.sign_off = sign_off
        await party.save()
        told = {"organisation_id": organisation.id, "sign_off": sign_off}
        await record(actor_of(viewer), "ticketPartyAdd", ticket, after=told)
        await tell_of_move(ticket, viewer.account_id)
        return party


async def remove_party(viewer: Viewer, ticket_id: str, organisation_id: str) -> Ticket:
    """Let an organisation take part no more. Refuses NOT_FOUND (either), FORBIDDEN, INVALID (it does not), ILLEGAL_MOVE."""
    async with in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketPartyRemove")
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        _check_going_on(ticket)
        if not await TicketParty.filter(ticket_id=ticket.id, organisation_id=organisation.id).delete():
            raise Refused(
                RefusalCode.INVALID,
                Text("The organisation takes no part in this ticket.", "该单位未参与本工单。"),
                path=("organisation_id",),
                hint=Text("Read the ticket's parties.", "请先查看工单的参与单位。"),
            )
        await record(actor_of(viewer), "ticketPartyRemove", ticket, before={"organisation_id": organisation.id})
        return ticket


async def sign_off(viewer: Viewer, ticket_id: str, *, note: str | None = None) -> Ticket:
    """Agree, for the organisation that the viewer works for, that the work on a joint ticket is done.

    Signed again, nothing happens. Refuses NOT_FOUND, FORBIDDEN, INVALID (no organisation of the viewer's has to sign: the act
    of an outsider) and ILLEGAL_MOVE (the work is done, or has not begun).
    """
    async with ringing(), in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketSignOff")
        own = {id_ for role in viewer.roles for id_ in viewer.ids(role, Reach.ORGANISATION)}
        theirs = await TicketParty.filter(ticket_id=ticket.id, organisation_id__in=sorted(own), sign_off=True).order_by("id")
        if not theirs:
            raise Refused(
                RefusalCode.INVALID,
                Text("No organisation that you work for has to sign this off.", "您所在单位不是需要会签的参与单位。"),
                path=("id",),
                hint=Text(
                    "Leave it to those who have to: see the ticket's parties. ticketPartyAdd lets an organisation take part.",
                    "请由需会签的单位操作（见工单参与单位）；可用 ticketPartyAdd 添加参与单位。",
                ),
            )
        _check_going_on(ticket)
        if ticket.state is not TicketState.IN_PROGRESS:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(
                    f"The ticket is {ticket.state}: there is no work to sign off yet.",
                    f"工单{ticket.state.zh}，尚无可会签的处理结果。",
                ),
                hint=Text("Sign it off once the work has begun.", "请在开始处理后会签。"),
            )
        moment, unsigned = now(), [party for party in theirs if party.signed_off_at is None]
        for party in unsigned:
            party.update_from_dict({"signed_off_at": moment, "signed_off_by_id": viewer.account_id})
            await party.save(update_fields=["signed_off_at", "signed_off_by_id"])
            told = {"organisation_id": party.organisation_id, "signed_off_at": moment.isoformat()}
            await record(actor_of(viewer), "ticketSignOff", ticket, after=told)
        await note_of(viewer, ticket, note)
        return ticket


async def check_signed(ticket: Ticket) -> None:
    """Refuses (ILLEGAL_MOVE) to call the work done before all have signed who have to."""
    if names := [row["name"] for row in await query(_UNSIGNED, ticket.id)]:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"Not signed off yet by {', '.join(names)}.", f"尚未会签：{'、'.join(names)}。"),
            hint=Text(
                "Let them sign off with ticketSignOff, or ask the community to take them off with ticketPartyRemove.",
                "请由其通过 ticketSignOff 会签，或请社区用 ticketPartyRemove 移出参与单位。",
            ),
        )


async def withdraw_signatures(ticket: Ticket) -> None:
    """Let all sign anew: the ticket was opened again."""
    signed = TicketParty.filter(ticket_id=ticket.id, signed_off_at__isnull=False)
    await signed.update(signed_off_at=None, signed_off_by_id=None)


def _check_going_on(ticket: Ticket) -> None:
    if ticket.resolved_at is not None or ticket.state is TicketState.CANCELLED:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The ticket is {ticket.state}: nothing is left to be done jointly.", f"工单{ticket.state.zh}，无需联合办理。"),
            hint=Text("Open it again first, if the work is not done.", "如未解决，请先重新打开工单。"),
        )
