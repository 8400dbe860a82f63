"""What people think of it, and who is asked."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.refusals import RefusalCode
from domain.tickets import TicketState
from domain.tickets.satisfaction import CallBackOutcome, CallBackState, RatingReason
from models import (
    CallBack,
    Fact,
    Ticket,
    TicketRating,
    tickets,
)
from models.calendar import now, today
from settings import Settings
from tests.builders import a_ticket
from tests.models.ticket_world import World, refusal, somebody

from .desk import opened

pytestmark = pytest.mark.usefixtures("database")


async def test_a_reporter_rates_the_work_once_and_nobody_else_does(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await opened(resident, world)
    assert (await refusal(tickets.rate(resident, ticket.id, 5))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.start(world.manager, (await tickets.accept(world.manager, ticket.id)).id)
    await tickets.resolve(world.manager, ticket.id)
    for given, field in (
        ({"score": 2}, "reasons"),
        ({"score": 6}, "score"),
        ({"score": 3, "reasons": [RatingReason.OTHER]}, "note"),
    ):
        assert (await refusal(tickets.rate(resident, ticket.id, **given))).path == (field,)
    assert (await refusal(tickets.rate(world.manager, ticket.id, 5))).code is RefusalCode.FORBIDDEN
    neighbour = await somebody(Role.RESIDENT, home=world.home)
    assert (await refusal(tickets.rate(neighbour, ticket.id, 5))).code is RefusalCode.NOT_FOUND
    reasons = [RatingReason.SLOW, RatingReason.NOT_SOLVED, RatingReason.SLOW]
    rating = await tickets.rate(resident, ticket.id, 1, reasons=reasons, note="Still dark.")
    assert (rating.reasons, rating.organisation_id) == (["SLOW", "NOT_SOLVED"], world.company.id)
    assert (await refusal(tickets.rate(resident, ticket.id, 5))).code is RefusalCode.CONFLICT
    fact = await Fact.get(subject_id=ticket.id, action="ticketRate")
    assert "Still dark." not in str(fact.after)


async def test_what_was_done_too_long_ago_is_not_opened_again(world: World, database: Settings):
    done = datetime.now(UTC) - timedelta(days=database.ticket_reopen_days, minutes=1)
    late = await a_ticket(world.compound, state=TicketState.CLOSED, opened_at=done - timedelta(hours=1), closed_at=done)
    just = await a_ticket(
        world.compound, state=TicketState.CLOSED, opened_at=done - timedelta(hours=1), closed_at=done + timedelta(minutes=5)
    )
    refused = await refusal(tickets.reopen(world.manager, late.id))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    assert "new ticket" in refused.hint.en
    assert (await tickets.reopen(world.manager, just.id)).reopened_count == 1


async def test_the_day_s_sample_is_drawn_once_and_the_dissatisfied_are_always_of_it(world: World):
    resident = (await somebody(Role.RESIDENT, home=world.home)).account_id
    yesterday = today() - timedelta(days=1)
    noon = datetime(yesterday.year, yesterday.month, yesterday.day, 4, tzinfo=UTC)
    closed = {"state": TicketState.CLOSED, "opened_at": noon - timedelta(hours=2), "closed_at": noon, "opened_by_id": resident}
    made = [await a_ticket(world.compound, **closed) for _ in range(20)]
    await a_ticket(world.compound, **(closed | {"opened_by_id": None}))
    low = {"score": 2, "reasons": ["SLOW"], "rated_at": noon, "ticket_id": made[7].id}
    await TicketRating.create(**low, compound_id=world.compound.id, street_id=world.street.id)
    assert await tickets.draw(today(), 10) == 3
    assert await tickets.draw(today(), 100) == 0
    called = await CallBack.all().values_list("ticket_id", flat=True)
    assert made[7].id in called
    assert set(called) <= {ticket.id for ticket in made}


async def test_what_was_rated_badly_after_the_draw_is_called_back_too_and_machines_and_desks_are_not(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    machine = await somebody(Role.INTEGRATION, organisation=world.company)
    made = [await opened(resident, world) for _ in range(3)]
    passed_on, own = await opened(machine, world, case_number="CQ-9"), await opened(world.manager, world)
    phoned = await opened(world.manager, world)
    number = {"contact_phone_masked": "023****1234", "contact_phone_sealed": b"1", "contact_phone_index": b"1"}
    await Ticket.filter(id=phoned.id).update(**number)
    moment = now()
    await Ticket.all().update(state=TicketState.CLOSED, accepted_at=moment, resolved_at=moment, closed_at=moment)
    tomorrow = today() + timedelta(days=1)
    assert await tickets.draw(tomorrow, 1) == 1
    first = await CallBack.get()
    late = next(ticket for ticket in made if ticket.id != first.ticket_id)
    await tickets.rate(resident, late.id, 1, reasons=[RatingReason.NOT_SOLVED])
    assert await tickets.draw(tomorrow, 1) == 1
    assert await tickets.draw(tomorrow, 1) == 0
    assert await CallBack.exists(ticket_id=late.id)
    await CallBack.all().delete()
    await tickets.draw(tomorrow, 100)
    called = set(await CallBack.all().values_list("ticket_id", flat=True))
    assert called == {*(ticket.id for ticket in made), phoned.id}
    assert not called & {passed_on.id, own.id}


async def test_who_is_called_back_is_asked_once_and_looked_for_three_times(world: World):
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    ticket = await a_ticket(world.compound, state=TicketState.CLOSED)
    place = {"ticket_id": ticket.id, "compound_id": world.compound.id, "street_id": world.street.id, "closed_on": today()}
    call = await CallBack.create(state=CallBackState.DUE, **place)
    assert (await refusal(tickets.record_call(world.manager, call.id, CallBackOutcome.SATISFIED))).code is RefusalCode.FORBIDDEN
    refused = await refusal(tickets.record_call(clerk, call.id, CallBackOutcome.NOT_REACHED, score=5))
    assert refused.path == ("score",)
    for state in (CallBackState.DUE, CallBackState.DUE, CallBackState.DONE):
        assert (await tickets.record_call(clerk, call.id, CallBackOutcome.NOT_REACHED)).state is state
    again = tickets.record_call(clerk, call.id, CallBackOutcome.SATISFIED, score=5)
    assert (await refusal(again)).code is RefusalCode.ILLEGAL_MOVE


async def test_nobody_calls_about_what_was_opened_again_until_it_is_closed_once_more(world: World):
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await a_ticket(world.compound, state=TicketState.CLOSED, opened_by_id=resident.account_id)
    place = {"ticket_id": ticket.id, "compound_id": world.compound.id, "street_id": world.street.id}
    before = {"closed_on": today() - timedelta(days=1), "outcome": CallBackOutcome.SATISFIED, "attempts": 1}
    done = await CallBack.create(state=CallBackState.DONE, **before, **place)
    due = await CallBack.create(state=CallBackState.DUE, closed_on=today(), **place)
    await tickets.reopen(resident, ticket.id)
    assert (await CallBack.get(id=due.id)).state is CallBackState.WITHDRAWN
    assert (await CallBack.get(id=done.id)).state is CallBackState.DONE
    refused = await refusal(tickets.record_call(clerk, due.id, CallBackOutcome.SATISFIED))
    assert (refused.code, refused.message.zh) == (RefusalCode.ILLEGAL_MOVE, "该回访已撤回。")
    tomorrow = today() + timedelta(days=1)
    moment = datetime.combine(tomorrow, datetime.min.time(), tzinfo=UTC)
    times = {"accepted_at": moment, "resolved_at": moment, "closed_at": moment}
    await Ticket.filter(id=ticket.id).update(state=TicketState.CLOSED, **times)
    assert await tickets.draw(tomorrow + timedelta(days=1), 100) == 1
