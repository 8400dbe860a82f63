"""Fee items: what homes are charged for, at what price, by which meters and shares."""

from .assigning import assign, assign_all, end_assignment
from .items import add_item, end_item, price_of, set_price, withdraw_price
from .meters import add_meter, dial_of, estimate_meter, read_meter, replace_meter
from .rows import FeeAssignment, FeeItem, FeePrice, Meter, MeterReading, SharedCost
from .sharing import fix_portions, set_shared_cost

__all__ = [
    "FeeAssignment",
    "FeeItem",
    "FeePrice",
    "Meter",
    "MeterReading",
    "SharedCost",
    "add_item",
    "add_meter",
    "assign",
    "assign_all",
    "dial_of",
    "end_assignment",
    "end_item",
    "estimate_meter",
    "fix_portions",
    "price_of",
    "read_meter",
    "replace_meter",
    "set_price",
    "set_shared_cost",
    "withdraw_price",
]
