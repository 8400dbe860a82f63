"""The steward's modules: what each watches, and when it says something. One file a module."""

from . import fire_safety
from .rulebooks import Rulebook, rulebook
from .rules import Figure, Module, Rule, Worse, check_thresholds

#: Every module, in the order in which documents list them.
MODULES: tuple[Module, ...] = (fire_safety.MODULE,)
#: The rules of the code, which hold where a street has none of its own.
DEFAULTS = rulebook(MODULES)
#: Each of them by its key.
RULES = DEFAULTS.rules

__all__ = ["DEFAULTS", "MODULES", "RULES", "Figure", "Module", "Rule", "Rulebook", "Worse", "check_thresholds", "rulebook"]
