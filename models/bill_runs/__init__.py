"""Bill runs: all homes of a book are billed for a month."""

from .correcting import correct_bill
from .reversing import take_back
from .rows import BillRun, BillRunFault, BillRunItem
from .starting import STEP, TAKE_BACK, cancel, preview, reverse, start
from .stepping import step

__all__ = [
    "STEP",
    "TAKE_BACK",
    "BillRun",
    "BillRunFault",
    "BillRunItem",
    "cancel",
    "correct_bill",
    "preview",
    "reverse",
    "start",
    "step",
    "take_back",
]
