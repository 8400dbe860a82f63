"""Fire safety: load → judge → record, for every batch of readings. Who has fallen silent is found in silence.py."""

from domain.steward.fire_safety import MODULE

from .batch import Batch
from .judging import judge, load
from .silence import hear_again
from .telling import tell


async def watch(batch: Batch) -> None:
    """Judge a batch of readings by the rules of fire safety, inside the transaction that stored them."""
    situation = await load(MODULE, batch)
    await tell(MODULE, await judge(MODULE, batch, situation), batch)
    await hear_again(MODULE, batch, situation)
