"""What people say of a device: who made it, and through which other device it is heard."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .connection import query
from .facilities import Device
from .facts import record
from .permits import actor_of, found, permitted

MAKER_MAX = 120

_ABOVE = """
WITH RECURSIVE above (id, parent_id) AS (
    SELECT id, parent_id FROM device WHERE id = $1
    UNION SELECT d.id, d.parent_id FROM device d JOIN above a ON d.id = a.parent_id
)
SELECT id FROM above WHERE id = $2
"""


async def attach(viewer: Viewer, device_id: str, parent_id: str | None) -> Device:
    """Say through which device of the same compound this one is heard (a gateway); None: through none.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (elsewhere, or one that is itself heard through this one).
    """
    async with in_transaction():
        device = await permitted(Device, device_id, viewer, "deviceAttach")
        if parent_id is not None:
            parent = await found(Device, parent_id, viewer, path=("parent_id",))
            # Whoever attaches devices of one compound waits for the other: so no ring is closed by two at once.
            await query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", device.compound_id)
            _check(parent.compound_id == device.compound_id, "It is not in this compound.", "它不在该小区内。")
            ring = await query(_ABOVE, parent.id, device.id)
            _check(not ring, "It is itself heard through this device.", "该设备本身经由此设备上报，形成循环。")
        if parent_id != device.parent_id:
            before, device.parent_id = device.parent_id, parent_id
            await device.save(update_fields=["parent_id"])
            await record(
                actor_of(viewer), "deviceAttach", device, before={"parent_id": before}, after={"parent_id": device.parent_id}
            )
        return device


async def set_maker(viewer: Viewer, device_id: str, maker: str) -> Device:
    """Say who made a device; empty: nobody knows. Refuses NOT_FOUND, FORBIDDEN and INVALID (more than 120 characters)."""
    maker = written(maker, "maker", MAKER_MAX, least=0)
    async with in_transaction():
        device = await permitted(Device, device_id, viewer, "deviceSetMaker")
        if maker != device.maker:
            before, device.maker = device.maker, maker
            await device.save(update_fields=["maker"])
            await record(actor_of(viewer), "deviceSetMaker", device, before={"maker": before}, after={"maker": maker})
        return device


def _check(good: bool, en: str, zh: str) -> None:
    if not good:
        raise Refused(
            RefusalCode.INVALID,
            Text(en, zh),
            path=("parent_id",),
            hint=Text("Name a gateway of the same compound, or none.", "请选择同一小区的网关，或留空。"),
        )
