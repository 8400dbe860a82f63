"""The MQTT bridge: what comes through a broker, checked and stored as what is posted, and only then acknowledged."""

from .bridge import Bridge
from .link import Misconfigured

__all__ = ["Bridge", "Misconfigured"]
