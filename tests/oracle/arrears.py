"""Arrears: several of a home by several books, days that are the same, amounts at the edge, and words that break quoting."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import models
from domain.arrears.cases import CaseState, DeliveryWay
from domain.arrears.disputes import DisputeReason, DisputeState
from domain.arrears.instalments import PlanState
from domain.arrears.ladder import ReminderKind

from .hostile import MOMENTS, Making

_DAYS = [date(2024, 2, 29), date(2024, 2, 29), date(2024, 12, 31)]
_SUMS = [Decimal("0.01"), Decimal("10.00"), Decimal("999999999999.99")]
_FIRST, _LAST, _BIG = date(2024, 2, 1), date(2999, 12, 31), 2147483647


async def fill_arrears(m: Making) -> None:
    """For each book a ladder and terms, and for some of its bills whatever there can be."""
    accounts: Any = await models.Account.all().order_by("id").limit(9).values_list("id", flat=True)
    for book in await models.Book.all().order_by("id"):
        place: dict[str, Any] = {"book_id": book.id, "compound_id": book.compound_id}
        place |= {"organisation_id": book.organisation_id, "street_id": book.street_id}
        await models.ReminderLadder.create(
            id=m.id(models.ReminderLadder), steps=m.of([[], [{"kind": m.text()}]]), running=False, set_at=m.moment(), **place
        )
        for n in range(m.of([1, 2])):
            figures = {
                "per_day": Decimal("0.00000001"),
                "cap": m.of([Decimal("0.0001"), Decimal(1)]),
                "grace_days": m.of([0, _BIG]),
            }
            days = {"starts_on": date(2020 + n, 2, 28), "ends_on": date(2020 + n, 3, 1)}
            await models.LateFeeTerms.create(id=m.id(models.LateFeeTerms), contract_number=m.code(60), **figures, **days, **place)
        for bill in await models.Bill.filter(book_id=book.id).order_by("id").limit(4):
            of_home = {"home_id": bill.home_id, **place}
            await _case(m, of_home, accounts)
            await _agreed(m, bill, of_home, accounts)


async def _case(m: Making, of_home: dict[str, Any], accounts: Any) -> None:
    for _ in range(m.of([1, 2])):
        sent: dict[str, Any] = {"step": m.of([1, _BIG]), "sent_on": _FIRST, "pay_by": m.of([_FIRST, _LAST])}
        state: dict[str, Any] = {"state": CaseState.CLOSED, "opened_on": m.of(_DAYS), "closed_on": m.of(_DAYS)}
        case = await models.ArrearsCase.create(id=m.id(models.ArrearsCase), **state, **m.of([sent, {}]), **of_home)
        for step in range(1, m.of([1, 4])):
            paper = {"delivered_way": m.of(DeliveryWay), "delivered_on": m.of(_DAYS), "slip": m.code(60)}
            await models.Reminder.create(
                id=m.id(models.Reminder),
                kind=m.of(ReminderKind),
                step=step,
                amount=m.of(_SUMS),
                bill_count=m.of([1, _BIG]),
                oldest_due_on=m.of(_DAYS),
                pay_by=m.of(_DAYS),
                sent_at=m.of(MOMENTS),
                message=m.words(),
                bills=m.of([[], [m.json()]]),
                case_id=case.id,
                **m.of([paper, {}]),
                **of_home,
            )
        await models.CourtFile.create(
            id=m.id(models.CourtFile),
            made_at=m.of(MOMENTS),
            amount=m.of(_SUMS),
            bill_count=m.of([1, _BIG]),
            document=m.text(),
            sha256=m.text(64),
            case_id=case.id,
            made_by_id=m.of(accounts),
            **of_home,
        )


async def _agreed(m: Making, bill: models.Bill, of_home: dict[str, Any], accounts: Any) -> None:
    over: dict[str, Any] = {"state": m.of([PlanState.KEPT, PlanState.BROKEN]), "ended_on": m.of(_DAYS)}
    plan = await models.InstalmentPlan.create(
        id=m.id(models.InstalmentPlan),
        agreed_on=m.of(_DAYS),
        total=m.of(_SUMS),
        paid=m.of([Decimal(0), *_SUMS]),
        parts=m.of([2, _BIG]),
        bill_ids=m.of([[], [m.text()]]),
        **over,
        **of_home,
    )
    own = {name: of_home[name] for name in ("home_id", "organisation_id", "street_id")}
    for number in range(1, m.of([1, 3])):
        part = {"number": number, "due_on": m.of(_DAYS), "amount": m.of(_SUMS), "plan_id": plan.id}
        await models.Instalment.create(id=m.id(models.Instalment), **part, **own)
    upheld: dict[str, Any] = {"state": DisputeState.UPHELD, "credited": m.of(_SUMS), "closed_at": m.moment()}
    for settled in m.of([[upheld], [upheld, {"state": DisputeState.OPEN}]]):
        await models.BillDispute.create(
            id=m.id(models.BillDispute),
            reason=m.of(DisputeReason),
            text=m.text(1000),
            opened_at=m.of(MOMENTS),
            answer=m.text(1000),
            answered_at=m.maybe(MOMENTS),
            bill_id=bill.id,
            opened_by_id=m.of(accounts),
            **settled,
            **of_home,
        )
    for until in set(_DAYS):
        late = {"until": until, "days": m.of([1, _BIG]), "amount": m.of(_SUMS), "bill_id": bill.id, "late_bill_id": bill.id}
        await models.LateFeeCharge.create(id=m.id(models.LateFeeCharge), **late, **own, book_id=of_home["book_id"])
