"""The steward's modules: what each watches, and when it says something. One file a module, which holds its ``MODULE``."""

from importlib import import_module
from pkgutil import iter_modules

from .rulebooks import Rulebook, rulebook
from .rules import Figure, Module, Rule, Worse, check_thresholds


def _modules() -> tuple[Module, ...]:
    """Whatever file of this package declares a module."""
    files = [import_module(f"{__name__}.{file.name}") for file in iter_modules(__path__)]
    return tuple(file.MODULE for file in files if hasattr(file, "MODULE"))


#: Every module, in the order of their keys.
MODULES = _modules()
#: The rules of the code, which hold where a street has none of its own.
DEFAULTS = rulebook(MODULES)
#: Each of them by its key.
RULES = DEFAULTS.rules

__all__ = ["DEFAULTS", "MODULES", "RULES", "Figure", "Module", "Rule", "Rulebook", "Worse", "check_thresholds", "rulebook"]
