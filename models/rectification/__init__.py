"""Rectification lists (整改清单): what is to be put right, who claimed it, and who accepted it."""

from .burning import burn_down_of
from .doing import add_evidence, ask_time, claim, release, report
from .judging import accept, answer_time, drop, refuse, reopen
from .lists import add_item, close_list, make_list
from .rows import RectificationEvidence, RectificationItem, RectificationList

__all__ = [
    "RectificationEvidence",
    "RectificationItem",
    "RectificationList",
    "accept",
    "add_evidence",
    "add_item",
    "answer_time",
    "ask_time",
    "burn_down_of",
    "claim",
    "close_list",
    "drop",
    "make_list",
    "refuse",
    "release",
    "reopen",
    "report",
]
