"""The one policy table: who sees which rows, how each field is shown, who may do which act.

Everything that answers asks here: the read engine compiles READ and FIELDS into its statements, acts ask ACTS, and
docs/who-sees-what.md is printed from it. What is not here is for nobody.
"""

from .acts import ACTS, OPEN_ACTS, OWN_ACTS, TO_ONESELF
from .disclosure import DISCLOSURE, MASKS, OWN_WAYS, DataClass, Mask, Shown, best, disclosed
from .fields import FIELDS, class_of
from .rows import HOUSE, ON_THE_BOARD, ONESELF, READ, Rules

__all__ = [
    "ACTS",
    "DISCLOSURE",
    "FIELDS",
    "HOUSE",
    "MASKS",
    "ONESELF",
    "ON_THE_BOARD",
    "OPEN_ACTS",
    "OWN_ACTS",
    "OWN_WAYS",
    "READ",
    "TO_ONESELF",
    "DataClass",
    "Mask",
    "Rules",
    "Shown",
    "best",
    "class_of",
    "disclosed",
]
