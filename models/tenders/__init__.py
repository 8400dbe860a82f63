"""Tenders (公开招标): announced, asked about, bid for under seal, opened, scored, awarded. See docs/choosing-a-company.md."""

from .announcing import add_document, announce, cancel
from .asking import answer, ask
from .bidding import reject, submit, withdraw
from .opening import open_bids, refuse_early
from .rows import Bid, BidScore, Tender, TenderDocument, TenderObjection, TenderQuestion, TenderScorer
from .scoring import declare, name_scorer, score

__all__ = [
    "Bid",
    "BidScore",
    "Tender",
    "TenderDocument",
    "TenderObjection",
    "TenderQuestion",
    "TenderScorer",
    "add_document",
    "announce",
    "answer",
    "ask",
    "cancel",
    "declare",
    "name_scorer",
    "open_bids",
    "refuse_early",
    "reject",
    "score",
    "submit",
    "withdraw",
]
