"""Votes of owners: planned, announced, opened on a frozen roll, counted, filed."""

from .passing import require_passed
from .rows import Ballot, DemandSignature, RollEntry, Vote, VoteDemand, VoteItem, VoteObjection

__all__ = [
    "Ballot",
    "DemandSignature",
    "RollEntry",
    "Vote",
    "VoteDemand",
    "VoteItem",
    "VoteObjection",
    "require_passed",
]
