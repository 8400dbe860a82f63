"""Area-wide service (区域化大物业): one company serves many compounds that nobody served, and they share the cost by area."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import Money, share
from .organisations import MandateService, overlapping
from .refusals import RefusalCode, Refused
from .territory import CompoundKind
from .words import Text

NAME_MAX, TITLE_MAX, REASON_MAX = 120, 120, 500
#: The most that the area of a compound may be, in square metres (NUMERIC(12, 2)).
AREA_MOST = Decimal("9999999999.99")
#: Longer than this, what is shared is no cost of a period.
PERIOD_DAYS_MAX = 1_096

#: Which compounds may join: one that chose a company by contract keeps that.
MAY_JOIN = frozenset({CompoundKind.UNMANAGED, CompoundKind.RESETTLEMENT})


@dataclass(frozen=True)
class Stay:
    """A compound in an area-wide service: its area in square metres, its first and its last day (both included; None: open)."""

    compound_id: str
    area_m2: Decimal
    joins_on: date
    leaves_on: date | None = None

    def days(self, first: date, last: date) -> int:
        """On how many days from ``first`` to ``last``, both included, it was in."""
        begins, ends = max(self.joins_on, first), min(self.leaves_on or last, last)
        return max((ends - begins).days + 1, 0)


@dataclass(frozen=True)
class Part:
    """What one stay bears of a cost: by its area and so many days."""

    stay: Stay
    days: int
    amount: Money


def parts_of(total: Decimal, stays: Sequence[Stay], first: date, last: date) -> list[Part]:
    """The total shared over the stays by area × days, to the fen and adding up to it exactly; who was not in bears nothing and
    is left out. The fen that are left go to the largest remainders, the earlier first where they are equal.

    Refuses (INVALID, ``period_from``) a period in which no compound was in.
    """
    within = [(stay, days) for stay in stays if (days := stay.days(first, last)) and stay.area_m2 > 0]
    if not within:
        raise _invalid(
            "period_from",
            Text(f"No compound was in from {first} to {last}.", f"{first} 至 {last} 期间没有小区参加。"),
            Text("Let compounds join first, or give other days.", "请先登记参加小区，或另选期间。"),
        )
    amounts = share(total, [stay.area_m2 * days for stay, days in within])
    return [Part(stay, days, Money(amount)) for (stay, days), amount in zip(within, amounts, strict=True)]


def check_services(services: Collection[MandateService]) -> list[MandateService]:
    """The services in common, each once, in order. Refuses (INVALID) none, and one that another holds in it."""
    kept = [each for each in MandateService if each in services]
    if not kept:
        raise _invalid(
            "services",
            Text("An area-wide service does something.", "未选择任何服务项目。"),
            Text("Name what the company does in every compound.", "请至少选择一项共同服务。"),
        )
    for one in kept:
        for other in kept:
            if one is not other and overlapping(one, other):
                raise _invalid(
                    "services",
                    Text(f"{one} and {other} hold each other.", f"“{one.zh}”与“{other.zh}”互相包含。"),
                    Text("Name the wider one alone.", "请仅保留范围较大的一项。"),
                )
    return kept


def check_kind(kind: CompoundKind) -> None:
    """Refuses (INVALID) a compound that a company serves under a contract of its own."""
    if kind not in MAY_JOIN:
        raise _invalid(
            "compound_id",
            Text("The compound has a property company by contract.", "该小区为物业小区，已有合同物业。"),
            Text(
                "Name an unmanaged or resettlement compound, or change the compound's kind first.",
                "请选择三无小区或安置房小区，或先变更小区类别。",
            ),
        )


def check_area(area: Decimal | None) -> Decimal:
    """The area by which a compound shares, in square metres. Refuses (INVALID) none, 0 or less, and parts of 0.01."""
    if area is not None and area.is_finite() and 0 < area <= AREA_MOST and area == area.quantize(Decimal("0.01")):
        return area.quantize(Decimal("0.01"))
    raise _invalid(
        "area_m2",
        Text(f"The area {area} cannot be shared by.", "分摊面积无效。")
        if area is not None
        else Text("No area is known of its homes.", "该小区房屋面积未登记。"),
        Text("Give square metres, with two decimals at most.", "请填写分摊面积（平方米，最多两位小数）。"),
    )


def check_period(first: date, last: date) -> None:
    """Refuses (INVALID) a period that ends before it begins, or is longer than three years."""
    if not 0 <= (last - first).days < PERIOD_DAYS_MAX:
        raise _invalid(
            "period_to",
            Text(f"From {first} to {last} is no period of a cost.", f"{first} 至 {last} 不是有效的费用期间。"),
            Text("Give a last day on or after the first, within three years.", "请填写不早于开始日期、三年以内的结束日期。"),
        )


def check_within(day: date, field: str, starts_on: date, ends_on: date | None) -> None:
    """Refuses (INVALID, naming ``field``) a day outside the service's own days."""
    if day < starts_on or (ends_on is not None and day > ends_on):
        raise _invalid(
            field,
            Text(f"The service is from {starts_on} to {ends_on or '…'}.", f"服务期为 {starts_on} 至 {ends_on or '…'}。"),
            Text("Give a day within it.", "请填写服务期内的日期。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
