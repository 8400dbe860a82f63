"""Mutations of upkeep: work orders, and what is set and recorded about facilities."""

from .finishing import work_order_countersign, work_order_finish, work_order_reject
from .orders import work_order_assign, work_order_cancel, work_order_open, work_order_start
from .records import facility_resume, facility_suspend, inspection_record, upkeep_plan_set

#: Every mutation of upkeep, in the order of the schema.
UPKEEP = [
    upkeep_plan_set,
    work_order_open,
    work_order_assign,
    work_order_start,
    work_order_finish,
    work_order_countersign,
    work_order_reject,
    work_order_cancel,
    inspection_record,
    facility_suspend,
    facility_resume,
]
