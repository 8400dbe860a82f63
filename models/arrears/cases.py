"""Cases of arrears: closed where nothing is past due any more; and how reminders came on paper."""

from datetime import date, datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.arrears.cases import DeliveryWay
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today, zone
from models.connection import query
from models.facts import Actor, record
from models.permits import actor_of, permitted, unchanged

from .rows import ArrearsCase, Reminder

_SYSTEM = Actor("system:fees")
#: Cases that one transaction closes at most.
_AT_ONCE = 500

#: $1: today, $2: at most so many. Cases of homes that owe nothing any more that is past due.
_PAID = """
UPDATE arrears_case SET state = 'CLOSED', closed_on = $1, version = version + 1 WHERE id IN (
    SELECT k.id FROM arrears_case k WHERE k.state <> 'CLOSED' AND NOT EXISTS (
        SELECT FROM bill b WHERE b.home_id = k.home_id AND b.book_id = k.book_id AND b.open > 0 AND b.due_on < $1
    ) ORDER BY k.id LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


async def close_paid(now: datetime) -> int:
    """Close the cases of homes that owe nothing past due, in the caller's transaction: 500 at most; how many."""
    rows = await query(_PAID, now.astimezone(zone()).date(), _AT_ONCE)
    for case in await ArrearsCase.filter(id__in=[row["id"] for row in rows]):
        await record(_SYSTEM, "arrearsCaseClose", case, after={"state": case.state})
    return len(rows)


async def record_delivery(
    viewer: Viewer,
    reminder_id: str,
    way: DeliveryWay,
    *,
    delivered_on: date | None = None,
    slip: str = "",
    expected_version: int | None = None,
) -> Reminder:
    """Record that a reminder came to the home on paper, on a day (default: today); ``slip``: the number of the post's slip.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and INVALID: a day before it was sent or to come, and registered mail without a
    slip.
    """
    slip = written(slip, "slip", 60, least=1 if way is DeliveryWay.REGISTERED_MAIL else 0)
    day = delivered_on or today()
    async with in_transaction():
        reminder = await permitted(Reminder, reminder_id, viewer, "reminderRecordDelivery")
        unchanged(reminder.version, expected_version)
        if not reminder.sent_at.astimezone(zone()).date() <= day <= today():
            raise Refused(
                RefusalCode.INVALID,
                Text(f"It cannot have come on {day}.", f"送达日期 {day} 无效。"),
                path=("delivered_on",),
                hint=Text("Give the day on which it came, from the day it was sent to today.", "请填写发出之日至今天的日期。"),
            )
        before = {"delivered_way": reminder.delivered_way, "delivered_on": _day(reminder.delivered_on)}
        reminder.update_from_dict(
            {"delivered_way": way, "delivered_on": day, "slip": slip, "version": reminder.version + 1},
        )
        await reminder.save(update_fields=["delivered_way", "delivered_on", "slip", "version"])
        after = {"delivered_way": way, "delivered_on": day.isoformat()}
        await record(actor_of(viewer), "reminderRecordDelivery", reminder, before=before, after=after)
        return reminder


def _day(day: date | None) -> str | None:
    return day and day.isoformat()
