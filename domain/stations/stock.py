"""What a station has in stock: how it leaves, when there is too little of it, and what cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import ItemKind, MovementKind

#: The most that is moved at once, and that is kept of one item.
AMOUNT_MAX = 10_000
STOCK_MAX = 100_000


class Issue(StrEnum):
    """How something leaves the stock."""

    GIVEN = "GIVEN"
    LENT = "LENT"


#: Per kind: whether it is given away or lent. Every kind has its way.
ISSUES: Mapping[ItemKind, Issue] = {
    ItemKind.WATER: Issue.GIVEN,
    ItemKind.RAINCOAT: Issue.GIVEN,
    ItemKind.FIRST_AID: Issue.GIVEN,
    ItemKind.HEAT_RELIEF: Issue.GIVEN,
    ItemKind.WARMING: Issue.GIVEN,
    ItemKind.MASK: Issue.GIVEN,
    ItemKind.UMBRELLA: Issue.LENT,
    ItemKind.POWER_BANK: Issue.LENT,
    ItemKind.TOOL: Issue.LENT,
    ItemKind.BOOK: Issue.LENT,
    ItemKind.OTHER: Issue.GIVEN,
}

#: Per reason: what one piece of it does to what is there, and to what is lent. Nothing for what was counted: any difference.
MOVED: Mapping[MovementKind, tuple[int, int] | None] = {
    MovementKind.ADDED: (1, 0),
    MovementKind.RESTOCKED: (1, 0),
    MovementKind.GIVEN: (-1, 0),
    MovementKind.LENT: (-1, 1),
    MovementKind.RETURNED: (1, -1),
    MovementKind.COUNTED: None,
}


@dataclass(frozen=True)
class Stock:
    """What there is of an item: in the station, and with people."""

    in_stock: int
    lent: int = 0
    minimum: int = 0

    @property
    def short(self) -> bool:
        """Whether there is less than there should be."""
        return self.in_stock < self.minimum

    def after(self, kind: MovementKind, amount: int) -> "Stock":
        """The stock after ``amount`` pieces moved for this reason; refuses what would leave less than nothing.

        Of COUNTED, ``amount`` is what was counted.
        """
        there, out = MOVED[kind] or (0, 0)
        in_stock = amount if MOVED[kind] is None else self.in_stock + there * amount
        if in_stock < 0 or self.lent + out * amount < 0:
            raise too_few(self.in_stock)
        return Stock(in_stock, self.lent + out * amount, self.minimum)


def too_few(left: int) -> Refused:
    """Why nothing was given: there is not so much of it."""
    return Refused(
        RefusalCode.CONFLICT,
        Text(f"There are {left} left.", f"库存仅剩 {left}。"),
        path=("amount",),
        hint=Text("Take no more than there is, or restock first.", "请减少数量，或先补货。"),
    )


def check_amount(amount: int, field: str = "amount", *, least: int = 1, most: int = AMOUNT_MAX) -> int:
    """The amount; refuses (INVALID, naming ``field``) what is less than ``least`` or more than ``most``."""
    if not least <= amount <= most:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{amount} is not an amount that can be.", f"数量 {amount} 无效。"),
            path=(field,),
            hint=Text(f"Give {least} to {most}.", f"请填写 {least} 到 {most}。"),
        )
    return amount


def check_issue(kind: ItemKind, issue: Issue) -> None:
    """Refuses (ILLEGAL_MOVE) to give away what is lent, and to lend what is given away."""
    if ISSUES[kind] is issue:
        return
    if issue is Issue.GIVEN:
        message = Text("This is lent, not given away.", "该物品为借用，不发放。")
        hint = Text("Use stationItemLend; what is gone for good is noticed by stationItemCount.", "请办理借出；确已损耗请盘点。")
    else:
        message = Text("This is given away, not lent.", "该物品为发放，不借用。")
        hint = Text("Use stationItemGive.", "请办理发放。")
    raise Refused(RefusalCode.ILLEGAL_MOVE, message, path=("id",), hint=hint)
