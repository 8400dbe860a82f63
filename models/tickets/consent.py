"""Whose word a stored ticket is, and whose work: what a company does of it, and what it leaves to others."""

from domain.access import Reach, Viewer
from domain.permits import allowing
from domain.refusals import RefusalCode, Refused
from domain.tickets.consent import Claim, Report, Speaker, check_word, report_of, speaker_of
from domain.words import Text
from models.accounts import Account

from .rows import Ticket, TicketParty


async def check_say(viewer: Viewer, ticket: Ticket, act: str, claim: Claim, reason: str | None) -> None:
    """Refuses FORBIDDEN what is its reporter's to say, and INVALID (path ``note``) an office that says it for them without a
    reason."""
    speaker = speaker_of(allowing(viewer, act, "Ticket", ticket.belongs()), opened_it=viewer.account_id == ticket.opened_by_id)
    check_word(claim, speaker, await _report(viewer, ticket), reason)


async def _report(viewer: Viewer, ticket: Ticket) -> Report:
    return report_of(
        ticket.source,
        opened=ticket.opened_by_id is not None,
        by_own=await _opened_by_own(viewer, ticket),
        calls_back=ticket.contact_phone_masked is not None,
    )


async def _opened_by_own(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether the viewer opened it, or somebody of an organisation that the viewer works for."""
    if ticket.opened_by_id is None or ticket.opened_by_id == viewer.account_id:
        return ticket.opened_by_id is not None
    own = _own(viewer)
    return bool(own) and await Account.exists(id=ticket.opened_by_id, organisation_id__in=sorted(own))


async def check_ones_own(viewer: Viewer, ticket: Ticket, act: str, *, parties: bool = False) -> None:
    """Refuses (INVALID, path ``id``) to whoever acts for a company alone what another organisation handles.

    What was assigned to them is theirs; with ``parties``, so is what their organisation takes part in.
    """
    speaker = speaker_of(allowing(viewer, act, "Ticket", ticket.belongs()), opened_it=False)
    own = _own(viewer)
    theirs = ticket.organisation_id is None or ticket.organisation_id in own or ticket.assignee_id == viewer.account_id
    if speaker is not Speaker.COMPANY or theirs:
        return
    if parties and await TicketParty.exists(ticket_id=ticket.id, organisation_id__in=sorted(own)):
        return
    raise Refused(
        RefusalCode.INVALID,
        Text("Another organisation handles this ticket.", "该工单由其他单位承办。"),
        path=("id",),
        hint=Text("Leave it to them, or ask the community or the street office.", "请由承办单位办理，或联系社区、街道。"),
    )


def _own(viewer: Viewer) -> set[str]:
    """The organisations that the viewer works for."""
    return {id_ for role in viewer.roles for id_ in viewer.ids(role, Reach.ORGANISATION)}
