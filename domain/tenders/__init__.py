"""Tenders: how the owners of a compound choose who serves it. See docs/choosing-a-company.md."""

from .offers import OFFER_MAX, SEALED_BYTES, Offer, check_offer, opened, sealed_form
from .scoring import Criterion, Standing, check_criteria, check_points, ranked, weighted
from .states import BIDS_IN_PLAY, MOVES, BidState, ObjectionState, TenderMove, TenderState, after_opening, illegal, invalid, moved
from .times import TenderTimes, check_times, is_late

__all__ = [
    "BIDS_IN_PLAY",
    "MOVES",
    "OFFER_MAX",
    "SEALED_BYTES",
    "BidState",
    "Criterion",
    "ObjectionState",
    "Offer",
    "Standing",
    "TenderMove",
    "TenderState",
    "TenderTimes",
    "after_opening",
    "check_criteria",
    "check_offer",
    "check_points",
    "check_times",
    "illegal",
    "invalid",
    "is_late",
    "moved",
    "opened",
    "ranked",
    "sealed_form",
    "weighted",
]
