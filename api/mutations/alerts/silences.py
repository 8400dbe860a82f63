"""Mutations on silences, and on alerts that are put aside; the acts are in models/alerts/{silences,shelving}.py."""

from datetime import datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.alerts import Severity
from models.alerts import shelving, silences

graphql_enum(Severity)

_SILENCE = "The silence as it is now (静默); null when refused."
_ALERT = "The alert as it is now (告警); null when refused."


@strawberry.input(description="What to keep quiet. All that is named must hold; name a device, a compound or the street.")
class SilenceCreateInput(OnceInput):
    ends_at: datetime = strawberry.field(description="Until when (结束时间), at most 30 days.")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")
    starts_at: datetime | None = strawberry.field(description="From when (开始时间); none: now.", default=strawberry.UNSET)
    street_id: strawberry.ID | None = strawberry.field(description="In this street (街道).", default=strawberry.UNSET)
    compound_id: strawberry.ID | None = strawberry.field(description="In this compound (小区).", default=strawberry.UNSET)
    device_id: strawberry.ID | None = strawberry.field(description="Of this device (设备).", default=strawberry.UNSET)
    module: str | None = strawberry.field(description="Of this module (模块), fire_safety for one.", default=strawberry.UNSET)
    rule: str | None = strawberry.field(description="Of this rule (规则), fire_safety.tamper for one.", default=strawberry.UNSET)
    worst: Severity = strawberry.field(
        description="Nothing worse than this (最重级别); CRITICAL is refused.", default=Severity.MAJOR
    )


@bound("What silenceCreate answers.")
class SilenceCreatePayload(Payload):
    silence = by_id("Silence", "subject_id", description=_SILENCE)


@mutation("Keep alerts quiet for a while (设置静默). What is CRITICAL is told all the same.")
async def silence_create(context: Context, given: SilenceCreateInput) -> SilenceCreatePayload:
    silence = await silences.create_silence(
        context.viewer,
        ends_at=given.ends_at,
        reason=given.reason,
        starts_at=given.starts_at,
        street_id=given.street_id,
        compound_id=given.compound_id,
        device_id=given.device_id,
        module=given.module,
        rule=given.rule,
        worst=given.worst,
    )
    return SilenceCreatePayload(subject_id=silence.id)


@strawberry.input(description="A silence to end.")
class SilenceEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Silence (静默).")


@bound("What silenceEnd answers.")
class SilenceEndPayload(Payload):
    silence = by_id("Silence", "subject_id", description=_SILENCE)


@mutation("End a silence now (结束静默): what it kept quiet and is still so is told.")
async def silence_end(context: Context, given: SilenceEndInput) -> SilenceEndPayload:
    silence = await silences.end_silence(context.viewer, given.id)
    return SilenceEndPayload(subject_id=silence.id)


@strawberry.input(description="An alert to put aside.")
class AlertShelveInput(ChangeInput):
    until: datetime = strawberry.field(description="Until when (搁置至), at most seven days.")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What alertShelve answers.")
class AlertShelvePayload(Payload):
    alert = by_id("Alert", "subject_id", description=_ALERT)


@mutation("Put an open alert aside for a while (搁置告警); refused for what is CRITICAL.")
async def alert_shelve(context: Context, given: AlertShelveInput) -> AlertShelvePayload:
    changed = await shelving.shelve(context.viewer, given.id, given.until, given.reason, expected_version=given.expected_version)
    return AlertShelvePayload(subject_id=changed.id)


@strawberry.input(description="An alert to take up again.")
class AlertUnshelveInput(ChangeInput):
    pass


@bound("What alertUnshelve answers.")
class AlertUnshelvePayload(Payload):
    alert = by_id("Alert", "subject_id", description=_ALERT)


@mutation("Take an alert up again that was put aside (取消搁置).")
async def alert_unshelve(context: Context, given: AlertUnshelveInput) -> AlertUnshelvePayload:
    changed = await shelving.unshelve(context.viewer, given.id, expected_version=given.expected_version)
    return AlertUnshelvePayload(subject_id=changed.id)
