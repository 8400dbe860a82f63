"""Complaints: late answers wake nobody twice; what many homes say is told without naming one, class by class, and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from domain.access import Role
from domain.alerts import AlertState, Severity
from domain.deadlines import Goal
from domain.tickets import TicketKind, TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.satisfaction import CallBackOutcome, CallBackState
from models import Alert, AlertCare, CallBack, ComplaintCluster, Compound, Home, Ticket, TicketRating
from models.alerts import set_threshold
from models.facts import Actor
from tasks.steward import complaints
from tests.builders import a_building, a_compound, a_home, a_ticket, a_unit, an_account

from .test_repairs import late

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLUSTER, DISSATISFIED = "complaints.cluster", "complaints.dissatisfied"
SYSTEM = Actor("system:test")


async def homes(compound: Compound, count: int) -> list[Home]:
    unit = await a_unit(await a_building(compound))
    return [await a_home(unit) for _ in range(count)]


async def complained(compound: Compound, home: Home | None, *, hours: float = 1, **columns: Any) -> Ticket:
    given = {"kind": TicketKind.COMPLAINT, "category": TicketCategory.PARKING, "home_id": home and home.id}
    return await a_ticket(compound, **(given | {"opened_at": NOW - hours * HOUR} | columns))


async def found(now: datetime = NOW) -> dict[str, int]:
    """Of each class that many complain of: of how many homes."""
    await complaints.find_clusters(now)
    alerts = {alert.subject_id: alert for alert in await Alert.filter(rule=CLUSTER, state=AlertState.OPEN)}
    clusters = await ComplaintCluster.filter(id__in=list(alerts))
    return {cluster.category: int(alerts[cluster.id].reading["value"]) for cluster in clusters}


async def test_late_replies_and_closings_are_quiet_alerts_of_what_is_no_repair() -> None:
    reply, closing = await late(Goal.FIRST_REPLY, kind=TicketKind.ENQUIRY), await late(Goal.CLOSE, kind=TicketKind.COMPLAINT)
    await late(Goal.CLOSE)
    await late(Goal.ACCEPT, kind=TicketKind.COMPLAINT)
    await complaints.find_late(NOW)
    assert {alert.rule: alert.subject_id for alert in await Alert.all()} == {
        "complaints.reply_late": reply.id,
        "complaints.closing_late": closing.id,
    }
    assert set(await AlertCare.all().values_list("standing", flat=True)) == {"QUIET"}


async def test_three_homes_that_complain_of_the_same_are_a_cluster_and_two_or_one_home_thrice_are_none() -> None:
    compound = await a_compound()
    first, second, third = await homes(compound, 3)
    for home in (first, first, first, second, None):
        await complained(compound, home)
    await complained(compound, third, category=TicketCategory.CHARGES)
    await complained(compound, third, kind=TicketKind.SUGGESTION)
    await complained(compound, third, state=TicketState.CANCELLED)
    await complained(await a_compound(), third)
    await complained(compound, third, category=None)
    await complained(compound, third, hours=200)
    assert await found() == {}
    await complained(compound, third)
    assert await found() == {TicketCategory.PARKING: 3}
    assert await Alert.filter(rule=CLUSTER).count() == 1


async def test_a_resident_who_names_no_home_speaks_for_their_own_and_the_desk_for_none() -> None:
    compound = await a_compound()
    first, second, third = await homes(compound, 3)
    people = [await an_account(Role.RESIDENT, home=home) for home in (first, second, second, third)]
    elsewhere = (await homes(await a_compound(), 1))[0]
    people.append(await an_account(Role.RESIDENT, home=elsewhere))
    for person in (people[0], people[1], people[2], people[4]):
        await complained(compound, None, opened_by_id=person.id, source=TicketSource.RESIDENT)
    await complained(compound, first, opened_by_id=people[0].id, source=TicketSource.RESIDENT)
    await complained(compound, None, opened_by_id=people[3].id, source=TicketSource.STAFF)
    assert await found() == {}
    await complained(compound, None, opened_by_id=people[3].id, source=TicketSource.QR)
    assert await found() == {TicketCategory.PARKING: 3}


async def test_each_class_is_a_cluster_of_its_own_and_names_no_home() -> None:
    compound = await a_compound()
    for category in (TicketCategory.PARKING, TicketCategory.NEIGHBOURS):
        for home in await homes(compound, 3):
            await complained(compound, home, category=category)
    for _ in range(2):
        assert await found() == {TicketCategory.PARKING: 3, TicketCategory.NEIGHBOURS: 3}
    known = orjson.dumps([[alert.message, alert.reading, alert.subject_id] for alert in await Alert.all()]).decode()
    for ticket in await Ticket.all():
        for told in (ticket.id, ticket.number, ticket.title, ticket.home_id or "-"):
            assert told not in known
    assert {alert.facility_id for alert in await Alert.all()} == {None}


async def test_a_cluster_grows_worse_and_ends_when_the_homes_agree_that_it_is_done() -> None:
    compound = await a_compound()
    for home in await homes(compound, 4):
        await complained(compound, home)
    await set_threshold(SYSTEM, CLUSTER, {"many_homes": 5}, compound)
    assert await found() == {TicketCategory.PARKING: 4}
    for home in await homes(compound, 1):
        await complained(compound, home)
    await found()
    assert (await Alert.get()).severity is Severity.MAJOR
    for ticket in (await Ticket.all())[:3]:
        done = {"accepted_at": NOW, "resolved_at": NOW, "closed_at": NOW}
        await Ticket.filter(id=ticket.id).update(state=TicketState.CLOSED, **done)
    assert await found() == {}
    assert (await Alert.get()).state is AlertState.CLEARED


async def test_the_window_is_a_figure_and_a_cluster_out_of_it_is_over() -> None:
    compound = await a_compound()
    for home in await homes(compound, 3):
        await complained(compound, home, hours=50)
    assert await found() == {TicketCategory.PARKING: 3}
    await set_threshold(SYSTEM, CLUSTER, {"window_hours": 48}, compound)
    assert await found() == {}


async def rated(compound: Compound, *scores: int, days: float = 1) -> list[Ticket]:
    made: list[Ticket] = []
    for score in scores:
        ticket = await a_ticket(compound, state=TicketState.CLOSED)
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        await TicketRating.create(score=score, rated_at=NOW - days * DAY, ticket_id=ticket.id, **place)
        made.append(ticket)
    return made


async def called(ticket: Ticket, outcome: CallBackOutcome) -> None:
    place = {"compound_id": ticket.compound_id, "street_id": ticket.street_id, "ticket_id": ticket.id}
    done = {"state": CallBackState.DONE, "attempts": 1, "called_at": NOW - HOUR, "outcome": outcome}
    await CallBack.create(closed_on=NOW.date(), **done, **place)


async def unhappy() -> set[str]:
    await complaints.find_dissatisfied(NOW)
    return {alert.subject_id for alert in await Alert.filter(rule=DISSATISFIED, state=AlertState.OPEN)}


async def test_where_many_are_not_content_is_told_of_the_compound() -> None:
    low, fine, few = await a_compound(), await a_compound(), await a_compound()
    await rated(low, 1, 2, 5, 5, 5)
    await rated(fine, 1, 5, 5, 5, 5)
    await rated(few, 1, 1, 1, 1)
    await rated(few, 1, days=40)
    assert await unhappy() == {low.id}
    assert (await Alert.get()).reading["value"] == 40
    await rated(low, 5, 5, 5)
    assert await unhappy() == {low.id}, "25 % is within the margin"
    await rated(low, 4)
    assert await unhappy() == set()


async def test_who_says_so_on_the_phone_counts_as_much_and_once() -> None:
    compound = await a_compound()
    pleased = await rated(compound, 5, 5, 5, 5, 2)
    assert await unhappy() == set()
    await called(pleased[0], CallBackOutcome.DISSATISFIED)
    assert await unhappy() == {compound.id}
    await called(pleased[1], CallBackOutcome.NOT_REACHED)
    await called(pleased[4], CallBackOutcome.SATISFIED)
    assert await unhappy() == {compound.id}
