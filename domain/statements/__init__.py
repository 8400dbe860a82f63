"""Statements (公示表): what came in and went out in a period, drafted from the books and published to the owners."""

from .content import (
    Movement,
    StatementHead,
    StatementLine,
    content_of,
    digest_of,
    drawn_up,
    opening,
    read_content,
    totals,
)
from .words import (
    MOVES,
    PUBLIC,
    UNDER_WAY,
    StatementLineKind,
    StatementMove,
    StatementPart,
    StatementReview,
    StatementState,
    invalid,
    moved,
)

__all__ = [
    "MOVES",
    "PUBLIC",
    "UNDER_WAY",
    "Movement",
    "StatementHead",
    "StatementLine",
    "StatementLineKind",
    "StatementMove",
    "StatementPart",
    "StatementReview",
    "StatementState",
    "content_of",
    "digest_of",
    "drawn_up",
    "invalid",
    "moved",
    "opening",
    "read_content",
    "totals",
]
