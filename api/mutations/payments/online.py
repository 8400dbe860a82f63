"""Mutations on what is paid online, and on files of banks and providers; the acts are in models/payments/."""

import asyncio
import base64
import binascii
from datetime import date

import strawberry

from api.context import Context
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.ledger import kept
from models.payments import bank_files, merchants, orders, reconciling

_ORDER = "The order as it is now (支付订单); null when refused."
_MERCHANT = "The merchant as it is now (支付商户); null when refused."


@strawberry.input(description="Bills to pay online.")
class PaymentOrderOpenInput(OnceInput):
    bill_ids: list[strawberry.ID] = strawberry.field(description="Bills (账单) of one home and one book, 1 to 50.")


@bound("What paymentOrderOpen answers.")
class PaymentOrderOpenPayload(Payload):
    payment_order = by_id("PaymentOrder", "subject_id", description=_ORDER)


@mutation("Pay what is open of bills online (创建支付订单): its page comes within moments, in `payUrl`.")
async def payment_order_open(context: Context, given: PaymentOrderOpenInput) -> PaymentOrderOpenPayload:
    made = await orders.open_order(context.viewer, given.bill_ids)
    return PaymentOrderOpenPayload(subject_id=made.id)


@strawberry.input(description="An order.")
class PaymentOrderCloseInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Order (支付订单).")


@bound("What paymentOrderClose answers.")
class PaymentOrderClosePayload(Payload):
    payment_order = by_id("PaymentOrder", "subject_id", description=_ORDER)


@mutation("Do not pay an order after all (关闭支付订单); money that is on its way is taken all the same.")
async def payment_order_close(context: Context, given: PaymentOrderCloseInput) -> PaymentOrderClosePayload:
    done = await orders.close_order(context.viewer, given.id)
    return PaymentOrderClosePayload(subject_id=done.id)


@strawberry.input(description="A contract with a payment provider.")
class MerchantSetInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套) whose bills are paid by it.")
    number: str = strawberry.field(description="The merchant's number (商户号): letters and digits, 40 at most.")
    secret: str = strawberry.field(description="The secret (密钥), 32 to 128 characters; kept sealed, and never told.")


@bound("What merchantSet answers.")
class MerchantSetPayload(Payload):
    payment_merchant = by_id("PaymentMerchant", "subject_id", description=_MERCHANT)


@mutation("Let bills of a book be paid online (设置支付商户), in place of the merchant of before.")
async def merchant_set(context: Context, given: MerchantSetInput) -> MerchantSetPayload:
    made = await merchants.set_merchant(context.viewer, given.book_id, given.number, given.secret)
    return MerchantSetPayload(subject_id=made.id)


@strawberry.input(description="A merchant.")
class MerchantEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Merchant (支付商户).")


@bound("What merchantEnd answers.")
class MerchantEndPayload(Payload):
    payment_merchant = by_id("PaymentMerchant", "subject_id", description=_MERCHANT)


@mutation("Let nothing of a book be paid online any more (停用支付商户).")
async def merchant_end(context: Context, given: MerchantEndInput) -> MerchantEndPayload:
    done = await merchants.end_merchant(context.viewer, given.id)
    return MerchantEndPayload(subject_id=done.id)


@strawberry.input(description="A day to compare with the provider's file.")
class ReconciliationRunInput(OnceInput):
    merchant_id: strawberry.ID = strawberry.field(description="Merchant (支付商户).")
    day: date = strawberry.field(description="Day (日期) before today.")


@bound("What reconciliationRun answers.")
class ReconciliationRunPayload(Payload):
    payment_merchant = by_id("PaymentMerchant", "subject_id", description=_MERCHANT)


@mutation("Have a day compared with the provider's file now (重新对账); the clock does it every morning.")
async def reconciliation_run(context: Context, given: ReconciliationRunInput) -> ReconciliationRunPayload:
    merchant = await reconciling.ask_to_compare(context.viewer, given.merchant_id, given.day)
    return ReconciliationRunPayload(subject_id=merchant.id)


@strawberry.input(description="A bank's statement.")
class BankFileEnterInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套) to whose account the money came.")
    content: str = strawberry.field(
        description="The file as the bank gives it (对账文件), XLSX or CSV, as base64: 700,000 bytes and 5,000 lines at most."
        " It is read and not kept; names of payers are not even read."
    )


@bound("What bankFileEnter answers.")
class BankFileEnterPayload(Payload):
    bank_file = by_id("BankFile", "subject_id", description="What is being entered (银行对账文件); null when refused.")


@mutation(
    "Enter what came by a bank's statement (导入银行对账文件): within moments its lines are payments of homes, or in suspense."
)
async def bank_file_enter(context: Context, given: BankFileEnterInput) -> BankFileEnterPayload:
    # Asked before the file is looked at: whoever may not is told nothing of what is in it.
    book = await kept(context.viewer, given.book_id, "bankFileEnter")
    try:
        content = base64.b64decode(given.content, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(
            RefusalCode.INVALID,
            Text("The content is not base64.", "文件内容不是 base64 编码。"),
            path=("content",),
            hint=Text("Encode the file's bytes as base64.", "请将文件内容按 base64 编码。"),
        ) from None
    statement = await asyncio.to_thread(bank_files.read_bank_file, content, book.id)
    made = await bank_files.send_bank_file(context.viewer, book.id, content, statement)
    return BankFileEnterPayload(subject_id=made.id)
