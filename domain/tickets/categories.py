"""What a ticket is about: the classes of complaints, the classes of repairs, and which may be said of what."""

from collections.abc import Mapping, Sequence

from domain.facilities import FacilityKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

from .words import TicketKind


class TicketCategory(Word):
    """What a ticket is about: twelve classes for what is said, fifteen for what is broken."""

    SERVICE = "SERVICE", "服务质量", "How the company does its work."
    FACILITY_UPKEEP = "FACILITY_UPKEEP", "设施维护", "How facilities are looked after."
    CHARGES = "CHARGES", "物业收费", "Fees, their amount and their disclosure."
    PARKING = "PARKING", "停车管理", "Parking and vehicles."
    COMMON_AREAS = "COMMON_AREAS", "公共区域", "Cleaning, greenery and use of what is shared."
    HOUSE_REPAIR = "HOUSE_REPAIR", "房屋维修", "Upkeep of walls, roofs and pipes."
    SAFETY = "SAFETY", "安全应急", "A danger to people."
    DECORATION = "DECORATION", "装修管理", "Decoration of homes, its hours and its damage."
    NEIGHBOURS = "NEIGHBOURS", "邻里纠纷", "Noise and disputes between homes."
    UNLAWFUL_ACTS = "UNLAWFUL_ACTS", "违法行为", "Unlawful building, occupation or trade."
    OWNERS_COMMITTEE = "OWNERS_COMMITTEE", "业委会", "The owners' body and its votes."
    OTHER = "OTHER", "其他", "Anything else."

    LIFT = "LIFT", "电梯", "Lifts."
    WATER_SUPPLY = "WATER_SUPPLY", "供水", "Pumps, tanks and pressure."
    DRAINAGE = "DRAINAGE", "排水", "Drains, sewers and manholes."
    ELECTRICITY = "ELECTRICITY", "供电", "Power and its boxes."
    LIGHTING = "LIGHTING", "照明", "Lamps outdoors, in garages and stairwells."
    GAS = "GAS", "燃气", "Gas lines."
    FIRE_EQUIPMENT = "FIRE_EQUIPMENT", "消防设施", "Hydrants, extinguishers, panels and lanes."
    SURVEILLANCE = "SURVEILLANCE", "监控", "Cameras."
    ENTRANCE = "ENTRANCE", "门禁道闸", "Gates, barriers and guard boxes."
    CHARGING = "CHARGING", "充电设施", "Charging of e-bikes and cars."
    ROADS = "ROADS", "道路车库", "Roads and garages."
    GROUNDS = "GROUNDS", "场地设施", "Benches, fountains, drying areas and trees."
    BUILDING_FABRIC = "BUILDING_FABRIC", "房屋本体", "Walls, roofs, windows and leaks through them."
    INSIDE_HOME = "INSIDE_HOME", "户内维修", "What is broken inside a home."
    OTHER_REPAIR = "OTHER_REPAIR", "其他报修", "Anything else that is broken."


_C, _F = TicketCategory, FacilityKind

#: The twelve classes of what people say.
SAID = frozenset(list(TicketCategory)[:12])
#: The classes of what is broken.
BROKEN = frozenset(TicketCategory) - SAID

#: Per kind of ticket: the categories it may have.
CATEGORIES: Mapping[TicketKind, frozenset[TicketCategory]] = {
    TicketKind.REPAIR: BROKEN,
    TicketKind.COMPLAINT: SAID,
    TicketKind.SUGGESTION: SAID,
    TicketKind.ENQUIRY: SAID,
}

