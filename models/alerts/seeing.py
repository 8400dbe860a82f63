"""How things are with alerts at a moment: what holds them back, how often they came, and what is to be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.alerts import AlertState, Severity
from domain.alerts.care import Care, CareRung, Seen, Step, decide, tell
from domain.alerts.conditions import Missing
from domain.alerts.silences import Subject
from domain.steward import Rulebook
from models.connection import query

from .ladders import Rung, ladder_of, standing_on
from .policies import Policies
from .rows import Alert, AlertCare
from .silences import Silence

#: $1: ids of care, $2: now, $3: minutes of the window, for each. How often its rule was raised of its subject within them.
_RAISES = """
SELECT c.id, (SELECT count(*) FROM alert_care o WHERE o.subject_id = c.subject_id AND o.rule = c.rule
    AND o.raised_at > $2::timestamptz - k.minutes * interval '1 minute' AND o.raised_at <= $2)::int AS raises
FROM unnest($1::text[], $3::float8[]) AS k (id, minutes) JOIN alert_care c ON c.id = k.id
"""
#: $1: devices, $2: rules about silence. For each the open alerts of the devices through which it is heard and that are silent,
#: the nearest first.
_SILENT_ABOVE = """
WITH RECURSIVE above (device_id, id, parent_id, far) AS (
    SELECT d.id, p.id, p.parent_id, 1 FROM device d JOIN device p ON p.id = d.parent_id WHERE d.id = ANY($1::text[])
    UNION SELECT a.device_id, p.id, p.parent_id, a.far + 1 FROM above a JOIN device p ON p.id = a.parent_id WHERE a.far < 8
)
SELECT above.device_id, alert.id, alert.severity FROM above
JOIN alert ON alert.subject_id = above.id AND alert.state = 'OPEN' AND alert.rule = ANY($2::text[])
ORDER BY above.device_id, far, alert.id
"""


@dataclass
class Case:
    """An alert, the care for it, how things are with it, and what is to be done."""

    row: AlertCare
    alert: Alert
    care: Care
    seen: Seen
    step: Step
    silence: Silence | None = None
    parent_alert_id: str | None = None


def care_of(row: AlertCare) -> Care:
    return Care(row.standing, row.raised_at, row.told_severity, row.said_at, row.repeats, row.climbs, row.climbed_at)


class Eye:
    """Sees how things are with alerts at one moment."""

    def __init__(self, policies: Policies, rules: Mapping[str, Rulebook], moment: datetime, silences: Sequence[Silence]) -> None:
        self._policies, self._moment, self._silences = policies, moment, silences
        #: Of each street, the rules in force that watch for silence.
        self._silent_rules = {
            street: [rule.key for rule in book.rules.values() if isinstance(rule.condition, Missing)]
            for street, book in rules.items()
        }
        #: Of each street, the rules in force of which something else tells already, with the severity of which it does.
        self._told_by_others = {
            street: {rule.key: rule.severity for rule in book.rules.values() if rule.told_by} for street, book in rules.items()
        }
        self.ladders: dict[str, list[Rung]] = {}

    async def see(self, rows: Iterable[AlertCare]) -> list[Case]:
        """The cases of these rows, with what is to be done in each."""
        rows = list(rows)
        alerts = {alert.id: alert for alert in await Alert.filter(id__in=[row.alert_id for row in rows])}
        open_ = [row for row in rows if alerts[row.alert_id].state is AlertState.OPEN]
        windows = [self._figures(alerts[row.alert_id])["flap_minutes"] for row in open_]
        raises = {each["id"]: each["raises"] for each in await query(_RAISES, [row.id for row in open_], self._moment, windows)}
        parents = await self._parents([alerts[row.alert_id] for row in open_])
        return [await self._case(row, alerts[row.alert_id], raises, parents) for row in rows]

    async def _case(self, row: AlertCare, alert: Alert, raises: Mapping[str, int], parents: Mapping[str, str]) -> Case:
        parent, silence = parents.get(alert.id), self._silence(alert)
        seen = Seen(
            alert.severity,
            open=alert.state is AlertState.OPEN,
            acknowledged=alert.acknowledged_at is not None,
            shelved_until=row.shelved_until,
            silent_until=silence and silence.ends_at,
            inhibited=parent is not None,
            told_by_others=alert.severity is self._told_by_others[alert.street_id].get(alert.rule),
            raises=max(1, raises.get(row.id, 1)),
            rungs=len(CareRung),
        )
        care = care_of(row)
        step = decide(care, seen, self._figures(alert), self._moment)
        if step.act or step.care.told:
            ladder = await self._ladder(row.compound_id)
            seen = replace(seen, rungs=max(1, len(ladder)))
            care = replace(care, rung=standing_on(ladder, row.rung))
            step = decide(care, seen, self._figures(alert), self._moment)
        return Case(row, alert, care, seen, step, silence, parent)

    async def _ladder(self, compound_id: str) -> list[Rung]:
        if compound_id not in self.ladders:
            self.ladders[compound_id] = await ladder_of(compound_id, self._moment)
        return self.ladders[compound_id]

    def _figures(self, alert: Alert) -> Mapping[str, float]:
        return self._policies.of(alert.street_id, alert.severity)

    def _silence(self, alert: Alert) -> Silence | None:
        subject = Subject(alert.street_id, alert.compound_id, alert.module, alert.rule, alert.device_id, alert.severity)
        return next((silence for silence in self._silences if silence.matcher.covers(subject)), None)

    async def _parents(self, alerts: Iterable[Alert]) -> dict[str, str]:
        """The alerts that explain some of these: a sensor's silence, while the gateway through which it is heard is silent.

        A gateway of which nobody is told explains nothing to anybody.
        """
        silent: dict[str, dict[str, list[str]]] = {}
        for alert in alerts:
            if alert.device_id and alert.rule in self._silent_rules[alert.street_id]:
                silent.setdefault(alert.street_id, {}).setdefault(alert.device_id, []).append(alert.id)
        parents: dict[str, str] = {}
        for street, of in silent.items():
            for row in await query(_SILENT_ABOVE, sorted(of), self._silent_rules[street]):
                if self._policies.of(street, Severity(row["severity"]))["tell"]:
                    parent_alert_id: str = row["id"]
                    parents = dict.fromkeys(of[row["device_id"]], parent_alert_id) | parents
        return parents

    async def together(self, case: Case) -> Step:
        """The step of an alert that waits for others, and is told with them."""
        await self._ladder(case.row.compound_id)
        return tell(case.care, case.seen, self._figures(case.alert), self._moment)
