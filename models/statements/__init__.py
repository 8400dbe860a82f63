"""Statements (收支公示): drafted from the books, reviewed, published, questioned, corrected. See docs/disclosure.md."""

from .asking import answer, ask, hide, show
from .drafting import DRAFT, correct, draft, draft_due, leave_drafts, redraft
from .moving import approve, discard, give_back, publish, submit
from .printing import page_of
from .rows import Statement, StatementEntry, StatementLine, StatementQuestion
from .telling import TELL, tell_residents
from .terms import Terms, terms_by_place, terms_of

__all__ = [
    "DRAFT",
    "TELL",
    "Statement",
    "StatementEntry",
    "StatementLine",
    "StatementQuestion",
    "Terms",
    "answer",
    "approve",
    "ask",
    "correct",
    "discard",
    "draft",
    "draft_due",
    "give_back",
    "hide",
    "leave_drafts",
    "page_of",
    "publish",
    "redraft",
    "show",
    "submit",
    "tell_residents",
    "terms_by_place",
    "terms_of",
]
