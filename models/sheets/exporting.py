"""Lists that are taken away as sheets: that it was done is on record."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from models.facts import record
from models.permits import actor_of, found
from models.territory import Compound


async def listed(viewer: Viewer, compound_id: str, name: str) -> str:
    """Note that a list of the compound was taken away; the compound's code. Refuses NOT_FOUND."""
    async with in_transaction():
        compound = await found(Compound, compound_id, viewer, path=("compound",))
        await record(actor_of(viewer), "listExport", compound, after={"kind": name})
        return compound.code
