"""Putting an alert aside for a while, with a reason and an end."""

from datetime import datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.alerts import AlertState
from domain.alerts.silences import REASON_MAX, check_shelving
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import query
from models.facts import record
from models.permits import actor_of, permitted, unchanged

from .rows import Alert, AlertCare

_SHELVE = """
INSERT INTO alert_care (id, standing, raised_at, look_at, shelved_until, shelved_by_id, shelve_reason,
    alert_id, rule, subject_id, module, compound_id, street_id)
SELECT $2, 'SHELVED', $3, $4, $4, $5, $6, a.id, a.rule, a.subject_id, a.module, a.compound_id, a.street_id
FROM alert a WHERE a.id = $1
ON CONFLICT (alert_id) DO UPDATE SET standing = 'SHELVED', look_at = $4, shelved_until = $4, shelved_by_id = $5,
    shelve_reason = $6, silence_id = NULL, parent_alert_id = NULL
"""


async def shelve(viewer: Viewer, alert_id: str, until: datetime, reason: str, *, expected_version: int | None = None) -> Alert:
    """Put an open alert aside ``until`` then: nobody is told of it, or told again, unless it becomes CRITICAL.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (it is over, or CRITICAL) and INVALID (no reason, no end in sight).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        alert = await permitted(Alert, alert_id, viewer, "alertShelve")
        unchanged(alert.version, expected_version)
        if alert.state is not AlertState.OPEN:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The alert is over.", "该告警已解除。"),
                path=("id",),
                hint=Text("There is nothing to put aside.", "无需搁置。"),
            )
        check_shelving(until, alert.severity, now())
        care = AlertCare(alert_id=alert.id)
        await query(_SHELVE, alert.id, care.id, now(), until, viewer.account_id, reason)
        return await _changed(viewer, alert, "alertShelve", until)


async def unshelve(viewer: Viewer, alert_id: str, *, expected_version: int | None = None) -> Alert:
    """Take an alert up again that was put aside; one that was not stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION.
    """
    async with in_transaction():
        alert = await permitted(Alert, alert_id, viewer, "alertUnshelve")
        unchanged(alert.version, expected_version)
        moment = now()
        care = await AlertCare.get_or_none(alert_id=alert.id, shelved_until__gt=moment)
        if care is None:
            return alert
        await AlertCare.filter(id=care.id).update(shelved_until=None, shelved_by_id=None, shelve_reason="")
        await AlertCare.filter(id=care.id, standing="SHELVED").update(look_at=moment)
        return await _changed(viewer, alert, "alertUnshelve", None)


async def _changed(viewer: Viewer, alert: Alert, act: str, until: datetime | None) -> Alert:
    alert.version += 1
    await alert.save(update_fields=["version"])
    await record(actor_of(viewer), act, alert, after={"until": until and until.isoformat()})
    return alert
