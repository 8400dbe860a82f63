"""The steward's modules at work. The rules of all of them are judged here, over every batch of readings: load → judge → record.

What a module looks for on the clock is in a file of its own, named as the module, which importing this package makes known.
"""

from importlib import import_module
from pkgutil import iter_modules

from domain.steward import MODULES

from .batch import Batch
from .judging import judge, load
from .silence import hear_again
from .telling import tell


async def watch(batch: Batch) -> None:
    """Judge a batch of readings by the rules of every module, inside the transaction that stored them."""
    situation = await load(batch)
    for module in MODULES:
        await tell(module, await judge(module, batch, situation), batch)
        await hear_again(module, batch, situation)


for file in iter_modules(__path__):
    import_module(f"{__name__}.{file.name}")
