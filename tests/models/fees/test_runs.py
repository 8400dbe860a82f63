"""Bill runs: what a preview says is what is billed, once, whatever breaks off; and it can all be taken back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.bill_runs import BillRunState
from domain.bills import BillState
from domain.charges import ChargeFault, ExemptionReason, FeeKind
from domain.jobs import JobState
from domain.refusals import RefusalCode
from domain.territory import HomeUse
from models import (
    Bill,
    BillLine,
    BillRun,
    BillRunFault,
    BillRunItem,
    FeeAssignment,
    Job,
    JournalEntry,
    Unit,
)
from models.bill_runs import cancel, correct_bill, preview, reverse, start, stepping
from models.calendar import today
from models.connection import query
from models.fees import add_meter, assign, assign_all, end_assignment, read_meter, set_shared_cost
from models.jobs import end
from models.ledger import close_month
from tests.builders import a_home
from tests.models.ticket_world import refusal

from .world import BEGAN, MONTH, a_fee_world, an_item, billed, common_power, in_one, sums, taken_back, water, went_on

pytestmark = pytest.mark.usefixtures("database")
D = Decimal


async def test_a_preview_issues_nothing_and_the_run_bills_what_it_said() -> None:
    world = await a_fee_world()
    books = world.books
    run = await went_on(await preview(books.cashier, books.book.id, MONTH))
    assert (run.state, run.homes, run.bills, run.total) == (BillRunState.PREVIEWED, 3, 3, D("496.74"))
    assert not await Bill.exists()
    assert run.examples[0]["lines"][0]["amount"] == "165.58"
    run = await went_on(await start(books.manager, run.id))
    assert (run.state, run.bills, run.total) == (BillRunState.DONE, 3, D("496.74"))
    bills = await Bill.filter(run_id=run.id).order_by("number")
    assert [(bill.total, bill.due_on - bill.issued_on) for bill in bills] == [(D("165.58"), timedelta(days=15))] * 3
    (figures,) = await BillRunItem.filter(run_id=run.id)
    assert (figures.homes, figures.amount, figures.already) == (3, D("496.74"), 0)
    job = await Job.get(id=run.job_id)
    assert (job.state, job.done, job.total, job.errors) == (JobState.DONE, 3, 3, 0)
    assert await sums(books) == {"RECEIVABLE": D("496.74"), "SERVICE_INCOME": D("-496.74")}


async def test_no_home_is_billed_twice_for_an_item_and_a_month() -> None:
    world = await a_fee_world()
    await billed(world.books)
    run, bills = await billed(world.books)
    assert (run.bills, bills) == (0, [])
    assert [(item.homes, item.already) for item in await BillRunItem.filter(run_id=run.id)] == [(0, 3)]
    home = await a_home(await Unit.get(id=world.books.homes[0].unit_id))
    await assign(world.books.cashier, world.service.id, [home.id])
    _, (late,) = await billed(world.books)
    assert late.home_id == home.id


async def test_a_run_that_is_broken_off_half_way_goes_on_and_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    world = await a_fee_world()
    books = world.books
    monkeypatch.setattr(stepping, "HOMES_AT_ONCE", 1)
    run = await went_on(await preview(books.cashier, books.book.id, MONTH))
    run = await start(books.manager, run.id)
    assert await in_one(run.id)
    with monkeypatch.context() as broken:
        broken.setattr(stepping, "_count", _breaks)
        with pytest.raises(ZeroDivisionError):
            await in_one(run.id)
    assert await Bill.all().count() == 1
    await asyncio.gather(*(in_one(run.id) for _ in range(5)))
    run = await went_on(run)
    assert (run.state, run.homes, run.bills) == (BillRunState.DONE, 3, 3)
    assert [bill.number for bill in await Bill.all().order_by("number")] == [1, 2, 3]
    assert (await Job.get(id=run.job_id)).done == 3
    assert await sums(books) == {"RECEIVABLE": D("496.74"), "SERVICE_INCOME": D("-496.74")}


async def _breaks(*_: object) -> None:
    raise ZeroDivisionError


async def test_faults_leave_the_item_out_and_a_later_run_bills_it_when_they_are_mended() -> None:
    world = await a_fee_world()
    books, (one, two, three) = world.books, world.books.homes
    item, power = await water(books), await common_power(books)
    for each in (item, power):
        await assign_all(books.cashier, each.id, list(HomeUse))
    meters = [await add_meter(books.cashier, item.id, home.id, code=home.id, digits=5, started_on=BEGAN) for home in (one, two)]
    await read_meter(books.cashier, meters[0].id, D(10), read_on=today())
    run, bills = await billed(books)
    faults = {(fault.home_id, fault.fault) for fault in await BillRunFault.filter(run_id=run.id, fee_item_id=item.id)}
    assert faults == {(two.id, ChargeFault.NO_READING), (three.id, ChargeFault.NO_METER)}
    assert await BillRunFault.filter(run_id=run.id, fault=ChargeFault.NO_COST).count() == 3
    assert sorted(bill.total for bill in bills) == [D("165.58"), D("165.58"), D("205.58")]
    await set_shared_cost(books.manager, power.id, MONTH, D("100.00"), note="Power of the lifts")
    _, again = await billed(books)
    assert sorted(bill.total for bill in again) == [D("33.33"), D("33.33"), D("33.34")]
    no = await refusal(set_shared_cost(books.manager, power.id, MONTH, D("90.00"), note="Less"))
    assert (no.code, no.path) == (RefusalCode.ILLEGAL_MOVE, ("month",))
    no = await refusal(read_meter(books.cashier, meters[0].id, D(12), read_on=today()))
    assert no.path == ("read_on",)


async def test_a_run_is_taken_back_but_for_what_was_paid_and_can_be_billed_again() -> None:
    world = await a_fee_world()
    run, bills = await billed(world.books)
    await query("UPDATE bill SET paid = 5 WHERE id = $1", bills[0].id)
    run = await taken_back(await reverse(world.books.manager, run.id, "The wrong price"))
    assert (run.state, run.bills) == (BillRunState.REVERSED, 1)
    assert [bill.state for bill in await Bill.all().order_by("number")] == [
        BillState.PART_PAID,
        BillState.CREDITED,
        BillState.CREDITED,
    ]
    assert (await Job.get(id=run.job_id)).errors == 1
    assert await sums(world.books) == {"RECEIVABLE": D("165.58"), "SERVICE_INCOME": D("-165.58")}
    _, again = await billed(world.books)
    assert {bill.home_id for bill in again} == {bill.home_id for bill in bills[1:]}
    run = await taken_back(await reverse(world.books.manager, run.id, "The rest"))
    assert run.bills == 1
    assert await JournalEntry.all().count() == 3


async def test_a_bill_is_corrected_by_what_is_known_of_the_home_now() -> None:
    world = await a_fee_world()
    books = world.books
    _, (bill, other, _) = await billed(books)
    part = await FeeAssignment.get(home_id=bill.home_id)
    await end_assignment(books.cashier, part.id, ends_on=MONTH - timedelta(days=1))
    await assign(books.cashier, world.service.id, [bill.home_id], starts_on=MONTH, discount=D(50))
    anew = await correct_bill(books.manager, bill.id, "Half was agreed")
    assert (anew.corrects_id, anew.total, anew.due_on) == (bill.id, D("82.79"), bill.due_on)
    assert (await Bill.get(id=bill.id)).state is BillState.CREDITED
    part = await FeeAssignment.get(home_id=other.home_id)
    await query("UPDATE fee_assignment SET exemption = $2 WHERE id = $1", part.id, ExemptionReason.HARDSHIP)
    gone = await correct_bill(books.manager, other.id, "It pays nothing")
    assert (gone.id, gone.state) == (other.id, BillState.CREDITED)
    for again in (bill, other):
        assert (await refusal(correct_bill(books.manager, again.id, "Once more"))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(correct_bill(books.cashier, anew.id, "No leader"))).code is RefusalCode.FORBIDDEN
    standing = await BillLine.filter(withdrawn=False)
    assert sum(line.amount for line in standing) == (await sums(books))["RECEIVABLE"]


async def test_runs_that_cannot_be_are_refused_and_one_is_at_work_at_a_time() -> None:
    world = await a_fee_world()
    books = world.books
    quarterly = await an_item(books, "Q1", FeeKind.AREA, months=3)
    month = MONTH if MONTH.month % 3 != 1 else MONTH.replace(month=MONTH.month + 1)
    in_vain: list[tuple[dict[str, Any], str]] = [
        ({"month": MONTH + timedelta(days=1)}, "month"),
        ({"month": (MONTH + timedelta(days=120)).replace(day=1)}, "month"),
        ({"month": MONTH, "due_on": today() - timedelta(days=1)}, "due_on"),
        ({"month": month, "item_ids": [quarterly.id]}, "item_ids"),
        ({"month": MONTH, "item_ids": []}, "item_ids"),
    ]
    for given, field in in_vain:
        no = await refusal(preview(books.cashier, books.book.id, **given))
        assert (no.code, no.path) == (RefusalCode.INVALID, (field,))
    run = await preview(books.cashier, books.book.id, MONTH)
    assert (await refusal(preview(books.cashier, books.book.id, MONTH))).code is RefusalCode.CONFLICT
    assert (await refusal(start(books.manager, run.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(start(books.cashier, run.id))).code is RefusalCode.FORBIDDEN
    assert (await refusal(preview(books.officer, books.book.id, MONTH))).code is RefusalCode.FORBIDDEN
    assert (await cancel(books.cashier, run.id)).state is BillRunState.CANCELLED
    assert not await in_one(run.id)
    run = await went_on(await preview(books.cashier, books.book.id, MONTH))
    no = await refusal(start(books.manager, run.id, expected_version=1))
    assert no.code is RefusalCode.STALE_VERSION
    assert (await refusal(reverse(books.manager, run.id, "Nothing yet"))).code is RefusalCode.ILLEGAL_MOVE


async def test_a_run_whose_month_was_closed_ends_and_says_why_and_what_is_left_over_is_billed_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await a_fee_world()
    books, before = world.books, MONTH - timedelta(days=1)
    run = await went_on(await preview(books.cashier, books.book.id, MONTH, issued_on=before))
    await start(books.manager, run.id)
    await close_month(books.manager, books.book.id, before)
    run = await went_on(run)
    job = await Job.get(id=run.job_id)
    assert (run.state, run.bills, job.state, job.done) == (BillRunState.PREVIEWED, 0, JobState.FAILED, 0)
    assert job.message["en"] == f"{before:%Y-%m} is closed."
    assert (await refusal(start(books.manager, run.id))).code is RefusalCode.ILLEGAL_MOVE
    no = await refusal(preview(books.cashier, books.book.id, MONTH, issued_on=before))
    assert (no.code, no.path) == (RefusalCode.ILLEGAL_MOVE, ("issued_on",))
    monkeypatch.setattr("models.bill_runs.stepping.HOMES_AT_ONCE", 1)
    run = await went_on(await preview(books.cashier, books.book.id, MONTH))
    await start(books.manager, run.id)
    await in_one(run.id)
    await end((await BillRun.get(id=run.id)).job_id or "", state=JobState.FAILED)
    run = await went_on(run)
    assert (run.state, run.bills) == (BillRunState.DONE, 1)
    rest, bills = await billed(books)
    assert (rest.bills, len(bills)) == (2, 2)
    run = await taken_back(await reverse(books.manager, run.id, "The wrong price"))
    assert (run.state, run.bills, run.total) == (BillRunState.REVERSED, 0, D(0))
