"""``docs/modules``: a page for each module of the steward, told by what it declares."""

from collections.abc import Iterator

from domain.alerts.conditions import Above, Below, Checked, Condition, Flag, Held, Missing, Repeated
from domain.events import DEVICE_READING, DEVICE_STATE, EVENT_TYPES, METRICS, ONLINE
from domain.steward import MODULES, Figure, Module, Rule
from tasks import registry
from tasks.clock import CHECKS, Check

__all__ = ["module_page", "modules_page", "registry"]

_HEAD = """# {en} ({zh})

{about_en} {about_zh}

Key: `{key}`. Written by `python -m steward.checks --write` from what the module declares: `domain/steward/{key}.py` and, where it
looks for something on the clock, `tasks/steward/{key}.py`. A street, a compound, a facility or a device may have figures of
its own: [alerts.md](../alerts.md).
"""

_LIST = """# The steward's modules

What watches over the compounds, and what each says when. `stewardModules(ownerId: "cmp_…")` tells them with the figures that hold
at a place, `stewardModule(ownerId: "cmp_…", key: "equipment")` one of them.

| module | | | rules |
|---|---|---|---|"""


def modules_page() -> str:
    """The list of modules."""
    rows = [
        f"| [`{module.key}`]({module.key}.md) | {module.name.en} | {module.name.zh} | {len(module.rules)} |" for module in MODULES
    ]
    return "\n".join([_LIST, *rows, ""])


def module_page(module: Module) -> str:
    """The page of one module."""
    head = _HEAD.format(key=module.key, en=module.name.en, zh=module.name.zh, about_en=module.about.en, about_zh=module.about.zh)
    checks = [check for check in CHECKS.values() if check.module == module.key]
    alerts = ["## Alerts", "", *(line for rule in module.rules for line in _rule(rule))]
    return "\n".join([head, *_events(module), *_checks(checks), *alerts])


def _events(module: Module) -> Iterator[str]:
    """What it hears: the events of its own, and the metrics that its rules read."""
    heard = {(rule.metric, kind) for rule in module.rules if rule.metric for kind in rule.kinds}
    if not heard and not module.events:
        return
    yield from ("## Events in", "", "| event | | what of it |", "|---|---|---|")
    for name in module.events:
        yield f"| `{name}` | {EVENT_TYPES[name].zh} | {EVENT_TYPES[name].meaning} |"
    for metric in sorted({metric for metric, _ in heard}):
        kinds = ", ".join(f"`{kind}`" for of, kind in sorted(heard) if of == metric)
        event = f"`{DEVICE_READING}`" + (f", `{DEVICE_STATE}`" if metric == ONLINE else "")
        yield f"| {event} | {METRICS[metric].zh} | `{metric}` of {kinds} |"
    yield ""


def _checks(checks: list[Check]) -> Iterator[str]:
    if not checks:
        return
    yield from ("## On the clock", "", "| check | when | | |", "|---|---|---|---|")
    for check in checks:
        yield f"| `{check.name}` | `{check.cron}` | {check.does.en} | {check.does.zh} |"
    yield ""


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.name.en} ({rule.name.zh})"
    yield ""
    kinds = ", ".join(f"`{kind}`" for kind in sorted(rule.kinds))
    metric = METRICS[rule.metric] if rule.metric else None
    reads = f" reads `{metric.name}` ({metric.zh}) of {kinds};" if metric else f" listens to {kinds};" if kinds else ""
    yield f"`{rule.key}`, version {rule.version}:{reads} {_when(rule.condition)}."
    yield ""
    worse = "".join(f", {worse.severity} from `{worse.limit}` on" for worse in rule.worse)
    life = " No schedule and no silence keeps it back." if rule.about_life else ""
    ticket = " Once CRITICAL it opens an emergency ticket." if rule.ticket else ""
    until = " until it is worse" if rule.worse else ""
    told = f" Nobody is told by it{until}: {rule.told_by.en} {rule.told_by.zh}" if rule.told_by else ""
    yield f"{rule.severity}{worse}.{ticket}{life}{told} It says: {rule.message.en} {rule.message.zh}"
    yield ""
    if rule.figures:
        yield from ("| figure | default | range | | | from |", "|---|---|---|---|---|---|")
        yield from (_figure(name, figure) for name, figure in rule.figures.items())
        yield ""


def _figure(name: str, figure: Figure) -> str:
    unit = f" {figure.unit}" if figure.unit else ""
    others = "".join(f"; {kind}: {value:g}" for kind, value in figure.by_kind.items())
    default, reach = f"{figure.default:g}{unit}{others}", f"{figure.least:g}–{figure.most:g}"
    return f"| `{name}` | {default} | {reach} | {figure.meaning.en} | {figure.meaning.zh} | {figure.clause} |"


def _when(condition: Condition) -> str:
    """When it is raised, in words that name its figures."""
    match condition:
        case Missing():
            return f"raised when nothing was heard for `{condition.hours}`"
        case Checked():
            return f"raised when what its check finds {_level(condition.level)}"
        case Held():
            return f"raised when it {_level(condition.level)} for `{condition.minutes}` without a break"
        case Repeated():
            return f"raised when it {_level(condition.level)} `{condition.times}` times within `{condition.hours}`"
        case _:
            return f"raised when it {_level(condition.level)}"


def _level(level: Flag | Above | Below) -> str:
    match level:
        case Flag():
            return "says yes"
        case Above():
            return f"is `{level.limit}` or more{', either way' if level.size else ''} (over again under it by `{level.margin}`)"
        case Below():
            return f"is under `{level.limit}` (over again at it and `{level.margin}`)"
