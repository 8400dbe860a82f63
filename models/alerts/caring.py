"""What becomes of alerts after they were raised: they are told, alone or together, repeated, held back, and climb.

``attend`` takes in what was raised, ``leave`` what is over; ``look`` does what is due. What is done is decided in
domain/care.py; all state is in ``alert_care``, so that it does not matter who looks, how often, or after which pause.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tortoise.fields.data import JSON_DUMPS

from domain.alerts import AlertState, Severity
from domain.care import Care, CareAct, CareRung, CareStanding, Seen, Step, decide, tell
from domain.conditions import Missing
from domain.silences import Subject
from domain.steward import Rulebook
from models.calendar import now
from models.connection import query
from models.ids import new_id
from models.silences import Silence, running
from models.tickets import Ticket
from models.work import add

from .announcing import announce_alert
from .ladders import Rung, ladder_of
from .policies import Policies, policies_of
from .rows import Alert, AlertCare
from .rules import rules_of
from .telling_together import Voice

#: The kind of the work rows that look at what is due in one compound and module.
KIND = "alert.care"
#: Alerts that one look takes.
AT_ONCE = 500

#: What is seen again after it was over, or has become worse, is looked at anew.
_BEGIN = """
INSERT INTO alert_care (id, standing, raised_at, look_at, alert_id, rule, subject_id, module, compound_id, street_id)
SELECT id, 'WAITING', $2, $2, alert_id, rule, subject_id, module, compound_id, street_id
FROM jsonb_to_recordset($1::jsonb) AS s (id text, alert_id text, rule text, subject_id text, module text, compound_id text,
    street_id text)
ON CONFLICT (alert_id) DO UPDATE SET look_at = $2,
    standing = CASE WHEN alert_care.standing = 'OVER' THEN 'WAITING' ELSE alert_care.standing END,
    raised_at = CASE WHEN alert_care.standing = 'OVER' THEN $2 ELSE alert_care.raised_at END,
    told_severity = CASE WHEN alert_care.standing = 'OVER' THEN NULL ELSE alert_care.told_severity END,
    repeats = CASE WHEN alert_care.standing = 'OVER' THEN 0 ELSE alert_care.repeats END,
    climbs = CASE WHEN alert_care.standing = 'OVER' THEN 0 ELSE alert_care.climbs END
RETURNING id
"""
_DUE = """
SELECT id FROM alert_care WHERE look_at <= $1 AND ($2::text IS NULL OR (compound_id = $2 AND module = $3::text))
ORDER BY look_at LIMIT $4
"""
_COMPANIONS = """
SELECT id FROM alert_care WHERE standing = 'WAITING' AND compound_id = $1 AND module = $2 AND id <> ALL($3::text[])
ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
"""
#: $1: ids of care, $2: now, $3: minutes of the window, for each. How often its rule was raised of its subject within them.
_RAISES = """
SELECT c.id, (SELECT count(*) FROM alert_care o WHERE o.subject_id = c.subject_id AND o.rule = c.rule
    AND o.raised_at > $2::timestamptz - k.minutes * interval '1 minute' AND o.raised_at <= $2)::int AS raises
FROM unnest($1::text[], $3::float8[]) AS k (id, minutes) JOIN alert_care c ON c.id = k.id
"""
#: $1: devices, $2: rules about silence. For each the open alert of the nearest device through which it is heard, if silent.
_SILENT_ABOVE = """
WITH RECURSIVE above (device_id, id, parent_id, far) AS (
    SELECT d.id, p.id, p.parent_id, 1 FROM device d JOIN device p ON p.id = d.parent_id WHERE d.id = ANY($1::text[])
    UNION SELECT a.device_id, p.id, p.parent_id, a.far + 1 FROM above a JOIN device p ON p.id = a.parent_id WHERE a.far < 8
)
SELECT DISTINCT ON (above.device_id) above.device_id, alert.id FROM above
JOIN alert ON alert.subject_id = above.id AND alert.state = 'OPEN' AND alert.rule = ANY($2::text[])
ORDER BY above.device_id, far, alert.id
"""
_WAITED_FOR = """
SELECT 1 FROM alert_care WHERE standing = 'WAITING' AND compound_id = $1 AND module = $2 AND look_at > $3 AND look_at <= $4
    AND id <> ALL($5::text[]) LIMIT 1
