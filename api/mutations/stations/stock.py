"""Mutations on what stations have in stock and lend; the acts are in models/stations/."""

from datetime import datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.stations import ItemKind
from models import stations

graphql_enum(ItemKind)

_ITEM = "The item as it is now (物品); null when refused."
_LOAN = "The loan as it is now (借用); null when refused."


@strawberry.input(description="Something that a station has in stock.")
class StationItemAddInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    kind: ItemKind = strawberry.field(description="Kind (类别): says whether it is given away or lent.")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    unit: str = strawberry.field(description="What it is counted in (单位), 1 to 10 characters.")
    in_stock: int = strawberry.field(description="How many there are (现存数量).")
    minimum: int = strawberry.field(description="How many there should always be (最低库存).", default=0)


@bound("What stationItemAdd answers.")
class StationItemAddPayload(Payload):
    item = by_id("StationItem", "subject_id", description=_ITEM)


@mutation("List something that a station has in stock (登记物品).")
async def station_item_add(context: Context, given: StationItemAddInput) -> StationItemAddPayload:
    done = await stations.add_item(
        context.viewer,
        given.station_id,
        kind=given.kind,
        name=given.name,
        unit=given.unit,
        in_stock=given.in_stock,
        minimum=given.minimum,
    )
    return StationItemAddPayload(subject_id=done.id)


@strawberry.input(description="An item and how much more of it.")
class StationItemRestockInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (物品).")
    amount: int = strawberry.field(description="How many more (补货数量).")


@bound("What stationItemRestock answers.")
class StationItemRestockPayload(Payload):
    item = by_id("StationItem", "subject_id", description=_ITEM)


@mutation("Bring more of an item (补货).")
async def station_item_restock(context: Context, given: StationItemRestockInput) -> StationItemRestockPayload:
    done = await stations.restock(context.viewer, given.id, given.amount)
    return StationItemRestockPayload(subject_id=done.id)


@strawberry.input(description="An item and how much of it is given away.")
class StationItemGiveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (物品).")
    amount: int = strawberry.field(description="How many (发放数量).", default=1)


@bound("What stationItemGive answers.")
class StationItemGivePayload(Payload):
    item = by_id("StationItem", "subject_id", description=_ITEM)


@mutation("Give some of an item away (发放), as long as there is enough.")
async def station_item_give(context: Context, given: StationItemGiveInput) -> StationItemGivePayload:
    done = await stations.give(context.viewer, given.id, given.amount)
    return StationItemGivePayload(subject_id=done.id)


@strawberry.input(description="An item and how many were counted.")
class StationItemCountInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (物品).")
    counted: int = strawberry.field(description="How many there are in the station (盘点数量), those lent not among them.")


@bound("What stationItemCount answers.")
class StationItemCountPayload(Payload):
    item = by_id("StationItem", "subject_id", description=_ITEM)


@mutation("Say how many of an item were counted (盘点).")
async def station_item_count(context: Context, given: StationItemCountInput) -> StationItemCountPayload:
    done = await stations.count_item(context.viewer, given.id, given.counted)
    return StationItemCountPayload(subject_id=done.id)


@strawberry.input(description="An item and how many there should be.")
class StationItemSetMinimumInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (物品).")
    minimum: int = strawberry.field(description="How many there should always be (最低库存).")


@bound("What stationItemSetMinimum answers.")
class StationItemSetMinimumPayload(Payload):
    item = by_id("StationItem", "subject_id", description=_ITEM)


@mutation("Set how many of an item there should always be (设置最低库存); who keeps the station is told when there are less.")
async def station_item_set_minimum(context: Context, given: StationItemSetMinimumInput) -> StationItemSetMinimumPayload:
    done = await stations.set_minimum(context.viewer, given.id, given.minimum)
    return StationItemSetMinimumPayload(subject_id=done.id)


@strawberry.input(description="An item to strike off.")
class StationItemRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (物品).")


@bound("What stationItemRemove answers.")
class StationItemRemovePayload(Payload):
    item = by_id("StationItem", "subject_id", description=_ITEM)


@mutation("Strike an item off the station's list (移除物品), when none of it is lent.")
async def station_item_remove(context: Context, given: StationItemRemoveInput) -> StationItemRemovePayload:
    done = await stations.remove_item(context.viewer, given.id)
    return StationItemRemovePayload(subject_id=done.id)


@strawberry.input(description="An item and the slip to which it is lent.")
class StationItemLendInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (物品).")
    slip: str = strawberry.field(description="Number of the slip (借条编号): 1 to 8 letters, digits and hyphens; never a name.")
    due_at: datetime | None = strawberry.field(
        description="When it should be back (应还时间), 60 days later at most; default: in three days.", default=strawberry.UNSET
    )


@bound("What stationItemLend answers.")
class StationItemLendPayload(Payload):
    loan = by_id("StationLoan", "subject_id", description=_LOAN)


@mutation("Lend one piece of an item to a slip (借出).")
async def station_item_lend(context: Context, given: StationItemLendInput) -> StationItemLendPayload:
    done = await stations.lend(context.viewer, given.id, given.slip, given.due_at)
    return StationItemLendPayload(subject_id=done.id)


@strawberry.input(description="A loan that is brought back.")
class StationLoanReturnInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Loan (借用).")


@bound("What stationLoanReturn answers.")
class StationLoanReturnPayload(Payload):
    loan = by_id("StationLoan", "subject_id", description=_LOAN)


@mutation("Take back what was lent (归还): once.")
async def station_loan_return(context: Context, given: StationLoanReturnInput) -> StationLoanReturnPayload:
    done = await stations.take_back(context.viewer, given.id)
    return StationLoanReturnPayload(subject_id=done.id)


@strawberry.input(description="A loan that will not come back.")
class StationLoanWriteOffInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Loan (借用).")


@bound("What stationLoanWriteOff answers.")
class StationLoanWriteOffPayload(Payload):
    loan = by_id("StationLoan", "subject_id", description=_LOAN)


@mutation("Expect a lent thing no longer (核销).")
async def station_loan_write_off(context: Context, given: StationLoanWriteOffInput) -> StationLoanWriteOffPayload:
    done = await stations.write_off(context.viewer, given.id)
    return StationLoanWriteOffPayload(subject_id=done.id)
