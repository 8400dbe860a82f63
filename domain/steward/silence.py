"""The rule that every module with devices has: a device that is not heard of."""

from collections.abc import Collection
from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Missing
from domain.facilities import DeviceKind
from domain.words import Text

from .rules import OWN, Figure, Rule


def silent(module: str, kinds: Collection[DeviceKind], *, version: int = 1, again_after: timedelta = timedelta(days=7)) -> Rule:
    """The rule ``<module>.silent`` for devices of these kinds: 26 h, as they report daily at least (a product default)."""
    return Rule(
        key=f"{module}.silent",
        version=version,
        name=Text("Device silent", "设备失联"),
        kinds=frozenset(kinds),
        metric=None,
        condition=Missing(hours="silent_hours", margin="margin_hours"),
        figures={
            "silent_hours": Figure(Text("Silent after so long.", "超过即失联。"), 26, "h", 1, 720, OWN),
            "margin_hours": Figure(Text("Heard so much sooner it is over.", "提前多少恢复上报视为恢复。"), 1, "h", 0, 24, OWN),
        },
        severity=Severity.MINOR,
        message=Text(
            "{place} has been silent for {value} h, limit {silent_hours} h.",
            "{place}已 {value} 小时未上报，限值 {silent_hours} 小时。",
        ),
        again_after=again_after,
    )
