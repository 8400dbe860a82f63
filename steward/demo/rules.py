"""Rules of the demo street: figures of its own for one compound, and a draft that waits for its dry run."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson

from domain.alerts.versions import RuleVersionState
from domain.steward import RULES
from domain.steward.definitions import FIRST_OWN, drafted, packed

from .ids import Ids
from .plans import StreetPlan

THRESHOLD = ("id", "rule", "values", "street_id", "compound_id")
VERSION = ("id", "rule", "module", "number", "state", "definition", "drafted_at", "street_id")

_STRICTER = {"figures": {"alarm_c": {"value": 60, "unit": "°C"}}}


def thresholds(street: StreetPlan) -> Iterator[tuple[Any, ...]]:
    """Rows of figures: the first compound's detectors stand where people cook, and may go off once more."""
    values = orjson.dumps({"times": 4.0}).decode()
    yield (
        Ids(street.seed, "thresholds").new("thr"),
        "fire_safety.smoke_repeated",
        values,
        street.street.id,
        street.compounds[0].id,
    )


def versions(street: StreetPlan, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Rows of the street's own versions of rules."""
    rule = RULES["fire_safety.cable_temperature"]
    made = drafted(rule.key, FIRST_OWN, _STRICTER, base=rule, default=rule)
    definition = orjson.dumps(packed(made)).decode()
    drafted_at = now - timedelta(days=1)
    yield (
        *(Ids(street.seed, "rules").new("arv"), rule.key, rule.module, FIRST_OWN, RuleVersionState.DRAFT, definition),
        *(drafted_at, street.street.id),
    )
