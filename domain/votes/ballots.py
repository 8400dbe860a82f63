"""What ballots may say, when a vote may be opened and closed, and for how many homes one person may speak."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import ITEMS_MAX, BallotChoice, invalid

#: A vote stays open no longer.
LONGEST = timedelta(days=90)


def check_choices(items: Sequence[str], given: Iterable[tuple[str, BallotChoice]]) -> dict[str, BallotChoice]:
    """What a ballot says, by item, in the vote's order. Refuses (INVALID) an item left out, twice, or of another vote."""
    said: dict[str, BallotChoice] = {}
    for item, choice in given:
        if item not in items or item in said:
            raise invalid(
                "choices",
                Text("It names an item twice, or one that is not of this vote.", "选项重复，或不属于本次表决。"),
                Text("Answer every item of the vote once.", "请对每一事项各作一次选择。"),
            )
        said[item] = choice
    if len(said) < len(items):
        raise invalid(
            "choices",
            Text(
                f"{len(items) - len(said)} of {len(items)} items are not answered.",
                f"共 {len(items)} 项，尚有 {len(items) - len(said)} 项未选择。",
            ),
            Text("Answer every item: FOR, AGAINST or ABSTAIN.", "请逐项选择同意、反对或弃权。"),
        )
    return {item: said[item] for item in items}


def check_items(count: int) -> None:
    """Refuses (INVALID) a vote on nothing, or on too much."""
    if not 1 <= count <= ITEMS_MAX:
        raise invalid(
            "items",
            Text(f"A vote on {count} items is not possible.", f"表决事项 {count} 项，不符合要求。"),
            Text(f"Name 1 to {ITEMS_MAX} items.", f"请填写 1 至 {ITEMS_MAX} 项。"),
        )


def check_days(opens_at: datetime, closes_at: datetime, now: datetime, notice_days: int) -> None:
    """Refuses (INVALID) an opening sooner than the notice allows, to the second, and a closing before it or too late."""
    first = now + timedelta(days=notice_days)
    if opens_at < first:
        raise invalid(
            "opens_at",
            Text(
                f"Owners are told {notice_days} days before: it opens on {first:%Y-%m-%d %H:%M} at the earliest.",
                f"应提前 {notice_days} 日公告，最早于 {first:%Y-%m-%d %H:%M} 开始。",
            ),
            Text("Let it open later.", "请推迟开始时间。"),
        )
    check_closing(opens_at, closes_at)


def check_closing(after: datetime, closes_at: datetime, field: str = "closes_at") -> None:
    """Refuses (INVALID) a closing at or before ``after``, or later than the longest time a vote is open."""
    if not after < closes_at <= after + LONGEST:
        raise invalid(
            field,
            Text(f"It cannot close at {closes_at:%Y-%m-%d %H:%M}.", f"结束时间 {closes_at:%Y-%m-%d %H:%M} 无效。"),
            Text(
                f"Give a time after {after:%Y-%m-%d %H:%M}, at most {LONGEST.days} days later.",
                f"请填写 {after:%Y-%m-%d %H:%M} 之后、{LONGEST.days} 日以内的时间。",
            ),
        )


def check_taken(now: datetime, closes_at: datetime) -> None:
    """Refuses (ILLEGAL_MOVE) a ballot at the closing moment or after it; one second before is in time."""
    if now >= closes_at:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The vote closed at {closes_at:%Y-%m-%d %H:%M:%S}.", f"表决已于 {closes_at:%Y-%m-%d %H:%M:%S} 截止。"),
            path=("id",),
            hint=Text("Ballots are taken no more; the result will be told.", "已停止投票，请等待结果公布。"),
        )


def check_over(now: datetime, closes_at: datetime) -> None:
    """Refuses (ILLEGAL_MOVE) a count before the closing moment."""
    if now < closes_at:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"It is open until {closes_at:%Y-%m-%d %H:%M}.", f"表决至 {closes_at:%Y-%m-%d %H:%M} 截止。"),
            path=("id",),
            hint=Text("Wait until then: nothing is counted before.", "截止前不得计票。"),
        )


def check_delegate(homes: int, most: int) -> None:
    """Refuses (CONFLICT) one more home for a person who speaks for ``homes`` already; ``most``: as many as one may."""
    if homes >= most:
        raise Refused(
            RefusalCode.CONFLICT,
            Text(
                f"This person speaks for {homes} homes already; {most} is the most.",
                f"该受托人已代理 {homes} 户，上限 {most} 户。",
            ),
            path=("account_id",),
            hint=Text("Name somebody else.", "请另选受托人。"),
        )


def check_filed(day: date, closed_on: date, today: date) -> None:
    """Refuses (INVALID) a filing before the vote closed, or one to come."""
    if not closed_on <= day <= today:
        raise invalid(
            "filed_on",
            Text(f"It cannot have been filed on {day}.", f"备案日期 {day} 无效。"),
            Text(f"Give a day from {closed_on} to today.", f"请填写 {closed_on} 至今天之间的日期。"),
        )


def same(one: Mapping[str, BallotChoice], other: Mapping[str, BallotChoice]) -> bool:
    """Whether two clerks read the same on a paper ballot."""
    return dict(one) == dict(other)
