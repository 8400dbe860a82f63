"""What the schema can tell, written by hand: its rows and their fields, the ways between them, and the ways in.

Whoever adds to the schema adds here, and so has it walked; who may see it stands in table.py.
"""

from .answers import ANSWERS
from .fields import FIELDS
from .filters import FILTERS, SORTS
from .links import COUNTS, LINKS, LISTS, SUBJECTS
from .roots import GROUPS, LOOKUPS, ROOTS, SHARES, STATS, SUBSCRIPTIONS, SUMS

__all__ = [
    "ANSWERS",
    "COUNTS",
    "FIELDS",
    "FILTERS",
    "GROUPS",
    "LINKS",
    "LISTS",
    "LOOKUPS",
    "ROOTS",
    "SHARES",
    "SORTS",
    "STATS",
    "SUBJECTS",
    "SUBSCRIPTIONS",
    "SUMS",
]
