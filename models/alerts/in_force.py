"""What holds for a street, compound, facility or device: its rules, and their figures with whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.access import Viewer
from domain.alerts.versions import FigureSource
from domain.permits import sees
from domain.refusals import Refused
from domain.steward import Figure, Rule
from models.facilities import Device, Facility
from models.permits import found
from models.territory import Compound, Place

from .rules import rules_of
from .thresholds import OWNERS, Owner, overrides_of

_S = FigureSource


@dataclass(frozen=True)
class FigureInForce:
    """A figure as it holds: its value, and whose it is."""

    name: str
    figure: Figure
    value: float
    source: FigureSource


@dataclass(frozen=True)
class RuleInForce:
    """A rule as it holds, with its figures."""

    rule: Rule
    figures: tuple[FigureInForce, ...]


async def owner_seen(viewer: Viewer, owner_id: str) -> Owner | None:
    """The street, compound, facility or device of this id, for whoever sees the thresholds and alerts there."""
    kind = OWNERS.get(owner_id[:3])
    try:
        owner = await found(kind, owner_id, viewer) if kind else None
    except Refused:
        return None
    return owner if owner and all(sees(viewer, row, owner.belongs()) for row in ("Threshold", "Alert")) else None


async def in_force(viewer: Viewer, owner_id: str) -> list[RuleInForce]:
    """The rules that hold there, those of a device's kind for a device; none for whoever does not see thresholds there."""
    owner = await owner_seen(viewer, owner_id)
    return await rules_in_force(owner) if owner else []


async def rules_in_force(owner: Owner) -> list[RuleInForce]:
    """The rules that hold there, with their figures; those of a device's kind for a device."""
    near, rules = _near(owner), await rules_of([owner.street_id])
    overrides = await overrides_of(rules[owner.street_id].rules, near, rules)
    return [
        RuleInForce(rule, _figures(rule, owner, {source: overrides.get((rule.key, id_), {}) for id_, source in near.items()}))
        for rule in rules[owner.street_id].rules.values()
        if not isinstance(owner, Device) or owner.kind in rule.kinds
    ]


def _near(owner: Owner) -> dict[str, FigureSource]:
    """Whose figures count for the owner, the nearest last."""
    near = {owner.street_id: _S.STREET}
    match owner:
        case Place():
            pass
        case Compound():
            near[owner.id] = _S.COMPOUND
        case Facility():
            near |= {owner.compound_id: _S.COMPOUND, owner.id: _S.FACILITY}
        case Device():
            of_facility = {owner.facility_id: _S.FACILITY} if owner.facility_id else {}
            near |= {owner.compound_id: _S.COMPOUND, **of_facility, owner.id: _S.DEVICE}
    return near


def _figures(rule: Rule, owner: Owner, overrides: Mapping[FigureSource, Mapping[str, float]]) -> tuple[FigureInForce, ...]:
    figures: list[FigureInForce] = []
    for name, figure in rule.figures.items():
        value, source = figure.by_kind.get(owner.kind, figure.default) if isinstance(owner, Device) else figure.default, _S.RULE
        for nearer, given in overrides.items():
            if name in given:
                value, source = given[name], nearer
        figures.append(FigureInForce(name, figure, value, source))
    return tuple(figures)
