"""How often there is a statement at a place, and how long its review takes: figures of the rule that tells of late ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.statements.periods import cadence
from domain.steward.revenue.disclosing import STATEMENT_OVERDUE
from models.alerts import overrides_of, rules_of


@dataclass(frozen=True)
class Terms:
    """``months``: of a period; ``review``: the time that the owners' body has."""

    months: int
    review: timedelta


async def terms_of(street_id: str, compound_id: str) -> Terms:
    """The terms that hold in a compound: the street's, unless it has its own."""
    return (await terms_by_place([(street_id, compound_id)]))[street_id, compound_id]


async def terms_by_place(places: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Terms]:
    """The same by (street, compound)."""
    key, wanted = STATEMENT_OVERDUE.key, sorted(set(places))
    books = await rules_of({street for street, _ in wanted})
    overrides = await overrides_of([key], {owner for each in wanted for owner in each}, books)
    terms: dict[tuple[str, str], Terms] = {}
    for place in wanted:
        figures = books[place[0]].rules[key].limits(None, *(overrides.get((key, owner), {}) for owner in place))
        terms[place] = Terms(cadence(figures["months"]), timedelta(days=figures["review_days"]))
    return terms
