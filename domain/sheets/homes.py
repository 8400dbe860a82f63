"""Homes as a sheet, and how many live in each. Of a home is asked what it is, and never who lives there."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.territory import AREA_MAX, HOME_CODE_MAX, RESIDENTS_MAX, SHORT_NAME_MAX, STOREYS_MAX, HomeUse
from domain.words import Text

from .cells import RowReading
from .words import Heading

#: The lowest floor.
DEEPEST = -20
CODE = Heading("code", Text("Home code", "房屋编码"), required=True, expects=Text("A code of its own.", "唯一编码。"))
RESIDENTS = Heading(
    "residents",
    Text("Residents", "居住人数"),
    required=True,
    expects=Text("How many live there: a count, no names.", "只填人数，不填姓名。"),
)
HOMES = (
    CODE,
    Heading("name", Text("Door number", "房号"), required=True, expects=Text("What stands on its door.", "门牌房号。")),
    Heading("building", Text("Building", "楼栋"), required=True, expects=Text("Code or name.", "编码或名称。")),
    Heading("unit", Text("Stairwell", "单元"), required=True, expects=Text("Code or name.", "编码或名称。")),
    Heading("floor", Text("Floor", "楼层"), required=True, expects=Text("-20 to 200; 1 is the ground floor.", "-20 到 200。")),
    Heading("area_m2", Text("Area", "建筑面积"), "m²", required=True, expects=Text("To two decimals.", "保留两位小数。")),
    Heading(
        "use",
        Text("Use", "用途"),
        expects=Text("Empty: somebody lives there.", f"{'、'.join(use.zh for use in HomeUse)}；默认住宅。"),
    ),
)
COUNTS = (CODE, RESIDENTS)


@dataclass(frozen=True)
class HomeEntry:
    """A home to be entered, in the stairwell of that id."""

    code: str
    name: str
    unit: str | None
    floor: int | None
    area_m2: Decimal | None
    use: HomeUse | None


def home(reading: RowReading, buildings: Mapping[str, str | None], units: Mapping[str, Mapping[str, str | None]]) -> HomeEntry:
    """What the row says; it holds if the reading is still good."""
    code, name = reading.text("code", HOME_CODE_MAX), reading.text("name", SHORT_NAME_MAX)
    building = reading.one("building", buildings)
    unit = reading.one("unit", units.get(building, {})) if building else None
    floor = reading.whole("floor", least=DEEPEST, most=STOREYS_MAX)
    area = reading.number_of("area_m2", least=Decimal("0.01"), most=AREA_MAX, places=2)
    return HomeEntry(code, name, unit, floor, area, reading.word("use", HomeUse, default=HomeUse.RESIDENTIAL))


def count(reading: RowReading) -> tuple[str, int | None]:
    """The home's code and how many live there; they hold if the reading is still good."""
    return reading.text("code", HOME_CODE_MAX), reading.whole("residents", least=0, most=RESIDENTS_MAX)
