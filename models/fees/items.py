"""Fee items and their prices: what may be asked for, from when on, and on what ground."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.bills import FeeUnit
from domain.charges import (
    CADENCES,
    METERED_UNITS,
    SHARE_UNITS,
    UNITS,
    FeeBasis,
    FeeKind,
    Price,
    ShareBy,
    Tier,
    TierBasis,
    check_account,
    check_basis,
    check_price,
    higher,
)
from domain.charges.prices import NUMBER_MAX
from domain.ledger import AccountCode
from domain.money import Rounding
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained, query
from models.facts import record
from models.ledger import Book
from models.permits import actor_of, permitted, unchanged

from .rows import FeeItem, FeePrice

_CODE_MAX, _NAME_MAX = 20, 60
#: The last day for which homes pay an item by bills that stand.
_BILLED = "SELECT max(period_to) AS until FROM bill_line WHERE fee_item_id = $1 AND NOT withdrawn"


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


async def add_item(
    viewer: Viewer,
    book_id: str,
    *,
    code: str,
    name: str,
    kind: FeeKind,
    account: AccountCode,
    starts_on: date | None = None,
    unit: FeeUnit | None = None,
    months: int = 1,
    rounding: Rounding = Rounding.FEN_HALF_UP,
    share_by: ShareBy | None = None,
    tier_basis: TierBasis = TierBasis.MONTH,
) -> FeeItem:
    """A fee item of a book, without a price yet. ``unit``: of what meters count; else it follows from the kind.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, an account that is no income of fees, months that do not divide a year, a unit
    or a formula that does not go with the kind) and CONFLICT (the code is taken).
    """
    code, name = written(code, "code", _CODE_MAX), written(name, "name", _NAME_MAX)
    check_account(account)
    counted = _unit(kind, unit, share_by)
    if months not in CADENCES:
        raise _invalid(
            "months",
            Text(f"No item is billed for {months} months at once.", f"不支持每 {months} 个月出账。"),
            Text(f"Give one of {', '.join(map(str, CADENCES))}.", "请选择 1、2、3、4、6 或 12 个月。"),
        )
    if kind is FeeKind.SHARED and rounding is not Rounding.FEN_HALF_UP:
        raise _invalid(
            "rounding",
            Text("What is shared to the fen is not rounded again.", "公摊费用按分分摊，不再另行取整。"),
            Text("Leave the rounding away.", "请保留“四舍五入到分”。"),
        )
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "feeItemAdd", path=("book_id",))
        item = FeeItem(
            code=code,
            name=name,
            kind=kind,
            account=account,
            unit=counted,
            months=months,
            rounding=rounding,
            share_by=share_by,
            tier_basis=tier_basis,
            starts_on=starts_on or max(today().replace(day=1), book.opened_on),
            book_id=book.id,
            compound_id=book.compound_id,
            organisation_id=book.organisation_id,
            street_id=book.street_id,
        )
        async with constrained(_taken()):
            await item.save(force_create=True)
        await record(actor_of(viewer), "feeItemAdd", item, after={"kind": kind, "account": account, "months": months})
        return item


def _unit(kind: FeeKind, unit: FeeUnit | None, share_by: ShareBy | None) -> FeeUnit:
    if (kind is FeeKind.SHARED) != (share_by is not None):
        raise _invalid(
            "share_by",
            Text("Shared items, and no others, have a formula.", "仅公摊项目须且只须指定分摊方式。"),
            Text("Say by what it is shared; or choose another kind.", "请指定分摊方式，或更换计费方式。"),
        )
    natural = SHARE_UNITS[share_by] if share_by else UNITS[kind]
    if unit is None or unit is natural or (kind is FeeKind.METERED and unit in METERED_UNITS):
        return unit or natural
    raise _invalid(
        "unit",
        Text(f"{kind} does not count {unit}.", f"{kind.zh}不以{unit.zh}计量。"),
        Text(f"Leave it away: it is {natural}.", f"请留空，默认为{natural.zh}。"),
    )


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("Another item of the book has this code.", "账套内已有相同编码的收费项目。"),
        path=("code",),
        hint=Text("Choose another code.", "请更换编码。"),
    )


async def end_item(viewer: Viewer, item_id: str, *, ended_on: date | None = None, expected_version: int | None = None) -> FeeItem:
    """Let an item end on a day (default: today), itself included; bills that were issued stay.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (before it began), ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        item = await permitted(FeeItem, item_id, viewer, "feeItemEnd")
        unchanged(item.version, expected_version)
        last = ended_on or max(today(), item.starts_on)
        if item.ended_on is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The item ended on {item.ended_on}.", f"该收费项目已于 {item.ended_on} 停用。"),
                path=("id",),
                hint=Text("Add another item.", "请新增收费项目。"),
            )
        if last < item.starts_on:
            raise _invalid(
                "ended_on",
                Text(f"It began on {item.starts_on}.", f"该项目自 {item.starts_on} 起收取。"),
                Text("Give a day on which it was in force.", "请填写起始日或之后的日期。"),
            )
        item.ended_on = last
        item.version += 1
        await item.save(update_fields=["ended_on", "version"])
        await record(actor_of(viewer), "feeItemEnd", item, after={"ended_on": last.isoformat()})
        return item


