"""Calling back: of the tickets closed on a day some are drawn, the same whoever draws, and their reporters are asked."""

from datetime import date, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets.satisfaction import DISSATISFIED, LEAST, MOST, MOST_CALLS, NOTE_MAX, CallBackOutcome, CallBackState, sample
from domain.words import Text
from models.calendar import now, zone
from models.connection import query
from models.facts import record
from models.ids import new_id
from models.permits import actor_of, permitted

from .clearing import ON_DUTY
from .rows import CallBack

#: Days that are drawn from after downtime.
_DAYS = 7
#: $1: the day, $2: time zone. What was closed on it and has somebody to be asked; ``low``: rated badly. Of streets that have
#: drawn for that day only what was rated badly since. An opener on duty, or a machine, is nobody to ask: there a number must be.
_CLOSED = f"""
SELECT t.id, t.street_id, r.score <= {DISSATISFIED} IS TRUE AS low
FROM ticket t LEFT JOIN ticket_rating r ON r.ticket_id = t.id
WHERE t.closed_at >= $1::date::timestamp AT TIME ZONE $2 AND t.closed_at < ($1::date + 1)::timestamp AT TIME ZONE $2
    AND t.source <> 'ALERT'
    AND (t.contact_phone_masked IS NOT NULL OR t.opened_by_id IS NOT NULL AND t.source <> 'HOTLINE' AND NOT {ON_DUTY})
    AND NOT EXISTS (
        SELECT FROM call_back b WHERE b.street_id = t.street_id AND b.closed_on = $1
            AND (r.score <= {DISSATISFIED} IS NOT TRUE OR b.ticket_id = t.id)
    )
"""
_DRAW = """
INSERT INTO call_back (id, state, closed_on, ticket_id, compound_id, street_id)
SELECT u.id, 'DUE', $3, t.id, t.compound_id, t.street_id
FROM unnest($1::text[], $2::text[]) AS u (id, ticket_id) JOIN ticket t ON t.id = u.ticket_id
ON CONFLICT (ticket_id, closed_on) DO NOTHING
"""


async def draw(before: date, percent: int) -> int:
    """Draw from each of the days before ``before``, a week back, whose sample has not been drawn; how many are to be called.

    What was rated badly after its day was drawn comes in later.

    ``percent`` of what was closed on a day in a street, and all that was rated badly.
    """
    drawn = 0
    for back in range(_DAYS, 0, -1):
        day = before - timedelta(days=back)
        closed: dict[str, dict[str, bool]] = {}
        for row in await query(_CLOSED, day, zone().key):
            closed.setdefault(row["street_id"], {})[row["id"]] = row["low"]
        for ids in closed.values():
            taken = sample(day, ids, percent, always=(id_ for id_, low in ids.items() if low))
            await query(_DRAW, [new_id(CallBack.prefix) for _ in taken], taken, day)
            drawn += len(taken)
    return drawn


async def withdraw_calls(ticket_id: str) -> None:
    """Let nobody call about a ticket that was opened again; when it is closed once more, that day's sample counts."""
    await CallBack.filter(ticket_id=ticket_id, state=CallBackState.DUE).update(state=CallBackState.WITHDRAWN)


async def record_call(
    viewer: Viewer, call_back_id: str, outcome: CallBackOutcome, *, score: int | None = None, note: str = ""
) -> CallBack:
    """Write down what came of calling. Somebody who was not reached stays to be called, three times at most.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (score, note) and ILLEGAL_MOVE (done or withdrawn already).
    """
    async with in_transaction():
        call = await permitted(CallBack, call_back_id, viewer, "callBackRecord")
        note = written(note, "note", NOTE_MAX, least=0)
        reached = outcome in {CallBackOutcome.SATISFIED, CallBackOutcome.DISSATISFIED}
        if score is not None and not (reached and LEAST <= score <= MOST):
            raise Refused(
                RefusalCode.INVALID,
                Text("There is no such score with this outcome.", "该结果不能填写此评分。"),
                path=("score",),
                hint=Text(
                    f"Give {LEAST} to {MOST}, and only when somebody was asked and answered.",
                    f"仅在对方作答时填写 {LEAST} 到 {MOST} 分。",
                ),
            )
        if call.state is not CallBackState.DUE:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"This call-back is {call.state}.", f"该回访{call.state.zh}。"),
                hint=Text("Choose one that is DUE.", "请选择待回访的记录。"),
            )
        calls = call.attempts + 1
        over = outcome is not CallBackOutcome.NOT_REACHED or calls >= MOST_CALLS
        call.update_from_dict(
            {
                "attempts": calls,
                "state": CallBackState.DONE if over else CallBackState.DUE,
                "outcome": outcome,
                "score": score,
                "note": note,
                "called_at": now(),
                "called_by_id": viewer.account_id,
            }
        )
        await call.save()
        told = {"state": call.state, "outcome": outcome, "score": score, "ticket": call.ticket_id}
        await record(actor_of(viewer), "callBackRecord", call, after=told)
        return call
