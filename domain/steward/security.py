"""Security (安防监控): the rules, in one table. Everything about them, documents included, is read from here.

A camera is a facility with a state: what it sees is no matter of this product.
"""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked, Simple
from domain.facilities import DeviceKind
from domain.words import Text

from .rounds import PATROL_MISSED
from .rules import OWN, Figure, Module, Rule
from .silence import silent

_CAMERAS = frozenset({DeviceKind.CAMERA_STATE})

CAMERA_OFFLINE = Rule(
    key="security.camera_offline",
    version=1,
    name=Text("Camera off line", "摄像头离线"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("offline_minutes", "margin_minutes")),
    figures={
        "offline_minutes": Figure(Text("Off line for so long.", "离线时长。"), 10, "min", 1, 720, OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, OWN),
    },
    severity=Severity.MINOR,
    message=Text("The camera at {place} has been off line for {value} min.", "{place}已离线 {value} 分钟。"),
    again_after=timedelta(days=7),
)

STORAGE_SHORT = Rule(
    key="security.storage_short",
    version=1,
    name=Text("Recordings kept too briefly", "录像存储不足"),
    kinds=_CAMERAS,
    metric="storage_days",
    condition=Simple(Below("least_days", "margin_days")),
    figures={
        "least_days": Figure(Text("Too few under this.", "低于即不足。"), 30, "d", 1, 365, OWN),
        "margin_days": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 0, "d", 0, 90, OWN),
    },
    severity=Severity.MINOR,
    message=Text(
        "Recordings of {place} are kept for {value} days, limit {least_days} days.",
        "{place}录像仅存 {value} 天，限值 {least_days} 天。",
    ),
    again_after=timedelta(days=7),
)

ONLINE_RATE = Rule(
    key="security.online_rate",
    version=1,
    name=Text("Too few cameras on line", "摄像头在线率过低"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Below("least_percent", "margin_percent")),
    figures={
        "least_percent": Figure(Text("Too few under this share.", "低于即过低。"), 95, "%", 1, 100, OWN),
        "margin_percent": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 0, "%", 0, 20, OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "Of the cameras of {place} {value} % are on line, limit {least_percent} %.",
        "{place}摄像头在线率 {value}%，限值 {least_percent}%。",
    ),
)

ZONES_UNCOVERED = Rule(
    key="security.zones_uncovered",
    version=1,
    name=Text("Zones without a camera", "监控盲区"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("zones", "margin_zones")),
    figures={
        "zones": Figure(Text("So many declared zones are not covered.", "未覆盖区域数。"), 1, "", 1, 500, OWN, whole=True),
        "margin_zones": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "", 0, 100, OWN, whole=True),
    },
    severity=Severity.WARNING,
    message=Text(
        "{value} of the zones that {place} declared are covered by no camera that works.",
        "{place}有 {value} 个登记区域无监控覆盖。",
    ),
    again_after=timedelta(days=30),
)

SILENT = silent("security", _CAMERAS)

MODULE = Module(
    key="security",
    name=Text("Security", "安防监控"),
    about=Text(
        "Whether cameras are on line, keep what they must and cover what they should; and patrols.",
        "摄像头在线、录像存储、监控覆盖与巡逻。",
    ),
    rules=(CAMERA_OFFLINE, ONLINE_RATE, STORAGE_SHORT, ZONES_UNCOVERED, PATROL_MISSED, SILENT),
)
