"""Upkeep (维保): plans, what is due, work orders, inspections, and lifts that are lawfully suspended."""

from .finishing import Report, countersign, finish, reject
from .inspections import record_inspection
from .orders import assign, cancel, open_order, start
from .overdue import Overdue, overdue
from .plans import Plans, plans_of
from .rows import Inspection, Suspension, UpkeepDue, UpkeepPlan, WorkOrder, WorkOrderItem, WorkOrderPart
from .setting import set_plan
from .suspending import resume, suspend
from .winding import wind
from .work import KIND, KIND_ALL, leave, leave_due, leave_kind, wind_all

__all__ = [
    "KIND",
    "KIND_ALL",
    "Inspection",
    "Overdue",
    "Plans",
    "Report",
    "Suspension",
    "UpkeepDue",
    "UpkeepPlan",
    "WorkOrder",
    "WorkOrderItem",
    "WorkOrderPart",
    "assign",
    "cancel",
    "countersign",
    "finish",
    "leave",
    "leave_due",
    "leave_kind",
    "open_order",
    "overdue",
    "plans_of",
    "record_inspection",
    "reject",
    "resume",
    "set_plan",
    "start",
    "suspend",
    "wind",
    "wind_all",
]
