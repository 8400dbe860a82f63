"""The steward's modules: what each watches, and when it says something. One file a module."""

from . import fire_safety
from .rules import Figure, Module, Rule, Worse, by_key, check_thresholds

#: Every module, in the order in which documents list them.
MODULES: tuple[Module, ...] = (fire_safety.MODULE,)
#: Every rule by its key.
RULES = by_key(MODULES)

__all__ = ["MODULES", "RULES", "Figure", "Module", "Rule", "Worse", "check_thresholds"]
