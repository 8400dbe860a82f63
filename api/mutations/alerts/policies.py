"""Mutations on how alerts are told; the act is in models/alerts/policies.py."""

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.alerts import Severity
from models.alerts import policies

graphql_enum(Severity)


@strawberry.input(description="How alerts of a severity are told in a street.")
class AlertPolicySetInput(OnceInput):
    street_id: strawberry.ID = strawberry.field(description="Street (街道).")
    severity: Severity = strawberry.field(description="Severity (级别).")
    values: JSON = strawberry.field(
        description='Figures by name (参数), {"wait_seconds": 60, "climb_minutes": 30} for one; the others become the defaults.'
    )


@bound("What alertPolicySet answers.")
class AlertPolicySetPayload(Payload):
    policy = by_id("AlertPolicy", "subject_id", description="The figures as they are now (参数); null when refused.")


@mutation("Say how soon, how often and how far alerts of a severity are told in a street (设置告警通知参数).")
async def alert_policy_set(context: Context, given: AlertPolicySetInput) -> AlertPolicySetPayload:
    policy = await policies.set_policy(context.viewer, given.street_id, given.severity, given.values)
    return AlertPolicySetPayload(subject_id=policy.id)
