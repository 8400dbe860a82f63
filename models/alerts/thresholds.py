"""Figures of rules that a street, compound, facility or device has of its own; the nearest wins, the rule's own come last."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import orjson
import structlog
from tortoise import connections
from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.refusals import RefusalCode, Refused
from domain.steward import Rulebook, check_thresholds
from domain.territory import PlaceKind
from domain.words import Text
from models.facilities import Device, Facility
from models.facts import Actor, record
from models.ids import new_id
from models.permits import actor_of, found, not_found, permit
from models.territory import Compound, Place

from .rows import Threshold
from .rules import rules_of

log = structlog.stdlib.get_logger(__name__)

_SET = """
INSERT INTO threshold (id, rule, values, street_id, compound_id, facility_id, device_id)
VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7)
ON CONFLICT (rule, coalesce(device_id, facility_id, compound_id, street_id)) DO UPDATE SET values = excluded.values
"""

_OF = """
SELECT rule, street_id, coalesce(device_id, facility_id, compound_id, street_id) AS owner, values FROM threshold
WHERE coalesce(device_id, facility_id, compound_id, street_id) = ANY($1::text[]) AND rule = ANY($2::text[])
"""

Owner = Place | Compound | Facility | Device
#: Who can have figures of their own: the prefix of an id → the row.
OWNERS: Mapping[str, type[Place] | type[Compound] | type[Facility] | type[Device]] = {
    each.prefix: each for each in (Place, Compound, Facility, Device)
}


async def set_threshold_of(viewer: Viewer, owner_id: str, rule: str, values: object) -> Threshold:
    """``set_threshold`` by a person, for what they see. ``values``: a JSON object of figures.

    Refuses NOT_FOUND, FORBIDDEN and INVALID.
    """
    kind = OWNERS.get(owner_id[:3])
    if kind is None:
        raise not_found(("owner_id",))
    async with in_transaction():
        owner = await found(kind, owner_id, viewer, path=("owner_id",))
        permit(viewer, "thresholdSet", owner)
        if not isinstance(values, Mapping):
            raise Refused(
                RefusalCode.INVALID,
                Text("The figures are no object.", "阈值不是对象。"),
                path=("values",),
                hint=Text('Give them by name: {"low_percent": 25}.', '请按名称填写，例如 {"low_percent": 25}。'),
            )
        return await set_threshold(actor_of(viewer), rule, cast("Mapping[str, object]", values), owner)


async def set_threshold(actor: Actor, rule: str, values: Mapping[str, object], owner: Owner) -> Threshold:
    """Give a street, compound, facility or device figures of its own for a rule, in place of those it had.

    Refuses INVALID: a place that is no street, an unknown rule, or what ``domain.steward.check_thresholds`` refuses. They
    hold from the next reading on.
    """
    if isinstance(owner, Place) and owner.kind is not PlaceKind.STREET:
        raise Refused(
            RefusalCode.INVALID,
            Text("Communities, villages and grids have no figures of their own.", "社区、村和网格不能单独设置阈值。"),
            path=("owner_id",),
            hint=Text("Name a street, a compound, a facility or a device.", "请选择街道、小区、设施或设备。"),
        )
    rules = (await rules_of([owner.street_id]))[owner.street_id].rules
    if rule not in rules:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"There is no rule {rule!r}.", f"没有名为 {rule!r} 的规则。"),
            path=("rule",),
            hint=Text(f"Use one of: {', '.join(rules)}.", f"可用：{'、'.join(rules)}。"),
        )
    figures = check_thresholds(rules[rule], values)
    belongs = owner.belongs()
    columns = {
        "street_id": owner.street_id,
        "compound_id": belongs.get(Reach.COMPOUND),
        "facility_id": owner.id if isinstance(owner, Facility) else None,
        "device_id": owner.id if isinstance(owner, Device) else None,
    }
    async with in_transaction():
        before = await Threshold.filter(**columns).get_or_none(rule=rule)
        parameters: list[Any] = [new_id(Threshold.prefix), rule, JSON_DUMPS(figures), *columns.values()]
        await connections.get("default").execute_query(_SET, parameters)
        await record(actor, "thresholdSet", owner, before=before and {rule: before.values}, after={rule: figures})
        return await Threshold.filter(**columns).get(rule=rule)


async def overrides_of(
    rules: Iterable[str], owner_ids: Iterable[str], books: Mapping[str, Rulebook]
) -> dict[tuple[str, str], dict[str, float]]:
    """The stored figures by (rule, id of street, compound, facility or device). ``books``: the rules of the owners' streets.

    What does not fit its rule (any more) is left out and logged: a wrong figure must not silence a device.
    """
    rows = await connections.get("default").execute_query_dict(_OF, [sorted(set(owner_ids)), sorted(set(rules))])
    figures: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        rule = books[row["street_id"]].rules.get(row["rule"])
        if rule is None:
            continue
        try:
            figures[row["rule"], row["owner"]] = check_thresholds(rule, orjson.loads(row["values"]))
        except Refused as refused:
            log.warning("threshold left out", rule=row["rule"], owner=row["owner"], problem=str(refused))
    return figures
