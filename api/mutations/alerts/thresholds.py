"""Mutations on the figures of rules; the act is in models/alerts/thresholds.py."""

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from models.alerts import set_threshold_of


@strawberry.input(description="A rule's figures, and where they hold.")
class ThresholdSetInput(OnceInput):
    owner_id: strawberry.ID = strawberry.field(
        description="Street (街道), compound (小区), facility (设施) or device (设备) for which they hold."
    )
    rule: str = strawberry.field(description="Rule (规则), for instance `fire_safety.battery_low`.")
    values: JSON = strawberry.field(
        description="Figures (阈值) by name, in the rule's units, in place of all that were set there for the rule: "
        '`{"low_percent": 25}`, or with the unit `{"low_percent": {"value": 25, "unit": "%"}}`. A figure that is not named'
        " is that of the facility, the compound, the street or the rule."
    )


@bound("What thresholdSet answers.")
class ThresholdSetPayload(Payload):
    street = by_id("Place", "subject_id", description="The street (街道), if it is for one; null when refused.")
    compound = by_id("Compound", "subject_id", description="The compound (小区), if it is for one; null when refused.")
    facility = by_id("Facility", "subject_id", description="The facility (设施), if it is for one; null when refused.")
    device = by_id("Device", "subject_id", description="The device (设备), if it is for one; null when refused.")


@mutation(
    "Set the figures that a rule goes by (设置规则阈值), for a street, compound, facility or device, from the next reading on."
)
async def threshold_set(context: Context, given: ThresholdSetInput) -> ThresholdSetPayload:
    threshold = await set_threshold_of(context.viewer, given.owner_id, given.rule, given.values)
    return ThresholdSetPayload(subject_id=threshold.owner_id)