#: Per kind of facility: the categories that a repair of it may have, the usual one first.
REPAIRS_OF: Mapping[FacilityKind, Sequence[TicketCategory]] = {
    _F.LIFT: (_C.LIFT,),
    _F.PUMP: (_C.WATER_SUPPLY, _C.FIRE_EQUIPMENT, _C.DRAINAGE),
    _F.TANK: (_C.WATER_SUPPLY, _C.FIRE_EQUIPMENT),
    _F.HYDRANT: (_C.FIRE_EQUIPMENT, _C.WATER_SUPPLY),
    _F.EXTINGUISHER: (_C.FIRE_EQUIPMENT,),
    _F.FIRE_PANEL: (_C.FIRE_EQUIPMENT, _C.ELECTRICITY),
    _F.DISTRIBUTION_BOX: (_C.ELECTRICITY,),
    _F.GAS_LINE: (_C.GAS,),
    _F.CAMERA: (_C.SURVEILLANCE,),
    _F.GATE: (_C.ENTRANCE,),
    _F.BARRIER: (_C.ENTRANCE,),
    _F.LAMP: (_C.LIGHTING, _C.ELECTRICITY),
    _F.BENCH: (_C.GROUNDS,),
    _F.FOUNTAIN: (_C.GROUNDS, _C.WATER_SUPPLY),
    _F.GUARD_BOX: (_C.ENTRANCE, _C.BUILDING_FABRIC),
    _F.DRYING_AREA: (_C.GROUNDS,),
    _F.CHARGING_SHED: (_C.CHARGING, _C.ELECTRICITY),
    _F.MANHOLE: (_C.DRAINAGE, _C.ROADS),
    _F.FIRE_LANE: (_C.ROADS, _C.FIRE_EQUIPMENT),
    _F.GARAGE: (_C.ROADS, _C.LIGHTING, _C.DRAINAGE, _C.BUILDING_FABRIC),
    _F.PARKING_AREA: (_C.ROADS,),
    _F.WASTE_POINT: (_C.GROUNDS,),
}


def allowed(kind: TicketKind, facility: FacilityKind | None = None) -> Sequence[TicketCategory]:
    """The categories that a ticket of ``kind`` may have, the usual ones first; of a repair of a facility: those that fit it."""
    if kind is TicketKind.REPAIR and facility is not None:
        return (*REPAIRS_OF[facility], TicketCategory.OTHER_REPAIR)
    return tuple(category for category in TicketCategory if category in CATEGORIES[kind])


def usual(kind: TicketKind, facility: FacilityKind | None) -> TicketCategory | None:
    """The category of a repair that nobody has classified: that of its facility. None: somebody must say."""
    return REPAIRS_OF[facility][0] if kind is TicketKind.REPAIR and facility is not None else None


def check_category(kind: TicketKind, category: TicketCategory, facility: FacilityKind | None = None) -> None:
    """Refuses (INVALID, path ``category``) a category that the kind, or the facility that is broken, does not allow."""
    fitting = allowed(kind, facility)
    if category in fitting:
        return
    broken = kind is TicketKind.REPAIR and facility is not None and category in BROKEN
    en, zh = (f"the repair of a {facility}", f"{facility.zh}的报修") if broken and facility else (f"a {kind}", f"{kind.zh}工单")
    raise Refused(
        RefusalCode.INVALID,
        Text(f"{category} is no category of {en}.", f"{zh}没有“{category.zh}”这一类别。"),
        path=("category",),
        hint=Text(f"Choose one of {', '.join(fitting)}.", f"可选：{'、'.join(each.zh for each in fitting)}。"),
    )


def classified(
    was: TicketKind,
    kind: TicketKind,
    category: TicketCategory | None,
    given: TicketCategory | None,
    facility: FacilityKind | None = None,
) -> TicketCategory | None:
    """The category of a ticket that ``was`` of a kind, had a ``category``, and is now of ``kind``; ``given``: as somebody says.

    Where nobody says, it keeps the one it had, as far as the kind allows it; else it has the usual one. Refuses (INVALID) a
    category that the kind or the facility does not allow, and, of the same kind, none given.
    """
    if given is not None:
        check_category(kind, given, facility)
        return given
    if kind is was:
        raise Refused(
            RefusalCode.INVALID,
            Text("Nothing says what it is about.", "未填写问题类别。"),
            path=("category",),
            hint=Text("Give a category, or another kind.", "请填写问题类别，或更改工单类型。"),
        )
    return category if category in allowed(kind, facility) else usual(kind, facility)
