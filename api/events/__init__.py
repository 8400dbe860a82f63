"""Event intake: CloudEvents over HTTP, checked, stored once, and only then acknowledged."""

from .intake import Intake

__all__ = ["Intake"]
