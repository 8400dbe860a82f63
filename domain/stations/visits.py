"""Visits: how many came in an hour, and never who."""

from datetime import datetime, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text

#: More than that do not come in an hour.
VISITS_MAX = 5_000
#: For how long an hour may still be counted.
BACK = timedelta(days=31)


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour in which the moment lies."""
    return moment.replace(minute=0, second=0, microsecond=0)


def check_visits(visits: int, moment: datetime, now: datetime) -> None:
    """Refuses (INVALID, naming the field) a count of what has not been yet, of what was long ago, and one that cannot be."""
    if moment > now:
        raise _invalid(
            "hour",
            Text("That hour has not come yet.", "该时段尚未到来。"),
            Text("Count visits when they have been.", "请在时段开始后登记人次。"),
        )
    if hour_of(moment) < hour_of(now) - BACK:
        raise _invalid(
            "hour",
            Text("That hour was too long ago.", "该时段过早。"),
            Text(f"Count within {BACK.days} days.", f"请在 {BACK.days} 天内登记。"),
        )
    if not 0 <= visits <= VISITS_MAX:
        raise _invalid(
            "visits",
            Text(f"{visits} is not a count of visits.", f"人次 {visits} 无效。"),
            Text(f"Give 0 to {VISITS_MAX} for an hour.", f"每小时请填写 0 到 {VISITS_MAX}。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
