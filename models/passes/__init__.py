"""Visitor passes (访客通行码): issued for a home or by a guard post, shown at a gate, gone after a month."""

from .gate import admit, close, leave
from .issuing import cancel, hand_out, issue
from .keeping import AT_ONCE, keep, left_open
from .rows import VisitorPass

__all__ = ["AT_ONCE", "VisitorPass", "admit", "cancel", "close", "hand_out", "issue", "keep", "leave", "left_open"]
