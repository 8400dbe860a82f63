"""Who hears of a hazard: whoever puts it right, and who is on duty there; of major and of late ones the offices too."""

from collections.abc import Iterable
from typing import Any

from domain.alerts import Severity
from domain.deadlines import DeadlineLevel
from domain.hazards import GRAVE, HazardState
from domain.notices import HAZARD_ASSIGNED, HAZARD_ESCALATED, HAZARD_REPORTED, Announcement
from domain.tickets.routing import RouteTarget
from domain.words import Text
from models.calendar import today, zone
from models.connection import query
from models.duty import on_duty
from models.notices import announce
from models.territory import Compound
from models.tickets import handling_organisation
from models.tickets.routing import those_around
from models.upkeep.sides import may_do

from .rows import Hazard

_PLACE = """
SELECT concat_ws(' ', c.name, b.name, f.name) AS place FROM compound c LEFT JOIN facility f ON f.id = $3
LEFT JOIN building b ON b.id = coalesce($2, f.building_id) WHERE c.id = $1
"""
_OFFICES = {DeadlineLevel.COMMUNITY: RouteTarget.COMMUNITY, DeadlineLevel.STREET: RouteTarget.STREET}


async def tell_of_finding(hazard: Hazard) -> None:
    """Tell whoever is to put it right that it was found; of a major one, its community's office too."""
    besides = await _office(hazard, DeadlineLevel.COMMUNITY) if hazard.grade in GRAVE else None
    due = _time(hazard)
    said = "A {grade} hazard was found at {place}, to be put right by {due}.", "{place}发现{grade}，整改期限 {due}。"
    await _tell(hazard, HAZARD_REPORTED, "reported", said, due, [hazard.organisation_id, besides])


async def tell_of_assignment(hazard: Hazard) -> None:
    """Tell whoever is to put it right that it is theirs, or has another deadline or grade."""
    due = _time(hazard)
    said = "A {grade} hazard at {place} is yours to put right by {due}.", "{place}{grade}由贵单位整改，期限 {due}。"
    await _tell(hazard, HAZARD_ASSIGNED, f"assigned {hazard.version}", said, due, [hazard.organisation_id])


async def tell_of_return(hazard: Hazard) -> None:
    """Tell whoever put it right that it is still there."""
    due = _time(hazard)
    said = "A {grade} hazard at {place} is still there; it was due by {due}.", "{place}{grade}仍未消除，整改期限 {due}。"
    await _tell(hazard, HAZARD_ASSIGNED, f"returned {hazard.version}", said, due, [hazard.organisation_id])


async def tell_of_climb(hazard: Hazard) -> None:
    """Tell the level to which a late hazard has climbed: of one whose company has left, whoever handles the compound now.

    Of a major one, whoever handles the compound hears by its alert, which is MAJOR too, and is not told twice.
    """
    due, level = _time(hazard), hazard.level or DeadlineLevel.COMPANY
    again = hazard.state is HazardState.RECTIFIED
    said = (
        ("A {grade} hazard at {place} was to be looked at again by {due}.", "{place}{grade}应于 {due} 前复查，至今未复查。")
        if again
        else ("A {grade} hazard at {place} was to be put right by {due}.", "{place}{grade}应于 {due} 前整改，至今未整改。")
    )
    if level is DeadlineLevel.COMPANY:
        handling, owner = await handling_organisation(hazard.compound_id, today()), hazard.organisation_id
        if owner is None or not await may_do(owner, hazard.compound_id, today()):
            owner = handling
        told = {owner} - ({handling} if hazard.grade in GRAVE else set[str | None]())
    else:
        told = {await _office(hazard, level)}
    await _tell(hazard, HAZARD_ESCALATED, f"{level} {hazard.waits_until.isoformat()}", said, due, told)


async def _office(hazard: Hazard, level: DeadlineLevel) -> str | None:
    return (await those_around(hazard.compound_id, today())).get(_OFFICES[level])


def _time(hazard: Hazard) -> str:
    return f"{hazard.waits_until.astimezone(zone()):%Y-%m-%d %H:%M}"


async def _tell(
    hazard: Hazard, type_: str, topic: str, said: tuple[str, str], due: str, organisations: Iterable[str | None]
) -> None:
    told = [each for each in sorted({each for each in organisations if each}) if await may_do(each, hazard.compound_id, today())]
    if not told:  # what was in hand of an organisation that has left is nothing to it: see ``hand_over``
        return
    compound = await Compound.get(id=hazard.compound_id)
    called = [account for each in told for account in await on_duty(each, compound.id)]
    (row,) = await query(_PLACE, compound.id, hazard.building_id, hazard.facility_id)
    facts = {"place": row["place"], "due": due}
    data: dict[str, Any] = {
        "hazard": {
            "id": hazard.id,
            "grade": hazard.grade,
            "state": hazard.state,
            "dueAt": hazard.waits_until.astimezone(zone()).isoformat(),
            "level": hazard.level,
            "facilityId": hazard.facility_id,
            "organisationId": hazard.organisation_id,
        },
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": Text(
            said[0].format(grade=hazard.grade.lower(), **facts), said[1].format(grade=hazard.grade.zh, **facts)
        ).both(),
    }
    await announce(
        Announcement(
            type=type_,
            topic=f"{hazard.id} {topic}",
            data=data,
            street_id=hazard.street_id,
            compound_id=compound.id,
            severity=Severity.MAJOR if hazard.grade in GRAVE or type_ == HAZARD_ESCALATED else None,
            organisations=frozenset(told),
            accounts=frozenset(called),
        )
    )
