"""Facts of the demo street: what its tickets and alerts went through."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from .ids import Ids
from .plans import StreetPlan

FACT = ("id", "at", "actor", "action", "subject_id", "before", "after", "compound_id", "street_id")
#: Who did what no account did.
SYSTEM = "system:demo"


class FactPlan(NamedTuple):
    """A fact; ``actor`` is an account's id or a system actor."""

    at: datetime
    actor: str
    action: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    compound_id: str


def facts(plan: StreetPlan, all_facts: Iterable[FactPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of facts in the order of time."""
    new = Ids(plan.seed, "facts").new
    for fact in sorted(all_facts, key=lambda fact: fact.at):
        before, after = (None if values is None else orjson.dumps(values).decode() for values in (fact.before, fact.after))
        yield new("fct"), fact.at, fact.actor, fact.action, fact.subject_id, before, after, fact.compound_id, plan.street.id
