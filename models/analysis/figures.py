"""The figures of the revenue module's rules as they hold for a compound."""

from collections.abc import Mapping, Sequence

from domain.alerts.conditions import Limits
from domain.steward.revenue import MODULE
from models.alerts import overrides_of, rules_of


async def limits_of(places: Sequence[tuple[str, str]]) -> Mapping[str, Mapping[str, Limits]]:
    """Of each of these compounds (with its street) the figures of every rule of the module, by the rule's key."""
    books = await rules_of({street for _, street in places})
    keys = [rule.key for rule in MODULE.rules]
    overrides = await overrides_of(keys, {owner for place in places for owner in place}, books)
    return {
        compound: {
            key: books[street].rules[key].limits(None, *(overrides.get((key, owner), {}) for owner in (street, compound)))
            for key in keys
        }
        for compound, street in places
    }
