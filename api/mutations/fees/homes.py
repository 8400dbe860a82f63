"""Mutations on homes' parts in fee items, and on meters; the acts are in models/fees."""

from datetime import date
from decimal import Decimal

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.charges import ExemptionReason
from domain.territory import HomeUse
from models import fees

for _word in (ExemptionReason, HomeUse):
    graphql_enum(_word)

_ITEM = "The item (收费项目); null when refused."
_ONE, _NOTHING = Decimal(1), Decimal(0)
_FIRST = "First day (起始日期). Default: the item's."
_LAST = "Last day (结束日期); none: open."


@strawberry.input(description="Homes to have a part in a fee item.")
class FeeAssignInput(OnceInput):
    item_id: strawberry.ID = strawberry.field(description="Item (收费项目).")
    home_ids: list[strawberry.ID] = strawberry.field(description="Homes (住房), 1 to 500 of the item's compound.")
    starts_on: date | None = strawberry.field(description=_FIRST, default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description=_LAST, default=strawberry.UNSET)
    quantity: Decimal = strawberry.field(description="How much (数量): parking spaces, for one.", default=_ONE)
    discount: Decimal = strawberry.field(description="Percent less (减免比例), 0 to 100.", default=_NOTHING)
    exemption: ExemptionReason | None = strawberry.field(
        description="Why they pay nothing (免收原因); none: they pay.", default=strawberry.UNSET
    )


@bound("What feeAssign answers.")
class FeeAssignPayload(Payload):
    fee_item = by_id("FeeItem", "subject_id", description=_ITEM)


@mutation("Let homes have a part in a fee item (分配收费项目).")
async def fee_assign(context: Context, given: FeeAssignInput) -> FeeAssignPayload:
    item = await fees.assign(
        context.viewer,
        given.item_id,
        given.home_ids,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        quantity=given.quantity,
        discount=given.discount,
        exemption=given.exemption,
    )
    return FeeAssignPayload(subject_id=item.id)


@strawberry.input(description="All homes of a compound that are used in some way, to have a part in a fee item.")
class FeeAssignAllInput(OnceInput):
    item_id: strawberry.ID = strawberry.field(description="Item (收费项目).")
    uses: list[HomeUse] = strawberry.field(description="Uses of homes (房屋用途), one at least.")
    starts_on: date | None = strawberry.field(description=_FIRST, default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description=_LAST, default=strawberry.UNSET)


@bound("What feeAssignAll answers.")
class FeeAssignAllPayload(Payload):
    fee_item = by_id("FeeItem", "subject_id", description=_ITEM)


@mutation("Let all homes that are used in some way, and have none yet, have a part in a fee item (批量分配收费项目).")
async def fee_assign_all(context: Context, given: FeeAssignAllInput) -> FeeAssignAllPayload:
    item = await fees.assign_all(context.viewer, given.item_id, given.uses, starts_on=given.starts_on, ends_on=given.ends_on)
    return FeeAssignAllPayload(subject_id=item.id)


@strawberry.input(description="A home's part in a fee item that ends.")
class FeeAssignmentEndInput(ChangeInput):
    ends_on: date | None = strawberry.field(description="Its last day (结束日期). Default: today.", default=strawberry.UNSET)


@bound("What feeAssignmentEnd answers.")
class FeeAssignmentEndPayload(Payload):
    fee_assignment = by_id("FeeAssignment", "subject_id", description="The part as it is now (分配); null when refused.")


@mutation("Let a home's part in a fee item end (终止分配); bills that were issued stay: see billCorrect.")
async def fee_assignment_end(context: Context, given: FeeAssignmentEndInput) -> FeeAssignmentEndPayload:
    kept = await fees.end_assignment(context.viewer, given.id, ends_on=given.ends_on, expected_version=given.expected_version)
    return FeeAssignmentEndPayload(subject_id=kept.id)


_CODE = "Code (表号), 1 to 40 characters."
_DIGITS = "Figures of its dial before the point (表盘位数), 3 to 9."
_BEGINS = "What it shows at first (起始读数)."
_RATIO = "Units for one of the dial (倍率)."
_METER = "The meter as it is now (计量表); null when refused."
_READING = "What was taken down (抄表记录); null when refused."
_READ_ON = "Day (抄表日期), after the last one. Default: today."
_ROLLED = "Whether the dial began again at nought since (是否归零)."


