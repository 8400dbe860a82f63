"""``docs/events/devices.md``: which kind of device measures what, and which rules read it."""

from domain.events import MEASURES, METRICS, OF_ITSELF, Metric
from domain.facilities import DeviceKind
from domain.steward import RULES

_HEAD = """# Which device measures what?

Written by `python -m steward.checks --write` from `domain/events.py` and the rules of the steward's modules.

## Kinds of device

A device reports what stands in its row and, whatever it is, {itself}. A reading of anything else is refused:
the event names another device, or the device was registered as another kind. What a rule reads on the clock, and silence, is
not listed; see [modules](../modules/README.md).

| kind | 中文 | | measures | rules |
|---|---|---|---|---|"""

_METRICS = """
Some things are not measured, because they would tell where people are: no floor that a lift goes to, nor whether anybody is
in it; no single parking bay, only how full an area is; no image, face or plate of any camera.

## Metrics

A metric's name carries its unit. The range is what a working sensor can report; a value outside it is rejected.

| metric | 中文 | value | |
|---|---|---|---|"""


def devices_page() -> str:
    """The page."""
    itself = [f"`{name}`" for name in METRICS if name in OF_ITSELF]
    head = _HEAD.format(itself=f"{', '.join(itself[:-1])} and {itself[-1]}")
    return "\n".join([head, *map(_kind, DeviceKind), _METRICS, *map(_metric, METRICS.values()), ""])


def _kind(kind: DeviceKind) -> str:
    measures = ", ".join(f"`{name}`" for name in MEASURES[kind])
    rules = ", ".join(f"`{rule.key}`" for rule in RULES.values() if kind in rule.kinds and rule.metric)
    return f"| `{kind}` | {kind.zh} | {kind.meaning} | {measures} | {rules} |"


def _metric(metric: Metric) -> str:
    value = "true / false" if metric.boolean else f"{metric.low:g} – {metric.high:g} {metric.unit}"
    return f"| `{metric.name}` | {metric.zh} | {value} | {metric.meaning} |"