"""
_LEFT = "SELECT alert_id, told_severity, climbs FROM alert_care WHERE alert_id = ANY($1::text[]) ORDER BY id FOR UPDATE"
_OVER = "UPDATE alert_care SET standing = 'OVER', look_at = NULL WHERE alert_id = ANY($1::text[])"
_KEEP = """
UPDATE alert_care c SET standing = s.standing, told_severity = s.told_severity, said_at = s.said_at, look_at = s.look_at,
    repeats = s.repeats, climbs = s.climbs, climbed_at = s.climbed_at, rung = s.rung, group_id = s.group_id,
    silence_id = s.silence_id, parent_alert_id = s.parent_alert_id
FROM jsonb_to_recordset($1::jsonb) AS s (id text, standing text, told_severity text, said_at timestamptz, look_at timestamptz,
    repeats int, climbs int, climbed_at timestamptz, rung text, group_id text, silence_id text, parent_alert_id text)
WHERE c.id = s.id
"""
#: $1: alerts that held others back, $2: when these are looked at again.
_BACK = """
UPDATE alert_care c SET look_at = k.back FROM unnest($1::text[], $2::timestamptz[]) AS k (id, back)
WHERE c.parent_alert_id = k.id AND c.standing = 'INHIBITED'
"""


@dataclass(frozen=True)
class Raised:
    """An alert that is new, worse, or open again; ``ticket``: the one just opened for it."""

    alert: Alert
    ticket: Ticket | None = None


@dataclass
class _Case:
    """An alert, the care for it, how things are with it, and what is to be done."""

    row: AlertCare
    alert: Alert
    seen: Seen
    step: Step
    silence: Silence | None = None
    parent_alert_id: str | None = None

    @property
    def care(self) -> Care:
        return _care(self.row)


async def attend(raised: Sequence[Raised]) -> None:
    """Take care of alerts that were raised, worsened or opened again: inside the transaction that did so, within ``ringing()``.

    What is CRITICAL is told before this returns; the rest is told when it is due, together with what goes with it.
    """
    if not raised:
        return
    rows = [
        {"id": new_id(AlertCare.prefix), "alert_id": each.alert.id}
        | {name: getattr(each.alert, name) for name in ("rule", "subject_id", "module", "compound_id", "street_id")}
        for each in raised
    ]
    moment = now()
    begun = await query(_BEGIN, JSON_DUMPS(rows), moment)
    await _see_to([row["id"] for row in begun], moment, {each.alert.id: each.ticket for each in raised if each.ticket})


async def leave(alerts: Sequence[Alert]) -> None:
    """These alerts are over: whoever was told of them is told so; what they held back is looked at again in a while.

    Of one that nobody took care of, because it was over when it was found, only what is CRITICAL was told.
    """
    if not alerts:
        return
    ids, moment = [alert.id for alert in alerts], now()
    told = {row["alert_id"]: row for row in await query(_LEFT, ids)}
    await query(_OVER, list(told))
    ladders: dict[str, list[Rung]] = {}
    for alert in alerts:
        care = told.get(alert.id)
        if alert.severity is not Severity.CRITICAL and not (care and care["told_severity"]):
            continue
        if care and alert.compound_id not in ladders:
            ladders[alert.compound_id] = await ladder_of(alert.compound_id, moment)
        await announce_alert(alert, rungs=ladders[alert.compound_id][: care["climbs"] + 1] if care else ())
    policies = await policies_of(alert.street_id for alert in alerts)
    back = [moment + timedelta(minutes=policies.of(each.street_id, Severity.MINOR)["return_minutes"]) for each in alerts]
    await query(_BACK, ids, back)


async def look(moment: datetime, *, compound_id: str | None = None, module: str | None = None) -> int:
    """Do what is due at ``moment``, everywhere or in one compound and module; how many alerts were looked at."""
    due = await query(_DUE, moment, compound_id, module, AT_ONCE)
    return await _see_to([row["id"] for row in due], moment, {})


async def _see_to(ids: Collection[str], moment: datetime, tickets: Mapping[str, Ticket]) -> int:
    rows = await AlertCare.filter(id__in=list(ids)).order_by("id").select_for_update(skip_locked=True) if ids else []
    if not rows:
        return 0
    streets = sorted({row.street_id for row in rows})
    eye = _Eye(await policies_of(streets), await rules_of(streets), moment, await running(streets, moment))
    cases = await eye.see(rows)
    cases += await _companions(eye, cases)
    voice = Voice(moment, tickets)
    for case in cases:
        voice.hear(case.row, case.alert, case.step, eye.ladders, again=case.row.said_at is not None and not case.care.told)
    groups = await voice.speak()
    await _keep(cases, groups, eye.ladders)
    await _come_back(cases, moment)
    return len(cases)


class _Eye:
    """Sees how things are with alerts at one moment."""

    def __init__(self, policies: Policies, rules: Mapping[str, Rulebook], moment: datetime, silences: Sequence[Silence]) -> None:
        self._policies, self._moment, self._silences = policies, moment, silences
        #: Of each street, the rules in force that watch for silence.
        self._silent_rules = {
            street: [rule.key for rule in book.rules.values() if isinstance(rule.condition, Missing)]
            for street, book in rules.items()
        }
        self.ladders: dict[str, list[Rung]] = {}

    async def see(self, rows: Iterable[AlertCare]) -> list[_Case]:
        """The cases of these rows, with what is to be done in each."""
        rows = list(rows)
        alerts = {alert.id: alert for alert in await Alert.filter(id__in=[row.alert_id for row in rows])}
        open_ = [row for row in rows if alerts[row.alert_id].state is AlertState.OPEN]
        windows = [self._figures(alerts[row.alert_id])["flap_minutes"] for row in open_]
        raises = {each["id"]: each["raises"] for each in await query(_RAISES, [row.id for row in open_], self._moment, windows)}
        parents = await self._parents([alerts[row.alert_id] for row in open_])
        return [await self._case(row, alerts[row.alert_id], raises, parents) for row in rows]

    async def _case(self, row: AlertCare, alert: Alert, raises: Mapping[str, int], parents: Mapping[str, str]) -> _Case:
        parent, silence = parents.get(alert.id), self._silence(alert)
        seen = Seen(
            alert.severity,
            open=alert.state is AlertState.OPEN,
            acknowledged=alert.acknowledged_at is not None,
            shelved_until=row.shelved_until,
            silent_until=silence and silence.ends_at,
            inhibited=parent is not None,
            raises=max(1, raises.get(row.id, 1)),
            rungs=len(CareRung),
        )
        step = decide(_care(row), seen, self._figures(alert), self._moment)
        if step.act or step.care.told:
            if row.compound_id not in self.ladders:
                self.ladders[row.compound_id] = await ladder_of(row.compound_id, self._moment)
            seen = replace(seen, rungs=max(1, len(self.ladders[row.compound_id])))
            step = decide(_care(row), seen, self._figures(alert), self._moment)
        return _Case(row, alert, seen, step, silence, parent)

    def _figures(self, alert: Alert) -> Mapping[str, float]:
        return self._policies.of(alert.street_id, alert.severity)

    def _silence(self, alert: Alert) -> Silence | None:
        subject = Subject(alert.street_id, alert.compound_id, alert.module, alert.rule, alert.device_id, alert.severity)
        return next((silence for silence in self._silences if silence.matcher.covers(subject)), None)

    async def _parents(self, alerts: Iterable[Alert]) -> dict[str, str]:
        """The alerts that explain some of these: a sensor's silence, while the gateway through which it is heard is silent."""
        silent: dict[str, dict[str, list[str]]] = {}
        for alert in alerts:
            if alert.device_id and alert.rule in self._silent_rules[alert.street_id]:
                silent.setdefault(alert.street_id, {}).setdefault(alert.device_id, []).append(alert.id)
        parents: dict[str, str] = {}
        for street, of in silent.items():
            for row in await query(_SILENT_ABOVE, sorted(of), self._silent_rules[street]):
                parent_alert_id: str = row["id"]
                parents |= dict.fromkeys(of[row["device_id"]], parent_alert_id)
        return parents

    async def together(self, case: _Case) -> Step:
        """The step of an alert that waits for others, and is told with them."""
        place = case.row.compound_id
        if place not in self.ladders:
            self.ladders[place] = await ladder_of(place, self._moment)
        return tell(case.care, case.seen, self._figures(case.alert), self._moment)


