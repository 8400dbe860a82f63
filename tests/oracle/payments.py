"""Payments: amounts at the edge, ties of moments, what is in suspense and what went back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import models
from domain.payments import (
    BankFileState,
    BuyerKind,
    InvoiceState,
    MatchedBy,
    OrderState,
    PaymentMethod,
    Provider,
    ReceiptState,
    ReconciliationState,
    RefundState,
)

from .hostile import Making

_DAYS = [date(2024, 2, 29), date(2024, 2, 29), date(2024, 12, 31)]
_SUMS = [Decimal("0.01"), Decimal("10.00"), Decimal("999999999999.99")]
_BIG = 2147483647


async def fill_payments(m: Making) -> None:
    """In each book some payments of its bills' homes, and some of nobody's."""
    accounts: Any = await models.Account.all().order_by("id").limit(9).values_list("id", flat=True)
    for book in await models.Book.all().order_by("id"):
        place: dict[str, Any] = {"compound_id": book.compound_id, "organisation_id": book.organisation_id}
        place |= {"street_id": book.street_id, "book_id": book.id}
        bills = await models.Bill.filter(book_id=book.id).order_by("id").limit(3)
        merchant = await _merchant(m, place)
        total = m.of([Decimal(0), *_SUMS])
        await models.BankFile.create(
            id=m.id(models.BankFile),
            state=BankFileState.DONE,
            sha256=m.code(64),
            lines=_BIG,
            known=_BIG,
            total=total,
            waiting=[],
            entered_at=m.moment(),
            entered_by_id=m.of(accounts),
            **place,
        )
        for bill in bills:
            await _payment(m, bill, merchant, accounts, place | {"home_id": bill.home_id})


async def _merchant(m: Making, place: dict[str, Any]) -> models.PaymentMerchant:
    begun = m.moment()
    merchant = await models.PaymentMerchant.create(
        id=m.id(models.PaymentMerchant),
        provider=Provider.SANDBOX,
        number=m.code(40),
        secret=b"sealed",
        set_at=begun,
        ended_at=m.maybe([begun + timedelta(days=1)]),
        **place,
    )
    for day in {m.of(_DAYS), m.of(_DAYS)}:
        theirs = m.of([Decimal("-0.01"), *_SUMS])
        await models.Reconciliation.create(
            id=m.id(models.Reconciliation),
            day=day,
            state=ReconciliationState.DIFFERENT,
            their_count=_BIG,
            our_count=0,
            their_total=theirs,
            our_total=-theirs,
            differences=m.of([[], [m.json()]]),
            compared_at=m.moment(),
            merchant_id=merchant.id,
            **place,
        )
    return merchant


async def _payment(
    m: Making, bill: models.Bill, merchant: models.PaymentMerchant, accounts: Any, of_home: dict[str, Any]
) -> None:
    begun, amount = m.moment(), m.of(_SUMS)
    order = await models.PaymentOrder.create(
        id=m.id(models.PaymentOrder),
        state=m.of([OrderState.PAID, OrderState.EXPIRED]),
        amount=amount,
        bill_ids=[bill.id],
        pay_url=m.text(200),
        opened_at=begun,
        expires_at=begun + timedelta(minutes=30),
        ended_at=begun,
        opened_by_id=m.maybe(accounts),
        merchant_id=merchant.id,
        **of_home,
    )
    spent = m.of([Decimal(0), amount])
    payment = await models.Payment.create(
        id=m.id(models.Payment),
        method=PaymentMethod.ONLINE,
        matched_by=MatchedBy.GIVEN,
        amount=amount,
        refunded=spent,
        received_on=m.of(_DAYS),
        entered_at=m.moment(),
        reference=m.text(60),
        trade=m.code(60),
        order_id=order.id,
        merchant_id=merchant.id,
        entered_by_id=m.maybe(accounts),
        **of_home,
    )
    await models.Allocation.create(
        id=m.id(models.Allocation), amount=amount, made_at=m.moment(), payment_id=payment.id, bill_id=bill.id, **of_home
    )
    number = await models.Receipt.filter(organisation_id=of_home["organisation_id"]).count() + 1
    receipt = await models.Receipt.create(
        id=m.id(models.Receipt),
        number=number,
        state=ReceiptState.ISSUED,
        amount=amount,
        issued_at=m.moment(),
        payment_id=payment.id,
        **of_home,
    )
    await models.InvoiceRequest.create(
        id=m.id(models.InvoiceRequest),
        state=InvoiceState.REQUESTED,
        buyer_kind=BuyerKind.PERSON,
        amount=amount,
        requested_at=m.moment(),
        receipt_id=receipt.id,
        **of_home,
    )
    await models.Refund.create(
        id=m.id(models.Refund),
        state=RefundState.REQUESTED,
        amount=amount,
        why=f"{m.text(190)}!",
        requested_at=m.moment(),
        requested_by_id=m.of(accounts),
        payment_id=payment.id,
        **of_home,
    )
