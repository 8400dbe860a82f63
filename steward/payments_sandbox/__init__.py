"""A payment provider that moves no money: a service of its own, with all that a real one does, for development and tests."""

from .app import create_app
from .command import payments_sandbox

__all__ = ["create_app", "payments_sandbox"]
