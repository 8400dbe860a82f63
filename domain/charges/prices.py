"""What a price must be to be lawful, and to be reckoned with."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.ledger import AccountCode
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .charging import Price, Tier
from .words import GROUNDS, FeeBasis

#: Yuan that a unit may cost, at most, and tiers that a price may have.
PRICE_MOST, TIERS_MOST = Decimal(1_000_000), 5
NUMBER_MAX = 60
_STEP = Decimal("0.000001")


def check_account(account: AccountCode) -> None:
    """Refuses (INVALID) what is no income of fees."""
    if account not in GROUNDS:
        raise _invalid(
            "account",
            Text(f"No fee is booked to {account}.", f"收费项目不能记入 {account.zh}。"),
            Text(f"Choose one of {', '.join(GROUNDS)}.", f"请选择：{'、'.join(each.zh for each in GROUNDS)}。"),
        )


def check_price(price: Price) -> None:
    """Refuses (INVALID) a price out of range, and tiers that do not rise or do not end open."""
    for each, field in ((price.price, "price"), *((tier.price, "tiers") for tier in price.tiers)):
        if not each.is_finite() or not 0 <= each <= PRICE_MOST or each != each.quantize(_STEP):
            raise _invalid(
                field,
                Text(f"A unit cannot cost {each}.", f"单价 {each} 无效。"),
                Text(f"Give 0 to {PRICE_MOST} yuan, with six decimals at most.", "请填写 0 至 1000000 元，最多六位小数。"),
            )
    limits = [tier.upto for tier in price.tiers]
    ends = [limit for limit in limits if limit is not None]
    rising = ends == sorted(set(ends)) and all(limit > 0 for limit in ends)
    if limits and (not rising or limits[-1] is not None or len(ends) != len(limits) - 1 or not 2 <= len(limits) <= TIERS_MOST):
        raise _invalid(
            "tiers",
            Text("The limits of the tiers do not rise to an open end.", "阶梯上限须逐档递增，最后一档不设上限。"),
            Text(
                f"Give 2 to {TIERS_MOST} tiers, each limit higher than the one before, and none for the last.",
                "请填写 2 至 5 档，上限递增，最后一档留空。",
            ),
        )


def higher(price: Price, before: Price | None) -> bool:
    """Whether some quantity costs more than it did."""
    if before is None:
        return False
    old, new = (each.tiers or (Tier(None, each.price),) for each in (before, price))
    limits = sorted({tier.upto for tier in (*old, *new) if tier.upto is not None})
    points = [Decimal(0), *limits]
    return any(_at(new, point) > _at(old, point) for point in points)


def _at(tiers: Sequence[Tier], quantity: Decimal) -> Decimal:
    """What the next unit above ``quantity`` costs."""
    return next(tier.price for tier in tiers if tier.upto is None or quantity < tier.upto)


def check_basis(account: AccountCode, basis: FeeBasis, basis_on: date, starts_on: date, *, raised: bool) -> None:
    """Refuses (INVALID) a ground on which the law lets no such price stand, and one that came after the price."""
    allowed = GROUNDS[account][raised]
    if basis not in allowed:
        raise _invalid(
            "basis",
            Text(
                f"{'A higher price' if raised else 'A price'} of {account} does not stand on {basis}.",
                f"{account.zh}的{'涨价' if raised else '价格'}不能以“{basis.zh}”为依据。",
            ),
            Text(f"It takes {' or '.join(sorted(allowed))}.", f"依据应为：{'、'.join(each.zh for each in sorted(allowed))}。"),
        )
    if basis_on > starts_on:
        raise _invalid(
            "basis_on",
            Text(f"A ground of {basis_on} cannot hold from {starts_on} on.", f"{basis_on} 的依据不能自 {starts_on} 起适用。"),
            Text("Let the price begin later.", "请将价格生效日期推后。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
