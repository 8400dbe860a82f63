"""Mutations of rounds: what is planned, and how it is gone on a phone."""

from .planning import round_plan_amend, round_plan_end, round_plan_make
from .points import round_point_add, round_point_end, round_point_print, round_point_renew
from .walking import round_cancel, round_finish, round_open, round_scan, round_start

#: Every mutation of rounds, in the order of the schema.
ROUNDS = [
    round_plan_make,
    round_plan_amend,
    round_plan_end,
    round_point_add,
    round_point_end,
    round_point_print,
    round_point_renew,
    round_open,
    round_start,
    round_scan,
    round_finish,
    round_cancel,
]