@strawberry.input(description="A meter of a home.")
class MeterAddInput(OnceInput):
    item_id: strawberry.ID = strawberry.field(description="Metered item (按表计量项目).")
    home_id: strawberry.ID = strawberry.field(description="Home (住房).")
    code: str = strawberry.field(description=_CODE)
    digits: int = strawberry.field(description=_DIGITS)
    value: Decimal = strawberry.field(description=_BEGINS, default=_NOTHING)
    ratio: Decimal = strawberry.field(description=_RATIO, default=_ONE)
    started_on: date | None = strawberry.field(description="Since when (启用日期). Default: today.", default=strawberry.UNSET)


@bound("What meterAdd answers.")
class MeterAddPayload(Payload):
    meter = by_id("Meter", "subject_id", description=_METER)


@mutation("Add a home's meter for a fee item (登记计量表).")
async def meter_add(context: Context, given: MeterAddInput) -> MeterAddPayload:
    made = await fees.add_meter(
        context.viewer,
        given.item_id,
        given.home_id,
        code=given.code,
        digits=given.digits,
        value=given.value,
        ratio=given.ratio,
        started_on=given.started_on,
    )
    return MeterAddPayload(subject_id=made.id)


@strawberry.input(description="What a meter shows.")
class MeterReadInput(ChangeInput):
    value: Decimal = strawberry.field(description="What it shows (读数), with three decimals at most.")
    read_on: date | None = strawberry.field(description=_READ_ON, default=strawberry.UNSET)
    rolled_over: bool = strawberry.field(description=_ROLLED, default=False)


@bound("What meterRead answers.")
class MeterReadPayload(Payload):
    meter_reading = by_id("MeterReading", "subject_id", description=_READING)


@mutation("Take down what a meter shows (抄表).")
async def meter_read(context: Context, given: MeterReadInput) -> MeterReadPayload:
    made = await fees.read_meter(
        context.viewer,
        given.id,
        given.value,
        read_on=given.read_on,
        rolled_over=given.rolled_over,
        expected_version=given.expected_version,
    )
    return MeterReadPayload(subject_id=made.id)


@strawberry.input(description="A meter that nobody could read.")
class MeterEstimateInput(ChangeInput):
    read_on: date | None = strawberry.field(description=_READ_ON, default=strawberry.UNSET)
    used: Decimal | None = strawberry.field(
        description="What was used as it was agreed (协商用量). Default: as over the last three readings.",
        default=strawberry.UNSET,
    )


@bound("What meterEstimate answers.")
class MeterEstimatePayload(Payload):
    meter_reading = by_id("MeterReading", "subject_id", description=_READING)


@mutation("Charge what was probably used where nobody read the meter (估抄); the next reading sets it right.")
async def meter_estimate(context: Context, given: MeterEstimateInput) -> MeterEstimatePayload:
    made = await fees.estimate_meter(
        context.viewer, given.id, read_on=given.read_on, used=given.used, expected_version=given.expected_version
    )
    return MeterEstimatePayload(subject_id=made.id)


@strawberry.input(description="A meter that is taken away, and the one that takes its place.")
class MeterReplaceInput(ChangeInput):
    final: Decimal = strawberry.field(description="What the old one shows at last (旧表止码).")
    code: str = strawberry.field(description=_CODE)
    digits: int = strawberry.field(description=_DIGITS)
    value: Decimal = strawberry.field(description=_BEGINS, default=_NOTHING)
    ratio: Decimal = strawberry.field(description=_RATIO, default=_ONE)
    replaced_on: date | None = strawberry.field(description="Day (换表日期). Default: today.", default=strawberry.UNSET)
    rolled_over: bool = strawberry.field(description=_ROLLED, default=False)


@bound("What meterReplace answers.")
class MeterReplacePayload(Payload):
    meter = by_id("Meter", "subject_id", description="The new meter (新表); null when refused.")


@mutation("Replace a meter (换表).")
async def meter_replace(context: Context, given: MeterReplaceInput) -> MeterReplacePayload:
    made = await fees.replace_meter(
        context.viewer,
        given.id,
        given.final,
        code=given.code,
        digits=given.digits,
        value=given.value,
        ratio=given.ratio,
        replaced_on=given.replaced_on,
        rolled_over=given.rolled_over,
        expected_version=given.expected_version,
    )
    return MeterReplacePayload(subject_id=made.id)
