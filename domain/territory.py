"""The words of the territory tree: street → community or village → grid → compound → building → unit → home."""

from collections.abc import Mapping
from decimal import Decimal

from .refusals import RefusalCode, Refused
from .words import Text, Word


class PlaceKind(Word):
    """Kind of an administrative place above the compound."""

    STREET = "STREET", "街道", "A street office's whole area."
    COMMUNITY = "COMMUNITY", "社区", "An urban community of a street."
    VILLAGE = "VILLAGE", "村", "A village of a street."
    GRID = "GRID", "网格", "A grid inside a community or village."
    BUSINESS_GRID = "BUSINESS_GRID", "商圈网格", "A grid drawn around a business district."


class CompoundKind(Word):
    """Kind of a residential compound (小区)."""

    PROPERTY_MANAGED = "PROPERTY_MANAGED", "物业小区", "A property company serves it under contract."
    UNMANAGED = "UNMANAGED", "三无小区", "Old and open: no property company, no owners' body, no gatekeeping."
    RESETTLEMENT = "RESETTLEMENT", "安置房小区", "Built to rehouse; run under street rules with its own residents."


class GovernanceMode(Word):
    """Who runs a compound day by day."""

    COMPANY = "COMPANY", "物业管理", "A property company under contract."
    COMMUNITY_RUN = "COMMUNITY_RUN", "社区托管", "The community looks after it."
    SELF_RUN = "SELF_RUN", "居民自管", "Residents run it through a committee of their own."
    SHARED_RUN = "SHARED_RUN", "居民共管", "The community runs it together with residents."


class HomeUse(Word):
    """What a home is used for."""

    RESIDENTIAL = "RESIDENTIAL", "住宅", "Somebody lives there."
    COMMERCIAL = "COMMERCIAL", "商业", "A shop, a restaurant, a guest house."
    OFFICE = "OFFICE", "办公", "People work there at desks."
    PUBLIC_USE = "PUBLIC_USE", "公共用房", "A room of the owners, the community or the company."
    STORAGE = "STORAGE", "仓储", "Things are kept there."
    VACANT = "VACANT", "空置", "Nobody uses it."


#: What may be added below what.
PARENTS: Mapping[PlaceKind, frozenset[PlaceKind]] = {
    PlaceKind.STREET: frozenset(),
    PlaceKind.COMMUNITY: frozenset({PlaceKind.STREET}),
    PlaceKind.VILLAGE: frozenset({PlaceKind.STREET}),
    PlaceKind.GRID: frozenset({PlaceKind.COMMUNITY, PlaceKind.VILLAGE}),
    PlaceKind.BUSINESS_GRID: frozenset({PlaceKind.COMMUNITY, PlaceKind.VILLAGE}),
}
COMMUNITIES = PARENTS[PlaceKind.GRID]

NAME_MAX, CODE_MAX, ADDRESS_MAX = 120, 40, 200
#: A building's name, and a unit's and a home's; and how long their codes may be.
SHORT_NAME_MAX, BUILDING_CODE_MAX, UNIT_CODE_MAX, HOME_CODE_MAX = 60, 60, 70, 80
#: The oldest building that stands, and the tallest.
YEAR_LEAST, STOREYS_MAX, HEIGHT_MAX = 1800, 200, 1000
AREA_MAX, RESIDENTS_MAX, COUNT_MAX = 100_000, 100, 1_000_000


def within(value: float | Decimal, field: str, least: float, most: float) -> None:
    """Refuses (INVALID, naming ``field``) a number that is less than ``least`` or more than ``most``."""
    if not least <= value <= most:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{value} is out of range.", f"数值 {value} 超出范围。"),
            path=(field,),
            hint=Text(f"Give {least} to {most}.", f"请填写 {least} 到 {most}。"),
        )
