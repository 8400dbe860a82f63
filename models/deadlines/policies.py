"""What holds for the tickets of one handler: figures and working time, the nearest first: organisation, street, default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q

from domain.deadlines import DEFAULTS, DeadlineLevel, Goal, Policy, PolicySource, first_level
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import SPANS, Timetable, WorkingDays, spans_of
from models.calendar import is_working_day, zone
from models.connection import query
from models.organisations import Organisation

from .rows import CalendarDay, SlaPolicy, WorkingHours

Figures = Mapping[Goal, tuple[Policy, PolicySource]]


@dataclass(frozen=True)
class Rules:
    """What holds for tickets of a street that one organisation handles. ``first``: where they stand before they are late."""

    set_here: Mapping[tuple[TicketKind, TicketPriority], Figures]
    timetable: Timetable
    first: DeadlineLevel

    def figures(self, kind: TicketKind, priority: TicketPriority) -> Figures:
        """What is promised for such a ticket, and by whom; CLOSE is always among it."""
        default = {goal: (policy, PolicySource.DEFAULT) for goal, policy in DEFAULTS[kind, priority].items()}
        return {**default, **self.set_here.get((kind, priority), {})}


_RULES = "hashtextextended('sla ' || $1, 0)"


async def hold_rules(street_id: str) -> None:
    """Until the transaction ends nobody changes what deadlines of the street go by; waits for whoever is about to.

    Take it before a ticket comes to a handler: whoever changes the rules then works it out anew, and does not miss it.
    """
    await query(f"SELECT pg_advisory_xact_lock_shared({_RULES})", street_id)


async def take_rules(street_id: str) -> None:
    """Change alone what deadlines of the street go by, and after all tickets that are coming to a handler just now."""
    await query(f"SELECT pg_advisory_xact_lock({_RULES})", street_id)


async def rules_of(street_id: str, organisation_id: str | None) -> Rules:
    """The rules as they are stored now."""
    own = Q(organisation_id__isnull=True)
    if organisation_id is not None:
        own |= Q(organisation_id=organisation_id)
    handler = await Organisation.get_or_none(id=organisation_id) if organisation_id else None
    set_here: dict[tuple[TicketKind, TicketPriority], dict[Goal, tuple[Policy, PolicySource]]] = {}
    # What is the street's comes first and is then overlaid by what is the organisation's.
    for row in sorted(await SlaPolicy.filter(own, street_id=street_id), key=lambda row: row.organisation_id or ""):
        source = PolicySource.ORGANISATION if row.organisation_id else PolicySource.STREET
        set_here.setdefault((row.kind, row.priority), {})[row.goal] = row.policy(), source
    return Rules(set_here, await _timetable(street_id, own), first_level(handler.kind if handler else None))


async def _timetable(street_id: str, own: Q) -> Timetable:
    hours = sorted(await WorkingHours.filter(own, street_id=street_id), key=lambda row: row.organisation_id or "")
    spans, days = (spans_of(hours[-1].hours.split(), "hours"), hours[-1].days) if hours else (SPANS, WorkingDays.OFFICIAL)
    if days is WorkingDays.EVERY_DAY:
        return Timetable(spans, lambda _: True, zone())
    local = {row.day: row.works for row in await CalendarDay.filter(street_id=street_id)}

    def works(day: date) -> bool:
        own_word = local.get(day)
        return is_working_day(day) if own_word is None else own_word

    return Timetable(spans, works, zone())
