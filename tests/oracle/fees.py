"""Charging: prices of many decimals, bills at the edge, credit notes of one day, and homes that several books bill."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import models
from domain.bill_runs import AT_WORK, BillRunState
from domain.bills import BillKind, CreditKind, FeeUnit
from domain.charges import ChargeFault, ExemptionReason, FeeBasis, FeeKind, ShareBy, TierBasis
from domain.ledger import AccountCode
from domain.money import Rounding

from .hostile import MOMENTS, Making

_DAYS = [date(2024, 2, 29), date(2024, 2, 29), date(2024, 12, 31)]
_TOTALS = [Decimal("0.01"), Decimal("10.00"), Decimal("999999999999.99")]
_FIRST, _LAST = date(2024, 2, 1), date(2024, 2, 29)
_BIG = 2147483647


async def fill_fees(m: Making, homes: list[models.Home]) -> None:
    """In each book some items, a run, and bills of some homes."""
    for book in await models.Book.all().order_by("id"):
        place: dict[str, Any] = {"compound_id": book.compound_id, "organisation_id": book.organisation_id}
        place["street_id"] = book.street_id
        near = [home for home in homes if home.compound_id == book.compound_id]
        items = [await _item(m, book, place) for _ in range(m.of([1, 3]))]
        run = await _run(m, book, place)
        for item in items:
            of_item = {"fee_item_id": item.id, **place}
            figures: dict[str, Any] = {"homes": m.of([0, _BIG]), "amount": m.of([Decimal(0), *_TOTALS])}
            await models.BillRunItem.create(
                id=m.id(models.BillRunItem), period_from=_FIRST, period_to=_LAST, run_id=run.id, **figures, **of_item
            )
            for home in near[: m.of([0, 2])]:
                fault: dict[str, Any] = {"fault": m.of(ChargeFault), "run_id": run.id, "home_id": home.id}
                await models.BillRunFault.create(id=m.id(models.BillRunFault), **fault, **of_item)
                await _at_home(m, book, of_item | {"home_id": home.id})
        for home in near:
            before: str | None = None
            for _ in range(m.of([0, 1, 2])):
                before = await _bill(m, book, place | {"home_id": home.id}, m.maybe([run.id]), before)


async def _item(m: Making, book: models.Book, place: dict[str, Any]) -> models.FeeItem:
    kind = m.of(FeeKind)
    item = await models.FeeItem.create(
        id=m.id(models.FeeItem),
        code=m.code(20),
        name=m.text(),
        kind=kind,
        account=m.of(AccountCode),
        unit=m.of(FeeUnit),
        months=m.of([1, 12]),
        rounding=m.of(Rounding),
        share_by=m.of(ShareBy) if kind is FeeKind.SHARED else None,
        tier_basis=m.of(TierBasis),
        starts_on=_FIRST,
        ended_on=m.maybe(_DAYS),
        book_id=book.id,
        **place,
    )
    for starts_on in {m.of(_DAYS), m.of(_DAYS)}:
        await models.FeePrice.create(
            id=m.id(models.FeePrice),
            starts_on=starts_on,
            price=m.of([Decimal(0), Decimal("0.000001"), Decimal("99999999.999999")]),
            tiers=m.of([[], [{"upto": "1.0", "price": "1E-6"}, {"upto": None, "price": m.text()}]]),
            basis=m.of(FeeBasis),
            basis_number=m.text(),
            basis_on=_FIRST,
            fee_item_id=item.id,
            **place,
        )
    cost: dict[str, Any] = {
        "period_from": _FIRST,
        "period_to": _LAST,
        "amount": m.of(_TOTALS),
        "note": m.text(200),
        "fee_item_id": item.id,
    }
    await models.SharedCost.create(id=m.id(models.SharedCost), **cost, **place)
    return item


async def _at_home(m: Making, book: models.Book, of_home: dict[str, Any]) -> None:
    await models.FeeAssignment.create(
        id=m.id(models.FeeAssignment),
        starts_on=m.of(_DAYS),
        ends_on=m.maybe([date(2999, 12, 31)]),
        quantity=m.of([Decimal("0.01"), Decimal("99999999.99")]),
        discount=m.of([Decimal(0), Decimal("33.33")]),
        exemption=m.maybe(ExemptionReason),
        book_id=book.id,
        **of_home,
    )
    meter = await models.Meter.create(
        id=m.id(models.Meter),
        code=m.code(),
        digits=m.of([3, 9]),
        ratio=m.of([Decimal("0.001"), Decimal(10)]),
        value=m.of([Decimal(0), Decimal("99999999999.999")]),
        charged=Decimal("0.000001"),
        started_on=_FIRST,
        ended_on=m.maybe(_DAYS),
        read_on=_LAST,
        book_id=book.id,
        **of_home,
    )
    for day in {m.of(_DAYS), m.of(_DAYS)}:
        value = m.maybe([Decimal(0), Decimal("0.001")])
        await models.MeterReading.create(
            id=m.id(models.MeterReading),
            read_on=day,
            value=value,
            used=m.of([Decimal(0), Decimal("0.100")]),
            estimated=value is None,
            rolled_over=value is not None and m.of([True, False]),
            meter_id=meter.id,
            **of_home,
        )


async def _run(m: Making, book: models.Book, place: dict[str, Any]) -> models.BillRun:
    return await models.BillRun.create(
        id=m.id(models.BillRun),
        month=_FIRST,
        state=m.of(set(BillRunState) - AT_WORK),
        item_ids=[],
        issued_on=_FIRST,
        due_on=_LAST,
        homes=m.of([0, _BIG]),
        total=m.of([Decimal(0), *_TOTALS]),
        examples=m.of([[], [m.json()]]),
        why=m.text(500),
        started_at=m.of(MOMENTS),
        ended_at=m.maybe(MOMENTS),
        started_by=m.text(),
        book_id=book.id,
        **place,
    )


async def _bill(m: Making, book: models.Book, of_home: dict[str, Any], run_id: str | None, before: str | None) -> str:
    total, day = m.of(_TOTALS), m.of(_DAYS)
    paid = m.of([Decimal(0), total])
    bill = await models.Bill.create(
        id=m.id(models.Bill),
        number=await models.Bill.filter(book_id=book.id).count() + 1,
        kind=m.of(BillKind),
        period_from=_FIRST,
        period_to=m.of(_DAYS),
        issued_on=day,
        due_on=day + timedelta(days=m.of([0, 9])),
        total=total,
        paid=paid,
        credited=total - paid if m.of([True, False]) else Decimal(0),
        run_id=run_id,
        corrects_id=before,
        book_id=book.id,
        **of_home,
    )
    line = await models.BillLine.create(
        id=m.id(models.BillLine),
        number=m.of([1, _BIG]),
        account=m.of(AccountCode),
        description=m.words(),
        period_from=_FIRST,
        period_to=_LAST,
        quantity=m.of([Decimal("0.0001"), Decimal(1)]),
        unit=m.of(FeeUnit),
        unit_price=m.of([Decimal("0.000001"), Decimal(0)]),
        factor=m.of([Decimal(1), Decimal("0.333333")]),
        amount=total,
        bill_id=bill.id,
        **of_home,
    )
    note = await models.CreditNote.create(
        id=m.id(models.CreditNote),
        number=await models.CreditNote.filter(book_id=book.id).count() + 1,
        kind=m.of(CreditKind),
        amount=total,
        why=m.text(500),
        issued_on=m.of(_DAYS),
        bill_id=bill.id,
        book_id=book.id,
        **of_home,
    )
    of_note: dict[str, Any] = {"amount": total, "credit_note_id": note.id, "bill_line_id": line.id}
    await models.CreditNoteLine.create(id=m.id(models.CreditNoteLine), **of_note, **of_home)
    return bill.id
