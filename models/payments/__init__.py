"""Payments: what came, whose it is, where it went, and how it goes back. See docs/payments.md."""

from .merchants import secrets_of
from .receiving import receive
from .rows import (
    Allocation,
    BankFile,
    InvoiceRequest,
    Payment,
    PaymentFailure,
    PaymentMerchant,
    PaymentMessage,
    PaymentOrder,
    Receipt,
    ReceiptCounter,
    Reconciliation,
    Refund,
)

__all__ = [
    "Allocation",
    "BankFile",
    "InvoiceRequest",
    "Payment",
    "PaymentFailure",
    "PaymentMerchant",
    "PaymentMessage",
    "PaymentOrder",
    "Receipt",
    "ReceiptCounter",
    "Reconciliation",
    "Refund",
    "receive",
    "secrets_of",
]
