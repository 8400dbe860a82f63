"""What whoever reported it thinks of the work: scores and reasons, how long a ticket can be opened again, who is called back."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

NOTE_MAX = 1_000
LEAST, MOST = 1, 5
#: The best score that is a dissatisfied one.
DISSATISFIED = 2
#: After as many calls nobody calls again.
MOST_CALLS = 3


class RatingReason(Word):
    """Why somebody is not content."""

    SLOW = "SLOW", "处理慢", "It took too long."
    NOT_SOLVED = "NOT_SOLVED", "未解决", "It is still there."
    CAME_BACK = "CAME_BACK", "反复发生", "It came back."
    NO_REPLY = "NO_REPLY", "无人回复", "Nobody answered."
    ATTITUDE = "ATTITUDE", "态度不好", "How people were treated."
    COST = "COST", "费用不合理", "What it cost."
    OTHER = "OTHER", "其他", "Something else, which the note says."


class CallBackState(Word):
    """Where a call-back stands."""

    DUE = "DUE", "待回访", "Somebody is to call."
    DONE = "DONE", "已回访", "Somebody has called."
    WITHDRAWN = "WITHDRAWN", "已撤回", "The ticket was opened again before anybody had called."


class CallBackOutcome(Word):
    """What came of calling."""

    SATISFIED = "SATISFIED", "满意", "Content."
    DISSATISFIED = "DISSATISFIED", "不满意", "Not content."
    DECLINED = "DECLINED", "拒绝评价", "Did not want to say."
    NOT_REACHED = "NOT_REACHED", "未联系上", "Could not be reached."


def check_rating(score: int, reasons: Sequence[RatingReason], note: str) -> tuple[RatingReason, ...]:
    """The reasons, each once. Refuses (INVALID) a score beyond 1 to 5, a low one without a reason, and OTHER without a note."""
    if not LEAST <= score <= MOST:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{score} is no score.", f"评分 {score} 无效。"),
            path=("score",),
            hint=Text(f"Give {LEAST} (bad) to {MOST} (good).", f"请给出 {LEAST}（差）到 {MOST}（好）分。"),
        )
    if score <= DISSATISFIED and not reasons:
        raise Refused(
            RefusalCode.INVALID,
            Text("A low score needs a reason.", "低分评价需要说明原因。"),
            path=("reasons",),
            hint=Text(
                f"Name at least one of {', '.join(RatingReason)}.",
                f"请至少选择一项：{'、'.join(reason.zh for reason in RatingReason)}。",
            ),
        )
    if RatingReason.OTHER in reasons and not note.strip():
        raise Refused(
            RefusalCode.INVALID,
            Text("OTHER says nothing by itself.", "选择“其他”时需要填写说明。"),
            path=("note",),
            hint=Text("Write a note.", "请填写说明。"),
        )
    return tuple(dict.fromkeys(reasons))


def check_in_time(done_at: datetime, now: datetime, days: int) -> None:
    """Refuses (ILLEGAL_MOVE) to open again what was done more than ``days`` days ago."""
    last = done_at + timedelta(days=days)
    if now <= last:
        return
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(
            f"It could be opened again until {last:%Y-%m-%d %H:%M}, {days} days after the work was done.",
            f"办结后 {days} 天内可重新打开，已于 {last:%Y-%m-%d %H:%M} 截止。",
        ),
        hint=Text("Open a new ticket, and let it be linked to this one.", "请新建工单，并与本工单关联。"),
    )


def sample(day: date, ticket_ids: Iterable[str], percent: int, *, always: Iterable[str] = ()) -> list[str]:
    """Whose reporters are called back of the tickets that were closed on ``day``: the same whoever asks, in whatever order.

    ``percent`` of them, rounded up, chosen by a hash of day and id, and all those in ``always`` besides.
    """
    among = set(ticket_ids)
    wanted = among & set(always)
    rest = sorted(among - wanted, key=lambda id_: hashlib.sha256(f"{day.isoformat()} {id_}".encode()).digest())
    return sorted({*wanted, *rest[: -(-len(rest) * percent // 100)]})
