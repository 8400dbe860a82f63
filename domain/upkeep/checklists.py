"""What is looked at, per kind of upkeep. A longer maintenance of a lift asks also what the shorter ones ask.

The lists are the headings under which TSG T5002-2017 annex A and GB 50974-2014 chapter 14 group their items.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.words import Text

from .words import UpkeepKind

_U = UpkeepKind


@dataclass(frozen=True)
class Item:
    """One item of a checklist. ``unit``: of the reading that is asked for; "" for none."""

    code: str
    words: Text
    unit: str = ""


def _items(*rows: tuple[str, str, str] | tuple[str, str, str, str]) -> tuple[Item, ...]:
    return tuple(Item(row[0], Text(row[1], row[2]), row[3] if len(row) > 3 else "") for row in rows)


_HALF_MONTH = _items(
    ("machine-room", "Machine room and shaft: clean, lit, shut", "机房、井道：清洁、照明、门窗"),
    ("brake", "Brake: moves freely, worn within limits", "制动器：动作灵活，磨损在限值内"),
    ("governor", "Overspeed governor and safety gear", "限速器、安全钳"),
    ("doors", "Car and landing doors: locks, contacts, protection", "轿门、层门：门锁、触点、防夹保护"),
    ("alarm", "Emergency light, alarm and intercom in the car", "轿厢应急照明、报警与对讲"),
    ("levelling", "Levelling at the landings", "平层准确度", "mm"),
    ("pit", "Pit: dry, buffers, stop switch", "底坑：无积水，缓冲器、急停开关"),
    ("notices", "Mark of use and notices in the car", "使用标志、安全须知"),
)
_QUARTER = _items(
    ("ropes", "Ropes or belts: wear and tension", "曳引绳（带）：磨损与张力"),
    ("traction", "Machine: oil, vibration, noise", "曳引机：油位、振动、异响"),
    ("guide-shoes", "Guide shoes and rails", "导靴与导轨"),
)
_HALF_YEAR = _items(
    ("controller", "Controller: terminals, contactors, dust", "控制柜：接线端子、接触器、积尘"),
    ("compensation", "Compensation and travelling cables", "补偿装置与随行电缆"),
)
_YEAR = _items(
    ("balance", "Balance and load limitation", "平衡系数与超载保护", "%"),
    ("insulation", "Insulation of circuits", "绝缘电阻", "MΩ"),
    ("safety-chain", "Safety chain, up to the last switch", "安全回路逐项试验"),
)

#: What is looked at, in order.
CHECKLISTS: Mapping[UpkeepKind, tuple[Item, ...]] = {
    _U.LIFT_HALF_MONTH: _HALF_MONTH,
    _U.LIFT_QUARTER: _HALF_MONTH + _QUARTER,
    _U.LIFT_HALF_YEAR: _HALF_MONTH + _QUARTER + _HALF_YEAR,
    _U.LIFT_YEAR: _HALF_MONTH + _QUARTER + _HALF_YEAR + _YEAR,
    _U.LIFT_INSPECTION: _items(("report", "Report of the inspection body", "检验机构报告")),
    _U.LIFT_SELF_TEST: _items(("report", "Report of the test", "检测报告")),
    _U.LIFT_ASSESSMENT: _items(("report", "Report of the assessment", "评估报告")),
    _U.FIRE_PUMP_START: _items(
        ("auto-start", "Starts by itself", "自动启泵"),
        ("standby", "The standby pump takes over", "备用泵切换"),
    ),
    _U.FIRE_PUMP_RUN: _items(
        ("run", "Runs by hand, without vibration or leaks", "手动启动运转，无异常振动和渗漏"),
        ("panel", "Signals come back to the control room", "控制室反馈信号"),
    ),
    _U.FIRE_PUMP_FLOW: _items(
        ("flow", "Flow", "流量", "L/s"),
        ("pressure", "Pressure", "压力", "MPa"),
    ),
    _U.TANK_LEVEL: _items(("level", "Level", "水位", "m"), ("valves", "Valves stand as they should", "阀门启闭状态")),
    _U.TANK_CLEAN: _items(
        ("emptied", "Emptied, brushed and rinsed", "放空、刷洗、冲净"),
        ("disinfected", "Disinfected", "消毒"),
        ("cover", "Cover locked, openings screened", "人孔加锁，通气孔防虫网"),
    ),
    _U.TANK_WATER_TEST: _items(
        ("chlorine", "Residual chlorine", "余氯", "mg/L"),
        ("turbidity", "Turbidity", "浑浊度", "NTU"),
    ),
    _U.EXTINGUISHER_CHECK: _items(
        ("place", "In its place, nothing before it", "位置正确，无遮挡"),
        ("gauge", "Gauge in the green, seal whole", "压力指针在绿区，铅封完好"),
        ("shell", "Shell and hose: no rust, no cracks", "筒体、软管无锈蚀破损"),
    ),
    _U.HYDRANT_CHECK: _items(
        ("complete", "Box, hose and nozzle are there", "箱体、水带、水枪齐全"),
        ("leaks", "No leaks; valve turns", "无渗漏，阀门灵活"),
    ),
    _U.FIRE_FULL_TEST: _items(
        ("alarm-system", "Alarm system", "火灾自动报警系统"),
        ("water-systems", "Hydrants and sprinklers", "消火栓、自动喷水灭火系统"),
        ("smoke-control", "Smoke control", "防排烟系统"),
        ("lighting", "Emergency lights and signs", "应急照明和疏散指示"),
        ("doors-lifts", "Fire doors, shutters and lifts", "防火门、卷帘、消防电梯"),
    ),
    _U.FIRE_ASSESSMENT: _items(
        ("management", "Who answers, plans and records", "消防安全责任、制度和档案"),
        ("ways", "Exits, stairs and fire lanes", "疏散通道、安全出口和消防车道"),
        ("facilities", "Fire facilities", "消防设施"),
        ("power-gas", "Electricity and gas", "用电用气"),
        ("facade", "Outer walls and shafts", "外墙保温和管道井"),
    ),
    _U.LIGHTNING_TEST: _items(
        ("conductors", "Rods, bands and conductors", "接闪器、引下线"),
        ("earth", "Resistance to earth", "接地电阻", "Ω"),
    ),
    _U.CHECK: _items(("looked-at", "Looked at", "现场查看")),
    _U.REPAIR: _items(("mended", "Mended and tried", "修复并试运行")),
}
