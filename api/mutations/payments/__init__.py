"""Mutations on payments: the desk, what is paid online, files of banks, invoices."""

from .desk import (
    payment_allocate,
    payment_allocation_undo,
    payment_charge_back,
    payment_match,
    payment_receive,
    payment_unmatch,
    payment_void,
    refund_approve,
    refund_reject,
    refund_request,
)
from .invoices import invoice_export, invoice_report, invoice_request
from .online import (
    bank_file_enter,
    merchant_end,
    merchant_set,
    payment_order_close,
    payment_order_open,
    reconciliation_run,
)

#: Every mutation on payments, in the order of the schema.
PAYMENTS = [
    payment_receive,
    payment_match,
    payment_unmatch,
    payment_allocate,
    payment_allocation_undo,
    payment_void,
    payment_charge_back,
    refund_request,
    refund_approve,
    refund_reject,
    bank_file_enter,
    merchant_set,
    merchant_end,
    payment_order_open,
    payment_order_close,
    reconciliation_run,
    invoice_request,
    invoice_export,
    invoice_report,
]
