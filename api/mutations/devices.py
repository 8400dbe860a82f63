"""Mutations on devices; the acts are in models/devices.py."""

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import devices

from .payloads import OnceInput, Payload, mutation

_DEVICE = "The device as it is now (设备); null when refused."


@strawberry.input(description="A device and the one through which it is heard.")
class DeviceAttachInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Device (设备).")
    parent_id: strawberry.ID | None = strawberry.field(
        description="Through which it is heard (上级设备), in the same compound; none: through none.", default=strawberry.UNSET
    )


@bound("What deviceAttach answers.")
class DeviceAttachPayload(Payload):
    device = by_id("Device", "subject_id", description=_DEVICE)


@mutation("Say through which gateway a device is heard (设置上级设备): while that is silent, its own silence is not told.")
async def device_attach(context: Context, given: DeviceAttachInput) -> DeviceAttachPayload:
    device = await devices.attach(context.viewer, given.id, given.parent_id)
    return DeviceAttachPayload(subject_id=device.id)


@strawberry.input(description="A device and who made it.")
class DeviceSetMakerInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Device (设备).")
    maker: str = strawberry.field(description="Who made it (生产厂家), at most 120 characters; empty: nobody knows.")


@bound("What deviceSetMaker answers.")
class DeviceSetMakerPayload(Payload):
    device = by_id("Device", "subject_id", description=_DEVICE)


@mutation("Say who made a device (登记生产厂家): false alarms are counted by maker.")
async def device_set_maker(context: Context, given: DeviceSetMakerInput) -> DeviceSetMakerPayload:
    device = await devices.set_maker(context.viewer, given.id, given.maker)
    return DeviceSetMakerPayload(subject_id=device.id)
