"""Where the care for alerts stands, and the work that comes back to it when a group is to be told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise.fields.data import JSON_DUMPS

from domain.alerts.care import CareAct, CareStanding
from models.connection import query
from models.work import add

from .ladders import Rung
from .seeing import Case

#: The kind of the work rows that look at what is due in one compound and module.
KIND = "alert.care"
_KEEP = """
UPDATE alert_care c SET standing = s.standing, told_severity = s.told_severity, said_at = s.said_at, look_at = s.look_at,
    repeats = s.repeats, climbs = s.climbs, climbed_at = s.climbed_at, rung = s.rung, group_id = s.group_id,
    silence_id = s.silence_id, parent_alert_id = s.parent_alert_id
FROM jsonb_to_recordset($1::jsonb) AS s (id text, standing text, told_severity text, said_at timestamptz, look_at timestamptz,
    repeats int, climbs int, climbed_at timestamptz, rung text, group_id text, silence_id text, parent_alert_id text)
WHERE c.id = s.id
"""
_WAITED_FOR = """
SELECT 1 FROM alert_care WHERE standing = $6 AND compound_id = $1 AND module = $2 AND look_at > $3 AND look_at <= $4
    AND id <> ALL($5::text[]) LIMIT 1
"""


#: What reaches a rung.
_REACHING = frozenset({CareAct.TELL, CareAct.REPEAT, CareAct.CLIMB})


async def keep(cases: Sequence[Case], groups: Mapping[str, str], ladders: Mapping[str, Sequence[Rung]]) -> None:
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
                "rung": rungs[min(care.rung, len(rungs) - 1)].name if case.step.act in _REACHING and rungs else row.rung,
                "group_id": groups.get(row.id, row.group_id),
                "silence_id": case.silence.id if case.silence and care.standing is CareStanding.SILENCED else None,
                "parent_alert_id": case.parent_alert_id if care.standing is CareStanding.INHIBITED else None,
            }
        )
    await query(_KEEP, JSON_DUMPS(rows))


def _written(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()


async def come_back(cases: Sequence[Case], moment: datetime) -> None:
    """Leave work for when a group that has begun to wait is to be told; the check of every minute would be too late for it."""
    waiting: dict[tuple[str, str, CareStanding], list[tuple[datetime, str]]] = {}
    for case in cases:
        standing = case.step.care.standing
        if standing in {CareStanding.WAITING, CareStanding.ENDING} and case.step.look_at:
            waiting.setdefault((case.row.compound_id, case.row.module, standing), []).append((case.step.look_at, case.row.id))
    for (compound_id, module, standing), mine in sorted(waiting.items()):
        due = min(mine)[0]
        if not await query(_WAITED_FOR, compound_id, module, moment, due, [id_ for _, id_ in mine], standing):
            await add(KIND, {"compound": compound_id, "module": module}, not_before=due)