async def set_price(
    viewer: Viewer,
    item_id: str,
    price: Decimal,
    *,
    starts_on: date,
    basis: FeeBasis,
    basis_number: str,
    basis_on: date,
    tiers: Sequence[Tier] = (),
) -> FeePrice:
    """The price of an item from a day on, until the next. ``tiers``, where there are any, are all of it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (price, tiers, a ground that the law does not let it stand on, a shared item) and
    ILLEGAL_MOVE (homes have paid for later days, there is a later price, the item has ended).
    """
    new = Price(starts_on, price, tuple(tiers))
    check_price(new)
    number = written(basis_number, "basis_number", NUMBER_MAX)
    async with in_transaction():
        item = await permitted(FeeItem, item_id, viewer, "feePriceSet")
        _check_priced(item, starts_on)
        last = await FeePrice.filter(fee_item_id=item.id).order_by("-starts_on").first()
        await _check_free(item, starts_on, last)
        check_basis(item.account, basis, basis_on, starts_on, raised=higher(new, last and price_of(last)))
        made = await FeePrice.create(
            starts_on=starts_on,
            price=price,
            tiers=[{"upto": tier.upto and f"{tier.upto:f}", "price": f"{tier.price:f}"} for tier in tiers],
            basis=basis,
            basis_number=number,
            basis_on=basis_on,
            fee_item_id=item.id,
            compound_id=item.compound_id,
            organisation_id=item.organisation_id,
            street_id=item.street_id,
        )
        after: dict[str, Any] = {"starts_on": starts_on.isoformat(), "price": f"{price:f}", "basis": basis}
        await record(actor_of(viewer), "feePriceSet", made, after=after)
        return made


def _check_priced(item: FeeItem, starts_on: date) -> None:
    if item.kind is FeeKind.SHARED:
        raise _invalid(
            "item_id",
            Text("A shared item has a cost of the period, and no price.", "公摊项目按期登记公摊总额，不设单价。"),
            Text("Say what there is to share: sharedCostSet.", "请登记公摊总额（sharedCostSet）。"),
        )
    if item.ended_on is not None and starts_on > item.ended_on:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The item ended on {item.ended_on}.", f"该收费项目已于 {item.ended_on} 停用。"),
            path=("starts_on",),
            hint=Text("Add another item.", "请新增收费项目。"),
        )


async def _check_free(item: FeeItem, starts_on: date, last: FeePrice | None) -> None:
    until: date | None = (await query(_BILLED, item.id))[0]["until"]
    if until is not None and starts_on <= until:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"Homes were billed up to {until}.", f"该项目已出账至 {until}。"),
            path=("starts_on",),
            hint=Text(
                f"Let it begin on {until + timedelta(days=1)} or later, or take these bills back first.",
                f"请自 {until + timedelta(days=1)} 或之后起执行，或先撤销已出账单。",
            ),
        )
    if last is not None and starts_on <= last.starts_on:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"There is a price from {last.starts_on} on.", f"已有自 {last.starts_on} 起执行的价格。"),
            path=("starts_on",),
            hint=Text(
                "Withdraw that one first (feePriceWithdraw), or give a later day.",
                "请先撤回该价格（feePriceWithdraw），或填写之后的日期。",
            ),
        )


async def withdraw_price(viewer: Viewer, price_id: str) -> FeePrice:
    """Take back the last price of an item, by which no home was billed yet.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is not the last, homes were billed by it).
    """
    async with in_transaction():
        price = await permitted(FeePrice, price_id, viewer, "feePriceWithdraw")
        item = await FeeItem.select_for_update().get(id=price.fee_item_id)
        await _check_free(item, price.starts_on, None)
        if await FeePrice.filter(fee_item_id=item.id, starts_on__gt=price.starts_on).exists():
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("A later price builds on it.", "其后已有新的价格。"),
                path=("id",),
                hint=Text("Withdraw that one first.", "请先撤回其后的价格。"),
            )
        await price.delete()
        await record(actor_of(viewer), "feePriceWithdraw", item, before={"starts_on": price.starts_on.isoformat()})
        return price


def price_of(row: FeePrice) -> Price:
    """The price as it is reckoned with."""
    tiers = tuple(Tier(None if tier["upto"] is None else Decimal(tier["upto"]), Decimal(tier["price"])) for tier in row.tiers)
    return Price(row.starts_on, row.price, tiers)
