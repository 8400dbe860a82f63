"""Mutations at the cash desk; the acts are in models/payments/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.money import Money
from domain.payments import PaymentMethod
from models.payments import receiving, refunds, undoing

graphql_enum(PaymentMethod)

_PAYMENT = "The payment as it is now (收款); null when refused."
_REFUND = "The refund as it is now (退款); null when refused."
_BILLS = "Bills that it is for (账单), in this order. Default: those due first. None of them (an empty list): a prepayment."


@strawberry.input(description="What somebody paid at the desk, or by transfer.")
class PaymentReceiveInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    home_id: strawberry.ID = strawberry.field(description="Home (房屋) for which it was paid.")
    amount: Money = strawberry.field(description="Amount (金额): 0.01 to 10 million yuan.")
    method: PaymentMethod = strawberry.field(description="CASH or TRANSFER (收款方式).")
    received_on: date | None = strawberry.field(
        description="Day on which it came (收款日期). Default: today.", default=strawberry.UNSET
    )
    reference: str | None = strawberry.field(
        description="Of a transfer, the bank's number of it (流水号); else the slip's, if there is one.", default=strawberry.UNSET
    )
    bill_ids: list[strawberry.ID] | None = strawberry.field(description=_BILLS, default=strawberry.UNSET)


@bound("What paymentReceive answers.")
class PaymentReceivePayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("Enter what somebody paid at the desk or by transfer (收款): it goes to bills, and has a receipt.")
async def payment_receive(context: Context, given: PaymentReceiveInput) -> PaymentReceivePayload:
    made = await receiving.receive_at_desk(
        context.viewer,
        given.book_id,
        given.home_id,
        given.amount,
        given.method,
        received_on=given.received_on,
        reference=given.reference or "",
        bill_ids=given.bill_ids,
    )
    return PaymentReceivePayload(subject_id=made.id)


@strawberry.input(description="Whose a payment in suspense is.")
class PaymentMatchInput(ChangeInput):
    home_id: strawberry.ID = strawberry.field(description="Home (房屋).")
    bill_ids: list[strawberry.ID] | None = strawberry.field(description=_BILLS, default=strawberry.UNSET)


@bound("What paymentMatch answers.")
class PaymentMatchPayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("Say whose a payment in suspense is (认领款项): it goes to the home's bills.")
async def payment_match(context: Context, given: PaymentMatchInput) -> PaymentMatchPayload:
    done = await receiving.match(
        context.viewer, given.id, given.home_id, bill_ids=given.bill_ids, expected_version=given.expected_version
    )
    return PaymentMatchPayload(subject_id=done.id)


@strawberry.input(description="A payment of which something is left.")
class PaymentAllocateInput(ChangeInput):
    bill_ids: list[strawberry.ID] | None = strawberry.field(
        description="Bills that it goes to (账单), in this order. Default: those due first.", default=strawberry.UNSET
    )


@bound("What paymentAllocate answers.")
class PaymentAllocatePayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("Let what is left of a payment go to bills now (核销).")
async def payment_allocate(context: Context, given: PaymentAllocateInput) -> PaymentAllocatePayload:
    done = await receiving.allocate_more(
        context.viewer, given.id, bill_ids=given.bill_ids, expected_version=given.expected_version
    )
    return PaymentAllocatePayload(subject_id=done.id)


@strawberry.input(description="An allocation to undo.")
class PaymentAllocationUndoInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Allocation (核销).")
    reason: str = strawberry.field(description="Why (原因), 1 to 200 characters; it names nobody.")


@bound("What paymentAllocationUndo answers.")
class PaymentAllocationUndoPayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("Take back what of a payment went to a bill (撤销核销): the bill is open again, the money a prepayment.")
async def payment_allocation_undo(context: Context, given: PaymentAllocationUndoInput) -> PaymentAllocationUndoPayload:
    done = await undoing.undo_allocation(context.viewer, given.id, given.reason)
    return PaymentAllocationUndoPayload(subject_id=done.id)


@strawberry.input(description="A payment, and why something is undone.")
class PaymentUndoInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 200 characters; it names nobody.")


@bound("What paymentVoid answers.")
class PaymentVoidPayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("A payment was entered at the desk by mistake (作废收款): nothing came. Its receipt is void and keeps its number.")
async def payment_void(context: Context, given: PaymentUndoInput) -> PaymentVoidPayload:
    done = await undoing.void(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return PaymentVoidPayload(subject_id=done.id)


@bound("What paymentUnmatch answers.")
class PaymentUnmatchPayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("A payment turns out to be another home's (取消认领): it waits in suspense again.")
async def payment_unmatch(context: Context, given: PaymentUndoInput) -> PaymentUnmatchPayload:
    done = await undoing.unmatch(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return PaymentUnmatchPayload(subject_id=done.id)


@bound("What paymentChargeBack answers.")
class PaymentChargeBackPayload(Payload):
    payment = by_id("Payment", "subject_id", description=_PAYMENT)


@mutation("The bank took a payment back, or what is left of it (拒付): its bills are open again.")
async def payment_charge_back(context: Context, given: PaymentUndoInput) -> PaymentChargeBackPayload:
    done = await undoing.charge_back_at_desk(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return PaymentChargeBackPayload(subject_id=done.id)


@strawberry.input(description="Money of a payment that is to go back.")
class RefundRequestInput(OnceInput):
    payment_id: strawberry.ID = strawberry.field(description="Payment (收款).")
    amount: Money = strawberry.field(description="How much (金额), of what went to no bill.")
    reason: str = strawberry.field(description="Why (退款原因), 1 to 200 characters; it names nobody.")


@bound("What refundRequest answers.")
class RefundRequestPayload(Payload):
    refund = by_id("Refund", "subject_id", description=_REFUND)


@mutation("Ask for money of a payment to go back (申请退款); another person decides.")
async def refund_request(context: Context, given: RefundRequestInput) -> RefundRequestPayload:
    made = await refunds.request_refund(context.viewer, given.payment_id, given.amount, given.reason)
    return RefundRequestPayload(subject_id=made.id)


@strawberry.input(description="A refund to approve.")
class RefundApproveInput(ChangeInput):
    pass


@bound("What refundApprove answers.")
class RefundApprovePayload(Payload):
    refund = by_id("Refund", "subject_id", description=_REFUND)


@mutation("Let the money go back (批准退款); whoever asked for it cannot.")
async def refund_approve(context: Context, given: RefundApproveInput) -> RefundApprovePayload:
    done = await refunds.approve_refund(context.viewer, given.id, expected_version=given.expected_version)
    return RefundApprovePayload(subject_id=done.id)


@strawberry.input(description="A refund to reject.")
class RefundRejectInput(ChangeInput):
    answer: str = strawberry.field(description="Why (驳回原因), 1 to 200 characters.")


@bound("What refundReject answers.")
class RefundRejectPayload(Payload):
    refund = by_id("Refund", "subject_id", description=_REFUND)


@mutation("Do not let the money go back (驳回退款); whoever asked for it cannot say so.")
async def refund_reject(context: Context, given: RefundRejectInput) -> RefundRejectPayload:
    done = await refunds.reject_refund(context.viewer, given.id, given.answer, expected_version=given.expected_version)
    return RefundRejectPayload(subject_id=done.id)
