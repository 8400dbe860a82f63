"""Money comes, or is found to be somebody's."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import EntryKind, Line
from domain.money import fen
from domain.payments import NOTHING, MatchedBy, PaymentMethod, PaymentState
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.bills import Bill
from models.calendar import now, today
from models.connection import constrained
from models.facts import Actor, record
from models.ledger import Book, kept, post
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Home

from .receipts import issue_receipt
from .rows import Payment
from .settling import MONEY_ON, booking_day, of_book, owed_to, post_allocation, settle

#: The most that one payment can be: more is a slip of the finger.
MOST = Decimal("10000000.00")
REFERENCE_MAX = 60
#: What people enter at the desk; the others come from files and providers.
AT_THE_DESK = frozenset({PaymentMethod.CASH, PaymentMethod.TRANSFER})


async def receive(
    actor: Actor,
    book: Book,
    home_id: str | None,
    amount: Decimal,
    method: PaymentMethod,
    *,
    received_on: date | None = None,
    reference: str = "",
    bill_ids: Sequence[str] | None = None,
    strict: bool = False,
    matched_by: MatchedBy = MatchedBy.GIVEN,
    **columns: Any,
) -> Payment:
    """A payment of ``amount`` yuan that came on ``received_on`` (default: today): kept, allocated, with a receipt, and posted.

    ``home_id`` None: it is not known whose; the money waits in suspense. ``bill_ids``: the bills it is for, in order; None: those
    due first; none of them: a prepayment. ``strict``: as of ``settle``. ``columns``: more of Payment's. It takes the book: call
    it last in a transaction of your own, with the order's row held if there is one.
    """
    day = received_on or today()
    async with in_transaction():
        payment = await Payment.create(
            method=method,
            amount=amount,
            received_on=day,
            entered_at=now(),
            reference=reference,
            matched_by=matched_by if home_id else None,
            home_id=home_id,
            entered_by_id=actor.viewer.account_id if actor.viewer else None,
            **of_book(book),
            **columns,
        )
        await payment.refresh_from_db()
        allocated = await settle(payment, bill_ids, strict=strict)
        await issue_receipt(payment)
        booked = await booking_day(book.id, day)
        await post(
            actor,
            book.id,
            EntryKind.PAYMENT,
            [Line(MONEY_ON[method], debit=amount), owed_to(payment, credit=amount)],
            source_id=payment.id,
            booked_on=booked,
        )
        await post_allocation(actor, payment, allocated, booked)
        await record(actor, "paymentReceive", payment, after={"method": method})
        return payment


async def receive_at_desk(
    viewer: Viewer,
    book_id: str,
    home_id: str,
    amount: Decimal,
    method: PaymentMethod,
    *,
    received_on: date | None = None,
    reference: str = "",
    bill_ids: Sequence[str] | None = None,
) -> Payment:
    """Enter what somebody paid at the desk or by transfer for a home of the book's compound; see ``receive``.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (amount of 0.01 to 10 million; a day to come, or before the book; a transfer without
    the bank's number; a method that nobody enters) and CONFLICT (a bill has nothing open; a transfer that is entered already).
    """
    async with in_transaction():
        book = await kept(viewer, book_id, "paymentReceive")
        amount, reference = _entered(amount, method, reference)
        day, last = received_on or today(), min(today(), book.closed_on or today())
        if not book.opened_on <= day <= last:
            raise _invalid(
                "received_on",
                Text(f"Nothing comes into this book on {day}.", f"收款日期 {day} 无效。"),
                Text(f"Give a day from {book.opened_on} to {last}.", f"请填写 {book.opened_on} 至 {last} 的日期。"),
            )
        home = await _home_of(viewer, book, home_id)
        await _see(viewer, bill_ids)
        async with constrained(_entered_before()):
            return await receive(
                actor_of(viewer),
                book,
                home.id,
                amount,
                method,
                received_on=day,
                reference=reference,
                bill_ids=bill_ids,
                strict=True,
            )


async def match(
    viewer: Viewer,
    payment_id: str,
    home_id: str,
    *,
    bill_ids: Sequence[str] | None = None,
    expected_version: int | None = None,
) -> Payment:
    """Say whose a payment in suspense is: it goes to the home's bills, and has a receipt.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (it is not in suspense) and CONFLICT (a bill has nothing open).
    """
    async with in_transaction():
        payment = await permitted(Payment, payment_id, viewer, "paymentMatch")
        book = await Book.get(id=payment.book_id)
        home = await _home_of(viewer, book, home_id)
        await _see(viewer, bill_ids)
        unchanged(payment.version, expected_version)
        if payment.state is not PaymentState.UNMATCHED:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It is known whose this is.", "该款项已认领或已处理。"),
                path=("id",),
                hint=Text("Only what is in suspense can be matched: UNMATCHED.", "仅待认领（UNMATCHED）的款项可认领。"),
            )
        return await say_whose(actor_of(viewer), payment, home.id, MatchedBy.HAND, bill_ids=bill_ids, strict=True)


async def say_whose(
    actor: Actor,
    payment: Payment,
    home_id: str,
    matched_by: MatchedBy,
    *,
    bill_ids: Sequence[str] | None = None,
    strict: bool = False,
) -> Payment:
    """Take a payment, whose row is held, out of suspense; in the caller's transaction."""
    left = payment.unallocated
    suspended = owed_to(payment, debit=left)
    await Payment.filter(id=payment.id).update(home_id=home_id, matched_by=matched_by, version=payment.version + 1)
    await payment.refresh_from_db()
    allocated = await settle(payment, bill_ids, strict=strict)
    await issue_receipt(payment)
    booked = await booking_day(payment.book_id, today())
    await post(
        actor,
        payment.book_id,
        EntryKind.ALLOCATION,
        [suspended, owed_to(payment, credit=left)],
        source_id=payment.id,
        key=f"match {payment.version}",
        booked_on=booked,
    )
    await post_allocation(actor, payment, allocated, booked)
    await record(actor, "paymentMatch", payment, after={"matched_by": matched_by})
    return payment


