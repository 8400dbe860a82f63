"""Rounds (巡查): plans with their points, rounds made ahead of their time, what is scanned on them, and those that are missed."""

from .closing import KIND as CLOSE
from .closing import close_rounds, leave_over
from .fire import KIND as FIRE
from .fire import leave_fire, plan_fire
from .hearing import Heard, hear
from .making import KIND as MAKE
from .making import leave_plans, make_rounds
from .misses import Misses, misses
from .photos import check_wanted
from .plans import Figures, amend_plan, end_plan, make_plan
from .points import NewPoint, add_point, end_point, print_point
from .rows import Round, RoundPlan, RoundPoint, RoundScan
from .walking import Scan, cancel, finish, open_round, scan, start

__all__ = [
    "CLOSE",
    "FIRE",
    "MAKE",
    "Figures",
    "Heard",
    "Misses",
    "NewPoint",
    "Round",
    "RoundPlan",
    "RoundPoint",
    "RoundScan",
    "Scan",
    "add_point",
    "amend_plan",
    "cancel",
    "check_wanted",
    "close_rounds",
    "end_plan",
    "end_point",
    "finish",
    "hear",
    "leave_fire",
    "leave_over",
    "leave_plans",
    "make_plan",
    "make_rounds",
    "misses",
    "open_round",
    "plan_fire",
    "print_point",
    "scan",
    "start",
]
