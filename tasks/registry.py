"""Every module that handles work or declares a check: importing this one makes them all known."""

from tasks import checks, clock, events, files, notices

__all__ = ["checks", "clock", "events", "files", "notices"]
