"""What becomes of alerts after they were raised: they are told, alone or together, repeated, held back, and climb.

``attend`` takes in what was raised, ``leave`` what is over; ``look`` does what is due. What is done is decided in
domain/alerts/care.py; all state is in ``alert_care``, so that it does not matter who looks, how often, or after which pause.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tortoise.fields.data import JSON_DUMPS

from domain.alerts import Severity, care
from domain.alerts.care import CareAct, CareStanding, Seen
from models.calendar import now
from models.connection import query
from models.ids import new_id
from models.tickets import Ticket

from .announcing import announce_alert
from .keeping import come_back, keep
from .ladders import ladder_of, standing_on
from .policies import policies_of
from .rows import Alert, AlertCare
from .rules import rules_of
from .seeing import Case, Eye, care_of
from .silences import running
from .telling_together import Voice

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
    climbs = CASE WHEN alert_care.standing = 'OVER' THEN 0 ELSE alert_care.climbs END,
    rung = CASE WHEN alert_care.standing = 'OVER' THEN NULL ELSE alert_care.rung END
RETURNING id
"""
#: As what those wait who are told together with others.
_WAITS = {CareAct.TELL: CareStanding.WAITING, CareAct.END: CareStanding.ENDING}

_DUE = """
SELECT id FROM alert_care WHERE look_at <= $1 AND ($2::text IS NULL OR (compound_id = $2 AND module = $3::text))
ORDER BY look_at LIMIT $4
"""
_COMPANIONS = """
SELECT id FROM alert_care WHERE standing = $5 AND compound_id = $1 AND module = $2 AND id <> ALL($3::text[])
ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
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

    Of what is CRITICAL they are told at once, of the rest in a while, together with what else is over by then. Of one that
    nobody took care of, because it was over when it was found, only what is CRITICAL was told.
    """
    if not alerts:
        return
    ids, moment = [alert.id for alert in alerts], now()
    rows = {row.alert_id: row for row in await AlertCare.filter(alert_id__in=ids).order_by("id").select_for_update()}
    policies = await policies_of(alert.street_id for alert in alerts)
    cases: list[Case] = []
    for alert in alerts:
        if row := rows.get(alert.id):
            seen, before = Seen(alert.severity, open=False), care_of(row)
            step = care.leave(before, seen, policies.of(alert.street_id, alert.severity), moment)
            cases.append(Case(row, alert, before, seen, step))
        elif alert.severity is Severity.CRITICAL:
            await announce_alert(alert)
    ended = [case for case in cases if case.step.act]
    ladders = {place: await ladder_of(place, moment) for place in sorted({case.row.compound_id for case in ended})}
    voice = Voice(moment, {})
    for case in ended:
        rung = standing_on(ladders[case.row.compound_id], case.row.rung)
        case.step = replace(case.step, care=replace(case.step.care, rung=rung))
        voice.hear(case.row, case.alert, case.step, ladders)
    await voice.speak()
    await keep(cases, {}, ladders)
    await come_back(cases, moment)
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
    eye = Eye(await policies_of(streets), await rules_of(streets), moment, await running(streets, moment))
    cases = await eye.see(rows)
    cases += await _companions(eye, cases)
    voice = Voice(moment, tickets)
    for case in cases:
        voice.hear(case.row, case.alert, case.step, eye.ladders, again=case.row.said_at is not None and not case.care.told)
    groups = await voice.speak()
    await keep(cases, groups, eye.ladders)
    await come_back(cases, moment)
    return len(cases)


async def _companions(eye: Eye, cases: Sequence[Case]) -> list[Case]:
    """Others that wait in the compounds and modules of what is told now, and are told with it; ends with ends."""
    places = {
        (case.row.compound_id, case.row.module, _WAITS[case.step.act])
        for case in cases
        if case.step.act and case.step.act in _WAITS and case.alert.severity is not Severity.CRITICAL
    }
    found: list[Case] = []
    for compound_id, module, standing in sorted(places):
        rows = await query(_COMPANIONS, compound_id, module, [case.row.id for case in cases], AT_ONCE, standing)
        ids = [row["id"] for row in rows]
        more = await eye.see(await AlertCare.filter(id__in=ids).order_by("id")) if ids else []
        for case in (*more, *(each for each in cases if (each.row.compound_id, each.row.module) == (compound_id, module))):
            if case.step.care.standing is standing is CareStanding.WAITING:
                case.step = await eye.together(case)
        found += more
    return found
