"""Event intake: CloudEvents over HTTP, checked, stored once, and only then acknowledged."""

from .intake import Intake
from .schemas import stale_schemas

__all__ = ["Intake", "stale_schemas"]
