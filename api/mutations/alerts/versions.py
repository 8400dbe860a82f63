"""Mutations on a street's own versions of rules; the acts are in models/alerts/versions.py."""

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.steward.dry_runs import MOST_DAYS, USUAL_DAYS
from models.alerts import versions

_VERSION = "The version as it is now (规则版本); null when refused."


@strawberry.input(description="A rule, and what a street wants to be different in it.")
class AlertRuleDraftInput(OnceInput):
    street_id: strawberry.ID = strawberry.field(description="Street (街道).")
    rule: str = strawberry.field(
        description="Rule (规则): one of `alertRules`, or a new one of the street's own, named `module.own_name`."
    )
    definition: JSON = strawberry.field(
        description="What the rule is to say (定义), as docs/alerts.md tells; what is left out stays as it is now:"
        ' `{"figures": {"alarm_c": {"value": 60, "unit": "°C"}}}`.'
    )
    replaces: strawberry.ID | None = strawberry.field(
        description="The draft (草稿) of the rule that it takes the place of.", default=strawberry.UNSET
    )


@bound("What alertRuleDraft answers.")
class AlertRuleDraftPayload(Payload):
    version = by_id("AlertRuleVersion", "subject_id", description=_VERSION)


@mutation("Draft a version of a rule for a street (起草规则); it raises nothing before it is published.")
async def alert_rule_draft(context: Context, given: AlertRuleDraftInput) -> AlertRuleDraftPayload:
    made = await versions.draft(context.viewer, given.street_id, given.rule, given.definition, replaces=given.replaces)
    return AlertRuleDraftPayload(subject_id=made.id)


@strawberry.input(description="A draft, and how much of history to try it on.")
class AlertRuleDryRunInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="The draft (草稿).")
    days: int = strawberry.field(description=f"Days of history (天数): 1 to {MOST_DAYS}.", default=USUAL_DAYS)


@bound("What alertRuleDryRun answers.")
class AlertRuleDryRunPayload(Payload):
    dry_run = by_id("AlertRuleDryRun", "subject_id", description="The dry run (试运行), begun; null when refused.")


@mutation("Try a draft on the stored readings (试运行规则): read the dry run again for how far it is and what it found.")
async def alert_rule_dry_run(context: Context, given: AlertRuleDryRunInput) -> AlertRuleDryRunPayload:
    run = await versions.dry_run(context.viewer, given.id, days=given.days)
    return AlertRuleDryRunPayload(subject_id=run.id)


@strawberry.input(description="A draft to be published.")
class AlertRulePublishInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="The draft (草稿); a dry run of it must have ended.")


@bound("What alertRulePublish answers.")
class AlertRulePublishPayload(Payload):
    version = by_id("AlertRuleVersion", "subject_id", description=_VERSION)


@mutation("Let a draft hold in its street (发布规则), from the next readings on, in place of the version that held.")
async def alert_rule_publish(context: Context, given: AlertRulePublishInput) -> AlertRulePublishPayload:
    return AlertRulePublishPayload(subject_id=(await versions.publish(context.viewer, given.id)).id)


@strawberry.input(description="A version to be taken back.")
class AlertRuleRetireInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="The version (规则版本).")


@bound("What alertRuleRetire answers.")
class AlertRuleRetirePayload(Payload):
    version = by_id("AlertRuleVersion", "subject_id", description=_VERSION)


@mutation("Take a version back (停用规则): the rule of the product holds again, if there is one.")
async def alert_rule_retire(context: Context, given: AlertRuleRetireInput) -> AlertRuleRetirePayload:
    return AlertRuleRetirePayload(subject_id=(await versions.retire(context.viewer, given.id)).id)
