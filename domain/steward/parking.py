"""Parking and charging (停车充电): the rules, in one table. Everything about them, documents included, is read from here."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Flag, Held, Simple
from domain.facilities import DeviceKind
from domain.words import Text

from .rules import OWN, Figure, Module, Rule, Worse
from .silence import silent

_K = DeviceKind

FIRE_LANE_OCCUPIED = Rule(
    key="parking.fire_lane_occupied",
    version=1,
    name=Text("Fire lane occupied", "消防通道被占用"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("blocked_minutes", "margin_minutes")),
    figures={
        "blocked_minutes": Figure(
            Text("Blocked for so long.", "占用时长。"),
            5,
            "min",
            1,
            120,
            "GB 50016 7.1.8: never blocked; minutes: product default",
        ),
        "serious_minutes": Figure(Text("From here on it is serious.", "达到即严重。"), 30, "min", 1, 720, OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, OWN),
    },
    severity=Severity.MINOR,
    worse=(Worse("serious_minutes", Severity.MAJOR),),
    message=Text("The fire lane at {place} has been blocked for {value} min.", "{place}消防通道已被占用 {value} 分钟。"),
    again_after=timedelta(hours=2),
)

CHARGING_HOT = Rule(
    key="parking.charging_hot",
    version=1,
    name=Text("Charging overheats", "充电过热"),
    kinds=frozenset({_K.CHARGING_SOCKET}),
    metric="socket_temperature_c",
    condition=Simple(Above("hot_c", "margin_c")),
    figures={
        "hot_c": Figure(Text("Too hot from here on.", "达到即过热。"), 70, "°C", 55, 140, OWN),
        "margin_c": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 10, "°C", 0, 40, OWN),
    },
    severity=Severity.CRITICAL,
    message=Text(
        "Charging overheats at {place}: {value} °C, limit {hot_c} °C. Cut the socket off and look.",
        "{place}充电过热 {value} °C，限值 {hot_c} °C，请断电并现场查看。",
    ),
    ticket=Text("Charging overheats: {place}", "充电过热：{place}"),
    again_after=timedelta(0),
)

CHARGING_LONG = Rule(
    key="parking.charging_long",
    version=1,
    name=Text("Charging too long", "充电时间过长"),
    kinds=frozenset({_K.CHARGING_SOCKET}),
    metric="charging_minutes",
    condition=Simple(Above("long_minutes", "margin_minutes")),
    figures={
        "long_minutes": Figure(Text("Too long from here on.", "达到即过长。"), 720, "min", 60, 2_880, OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 60, "min", 0, 720, OWN),
    },
    severity=Severity.MINOR,
    message=Text(
        "Charging at {place} has gone on for {value} min, limit {long_minutes} min.",
        "{place}已连续充电 {value} 分钟，限值 {long_minutes} 分钟。",
    ),
)

BARRIER_OFFLINE = Rule(
    key="parking.barrier_offline",
    version=1,
    name=Text("Barrier off line", "道闸离线"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("offline_minutes", "margin_minutes")),
    figures={
        "offline_minutes": Figure(Text("Off line for so long.", "离线时长。"), 5, "min", 1, 720, OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, OWN),
    },
    severity=Severity.MINOR,
    message=Text("The barrier at {place} has been off line for {value} min.", "{place}已离线 {value} 分钟。"),
    again_after=timedelta(days=7),
)

BARRIER_STUCK = Rule(
    key="parking.barrier_stuck",
    version=1,
    name=Text("Barrier stuck", "道闸卡滞"),
    kinds=frozenset({_K.BARRIER_STATE}),
    metric="stuck",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("The barrier at {place} is stuck.", "{place}道闸卡滞。"),
)

BARRIER_OPEN = Rule(
    key="parking.barrier_open",
    version=1,
    name=Text("Barrier stands open", "道闸长时间开启"),
    kinds=frozenset({_K.BARRIER_STATE}),
    metric="open_seconds",
    condition=Simple(Above("open_seconds", "margin_seconds")),
    figures={
        "open_seconds": Figure(Text("Too long from here on.", "达到即过长。"), 300, "s", 30, 86_400, OWN),
        "margin_seconds": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 60, "s", 0, 240, OWN),
    },
    severity=Severity.WARNING,
    message=Text(
        "The barrier at {place} has stood open for {value} s, limit {open_seconds} s.",
        "{place}道闸已开启 {value} 秒，限值 {open_seconds} 秒。",
    ),
)

BAYS_FULL = Rule(
    key="parking.bays_full",
    version=1,
    name=Text("Bays full", "车位已满"),
    kinds=frozenset({_K.BAY_COUNTER}),
    metric="taken_percent",
    condition=Held(Above("full_percent", "margin_percent"), "held_minutes"),
    figures={
        "full_percent": Figure(Text("Full from here on.", "达到即视为已满。"), 98, "%", 50, 100, OWN),
        "margin_percent": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 5, "%", 0, 40, OWN),
        "held_minutes": Figure(Text("For so long without a break.", "持续时间。"), 15, "min", 0, 1_440, OWN),
    },
    severity=Severity.WARNING,
    message=Text("The bays at {place} are full: {value} % are taken.", "{place}车位已满，占用率 {value}%。"),
)

SILENT = silent("parking", {_K.BARRIER_STATE, _K.CHARGING_SOCKET, _K.LANE_CAMERA, _K.BAY_COUNTER})

MODULE = Module(
    key="parking",
    name=Text("Parking and charging", "停车充电"),
    about=Text("Fire lanes, charging of e-bikes, barriers and bays.", "消防通道占用、电动车充电、道闸与车位。"),
    rules=(
        *(FIRE_LANE_OCCUPIED, CHARGING_HOT, CHARGING_LONG),
        *(BARRIER_OFFLINE, BARRIER_STUCK, BARRIER_OPEN, BAYS_FULL, SILENT),
    ),
)
