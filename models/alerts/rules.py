"""The rules that hold in a street: the code's, overlaid by what the street has published."""

from collections.abc import Iterable
from functools import lru_cache

import orjson
import structlog

from domain.refusals import Refused
from domain.steward import DEFAULTS, Rule, Rulebook
from domain.steward.definitions import unpacked
from models.connection import query

log = structlog.stdlib.get_logger(__name__)

_LIVE = "SELECT id, street_id FROM alert_rule_version WHERE state = 'LIVE' AND street_id = ANY($1::text[]) ORDER BY rule"
_DEFINITIONS = "SELECT id, rule, number, definition FROM alert_rule_version WHERE id = ANY($1::text[]) ORDER BY rule"

#: Versions that were read, by id: what a version says never changes. None: it does not fit the product (any more).
_read: dict[str, Rule | None] = {}


async def rules_of(street_ids: Iterable[str]) -> dict[str, Rulebook]:
    """The rules that hold in each of the streets now: asked of the database each time, read only where they are new.

    A version that does not fit the product (any more) is left out and logged: the rule of the code holds in its place.
    """
    streets = sorted(set(street_ids))
    own: dict[str, list[str]] = {street: [] for street in streets}
    for row in await query(_LIVE, streets):
        own[row["street_id"]].append(row["id"])
    await _read_in([each for ids in own.values() for each in ids if each not in _read])
    return {street: _book(tuple(ids)) if ids else DEFAULTS for street, ids in own.items()}


async def _read_in(ids: list[str]) -> None:
    if not ids:
        return
    for row in await query(_DEFINITIONS, ids):
        try:
            _read[row["id"]] = unpacked(row["rule"], row["number"], orjson.loads(row["definition"]))
        except Refused as refused:
            log.warning("rule version left out", rule=row["rule"], version=row["id"], problem=str(refused))
            _read[row["id"]] = None


@lru_cache(maxsize=1_000)
def _book(ids: tuple[str, ...]) -> Rulebook:
    return DEFAULTS.overlaid(rule for each in ids if (rule := _read[each]) is not None)
