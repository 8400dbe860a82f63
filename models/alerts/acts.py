"""What people do to alerts. Acknowledging and clearing are independent of each other."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.alerts import AlertOutcome, AlertState
from domain.alerts.care import CareStanding
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.work import ringing

from .caring import leave
from .raising import Sight, occurrence
from .rows import Alert, AlertCare
from .sources import count_sources

NOTE_MAX = 500


async def acknowledge(viewer: Viewer, alert_id: str, *, expected_version: int | None = None) -> Alert:
    """Say that the alert is being looked at, whether it is open or cleared; the first who says so is kept.

    Said again it changes nothing. Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION.
    """
    async with in_transaction():
        alert = await permitted(Alert, alert_id, viewer, "alertAcknowledge")
        if alert.acknowledged_at is not None:
            return alert
        unchanged(alert.version, expected_version)
        alert.acknowledged_at, alert.acknowledged_by_id = now(), viewer.account_id
        alert.version += 1
        await alert.save(update_fields=["acknowledged_at", "acknowledged_by_id", "version"])
        await AlertCare.filter(alert_id=alert.id, standing=CareStanding.TOLD).update(look_at=None)
        await record(actor_of(viewer), "alertAcknowledge", alert, after={"acknowledged_at": alert.acknowledged_at.isoformat()})
        return alert


async def clear(
    viewer: Viewer, alert_id: str, *, outcome: AlertOutcome, note: str = "", expected_version: int | None = None
) -> Alert:
    """Say what the alert turned out to be, clear it if it is open, and tell whoever was told of it.

    A ticket that it opened stays as it is.

    An alert that cleared by itself takes the outcome afterwards. One whose outcome is known is refused (ILLEGAL_MOVE).
    If the condition still holds, the alert comes again as a new one: with the next reading where the rule is about life
    and fire, else after the rule's ``again_after``, or when the condition ends and begins anew.
    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE and INVALID (note of more than 500 characters).
    """
    note = written(note, "note", NOTE_MAX, least=0)
    async with ringing(), in_transaction():
        alert = await permitted(Alert, alert_id, viewer, "alertClear")
        unchanged(alert.version, expected_version)
        if alert.outcome:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The alert's outcome is {alert.outcome} already.", f"该告警已有处置结果：{alert.outcome.zh}。"),
                hint=Text("Read it again; what is known stays.", "请重新读取；已有的处置结果不再更改。"),
            )
        before = {"state": alert.state, "outcome": None}
        alert.outcome, alert.outcome_note = outcome, note
        alert.version += 1
        if alert.state is AlertState.OPEN:
            alert.state, alert.cleared_at, alert.cleared_by_id = AlertState.CLEARED, now(), viewer.account_id
            await occurrence(alert, "CLEARED", Sight(alert.cleared_at, alert.severity, alert.reading)).save()
        await alert.save(update_fields=["state", "cleared_at", "cleared_by_id", "outcome", "outcome_note", "version"])
        await record(actor_of(viewer), "alertClear", alert, before=before, after={"state": alert.state, "outcome": outcome})
        await leave([alert])
        await count_sources([(alert.rule, alert.subject_id)])
        return alert
