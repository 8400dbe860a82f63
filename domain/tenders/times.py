"""The days and hours of a tender."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.words import Text

from .states import invalid


@dataclass(frozen=True)
class TenderTimes:
    """Until when companies ask and bid, each exclusive of the moment itself; and when bids are opened, inclusive of it."""

    questions_until: datetime
    bids_until: datetime
    opens_at: datetime


def check_times(times: TenderTimes, now: datetime, least_days: int) -> TenderTimes:
    """The times as they are kept.

    Refuses (INVALID) questions that end when they cannot be asked, or after the bids; fewer days to bid than the law asks for
    (Tendering and Bidding Law art. 24); and an opening before bids have ended.
    """
    if not now < times.questions_until <= times.bids_until:
        raise invalid(
            "questions_until",
            Text("Questions end after now and not after the bids.", "提问截止时间应晚于现在、不晚于投标截止时间。"),
            Text("Give a time between now and the end of bids.", "请填写现在与投标截止之间的时间。"),
        )
    if times.bids_until < now + timedelta(days=least_days):
        raise invalid(
            "bids_until",
            Text(f"Companies have {least_days} days to bid at least.", f"自公告之日起至投标截止不得少于 {least_days} 日。"),
            Text("Give a later time.", "请填写更晚的投标截止时间。"),
        )
    if times.opens_at < times.bids_until:
        raise invalid(
            "opens_at",
            Text("Bids are not opened before they have ended.", "开标时间不得早于投标截止时间。"),
            Text("Give the end of bids or a later time.", "请填写投标截止时间或之后的时间。"),
        )
    return times


def is_late(now: datetime, until: datetime) -> bool:
    """Whether it is too late: at the moment itself it is."""
    return now >= until
