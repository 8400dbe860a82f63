"""From verdicts to alerts, tickets and notices, for the rules of any module."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from domain.alerts import AlertState
from domain.conditions import Sample
from domain.events import METRICS
from domain.steward import Module, Rule, Rulebook
from models.alerts import Alert, Gone, Sight, Sighting, Told, clear_gone, raise_once, record_past, repeat
from models.alerts.announcing import announce_alert
from models.connection import query
from models.facts import Actor
from models.tickets import open_for_alert

from .judging import Judged, Key

_PLACES = """
SELECT d.id, concat_ws(' ', c.name, b.name, d.name) AS place FROM device d
JOIN compound c ON c.id = d.compound_id LEFT JOIN facility f ON f.id = d.facility_id LEFT JOIN building b ON b.id = f.building_id
WHERE d.id = ANY($1)
"""

_LAST_CLEARED = """
SELECT DISTINCT ON (rule, subject_id) rule, subject_id, cleared_at, cleared_by_id FROM alert
WHERE device_id = ANY($1) AND rule = ANY($2) AND state = 'CLEARED'
ORDER BY rule, subject_id, cleared_at DESC
"""


async def tell(module: Module, judged: Sequence[Judged], rules: Mapping[str, Rulebook]) -> None:
    """Bring the alerts in line with the verdicts, open the tickets that are due, and announce it. ``rules``: by street.

    In the order in which things happened: what is open goes on and ends, what is over is recorded, what is new is raised.
    """
    spoken = [each for each in judged if _speaks(each)]
    if not spoken:
        return
    places = await places_of(each.device.id for each in spoken)
    teller = Teller(module, places, rules)

    repeated = [teller.sighting(each, each.verdict.repeats) for each in spoken if each.verdict.repeats]
    told = await repeat(teller.actor, repeated)
    found = {(each.alert.rule, each.alert.subject_id) for each in told}
    lost = [each for each in spoken if each.verdict.repeats and (each.rule.key, each.device.id) not in found]
    told += await raise_once(teller.actor, [teller.sighting(each, samples) for each, samples in await _again(lost)])
    await teller.follow_up(told)

    gone = [teller.gone(each, each.verdict.cleared) for each in spoken if each.verdict.cleared]
    await teller.say_cleared(await clear_gone(teller.actor, gone))

    past = [
        (teller.sighting(each, episode.samples), teller.sight(each, episode.cleared))
        for each in spoken
        for episode in each.verdict.past
        if episode.cleared
    ]
    await teller.follow_up(await record_past(teller.actor, past))

    raised = [teller.sighting(each, each.verdict.raised.samples) for each in spoken if each.verdict.raised]
    await teller.follow_up(await raise_once(teller.actor, raised))


def _speaks(judged: Judged) -> bool:
    verdict = judged.verdict
    return bool(verdict.repeats or verdict.cleared or verdict.past or verdict.raised)


async def places_of(device_ids: Iterable[str]) -> dict[str, str]:
    """Where each device is, as people say it: compound, building, device."""
    return {row["id"]: row["place"] for row in await query(_PLACES, list(device_ids))}


async def _again(lost: Sequence[Judged]) -> list[tuple[Judged, Sequence[Sample]]]:
    """Of conditions that hold though their alert is cleared: those that must be raised again, with the samples that say so.

    A person cleared it: only what was seen ``again_after`` later counts.
    """
    if not lost:
        return []
    rows = await query(_LAST_CLEARED, [each.device.id for each in lost], [each.rule.key for each in lost])
    by_person: dict[Key, datetime] = {
        (row["rule"], row["subject_id"]): row["cleared_at"] for row in rows if row["cleared_by_id"] is not None
    }
    again: list[tuple[Judged, Sequence[Sample]]] = []
    for each in lost:
        cleared_at = by_person.get((each.rule.key, each.device.id))
        samples = [
            sample for sample in each.verdict.repeats if cleared_at is None or sample.time > cleared_at + each.rule.again_after
        ]
        if samples:
            again.append((each, samples))
    return again


class Teller:
    """Speaks for a module about devices at known places, by the rules of their streets."""

    def __init__(
        self, module: Module, places: Mapping[str, str] | None = None, rules: Mapping[str, Rulebook] | None = None
    ) -> None:
        self.actor = Actor(f"system:{module.key}")
        self._module = module
        self._places = places or {}
        self._rules = rules or {}

    def sight(self, judged: Judged, sample: Sample) -> Sight:
        """The sample as an occurrence of the rule's condition."""
        rule = judged.rule
        return Sight(sample.time, rule.severity_of(sample.value, judged.limits), reading(rule, sample))

    def sighting(self, judged: Judged, samples: Sequence[Sample]) -> Sighting:
        """All samples as one sighting; the message speaks of the newest."""
        rule, device = judged.rule, judged.device
        return Sighting(
            rule=rule.key,
            rule_version=rule.version,
            module=self._module.key,
            subject_id=device.id,
            device_id=device.id,
            facility_id=device.facility_id,
            compound_id=device.compound_id,
            street_id=device.street_id,
            message=rule.say(self._places[device.id], samples[-1].value, judged.limits),
            sights=tuple(self.sight(judged, sample) for sample in samples),
        )

    def gone(self, judged: Judged, sample: Sample) -> Gone:
        """The sample as the end of the rule's condition."""
        return Gone(judged.rule.key, judged.device.id, sample.time, reading(judged.rule, sample))

    async def follow_up(self, told: Sequence[Told]) -> None:
        """Open the ticket of, and announce, each alert that is new or worse."""
        for each in told:
            if not (each.new or each.worse):
                continue
            alert = each.alert
            title = self._rules[alert.street_id].rules[alert.rule].ticket_title(self._places[alert.subject_id], alert.severity)
            ticket = await open_for_alert(alert, actor=self.actor, title=title) if title else None
            await announce_alert(_as_raised(alert), ticket=ticket)
        await self.say_cleared([each.alert for each in told if each.alert.state is AlertState.CLEARED])

    async def say_cleared(self, alerts: Sequence[Alert]) -> None:
        """Announce that alerts are over."""
        for alert in alerts:
            await announce_alert(alert)


def _as_raised(alert: Alert) -> Alert:
    """The alert as it was when it was raised, also if it is over by now."""
    raised = copy(alert)
    raised.state, raised.cleared_at = AlertState.OPEN, None
    return raised


def reading(rule: Rule, sample: Sample) -> dict[str, Any]:
    """A sample as alerts keep it."""
    metric = METRICS[rule.metric or ""]
    value = bool(sample.value) if metric.boolean else sample.value
    return {"metric": metric.name, "value": value, "unit": metric.unit, "time": sample.time.isoformat()}
