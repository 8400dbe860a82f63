"""How soon, how often and how far alerts are told in a street: the figures that it has of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import orjson
from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.alerts import Severity
from domain.alerts.policies import check_figures, figures
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.words import Text
from models.connection import query
from models.facts import record
from models.permits import actor_of, found, permit
from models.rows import Row
from models.territory import Place

_OF = "SELECT street_id, severity, figures FROM alert_policy WHERE street_id = ANY($1::text[])"


class AlertPolicy(Row):
    """What a street has of its own among the figures of domain/alerts/policies.py, for one severity."""

    prefix = "alp"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    severity = fields.CharEnumField(Severity, max_length=40)
    figures: fields.JSONField[dict[str, float]] = fields.JSONField()
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert_policy"


class Policies:
    """The figures of some streets."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._changed = {(row["street_id"], row["severity"]): orjson.loads(row["figures"]) for row in rows}
        self._found: dict[tuple[str, str], dict[str, float]] = {}

    def of(self, street_id: str, severity: Severity) -> Mapping[str, float]:
        key = street_id, severity.value
        if key not in self._found:
            self._found[key] = figures(severity, self._changed.get(key))
        return self._found[key]


async def policies_of(street_ids: Iterable[str]) -> Policies:
    """The figures that hold in these streets now."""
    return Policies(await query(_OF, sorted(set(street_ids))))


async def set_policy(viewer: Viewer, street_id: str, severity: Severity, values: object) -> AlertPolicy:
    """Give a street figures of its own for alerts of a severity, in place of those it had; they hold from now on.

    Refuses NOT_FOUND, FORBIDDEN and INVALID: no street, unknown figures, figures out of range.
    """
    async with in_transaction():
        street = await found(Place, street_id, viewer, path=("street_id",), lock=True)
        permit(viewer, "alertPolicySet", street)
        if street.kind is not PlaceKind.STREET:
            raise Refused(
                RefusalCode.INVALID,
                Text("Communities, villages and grids have no figures of their own.", "社区、村和网格不能单独设置。"),
                path=("street_id",),
                hint=Text("Name the street.", "请选择街道。"),
            )
        if not isinstance(values, Mapping):
            raise Refused(
                RefusalCode.INVALID,
                Text("The figures are no object.", "参数不是对象。"),
                path=("values",),
                hint=Text('Give them by name: {"wait_seconds": 60}.', '请按名称填写，例如 {"wait_seconds": 60}。'),
            )
        checked = check_figures(severity, cast("Mapping[str, object]", values))
        policy = await AlertPolicy.get_or_none(street_id=street.id, severity=severity)
        before = policy and policy.figures
        policy = policy or AlertPolicy(street_id=street.id, severity=severity)
        policy.figures = checked
        await policy.save()
        told = {"severity": severity, "figures": checked}
        await record(actor_of(viewer), "alertPolicySet", policy, before=before and {"figures": before}, after=told)
        return policy
