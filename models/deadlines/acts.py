"""What people do to a ticket's clock: stop it, let it go on, say that they are there, make the ticket more or less urgent."""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.deadlines import TicketPauseReason, checked_until, overdrawn
from domain.permits import allowing
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import TicketPriority, TicketState, check_priority
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.tickets.consent import check_ones_own
from models.tickets.relations import follow_begun
from models.tickets.rows import Ticket
from models.work import ringing

from .clock import allowed_pauses, as_pauses, pauses_of, settled, tell_all
from .policies import rules_of
from .rows import TicketPause
from .winding import IN_HAND, PAUSABLE

#: The longest note on a pause.
NOTE_MAX = 500


async def _taken(viewer: Viewer, ticket_id: str, act: str, expected: int | None, states: frozenset[TicketState]) -> Ticket:
    ticket = await permitted(Ticket, ticket_id, viewer, act)
    unchanged(ticket.version, expected)
    if act != "ticketSetPriority":
        await check_ones_own(viewer, ticket, act, parties=True)
    if ticket.state not in states:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"A ticket that is {ticket.state} does not allow this.", f"工单{ticket.state.zh}，不能执行此操作。"),
            path=("id",),
            hint=Text(
                f"It can be done while a ticket is {', '.join(sorted(states))}.",
                f"仅当工单处于以下状态时可执行：{'、'.join(state.zh for state in TicketState if state in states)}。",
            ),
        )
    return ticket


async def _changed(ticket: Ticket, viewer: Viewer, act: str, changes: dict[str, Any], told: dict[str, Any]) -> Ticket:
    """Store the changes under a new version, wind the clock, record what was done and where the last deadline now is."""
    changes = {**changes, "version": ticket.version + 1}
    before = {name: getattr(ticket, name) for name in (*changes, "due_at")}
    ticket.update_from_dict(changes)
    await ticket.save(update_fields=list(changes))
    calls = await settled(ticket)
    after = {name: getattr(ticket, name) for name in before} | told
    await record(actor_of(viewer), act, ticket, before=_plain(before), after=_plain(after))
    await tell_all(ticket, calls)
    return ticket


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


async def pause(
    viewer: Viewer,
    ticket_id: str,
    reason: TicketPauseReason,
    *,
    note: str = "",
    until: datetime | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Stop the clock of a ticket in hand until somebody resumes it, or ``until``, or until its pauses are used up.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (a ticket that is not in hand), CONFLICT (paused already) and
    INVALID (DONE, OTHER without a note, an end that has passed or lies beyond the bound, no pauses left).
    """
    async with ringing(), in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketPause", expected_version, PAUSABLE)
        note = written(note, "note", NOTE_MAX, least=0)
        if reason is TicketPauseReason.DONE:
            raise Refused(
                RefusalCode.INVALID,
                Text("This reason is noted by the system alone.", "该原因仅由系统记录。"),
                path=("reason",),
                hint=Text("Use ticketResolve, or give another reason.", "请使用 ticketResolve，或选择其他原因。"),
            )
        if reason is TicketPauseReason.OTHER and not note:
            raise Refused(
                RefusalCode.INVALID,
                Text("A pause for another reason must say which.", "选择“其他”时必须说明原因。"),
                path=("note",),
                hint=Text("Write the reason in the note.", "请在备注中填写原因。"),
            )
        rows = await pauses_of(ticket.id)
        if any(row.ended_at is None for row in rows):
            raise Refused(
                RefusalCode.CONFLICT,
                Text("The ticket is paused already.", "工单已处于暂停状态。"),
                path=("id",),
                hint=Text("Resume it first.", "请先恢复计时。"),
            )
        moment, rules = now(), await rules_of(ticket.street_id, ticket.organisation_id)
        ends_at = checked_until(until, moment, overdrawn(as_pauses(rows), allowed_pauses(rules, ticket), moment))
        await TicketPause.create(
            reason=reason,
            note=note,
            started_at=moment,
            ends_at=ends_at,
            ticket_id=ticket.id,
            started_by_id=viewer.account_id,
            audience_id=ticket.opened_by_id,
            compound_id=ticket.compound_id,
            street_id=ticket.street_id,
        )
        return await _changed(ticket, viewer, "ticketPause", {}, {"reason": reason, "ends_at": ends_at})


async def resume(viewer: Viewer, ticket_id: str, *, expected_version: int | None = None) -> Ticket:
    """Let the clock of a paused ticket go on. Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and ILLEGAL_MOVE (not paused)."""
    async with ringing(), in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketResume", expected_version, PAUSABLE)
        open_one = await TicketPause.get_or_none(ticket_id=ticket.id, ended_at=None)
        if open_one is None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The ticket is not paused.", "工单未处于暂停状态。"),
                path=("id",),
                hint=Text("Nothing is to be done: its clock is running.", "无需操作：工单正在计时。"),
            )
        open_one.ended_at, open_one.ended_by_id = min(now(), open_one.ends_at), viewer.account_id
        await open_one.save(update_fields=["ended_at", "ended_by_id"])
        told = {"reason": open_one.reason, "ended_at": open_one.ended_at}
        return await _changed(ticket, viewer, "ticketResume", {}, told)


async def arrive(viewer: Viewer, ticket_id: str, *, expected_version: int | None = None) -> Ticket:
    """Say that somebody is on the spot. Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (a ticket that is not in hand)
    and CONFLICT (somebody was there before)."""
    async with ringing(), in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketArrive", expected_version, PAUSABLE)
        if ticket.arrived_at is not None:
            raise Refused(
                RefusalCode.CONFLICT,
                Text("Somebody was there before.", "该工单已登记到场。"),
                path=("id",),
                hint=Text("The first arrival counts; go on with the work.", "以首次到场为准，请继续处理。"),
            )
        ticket = await _changed(ticket, viewer, "ticketArrive", {"arrived_at": now()}, {})
        await follow_begun(ticket)
        return ticket


async def set_priority(
    viewer: Viewer, ticket_id: str, priority: TicketPriority, *, expected_version: int | None = None
) -> Ticket:
    """Make a ticket in hand more or less urgent: all of its deadlines are worked out anew from when it was opened.

    One that has the priority already stays as it is. Refuses NOT_FOUND, FORBIDDEN (a company that makes it less urgent, too),
    STALE_VERSION and ILLEGAL_MOVE.
    """
    async with ringing(), in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketSetPriority", expected_version, IN_HAND)
        if ticket.priority is priority:
            return ticket
        check_priority(ticket.priority, priority, allowing(viewer, "ticketSetPriority", "Ticket", ticket.belongs()))
        return await _changed(ticket, viewer, "ticketSetPriority", {"priority": priority}, {})
