"""Which attributes each kind of facility has, and what follows from them. Every kind has its row."""

from collections.abc import Mapping
from datetime import date

from domain.words import Text, Word

from .attributes import TEXT_MAX, Attribute, AttributeType, scrap_on
from .words import FacilityKind

_K, _T = FacilityKind, AttributeType


class Agent(Word):
    """What an extinguisher puts a fire out with."""

    WATER = "WATER", "水基", "Water, or foam."
    POWDER = "POWDER", "干粉", "Dry powder."
    CO2 = "CO2", "二氧化碳", "Carbon dioxide."
    CLEAN_GAS = "CLEAN_GAS", "洁净气体", "A clean gas."


class Water(Word):
    """What water is for."""

    FIRE = "FIRE", "消防", "For fighting fires."
    DOMESTIC = "DOMESTIC", "生活", "For homes."
    DRAINAGE = "DRAINAGE", "排水", "To be led away."


class Stand(Word):
    """Where something stands."""

    INDOOR = "INDOOR", "室内", "In a building."
    OUTDOOR = "OUTDOOR", "室外", "In the open."


class Material(Word):
    """What something is made of."""

    STEEL = "STEEL", "钢", "Steel."
    CONCRETE = "CONCRETE", "混凝土", "Concrete."
    PLASTIC = "PLASTIC", "塑料", "Plastic."
    WOOD = "WOOD", "木", "Wood."
    STONE = "STONE", "石", "Stone."


class Shaft(Word):
    """What a manhole leads to."""

    RAIN = "RAIN", "雨水", "Rain water."
    SEWAGE = "SEWAGE", "污水", "Sewage."
    WATER = "WATER", "给水", "Drinking water."
    POWER = "POWER", "电力", "Power."
    TELECOM = "TELECOM", "通信", "Telecommunication."
    GAS = "GAS", "燃气", "Gas."


class GasPressure(Word):
    """Pressure of a gas line."""

    LOW = "LOW", "低压", "Under 10 kPa."
    MEDIUM = "MEDIUM", "中压", "10 to 400 kPa."


#: Years after which an extinguisher is scrapped, from the day it was made (GB 50444).
SCRAP_YEARS: Mapping[Agent, int] = {Agent.WATER: 6, Agent.POWDER: 10, Agent.CO2: 12, Agent.CLEAN_GAS: 10}
#: The least width and height of a fire lane in metres (GB 50016 7.1.8).
_LANE, _LANE_CLAUSE = 4.0, "GB 50016 7.1.8"


def _whole(key: str, en: str, zh: str, unit: str, least: int, most: int, *, required: bool = False) -> Attribute:
    return Attribute(key, Text(en, zh), _T.WHOLE, unit, least, most, required=required)


def _number(
    key: str, en: str, zh: str, unit: str, least: float, most: float, *, required: bool = False, norm: float | None = None
) -> Attribute:
    return Attribute(
        key, Text(en, zh), _T.NUMBER, unit, least, most, required=required, norm=norm, clause=_LANE_CLAUSE if norm else ""
    )


def _choice(key: str, en: str, zh: str, choices: type[Word], *, required: bool = False) -> Attribute:
    return Attribute(key, Text(en, zh), _T.CHOICE, choices=choices, required=required)


def _text(key: str, en: str, zh: str, most: int = TEXT_MAX) -> Attribute:
    return Attribute(key, Text(en, zh), _T.TEXT, most=most)


def _flag(key: str, en: str, zh: str) -> Attribute:
    return Attribute(key, Text(en, zh), _T.FLAG)


def _day(key: str, en: str, zh: str, *, required: bool = False) -> Attribute:
    return Attribute(key, Text(en, zh), _T.DATE, required=required)


_MAKER, _MODEL = _text("maker", "Maker", "生产厂家"), _text("model", "Model", "型号", 60)
_SINCE = _day("in_use_since", "In use since", "投用日期")
_AREA = _number("area_m2", "Area", "面积", "m²", 0.1, 100_000)
_POWER = _number("power_kw", "Power", "功率", "kW", 0.01, 1_000)

