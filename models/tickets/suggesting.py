"""Suggestions for a report: category, kind, priority, duplicates among the tickets that the viewer sees. Nothing is changed."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz

from domain.access import Viewer
from domain.permits import sees
from domain.refusals import Refused
from domain.tickets import DESCRIPTION_MAX, TITLE_MAX, TicketKind, TicketPriority
from domain.tickets.categories import TicketCategory
from domain.tickets.matching import (
    Report,
    Suggested,
    suggest_categories,
    suggest_duplicates,
    suggest_kind,
    suggest_priority,
)
from domain.words import Text
from models.accounts import Account
from models.calendar import now
from models.facilities import Facility
from models.organisations import Organisation
from models.permits import found
from models.rows import Row
from models.territory import Compound

from .routing import route_of
from .rows import Ticket

#: Of how many days tickets are compared with a report, and how many at most, the newest first.
_DAYS, _MOST = 30, 200
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Suggestions:
    """What seems to fit a report, the likeliest first; ``duplicates``: tickets and how likely each reports the same.

    ``organisation_id`` and ``assignee_id``: where it would go as of now, None for what the viewer may not know of; and why.
    """

    kinds: Sequence[Suggested[TicketKind]]
    categories: Sequence[Suggested[TicketCategory]]
    priority: Suggested[TicketPriority]
    duplicates: Sequence[tuple[Ticket, float]]
    organisation_id: str | None
    assignee_id: str | None
    why: Text


def likeness(one: str, other: str) -> float:
    """How like two texts are, 0 to 1: by their characters in order, and by the pairs of characters that they share."""
    if one == other:
        return 1.0
    return (fuzz.ratio(one, other) + fuzz.token_set_ratio(_pairs(one), _pairs(other))) / 200


def _pairs(text: str) -> str:
    text = _SIGNS.sub("", text)
    return " ".join(text[n : n + 2] for n in range(len(text) - 1)) or text


async def suggest_for_ticket(viewer: Viewer, ticket_id: str) -> Suggestions:
    """Suggestions for a ticket that is there. Refuses NOT_FOUND."""
    ticket = await found(Ticket, ticket_id, viewer)
    facility = await Facility.get(id=ticket.facility_id) if ticket.facility_id else None
    return await _suggestions(viewer, _report(ticket), ticket.kind, ticket.compound_id, facility)


async def suggest(
    viewer: Viewer,
    compound_id: str,
    *,
    title: str,
    description: str = "",
    kind: TicketKind | None = None,
    facility_id: str | None = None,
) -> Suggestions:
    """Suggestions for what somebody is about to report; of the likeliest kind, where it is not told. Refuses NOT_FOUND.

    Of a title that no ticket may have, as much is read as of one that it may.
    """
    compound = await found(Compound, compound_id, viewer, path=("compound_id",))
    facility = await found(Facility, facility_id, viewer, path=("facility_id",)) if facility_id is not None else None
    report = Report(title[:TITLE_MAX], description[:DESCRIPTION_MAX], facility.id if facility else None)
    return await _suggestions(viewer, report, kind, compound.id, facility)


async def _suggestions(
    viewer: Viewer, report: Report, kind: TicketKind | None, compound_id: str, facility: Facility | None
) -> Suggestions:
    kinds = await asyncio.to_thread(suggest_kind, report, likeness)
    kind = kind or next((each.word for each in kinds), TicketKind.REPAIR if facility else TicketKind.COMPLAINT)
    categories = suggest_categories(report, kind, facility.kind if facility else None, likeness)
    category = report.category or next((each.word for each in categories), None)
    others = {other.id: other for other in await _comparable(viewer, compound_id)}
    routing = await route_of(compound_id, kind, category)
    organisation = await _seen(Organisation, routing.organisation_id, viewer)
    assignee = await _seen(Account, routing.assignee_id, viewer)
    reports = [_report(other) for other in others.values()]
    alike = await asyncio.to_thread(suggest_duplicates, report, reports, likeness)  # others are answered meanwhile
    return Suggestions(
        kinds=kinds,
        categories=categories,
        priority=suggest_priority(report, likeness),
        duplicates=[(others[other.id], score) for other, score in alike],
        organisation_id=organisation,
        assignee_id=assignee,
        why=routing.why,
    )


async def _seen(model: type[Row], row_id: str | None, viewer: Viewer) -> str | None:
    """The id, where the viewer sees the row."""
    try:
        return (await found(model, row_id or "", viewer)).pk
    except Refused:
        return None


async def _comparable(viewer: Viewer, compound_id: str) -> list[Ticket]:
    """The compound's tickets of late that are not withdrawn and that the viewer sees."""
    recent = Ticket.filter(compound_id=compound_id, opened_at__gte=now() - timedelta(days=_DAYS), cleared_at=None)
    rows = await recent.exclude(state="CANCELLED").order_by("-opened_at").limit(_MOST)
    return [row for row in rows if sees(viewer, "Ticket", row.belongs())]


def _report(ticket: Ticket) -> Report:
    return Report(ticket.title, ticket.description, ticket.facility_id, ticket.category, ticket.home_id, ticket.id)
