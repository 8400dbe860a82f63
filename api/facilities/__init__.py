"""Facilities and devices: the rows, and what is known of their kinds."""

from . import kinds, nodes

__all__ = ["kinds", "nodes"]