#: Per kind: what is kept of it, in the order in which it is shown.
ATTRIBUTES: Mapping[FacilityKind, tuple[Attribute, ...]] = {
    _K.LIFT: (
        _day("in_use_since", "In use since", "投用日期", required=True),
        _whole("stops", "Stops", "停靠层数", "", 2, 200, required=True),
        _whole("rated_load_kg", "Rated load", "额定载重", "kg", 100, 10_000),
        _number("speed_m_s", "Rated speed", "额定速度", "m/s", 0.1, 20),
        _text("registration_code", "Registration code", "设备注册代码", 40),
        *(_MAKER, _MODEL),
    ),
    _K.PUMP: (
        _choice("purpose", "Purpose", "用途", Water),
        _POWER,
        _number("flow_l_s", "Flow", "流量", "L/s", 0.1, 1_000),
        _number("head_m", "Head", "扬程", "m", 1, 500),
        *(_MAKER, _MODEL, _SINCE),
    ),
    _K.TANK: (
        _number("volume_m3", "Volume", "有效容积", "m³", 0.1, 5_000, required=True),
        _choice("purpose", "Purpose", "用途", Water),
        _choice("material", "Material", "材质", Material),
        _SINCE,
    ),
    _K.HYDRANT: (
        _choice("stand", "Where it stands", "位置", Stand),
        _whole("outlet_mm", "Outlet", "出口公称直径", "mm", 20, 300),
        *(_MAKER, _SINCE),
    ),
    _K.EXTINGUISHER: (
        _choice("agent", "Agent", "灭火剂", Agent, required=True),
        _day("made_on", "Made on", "出厂日期", required=True),
        _number("mass_kg", "Mass of the agent", "灭火剂质量", "kg", 0.5, 150),
        *(_MAKER, _MODEL),
    ),
    _K.FIRE_PANEL: (_whole("points", "Points connected", "联网点位", "", 1, 100_000), _MAKER, _MODEL, _SINCE),
    _K.DISTRIBUTION_BOX: (
        _whole("rated_current_a", "Rated current", "额定电流", "A", 1, 10_000),
        _whole("circuits", "Circuits", "回路数", "", 1, 500),
        *(_MAKER, _SINCE),
    ),
    _K.GAS_LINE: (
        _choice("pressure", "Pressure", "压力级别", GasPressure),
        _whole("diameter_mm", "Diameter", "公称直径", "mm", 10, 1_000),
        _SINCE,
    ),
    _K.CAMERA: (
        _number("resolution_mp", "Resolution", "分辨率", "MP", 0.1, 200),
        _whole("storage_days", "Days that are kept", "存储天数", "d", 0, 366),
        *(_MAKER, _MODEL, _SINCE),
    ),
    _K.GATE: (_number("width_m", "Width", "宽度", "m", 0.4, 30), _flag("card", "Opens by card", "刷卡开门"), _MAKER, _SINCE),
    _K.BARRIER: (_whole("lanes", "Lanes", "车道数", "", 1, 20), _flag("plates", "Reads plates", "车牌识别"), _MAKER, _SINCE),
    _K.LAMP: (
        _whole("power_w", "Power", "功率", "W", 1, 5_000),
        _number("height_m", "Height", "高度", "m", 0.2, 50),
        _SINCE,
    ),
    _K.BENCH: (_whole("seats", "Seats", "座位数", "", 1, 100), _choice("material", "Material", "材质", Material), _SINCE),
    _K.FOUNTAIN: (_AREA, _POWER, _SINCE),
    _K.GUARD_BOX: (_AREA, _flag("staffed_24h", "Staffed round the clock", "24 小时值守"), _SINCE),
    _K.DRYING_AREA: (_AREA, _whole("poles", "Poles", "晾衣杆数", "", 1, 1_000), _SINCE),
    _K.CHARGING_SHED: (
        _whole("sockets", "Sockets", "充电插座数", "", 1, 2_000, required=True),
        _flag("sprinklers", "Has sprinklers", "设有喷淋"),
        _whole("socket_limit_w", "Most power of a socket", "单插座限功率", "W", 50, 5_000),
        _SINCE,
    ),
    _K.MANHOLE: (
        _choice("shaft", "What it leads to", "井类", Shaft),
        _whole("diameter_mm", "Diameter", "直径", "mm", 100, 3_000),
        _flag("fall_net", "Has a net against falls", "设有防坠网"),
        _SINCE,
    ),
    _K.FIRE_LANE: (
        _number("width_m", "Clear width", "净宽", "m", 0.5, 60, required=True, norm=_LANE),
        _number("height_m", "Clear height", "净高", "m", 0.5, 100, required=True, norm=_LANE),
        _number("length_m", "Length", "长度", "m", 1, 10_000),
    ),
    _K.GARAGE: (
        _whole("bays", "Bays", "车位数", "", 1, 50_000),
        _whole("storeys", "Storeys", "层数", "", 1, 20),
        _AREA,
        _SINCE,
    ),
    _K.PARKING_AREA: (_whole("bays", "Bays", "车位数", "", 1, 50_000), _AREA, _SINCE),
    _K.WASTE_POINT: (_whole("bins", "Bins", "垃圾桶数", "", 1, 200), _flag("roofed", "Has a roof", "设有雨棚"), _SINCE),
}


def scrap_date(kind: FacilityKind, values: Mapping[str, object]) -> date | None:
    """The day on which it must be taken out at the latest; None where nothing says so."""
    made, agent = values.get("made_on"), values.get("agent")
    if kind is not _K.EXTINGUISHER or not isinstance(made, str) or not isinstance(agent, str):
        return None
    return scrap_on(date.fromisoformat(made), SCRAP_YEARS[Agent(agent)])
