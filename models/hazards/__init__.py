"""Hazards (隐患): what was found, who puts it right, and who looks again."""

from .climbing import KIND, climb
from .handing_over import hand_over
from .limits import RULES
from .moving import assign, dismiss, recheck, rectify, set_grade
from .reporting import report, report_found
from .rows import Hazard

__all__ = [
    "KIND",
    "RULES",
    "Hazard",
    "assign",
    "climb",
    "dismiss",
    "hand_over",
    "recheck",
    "rectify",
    "report",
    "report_found",
    "set_grade",
]
