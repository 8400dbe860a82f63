"""Whose word a stored ticket is, and whether a viewer may give it."""

from domain.access import Reach, Viewer
from domain.permits import allowing
from domain.tickets.consent import Claim, Report, check_word, report_of, speaker_of
from models.accounts import Account

from .rows import Ticket


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
    own = {id_ for role in viewer.roles for id_ in viewer.ids(role, Reach.ORGANISATION)}
    return bool(own) and await Account.exists(id=ticket.opened_by_id, organisation_id__in=sorted(own))
