"""Area-wide service: one company for many compounds, what it costs, and who bears what of it."""

from .joining import begin, end, join, leave
from .rows import AreaService, AreaServiceCost, AreaServiceMember, AreaServiceShare
from .sharing import share_cost, withdraw_cost

__all__ = [
    "AreaService",
    "AreaServiceCost",
    "AreaServiceMember",
    "AreaServiceShare",
    "begin",
    "end",
    "join",
    "leave",
    "share_cost",
    "withdraw_cost",
]
