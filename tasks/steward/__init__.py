"""The steward's modules at work: one file a module, each load → judge → record."""

from collections.abc import Awaitable, Callable

from . import fire_safety
from .batch import Batch

#: Who is shown every batch of readings, in this order.
WATCHERS: tuple[Callable[[Batch], Awaitable[None]], ...] = (fire_safety.watch,)
