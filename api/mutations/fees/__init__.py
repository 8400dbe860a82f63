"""Mutations of charging: fee items, homes' parts in them, meters, bill runs, bills."""

from .bills import (
    bill_correct,
    bill_credit,
    bill_issue,
    bill_run_cancel,
    bill_run_preview,
    bill_run_reverse,
    bill_run_start,
)
from .homes import (
    fee_assign,
    fee_assign_all,
    fee_assignment_end,
    meter_add,
    meter_estimate,
    meter_read,
    meter_replace,
)
from .items import fee_item_add, fee_item_end, fee_price_set, fee_price_withdraw, shared_cost_set

#: Every mutation of charging, in the order of the schema.
FEES = [
    fee_item_add,
    fee_item_end,
    fee_price_set,
    fee_price_withdraw,
    shared_cost_set,
    fee_assign,
    fee_assign_all,
    fee_assignment_end,
    meter_add,
    meter_read,
    meter_estimate,
    meter_replace,
    bill_run_preview,
    bill_run_start,
    bill_run_cancel,
    bill_run_reverse,
    bill_issue,
    bill_credit,
    bill_correct,
]
