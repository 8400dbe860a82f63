"""Every module that handles work or declares a check: importing this one makes them all known."""

from tasks import clock, work

__all__ = ["clock", "work"]
