"""What a person gives of a rule, put in place of what the rule says that holds now."""

from collections.abc import Mapping
from typing import Any, cast

from domain.words import Text

from .places import FIELDS, Spot

_INFINITE = float("inf")


def merged(given: Spot, base: Mapping[str, Any]) -> dict[str, Any]:
    """What was given in place of what is in ``base``; a condition with a form stands for itself, a figure may be its value.

    A figure that is null goes. A condition's ``clear`` becomes its margin.
    """
    made = {**base, **given.object(FIELDS)}
    condition, figures = given.at("condition"), given.at("figures")
    if condition.value is not None and "form" not in condition.object():
        made["condition"] = {**base.get("condition", {}), **condition.object()}
    if figures.value is not None:
        made["figures"] = dict(base.get("figures", {}))
        for name, figure in figures.object().items():
            if figure is None:
                made["figures"].pop(name, None)
            else:
                changes = dict(figures.at(name).object()) if isinstance(figure, Mapping) else {"value": figure}
                made["figures"][name] = {**made["figures"].get(name, {}), **changes}
    if condition.value is not None and condition.at("clear").value is not None:
        _clear_at(condition, made)
    return made


def _clear_at(given: Spot, made: dict[str, Any]) -> None:
    """Let the margin be what the clear limit says: ``{"clear": {"value": 55, "unit": "°C"}}``."""
    clear = given.at("clear")
    clear.object(("value", "unit"))
    condition, figures = dict(made["condition"]), dict(made.get("figures") or {})
    del condition["clear"]
    condition.setdefault("margin", "margin")
    level, name, upwards = condition.get("level"), str(condition["margin"]), condition.get("level") == "ABOVE"
    limit = figures.get(str(condition.get("limit")))
    if level not in ("ABOVE", "BELOW") or not isinstance(limit, Mapping):
        raise clear.fails(
            Text("Only a condition with a limit has a clear limit.", "仅有限值的条件可设恢复值。"),
            Text("Give the level ABOVE or BELOW, and the figure of its limit.", "请设 ABOVE 或 BELOW 及其限值。"),
        )
    raising = cast("Mapping[str, object]", limit)
    unit = raising.get("unit")
    if clear.at("unit").value != unit:
        raise clear.at("unit").fails(
            Text("The clear limit is not in the unit of the raise limit.", "恢复值与报警值的单位不一致。"),
            Text(f"Give it in {unit!r}.", f"请使用 {unit!r}。"),
        )
    raised = Spot(raising.get("value"), ("definition", "figures", str(condition["limit"]), "value")).number(-_INFINITE, _INFINITE)
    cleared = clear.at("value").number(-_INFINITE, _INFINITE)
    margin = raised - cleared if upwards else cleared - raised
    if margin < 0:
        side, zh, most, most_zh = ("above", "高于", "most", "不高于") if upwards else ("under", "低于", "least", "不低于")
        raise clear.fails(
            Text(
                f"The clear limit, {cleared:g} {unit}, lies {side} the raise limit, {raised:g} {unit}.",
                f"恢复值 {cleared:g} {unit} {zh}报警值 {raised:g} {unit}。",
            ),
            Text(f"Give at {most} {raised:g} {unit}.", f"恢复值应{most_zh} {raised:g} {unit}。"),
        )
    figures[name] = {"unit": unit, **figures.get(name, {}), "value": margin}
    made |= {"condition": condition, "figures": figures}
