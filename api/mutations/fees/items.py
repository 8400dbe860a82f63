"""Mutations on fee items, their prices, and what there is to share; the acts are in models/fees."""

from datetime import date
from decimal import Decimal

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.bills import FeeUnit
from domain.charges import FeeBasis, FeeKind, ShareBy, Tier, TierBasis
from domain.ledger import AccountCode
from domain.money import Money, Rounding
from models import fees

for _word in (AccountCode, FeeBasis, FeeKind, FeeUnit, Rounding, ShareBy, TierBasis):
    graphql_enum(_word)

_ITEM = "The item as it is now (收费项目); null when refused."


@strawberry.input(description="A fee item to add. Its price is set next: feePriceSet.")
class FeeItemAddInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    code: str = strawberry.field(description="Code (编码), 1 to 20 characters, one in each book.")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters, as bills say it.")
    kind: FeeKind = strawberry.field(description="By what it is reckoned (计费方式).")
    account: AccountCode = strawberry.field(description="What income it is (收入科目).")
    starts_on: date | None = strawberry.field(
        description="First day (起始日期). Default: the first of this month.", default=strawberry.UNSET
    )
    unit: FeeUnit | None = strawberry.field(
        description="What its meters count (计量单位): M3 or KWH. Default: as goes with the kind.", default=strawberry.UNSET
    )
    months: int = strawberry.field(
        description="For how many months it is billed at once (出账周期): 1, 2, 3, 4, 6 or 12, counted from January.", default=1
    )
    rounding: Rounding = strawberry.field(description="How a line is rounded (取整方式).", default=Rounding.FEN_HALF_UP)
    share_by: ShareBy | None = strawberry.field(
        description="By what a common cost is shared (分摊方式): of SHARED items only.", default=strawberry.UNSET
    )
    tier_basis: TierBasis = strawberry.field(description="Over what time tiers are counted (阶梯周期).", default=TierBasis.MONTH)


@bound("What feeItemAdd answers.")
class FeeItemAddPayload(Payload):
    fee_item = by_id("FeeItem", "subject_id", description=_ITEM)


@mutation("Add a fee item to a book (新增收费项目).")
async def fee_item_add(context: Context, given: FeeItemAddInput) -> FeeItemAddPayload:
    made = await fees.add_item(
        context.viewer,
        given.book_id,
        code=given.code,
        name=given.name,
        kind=given.kind,
        account=given.account,
        starts_on=given.starts_on,
        unit=given.unit,
        months=given.months,
        rounding=given.rounding,
        share_by=given.share_by,
        tier_basis=given.tier_basis,
    )
    return FeeItemAddPayload(subject_id=made.id)


@strawberry.input(description="A fee item that ends.")
class FeeItemEndInput(ChangeInput):
    ended_on: date | None = strawberry.field(description="Its last day (停用日期). Default: today.", default=strawberry.UNSET)


@bound("What feeItemEnd answers.")
class FeeItemEndPayload(Payload):
    fee_item = by_id("FeeItem", "subject_id", description=_ITEM)


@mutation("Let a fee item end on a day (停用收费项目); bills that were issued stay.")
async def fee_item_end(context: Context, given: FeeItemEndInput) -> FeeItemEndPayload:
    changed = await fees.end_item(context.viewer, given.id, ended_on=given.ended_on, expected_version=given.expected_version)
    return FeeItemEndPayload(subject_id=changed.id)


@strawberry.input(description="A tier of a price (阶梯).")
class FeeTierInput:
    price: Decimal = strawberry.field(description="What a unit costs in it, in yuan (单价).")
    upto: Decimal | None = strawberry.field(
        description="Up to how many units (上限); none for the last.", default=strawberry.UNSET
    )


@strawberry.input(description="A price of a fee item from a day on, and on what ground.")
class FeePriceSetInput(OnceInput):
    item_id: strawberry.ID = strawberry.field(description="Item (收费项目).")
    price: Decimal = strawberry.field(
        description="What a unit costs (单价), in yuan with six decimals at most; where it is not metered, for a month."
    )
    starts_on: date = strawberry.field(description="From when on (执行日期): after all days that were billed.")
    basis: FeeBasis = strawberry.field(
        description="On what ground (依据): a higher service fee takes a vote of the owners or an authority's price."
    )
    basis_number: str = strawberry.field(description="Number of that (依据文号), 1 to 60 characters.")
    basis_on: date = strawberry.field(description="Day of that (依据日期), not after startsOn.")
    tiers: list[FeeTierInput] | None = strawberry.field(
        description="Tiers (阶梯), 2 to 5, the last open; they take the place of the price.", default=strawberry.UNSET
    )


@bound("What feePriceSet answers.")
class FeePriceSetPayload(Payload):
    fee_price = by_id("FeePrice", "subject_id", description="The price that was set (价格); null when refused.")


@mutation("Set the price of a fee item from a day on (设定价格).")
async def fee_price_set(context: Context, given: FeePriceSetInput) -> FeePriceSetPayload:
    made = await fees.set_price(
        context.viewer,
        given.item_id,
        given.price,
        starts_on=given.starts_on,
        basis=given.basis,
        basis_number=given.basis_number,
        basis_on=given.basis_on,
        tiers=[Tier(tier.upto, tier.price) for tier in given.tiers or ()],
    )
    return FeePriceSetPayload(subject_id=made.id)


@strawberry.input(description="A price to take back.")
class FeePriceWithdrawInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Price (价格): the last of its item, by which no home was billed.")


@bound("What feePriceWithdraw answers.")
class FeePriceWithdrawPayload(Payload):
    fee_item = by_id("FeeItem", "subject_id", description=_ITEM)


@mutation("Take back a price by which no home was billed yet (撤回价格).")
async def fee_price_withdraw(context: Context, given: FeePriceWithdrawInput) -> FeePriceWithdrawPayload:
    gone = await fees.withdraw_price(context.viewer, given.id)
    return FeePriceWithdrawPayload(subject_id=gone.fee_item_id)


@strawberry.input(description="What there is to share of an item in a period.")
class SharedCostSetInput(OnceInput):
    item_id: strawberry.ID = strawberry.field(description="Shared item (公摊项目).")
    month: date = strawberry.field(description="First day of the period (计费期首日).")
    amount: Money = strawberry.field(description="How much (金额).")
    note: str = strawberry.field(description="What it is of (说明), 1 to 200 characters: the supplier's bill, for one.")
    expected_version: int | None = strawberry.field(
        description="The version you read, 0 where there was none; else the answer is STALE_VERSION.", default=strawberry.UNSET
    )


@bound("What sharedCostSet answers.")
class SharedCostSetPayload(Payload):
    shared_cost = by_id("SharedCost", "subject_id", description="What there is to share now (公摊总额); null when refused.")


@mutation("Say what there is to share of an item in a period (登记公摊总额).")
async def shared_cost_set(context: Context, given: SharedCostSetInput) -> SharedCostSetPayload:
    kept = await fees.set_shared_cost(
        context.viewer,
        given.item_id,
        given.month,
        given.amount,
        note=given.note,
        expected_version=given.expected_version,
    )
    return SharedCostSetPayload(subject_id=kept.id)
