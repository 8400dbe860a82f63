"""What a street officer does to the street's own versions of rules: draft, dry-run, publish, retire."""

from collections.abc import Iterable
from datetime import timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.alerts.versions import DryRunState, RuleVersionMove, RuleVersionState, moved
from domain.refusals import RefusalCode, Refused
from domain.steward import DEFAULTS, Rule
from domain.steward.definitions import FIRST_OWN, check_key, drafted, packed
from domain.steward.dry_runs import MOST_DAYS
from domain.territory import PlaceKind
from domain.words import Text
from models.calendar import now
from models.connection import query
from models.facts import Actor, record
from models.permits import actor_of, permitted
from models.territory import Place
from models.work import Work, add, ringing

from .announcing import announce_version
from .caring import leave
from .raising import Gone, clear_gone
from .rows import AlertRuleDryRun, AlertRuleVersion
from .rules import rules_of

#: The kind of the work rows that go through history; payload ``{"run": id}``.
DRY_RUN = "dry_run"

_NEXT = "SELECT coalesce(max(number), $3 - 1) + 1 AS number FROM alert_rule_version WHERE street_id = $1 AND rule = $2"
_WATCHED = "SELECT count(*) AS devices FROM device WHERE street_id = $1 AND kind = ANY($2::text[]) AND retired_at IS NULL"
_FORGET = """
DELETE FROM rule_state s USING device d WHERE s.rule = $2 AND d.id = s.subject_id AND d.street_id = $1
"""
#: $3: the kinds of device that the rule still watches.
_UNWATCHED = """
SELECT a.subject_id FROM alert a LEFT JOIN device d ON d.id = a.subject_id
WHERE a.street_id = $1 AND a.rule = $2 AND a.state = 'OPEN' AND (d.id IS NULL OR d.kind <> ALL($3::text[])) ORDER BY a.subject_id
"""


async def draft(
    viewer: Viewer, street_id: str, rule: str, definition: object, *, replaces: str | None = None
) -> AlertRuleVersion:
    """Write down a version of a rule for a street: what ``definition`` says, the rest as it is in the rule that holds there.

    ``replaces``: the draft that it takes the place of. Refuses NOT_FOUND, FORBIDDEN, INVALID (what
    ``domain.steward.definitions.drafted`` refuses, or a place that is no street) and CONFLICT (a draft of the rule is there,
    and is not the one to be replaced).
    """
    async with in_transaction():
        street = await permitted(Place, street_id, viewer, "alertRuleDraft", path=("street_id",))
        if street.kind is not PlaceKind.STREET:
            raise Refused(
                RefusalCode.INVALID,
                Text("Only a street has rules of its own.", "只有街道可以自定规则。"),
                path=("street_id",),
                hint=Text(
                    "Name the street, and use thresholdSet for a compound's figures.",
                    "请选择街道；小区阈值请用 thresholdSet 设置。",
                ),
            )
        check_key(rule, DEFAULTS)
        there = await AlertRuleVersion.get_or_none(street_id=street.id, rule=rule, state=RuleVersionState.DRAFT)
        if (there and there.id) != replaces:
            raise _drafted_already(there)
        number = int((await query(_NEXT, street.id, rule, FIRST_OWN))[0]["number"])
        base, default = (await rules_of([street.id]))[street.id].rules.get(rule), DEFAULTS.rules.get(rule)
        made = drafted(rule, number, definition, base=base, default=default)
        if there is not None:
            await _retire(there)
            await record(actor_of(viewer), "alertRuleRetire", there, after={"state": there.state}, under="alertRuleDraft")
        version = await AlertRuleVersion.create(
            rule=rule,
            module=made.module,
            number=number,
            state=RuleVersionState.DRAFT,
            definition=packed(made),
            drafted_at=now(),
            street_id=street.id,
        )
        after = {"state": version.state, "rule": rule, "number": number}
        await record(actor_of(viewer), "alertRuleDraft", version, after=after)
        return version


def _drafted_already(there: AlertRuleVersion | None) -> Refused:
    if there is None:
        return Refused(
            RefusalCode.CONFLICT,
            Text("There is no such draft of the rule.", "该规则没有此草稿。"),
            path=("replaces",),
            hint=Text("Leave it out to draft the first.", "请留空后重新起草。"),
        )
    return Refused(
        RefusalCode.CONFLICT,
        Text(f"The rule has a draft already: {there.id}.", f"该规则已有草稿：{there.id}。"),
        path=("rule",),
        hint=Text(
            "Publish it, retire it, or give its id as `replaces`.", "请先发布或停用该草稿，或在 replaces 中填写其编号以替换。"
        ),
    )


