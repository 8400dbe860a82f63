"""Mutations on alerts; the acts are in models/alerts."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.alerts import AlertOutcome
from models.alerts import acts

graphql_enum(AlertOutcome)

_ALERT = "The alert as it is now (告警); null when refused."


@strawberry.input(description="An alert to take note of.")
class AlertAcknowledgeInput(ChangeInput):
    pass


@bound("What alertAcknowledge answers.")
class AlertAcknowledgePayload(Payload):
    alert = by_id("Alert", "subject_id", description=_ALERT)


@mutation("Say that somebody looks at an alert (确认告警); the first who says so is kept. It is not cleared by that.")
async def alert_acknowledge(context: Context, given: AlertAcknowledgeInput) -> AlertAcknowledgePayload:
    changed = await acts.acknowledge(context.viewer, given.id, expected_version=given.expected_version)
    return AlertAcknowledgePayload(subject_id=changed.id)


@strawberry.input(description="An alert and what it turned out to be.")
class AlertClearInput(ChangeInput):
    outcome: AlertOutcome = strawberry.field(description="What it turned out to be (处置结果).")
    note: str = strawberry.field(description="Remark on the outcome (处置说明), at most 500 characters.", default="")


@bound("What alertClear answers.")
class AlertClearPayload(Payload):
    alert = by_id("Alert", "subject_id", description=_ALERT)


@mutation("Say what an alert turned out to be and clear it (解除告警); a ticket it opened stays as it is.")
async def alert_clear(context: Context, given: AlertClearInput) -> AlertClearPayload:
    changed = await acts.clear(
        context.viewer, given.id, outcome=given.outcome, note=given.note, expected_version=given.expected_version
    )
    return AlertClearPayload(subject_id=changed.id)