async def allocate_more(
    viewer: Viewer, payment_id: str, *, bill_ids: Sequence[str] | None = None, expected_version: int | None = None
) -> Payment:
    """Let what is left of a payment go to bills now: the chosen ones, or those due first.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (nothing of it is left) and CONFLICT (a bill has nothing open, or
    there is none).
    """
    async with in_transaction():
        payment = await permitted(Payment, payment_id, viewer, "paymentAllocate")
        await _see(viewer, bill_ids)
        unchanged(payment.version, expected_version)
        if payment.home_id is None or payment.unallocated <= NOTHING:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("Nothing of it is left for bills.", "该款项无可核销余额。"),
                path=("id",),
                hint=Text("Match it to a home first, or take another payment.", "请先认领，或选择其他款项。"),
            )
        lines = await settle(payment, bill_ids)
        if not lines:
            raise Refused(
                RefusalCode.CONFLICT,
                Text("The home has no open bill.", "该住房没有未结清账单。"),
                path=("bill_ids",),
                hint=Text("It stays a prepayment, and goes to the next bill.", "余额保留为预存款，自动抵扣后续账单。"),
            )
        await post_allocation(actor_of(viewer), payment, lines, await booking_day(payment.book_id, today()))
        await record(actor_of(viewer), "paymentAllocate", payment)
        return payment


async def _home_of(viewer: Viewer, book: Book, home_id: str) -> Home:
    home = await found(Home, home_id, viewer, path=("home_id",))
    if home.compound_id != book.compound_id:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        raise _invalid(
            "home_id",
            Text("The home is not of the book's compound.", "住房不属于该账套的小区。"),
            Text("Name a home of the compound whose book this is.", "请选择账套所属小区的住房。"),
        )
    return home


async def _see(viewer: Viewer, bill_ids: Sequence[str] | None) -> None:
    """Refuses NOT_FOUND what the viewer sees no bill in."""
    for each in bill_ids or ():
        await found(Bill, each, viewer, path=("bill_ids",))


def _entered(amount: Decimal, method: PaymentMethod, reference: str) -> tuple[Decimal, str]:
    amount, reference = fen(amount, most=MOST), written(reference, "reference", REFERENCE_MAX, least=0)
    if method not in AT_THE_DESK:
        raise _invalid(
            "method",
            Text("This is not entered by hand.", "该方式不可手工登记。"),
            Text("Give CASH or TRANSFER.", "请选择现金或转账。"),
        )
    if method is PaymentMethod.TRANSFER and not reference:
        raise _invalid(
            "reference",
            Text("A transfer has a number.", "转账须有流水号。"),
            Text("Copy the bank's number of it.", "请填写银行流水号。"),
        )
    return amount, reference


def _entered_before() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("This transfer is entered already.", "该笔转账已登记。"),
        path=("reference",),
        hint=Text("Look it up by its number.", "请按流水号查询。"),
    )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
