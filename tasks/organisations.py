"""The checks that say what of organisations ends soon: their terms, their papers."""

from datetime import datetime

from domain.words import Text
from models.offices import warn_of_terms
from models.papers import warn_of_papers
from settings import load

from .clock import check


@check(
    "organisations.terms",
    module="organisations",
    cron="20 7 * * *",
    does=Text("Say of terms that end soon that they do.", "预警即将届满的任期。"),
)
async def terms(now: datetime) -> dict[str, int]:
    """Say it once of each term, ``settings.term_warn_days`` before its end."""
    return {"terms": await warn_of_terms(now, load().term_warn_days)}


@check(
    "organisations.papers",
    module="organisations",
    cron="25 7 * * *",
    does=Text("Say of qualification papers that run out that they do.", "预警即将到期的资质。"),
)
async def papers(now: datetime) -> dict[str, int]:
    """Say it twice of each paper, and of one that comes late once."""
    settings = load()
    return {"papers": await warn_of_papers(now, (settings.paper_warn_days, settings.paper_last_warn_days))}
