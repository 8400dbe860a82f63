"""What the devices of fire safety tell."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Flag, Held, Missing, Repeated, Simple
from domain.facilities import DeviceKind
from domain.steward.rules import Figure, Rule, Worse
from domain.steward.silence import silent
from domain.words import Text

_OWN = "product default"
_K = DeviceKind

#: The devices of fire safety. All of them report at least daily, most on battery over NB-IoT.
DEVICES = frozenset(
    {_K.SMOKE, _K.GAS, _K.HYDRANT_PRESSURE, _K.PIPE_PRESSURE, _K.RESIDUAL_CURRENT, _K.CABLE_TEMPERATURE, _K.STAIRWELL_CAMERA},
)

SMOKE = Rule(
    key="fire_safety.smoke",
    version=1,
    name=Text("Smoke", "烟雾报警"),
    kinds=frozenset({_K.SMOKE, _K.CHARGING_SOCKET}),
    metric="smoke_alarm",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.CRITICAL,
    message=Text("Smoke at {place}.", "{place}烟雾报警。"),
    ticket=Text("Fire alarm: smoke at {place}", "火警：{place}烟雾报警"),
    again_after=timedelta(0),
)

SMOKE_REPEATED = Rule(
    key="fire_safety.smoke_repeated",
    version=1,
    name=Text("Repeated smoke alarms", "烟感反复报警"),
    kinds=frozenset({_K.SMOKE}),
    metric="smoke_alarm",
    condition=Repeated(Flag(), times="times", hours="window_hours"),
    figures={
        "times": Figure(Text("Alarms in the window.", "时段内报警次数。"), 3, "", 2, 20, _OWN, whole=True),
        "window_hours": Figure(Text("Window.", "统计时段。"), 24, "h", 1, 168, _OWN),
    },
    severity=Severity.WARNING,
    message=Text(
        "{place} went off {times} times within {window_hours} h: check or clean the detector.",
        "{place}在 {window_hours} 小时内报警 {times} 次，请检查或清洁探测器。",
    ),
)

GAS = Rule(
    key="fire_safety.gas",
    version=1,
    name=Text("Gas", "燃气泄漏"),
    kinds=frozenset({_K.GAS}),
    metric="gas_lel_percent",
    condition=Simple(Above("alarm_percent", "margin_percent")),
    figures={
        "alarm_percent": Figure(
            Text("Alarms from here on.", "达到即报警。"), 5, "%LEL", 5, 25, "set point of a household detector, 5–25 %LEL"
        ),
        "margin_percent": Figure(Text("So far below it is over.", "低于报警值多少视为恢复。"), 2, "%LEL", 0, 4, _OWN),
    },
    severity=Severity.CRITICAL,
    message=Text(
        "Gas at {place}: {value} %LEL, limit {alarm_percent} %LEL.", "{place}燃气浓度 {value} %LEL，限值 {alarm_percent} %LEL。"
    ),
    ticket=Text("Gas alarm at {place}", "燃气报警：{place}"),
    again_after=timedelta(0),
)

PRESSURE_LOW = Rule(
    key="fire_safety.pressure_low",
    version=1,
    name=Text("Pressure low", "水压过低"),
    kinds=frozenset({_K.HYDRANT_PRESSURE, _K.PIPE_PRESSURE}),
    metric="pressure_kpa",
    condition=Held(Below("low_kpa", "margin_kpa"), minutes="held_minutes"),
    figures={
        "low_kpa": Figure(
            Text("Too low under this: a hydrant at rest, a pipe at its worst point.", "低于即过低：消火栓静压，管网最不利点。"),
            140,
            "kPa",
            10,
            2000,
            "hydrant GB 50974 7.2.8; worst point of a high-rise GB 50974 5.2.2",
            by_kind={_K.PIPE_PRESSURE: 70},
        ),
        "severe_kpa": Figure(
            Text("Far too low under this: a hydrant cannot give fire flow.", "低于即严重：消火栓无法满足火灾流量。"),
            100,
            "kPa",
            0,
            2000,
            "hydrant GB 50974 7.2.8 (at fire flow); pipe: product default",
            by_kind={_K.PIPE_PRESSURE: 50},
        ),
        "margin_kpa": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 5, "kPa", 0, 200, _OWN),
        "held_minutes": Figure(Text("For so long without a break.", "持续时间。"), 5, "min", 0, 1440, _OWN),
    },
    severity=Severity.MINOR,
    worse=(Worse("severe_kpa", Severity.MAJOR),),
    message=Text(
        "Pressure low at {place}: {value} kPa, under {low_kpa} kPa for {held_minutes} min or longer.",
        "{place}水压过低：{value} kPa，低于 {low_kpa} kPa 持续 {held_minutes} 分钟以上。",
    ),
)

HYDRANT_TILT = Rule(
    key="fire_safety.hydrant_tilt",
    version=1,
    name=Text("Hydrant tilted", "消火栓倾斜"),
    kinds=frozenset({_K.HYDRANT_PRESSURE}),
    metric="tilt_degrees",
    condition=Simple(Above("tilt_degrees", "margin_degrees", size=True)),
    figures={
        "tilt_degrees": Figure(Text("Tilted from here on, either way.", "任一方向达到即倾斜。"), 10, "°", 5, 90, _OWN),
        "margin_degrees": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 2, "°", 0, 4, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "Hydrant tilted at {place}: {value}°, limit {tilt_degrees}°. It may have been hit or opened.",
        "{place}消火栓倾斜 {value}°，限值 {tilt_degrees}°，可能被撞击或开启。",
    ),
)

RESIDUAL_CURRENT = Rule(
    key="fire_safety.residual_current",
    version=1,
    name=Text("Residual current", "剩余电流过大"),
    kinds=frozenset({_K.RESIDUAL_CURRENT}),
    metric="residual_current_ma",
    condition=Simple(Above("alarm_ma", "margin_ma")),
    figures={
        "alarm_ma": Figure(Text("Alarms from here on.", "达到即报警。"), 300, "mA", 300, 500, "GB 50116 9.2.3"),
        "margin_ma": Figure(Text("So far below it is over.", "低于报警值多少视为恢复。"), 30, "mA", 0, 200, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "Residual current at {place}: {value} mA, limit {alarm_ma} mA.", "{place}剩余电流 {value} mA，限值 {alarm_ma} mA。"
    ),
)

CABLE_TEMPERATURE = Rule(
    key="fire_safety.cable_temperature",
    version=1,
    name=Text("Cable hot", "线缆温度过高"),
    kinds=frozenset({_K.CABLE_TEMPERATURE, _K.RESIDUAL_CURRENT}),
    metric="cable_temperature_c",
    condition=Simple(Above("alarm_c", "margin_c")),
    figures={
        "alarm_c": Figure(
            Text("Alarms from here on.", "达到即报警。"), 70, "°C", 55, 140, "set point of an electrical fire monitor, 55–140 °C"
        ),
        "margin_c": Figure(Text("So far below it is over.", "低于报警值多少视为恢复。"), 5, "°C", 0, 40, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text("Cable hot at {place}: {value} °C, limit {alarm_c} °C.", "{place}线缆温度 {value} °C，限值 {alarm_c} °C。"),
)

BATTERY_LOW = Rule(
    key="fire_safety.battery_low",
    version=1,
    name=Text("Battery low", "电量过低"),
    kinds=DEVICES,
    metric="battery_percent",
    condition=Simple(Below("low_percent", "margin_percent")),
    figures={
        "low_percent": Figure(Text("Low under this.", "低于即过低。"), 20, "%", 5, 90, _OWN),
        "margin_percent": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 5, "%", 0, 50, _OWN),
    },
    severity=Severity.WARNING,
    message=Text("Battery low at {place}: {value} %, limit {low_percent} %.", "{place}电量 {value}%，限值 {low_percent}%。"),
    again_after=timedelta(days=7),
)

TAMPER = Rule(
    key="fire_safety.tamper",
    version=1,
    name=Text("Device tampered with", "设备被拆动"),
    kinds=DEVICES,
    metric="tamper",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MINOR,
    message=Text("{place} was opened or moved.", "{place}被拆开或移动。"),
)

EBIKE_INSIDE = Rule(
    key="fire_safety.ebike_inside",
    version=1,
    name=Text("E-bike in a stairwell", "电动车进楼"),
    kinds=frozenset({_K.STAIRWELL_CAMERA}),
    metric="ebike_inside",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text(
        "An e-bike stands where people must get out, at {place}: prohibited (MEM Order 5 art. 37).",
        "{place}有电动车停放，占用疏散通道，属禁止行为（应急管理部令第 5 号第三十七条）。",
    ),
)

SILENT = silent("fire_safety", DEVICES, version=2, again_after=timedelta(hours=24))

GATEWAY_SILENT = Rule(
    key="fire_safety.gateway_silent",
    version=1,
    name=Text("Gateway silent", "网关失联"),
    kinds=frozenset({_K.GATEWAY}),
    metric=None,
    condition=Missing(hours="silent_hours", margin="margin_hours"),
    figures={
        "silent_hours": Figure(Text("Silent after so long.", "超过即失联。"), 1, "h", 0.25, 72, _OWN),
        "margin_hours": Figure(Text("Heard so much sooner it is over.", "提前多少恢复上报视为恢复。"), 0, "h", 0, 24, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "{place} has been silent for {value} h, limit {silent_hours} h: what is heard through it is not heard either.",
        "{place}已 {value} 小时未上报，限值 {silent_hours} 小时，其下级设备同时失联。",
    ),
)

#: What devices tell, in the order of the documents.
RULES = (
    SMOKE,
    SMOKE_REPEATED,
    GAS,
    PRESSURE_LOW,
    HYDRANT_TILT,
    RESIDUAL_CURRENT,
    CABLE_TEMPERATURE,
    BATTERY_LOW,
    TAMPER,
    EBIKE_INSIDE,
    SILENT,
    GATEWAY_SILENT,
)