async def dry_run(viewer: Viewer, version_id: str, *, days: int) -> AlertRuleDryRun:
    """Try a draft on the readings of the last ``days`` days, as work: read the answer for how far it is.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (no draft), INVALID (days) and CONFLICT (one runs already).
    """
    async with ringing(), in_transaction():
        version = await permitted(AlertRuleVersion, version_id, viewer, "alertRuleDryRun")
        moved(version.state, RuleVersionMove.PUBLISH)
        if not 1 <= days <= MOST_DAYS:
            raise Refused(
                RefusalCode.INVALID,
                Text(f"History does not go {days} days back.", f"不能回溯 {days} 天。"),
                path=("days",),
                hint=Text(f"Give 1 to {MOST_DAYS} days.", f"请填写 1 到 {MOST_DAYS} 天。"),
            )
        await _end_lost_run(version)
        until = now()
        devices = await query(_WATCHED, version.street_id, version.definition["kinds"])
        run = await AlertRuleDryRun.create(
            state=DryRunState.RUNNING,
            since=until - timedelta(days=days),
            until=until,
            started_at=until,
            devices=devices[0]["devices"],
            version_id=version.id,
            street_id=version.street_id,
        )
        run.work_id = await add(DRY_RUN, {"run": run.id})
        await run.save(update_fields=["work_id"])
        await record(actor_of(viewer), "alertRuleDryRun", version, after={"days": days})
        return run


async def _end_lost_run(version: AlertRuleVersion) -> None:
    """Give up a run whose work was given up; refuses (CONFLICT) while one goes on."""
    run = await AlertRuleDryRun.get_or_none(version_id=version.id, state=DryRunState.RUNNING)
    if run is None:
        return
    if await Work.exists(id=run.work_id, failed_at__isnull=True):
        raise Refused(
            RefusalCode.CONFLICT,
            Text("A dry run of this version goes on already.", "该版本的试运行正在进行。"),
            path=("id",),
            hint=Text(f"Read {run.id} for how far it is.", f"请查询 {run.id} 的进度。"),
        )
    run.state, run.finished_at = DryRunState.FAILED, now()
    await run.save(update_fields=["state", "finished_at"])


async def publish(viewer: Viewer, version_id: str) -> AlertRuleVersion:
    """Let a draft hold from the next batch of readings on, in place of the version that held.

    What the rule remembers of devices is kept where it still means the same. The street office is told. Refuses NOT_FOUND,
    FORBIDDEN and ILLEGAL_MOVE (no draft, or one that no dry run went through to its end).
    """
    async with ringing(), in_transaction():
        version = await permitted(AlertRuleVersion, version_id, viewer, "alertRulePublish")
        after = moved(version.state, RuleVersionMove.PUBLISH)
        if not await AlertRuleDryRun.exists(version_id=version.id, state=DryRunState.DONE):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("No dry run of this version has ended.", "该版本尚无完成的试运行。"),
                path=("id",),
                hint=Text("Start alertRuleDryRun, and read how many alerts it would raise.", "请先用 alertRuleDryRun 试运行。"),
            )
        before = (await rules_of([version.street_id]))[version.street_id].rules.get(version.rule)
        live = await AlertRuleVersion.filter(street_id=version.street_id, rule=version.rule, state=RuleVersionState.LIVE)
        for old in live:
            await _retire(old)
            await record(actor_of(viewer), "alertRuleRetire", old, after={"state": old.state}, under="alertRulePublish")
        version.state, version.published_at = after, now()
        await version.save(update_fields=["state", "published_at"])
        await record(actor_of(viewer), "alertRulePublish", version, after={"state": after})
        await announce_version(version, before=before, after=await _settle(version, before))
        return version


async def retire(viewer: Viewer, version_id: str) -> AlertRuleVersion:
    """Take a version back: of one that holds, the rule of the code holds again from the next batch on, if there is one.

    The street office is told of one that held; a draft concerned nobody yet.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE.
    """
    async with ringing(), in_transaction():
        version = await permitted(AlertRuleVersion, version_id, viewer, "alertRuleRetire")
        moved(version.state, RuleVersionMove.RETIRE)
        held = version.state is RuleVersionState.LIVE
        before = (await rules_of([version.street_id]))[version.street_id].rules.get(version.rule)
        await _retire(version)
        await record(actor_of(viewer), "alertRuleRetire", version, after={"state": version.state})
        if held:
            await announce_version(version, before=before, after=await _settle(version, before))
        return version


async def _retire(version: AlertRuleVersion) -> None:
    version.state, version.retired_at = moved(version.state, RuleVersionMove.RETIRE), now()
    await version.save(update_fields=["state", "retired_at"])


async def _settle(version: AlertRuleVersion, before: Rule | None) -> Rule | None:
    """Bring what is remembered, and the open alerts, in line with the rule that holds now in place of ``before``.

    Where it is another condition, or on another metric, memories go: an open alert goes on from its last sight. The alerts
    of devices that are watched no more are cleared. Answers the rule that holds now.
    """
    rule = (await rules_of([version.street_id]))[version.street_id].rules.get(version.rule)
    if rule is None or before is None or (rule.condition, rule.metric) != (before.condition, before.metric):
        await query(_FORGET, version.street_id, version.rule)
    same = rule is not None and (before is None or rule.metric == before.metric)
    await _clear(version, rule.kinds if rule and same else ())
    return rule


async def _clear(version: AlertRuleVersion, watched: Iterable[str]) -> None:
    rows = await query(_UNWATCHED, version.street_id, version.rule, sorted(watched))
    reading = {"ruleVersion": version.number, "state": version.state}
    gone = [Gone(version.rule, row["subject_id"], now(), reading) for row in rows]
    await leave([each.alert for each in await clear_gone(Actor(f"system:{version.module}"), gone)])