async def _companions(eye: _Eye, cases: Sequence[_Case]) -> list[_Case]:
    """Others that wait in the compounds and modules of what is told now, and are told with it."""
    places = {
        (case.row.compound_id, case.row.module)
        for case in cases
        if case.step.act is CareAct.TELL and case.alert.severity is not Severity.CRITICAL
    }
    found: list[_Case] = []
    for compound_id, module in sorted(places):
        rows = await query(_COMPANIONS, compound_id, module, [case.row.id for case in cases], AT_ONCE)
        ids = [row["id"] for row in rows]
        more = await eye.see(await AlertCare.filter(id__in=ids).order_by("id")) if ids else []
        for case in (*more, *(each for each in cases if (each.row.compound_id, each.row.module) == (compound_id, module))):
            if case.step.care.standing is CareStanding.WAITING:
                case.step = await eye.together(case)
        found += more
    return found


def _care(row: AlertCare) -> Care:
    return Care(row.standing, row.raised_at, row.told_severity, row.said_at, row.repeats, row.climbs, row.climbed_at)


async def _keep(cases: Sequence[_Case], groups: Mapping[str, str], ladders: Mapping[str, Sequence[Rung]]) -> None:
    """Store where the cases stand. ``groups``: under which id those were told that went together, by the id of the care."""
    rows: list[dict[str, Any]] = []
    for case in cases:
        row, care, rungs = case.row, case.step.care, ladders.get(case.row.compound_id, ())
        rows.append(
            {
                "id": row.id,
                "standing": care.standing,
                "told_severity": care.severity,
                "said_at": _written(care.said_at),
                "look_at": _written(case.step.look_at),
                "repeats": care.repeats,
                "climbs": care.rung,
                "climbed_at": _written(care.climbed_at),
                "rung": rungs[min(care.rung, len(rungs) - 1)].name if case.step.act and rungs else row.rung,
                "group_id": groups.get(row.id, row.group_id),
                "silence_id": case.silence.id if case.silence and care.standing is CareStanding.SILENCED else None,
                "parent_alert_id": case.parent_alert_id if care.standing is CareStanding.INHIBITED else None,
            }
        )
    await query(_KEEP, JSON_DUMPS(rows))


def _written(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()


async def _come_back(cases: Sequence[_Case], moment: datetime) -> None:
    """Leave work for when a group that has begun to wait is to be told; the check of every minute would be too late for it."""
    waiting: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
    for case in cases:
        if case.step.care.standing is CareStanding.WAITING and case.step.look_at:
            waiting.setdefault((case.row.compound_id, case.row.module), []).append((case.step.look_at, case.row.id))
    for (compound_id, module), mine in sorted(waiting.items()):
        due = min(mine)[0]
        if not await query(_WAITED_FOR, compound_id, module, moment, due, [id_ for _, id_ in mine]):
            await add(KIND, {"compound": compound_id, "module": module}, not_before=due)
