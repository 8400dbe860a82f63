"""The rules that hold in a street: those of the code, with the street's own in their place or beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .rules import Module, Rule, by_key


@dataclass(frozen=True, eq=False)
class Rulebook:
    """``modules`` by key, with the rules as they hold; ``rules``: all of these by key."""

    modules: Mapping[str, Module]
    rules: Mapping[str, Rule]

    def overlaid(self, own: Iterable[Rule]) -> "Rulebook":
        """This one with ``own`` rules in place of those with the same keys, or beside them. Those of no module are left out."""
        mine = {rule.key: rule for rule in own}
        modules: list[Module] = []
        for module in self.modules.values():
            kept = tuple(mine.pop(rule.key, rule) for rule in module.rules)
            added = tuple(rule for rule in mine.values() if rule.module == module.key)
            modules.append(replace(module, rules=(*kept, *added)))
        return rulebook(modules)


def rulebook(modules: Sequence[Module]) -> Rulebook:
    """The rulebook of these modules. Raises ValueError for two modules of one key, and as ``by_key`` does."""
    keys = [module.key for module in modules]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"two modules named {', '.join(sorted(twice))}")
    return Rulebook(dict(zip(keys, modules, strict=True)), by_key(modules))
