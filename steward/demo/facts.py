"""Facts of the demo street: what its tickets and alerts went through."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from domain.access import Role
from domain.audit import Door
from domain.sentences import sentence

from .ids import Ids
from .plans import StreetPlan

FACT = (
    *("id", "at", "actor", "roles", "door", "action", "subject_id", "before", "after", "compound_id", "street_id"),
    *("audience_id", "words"),
)
#: Who did what no account did.
SYSTEM = "system:demo"


class FactPlan(NamedTuple):
    """A fact; ``actor`` is an account's id or a system actor. ``audience_id``: the resident whom it concerns."""

    at: datetime
    actor: str
    action: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    compound_id: str
    audience_id: str | None = None


def facts(plan: StreetPlan, roles: Mapping[str, Role], all_facts: Iterable[FactPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of facts in the order of time; ``roles`` of accounts by id."""
    new = Ids(plan.seed, "facts").new
    for fact in sorted(all_facts, key=lambda fact: fact.at):
        before, after = (None if values is None else orjson.dumps(values).decode() for values in (fact.before, fact.after))
        role = roles.get(fact.actor)
        door = Door.GRAPHQL if role else Door.SYSTEM
        words = orjson.dumps(sentence(fact.action, fact.actor, role, door).both()).decode()
        yield (
            *(new("fct"), fact.at, fact.actor, role or "", door, fact.action, fact.subject_id, before, after),
            *(fact.compound_id, plan.street.id, fact.audience_id, words),
        )
