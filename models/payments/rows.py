"""Rows of payments. Amounts are yuan. What each state needs, and what never changes, the database keeps: see the migration."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.payments import (
    BankFileState,
    BuyerKind,
    InvoiceState,
    MatchedBy,
    OrderState,
    PaymentMethod,
    PaymentState,
    Provider,
    ReceiptState,
    ReconciliationState,
    RefundState,
)
from models.rows import MoneyField, Row

_OF_A_BOOK = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}
_OF_A_HOME = {**_OF_A_BOOK, Reach.HOME: "home_id"}


class Payment(Row):
    """Money that came. It never changes, but for whose it is (once), and for what became of it.

    ``allocated``: what went to bills; ``refunded``, ``charged_back``: what went back; ``unallocated``, made by the database: the
    rest, a prepayment of the home, or in suspense while ``home_id`` is null. ``reference``: the bank's or the slip's number.
    ``trade``: the provider's number of it. ``bank_key``: names a bank's line.
    """

    prefix = "pay"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    method = fields.CharEnumField(PaymentMethod, max_length=40)
    state = fields.CharEnumField(PaymentState, max_length=40, generated=True)
    matched_by = fields.CharEnumField(MatchedBy, max_length=40, null=True)
    amount = MoneyField()
    allocated = MoneyField(db_default=0)
    refunded = MoneyField(db_default=0)
    charged_back = MoneyField(db_default=0)
    unallocated = MoneyField(generated=True)
    received_on = fields.DateField()
    entered_at = fields.DatetimeField()
    reference = fields.CharField(max_length=60, db_default="")
    trade = fields.CharField(max_length=64, null=True)
    bank_key = fields.CharField(max_length=64, null=True)
    voided_at = fields.DatetimeField(null=True)
    void_reason = fields.CharField(max_length=200, db_default="")
    version = fields.IntField(db_default=1)
    entered_by_id = fields.CharField(max_length=30, null=True)
    order_id = fields.CharField(max_length=30, null=True)
    merchant_id = fields.CharField(max_length=30, null=True)
    bank_file_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "payment"


class Allocation(Row):
    """What of a payment went to a bill. Undone, it stays on record."""

    prefix = "pal"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    amount = MoneyField()
    made_at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)
    undone_why = fields.CharField(max_length=200, db_default="")
    payment_id = fields.CharField(max_length=30)
    bill_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "payment_allocation"


class Receipt(Row):
    """The receipt of a payment. ``number``: without gaps per organisation; one that does not hold any more keeps its own."""

    prefix = "rct"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    state = fields.CharEnumField(ReceiptState, max_length=40)
    amount = MoneyField()
    issued_at = fields.DatetimeField()
    voided_at = fields.DatetimeField(null=True)
    void_reason = fields.CharField(max_length=200, db_default="")
    payment_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "receipt"


class ReceiptCounter(Row):
    """The number that an organisation gave a receipt last."""

    organisation_id = fields.CharField(max_length=30, primary_key=True)
    receipts = fields.IntField()

    class Meta:
        table = "receipt_counter"


class Refund(Row):
    """Money of a payment that goes back: asked for by one person, decided by another."""

    prefix = "rfd"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(RefundState, max_length=40)
    amount = MoneyField()
    why = fields.CharField(max_length=200)
    answer = fields.CharField(max_length=200, db_default="")
    requested_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    requested_by_id = fields.CharField(max_length=30)
    decided_by_id = fields.CharField(max_length=30, null=True)
    payment_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "refund"


class PaymentMerchant(Row):
    """An organisation's contract with a payment provider for a book: by its number there. One of a book holds at a time.

    ``secret``: sealed; both sides sign with it.
    """

    prefix = "mch"
    belonging = _OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    provider = fields.CharEnumField(Provider, max_length=40)
    number = fields.CharField(max_length=40)
    secret = fields.BinaryField()
    set_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "payment_merchant"


class PaymentOrder(Row):
    """Bills that somebody wants to pay online. ``pay_url``: the provider's page for it. ``late``: paid when its time was over.

    ``paid``: what came, if it was not what was asked for. ``problem``: why the provider did not take it, a code.
    """

    prefix = "por"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(OrderState, max_length=40)
    amount = MoneyField()
    paid = MoneyField(null=True)
    late = fields.BooleanField(db_default=False)
    bill_ids: fields.JSONField[list[str]] = fields.JSONField()
    number = fields.CharField(max_length=64, db_default="")
    pay_url = fields.CharField(max_length=500, db_default="")
    problem = fields.CharField(max_length=60, db_default="")
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    asked_at = fields.DatetimeField(null=True)
    opened_by_id = fields.CharField(max_length=30, null=True)
    merchant_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "payment_order"


class PaymentMessage(Row):
    """What a provider told: kept before it is answered, and worked on once. Unique on (merchant, message).

    ``problem``: why nothing came of it, a code.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    merchant_id = fields.CharField(max_length=30)
    message = fields.CharField(max_length=64)
    told: fields.JSONField[dict[str, Any]] = fields.JSONField()
    received_at = fields.DatetimeField()
    handled_at = fields.DatetimeField(null=True)
    problem = fields.CharField(max_length=60, db_default="")

    class Meta:
        table = "payment_message"


