"""From verdicts to alerts, tickets and notices, for the rules of any module."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from domain.alerts import AlertState, Severity, corrections
from domain.alerts.conditions import Sample
from domain.alerts.corrections import Telling
from domain.events import METRICS
from domain.steward import Module, Rule, Rulebook
from models.alerts import (
    Alert,
    Change,
    Seen,
    Sight,
    Sighting,
    Told,
    correct,
    raise_once,
    record_past,
    told_of,
    withdraw,
)
from models.alerts.announcing import announce_alert
from models.alerts.caring import Raised, attend, leave
from models.connection import query
from models.facts import Actor
from models.tickets import open_for_alert

from .batch import Batch
from .judging import Judged

_PLACES = """
SELECT d.id, concat_ws(' ', c.name, b.name, d.name) AS place FROM device d
JOIN compound c ON c.id = d.compound_id LEFT JOIN facility f ON f.id = d.facility_id LEFT JOIN building b ON b.id = f.building_id
WHERE d.id = ANY($1)
"""


async def tell(module: Module, judged: Sequence[Judged], batch: Batch) -> None:
    """Bring the alerts in line with the verdicts on a batch, open the tickets that are due, and announce it.

    What never was is withdrawn first, then what was told goes on or ends, and what is new is raised last: so no two alerts
    of a rule and device are open at once.
    """
    spoken = [each for each in judged if each.verdict.speaks]
    if not spoken:
        return
    told = await told_of({each.key: each.verdict.since for each in spoken})
    found = [
        (each, corrections.corrections(each.verdict, told.get(each.key, ()), each.rule.again_after, each.judge.grade))
        for each in spoken
    ]
    teller = Teller(module, await places_of(each.device.id for each in spoken), batch.rules)

    withdrawn = [alert for _, all_of in found for alert in all_of.withdrawn]
    await teller.follow_up(await withdraw(teller.actor, withdrawn, batch.now))
    changes = [teller.change(each, *change) for each, all_of in found for change in all_of.changed]
    await teller.follow_up(await correct(teller.actor, changes))
    new = [(each, telling) for each, all_of in found for telling in all_of.new]
    past = [(teller.sighting(*one), teller.sight(one[0], one[1].cleared)) for one in new if one[1].cleared]
    await teller.follow_up(await record_past(teller.actor, past))
    await teller.follow_up(await raise_once(teller.actor, [teller.sighting(*one) for one in new if not one[1].cleared]))


async def places_of(device_ids: Iterable[str]) -> dict[str, str]:
    """Where each device is, as people say it: compound, building, device."""
    return {row["id"]: row["place"] for row in await query(_PLACES, list(device_ids))}


class Teller:
    """Speaks for a module about devices at known places, by the rules of their streets."""

    def __init__(
        self, module: Module, places: Mapping[str, str] | None = None, rules: Mapping[str, Rulebook] | None = None
    ) -> None:
        self.actor = Actor(f"system:{module.key}")
        self._module = module
        self._places = places or {}
        self._rules = rules or {}

    def place(self, device_id: str) -> str:
        """Where a device is, as people say it."""
        return self._places[device_id]

    def sight(self, judged: Judged, sample: Sample) -> Sight:
        """The sample as an occurrence of the rule's condition."""
        rule = judged.rule
        return Sight(sample.time, rule.severity_of(sample.value, judged.limits), reading(rule, sample))

    def sighting(self, judged: Judged, telling: Telling) -> Sighting:
        """What a new alert has to tell; the message speaks of the newest sample."""
        rule, device, newest = judged.rule, judged.device, telling.newest or telling.sights[-1]
        return Sighting(
            rule=rule.key,
            rule_version=rule.version,
            module=self._module.key,
            subject_id=device.id,
            device_id=device.id,
            facility_id=device.facility_id,
            compound_id=device.compound_id,
            street_id=device.street_id,
            message=rule.say(self._places[device.id], newest.value, judged.limits),
            sights=tuple(self.sight(judged, sample) for sample in telling.sights),
            heard=telling.heard,
            whole=Seen(telling.since, telling.count, telling.severity, self.sight(judged, newest)),
        )

    def change(self, judged: Judged, was: corrections.Told, telling: Telling) -> Change:
        """What an alert that was told has to tell from now on; its newest sample stays told by the rule that found it."""
        newest = telling.newest if telling.newest and telling.newest.time != was.seen_at else None
        return Change(
            was,
            telling.since,
            telling.count,
            telling.severity,
            self.sight(judged, telling.cleared) if telling.cleared else None,
            tuple(self.sight(judged, sample) for sample in telling.sights),
            self.sight(judged, newest) if newest else None,
            judged.rule.say(self._places[judged.device.id], newest.value, judged.limits) if newest else None,
            judged.rule.version if newest else None,
        )

    async def follow_up(self, told: Sequence[Told]) -> None:
        """Open the tickets that are due, and take care of what became of alerts; nowhere else is either done for the system.

        What was over before anybody could be told is told if it is CRITICAL, and else found in the lists.
        """
        raised: list[Raised] = []
        for each in told:
            alert = each.alert
            if each.heard:
                continue
            if each.new or each.worse or each.again:
                rule = self._rules[alert.street_id].rules[alert.rule]
                title = rule.ticket_title(self._places[alert.subject_id], alert.severity)
                ticket = await open_for_alert(alert, actor=self.actor, title=title) if title else None
                if not each.over:
                    raised.append(Raised(alert, ticket))
                elif alert.severity is Severity.CRITICAL:
                    await announce_alert(_as_raised(alert), ticket=ticket, again=each.again)
        await attend(raised)
        await leave([each.alert for each in told if each.over and not each.heard])


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