class Reconciliation(Row):
    """The comparison of our payments of a day with the provider's file. ``differences``: as Difference.told."""

    prefix = "rcn"
    belonging = _OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    day = fields.DateField()
    state = fields.CharEnumField(ReconciliationState, max_length=40)
    their_count = fields.IntField()
    our_count = fields.IntField()
    their_total = MoneyField()
    our_total = MoneyField()
    fee = MoneyField(db_default=0)
    settled = MoneyField(db_default=0)
    differences: fields.JSONField[list[dict[str, str]]] = fields.JSONField()
    compared_at = fields.DatetimeField()
    merchant_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "reconciliation"


class BankFile(Row):
    """A bank's statement that was sent; the file itself is not kept, for it names payers. Once per book, by its ``sha256``.

    ``waiting``: what is still to be entered of its ``lines`` of money that came, as BankLine.told. Of those entered: ``matched``
    to homes, in ``suspense``, and ``known`` from other files.
    """

    prefix = "bkf"
    belonging = _OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(BankFileState, max_length=40)
    sha256 = fields.CharField(max_length=64)
    lines = fields.IntField()
    matched = fields.IntField(db_default=0)
    suspense = fields.IntField(db_default=0)
    known = fields.IntField(db_default=0)
    total = MoneyField(db_default=0)
    waiting: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    entered_at = fields.DatetimeField()
    entered_by_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bank_file"


class InvoiceRequest(Row):
    """Somebody wants an electronic invoice for a receipt. ``buyer_code``: an organisation's credit code; persons are not named.

    ``invoice_number``: of the invoice that was made. ``problem``: why none could be.
    """

    prefix = "ivr"
    belonging = _OF_A_HOME

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(InvoiceState, max_length=40)
    buyer_kind = fields.CharEnumField(BuyerKind, max_length=40)
    buyer_code = fields.CharField(max_length=18, null=True)
    amount = MoneyField()
    requested_at = fields.DatetimeField()
    exported_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    invoice_number = fields.CharField(max_length=40, db_default="")
    problem = fields.CharField(max_length=200, db_default="")
    receipt_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "invoice_request"


class PaymentFailure(Row):
    """Somebody tried to pay, and could not: an order that the provider did not take, or what a company's own till told."""

    id = fields.BigIntField(primary_key=True, generated=True)
    at = fields.DatetimeField()
    reason = fields.CharField(max_length=60)
    amount = MoneyField()
    order_id = fields.CharField(max_length=30, null=True)
    home_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "payment_failure"
