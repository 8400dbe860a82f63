"""Jobs: long work that somebody asked for. The row tells how far it is; who does it says so in the transaction that does it."""

from datetime import datetime
from typing import Any

import asyncpg
from tortoise import fields
from tortoise.fields.data import JSON_DUMPS

from domain.access import Reach
from domain.jobs import LOST, JobKind, JobState
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .calendar import now
from .connection import constrained, query
from .facts import Actor
from .rows import Row


class Job(Row):
    """Long work about ``subject_id``, one of a kind at a time. Whoever watches is told of each change, by the database.

    ``total``: how many things there are (0: not known yet), of which ``done`` were dealt with, ``errors`` of them in vain.
    ``message``: by language, what was wrong or came of it; empty: nothing is to be said. ``changed_at``: its last sign of life.
    """

    prefix = "job"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.ACCOUNT: "started_by_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(JobKind, max_length=40)
    state = fields.CharEnumField(JobState, max_length=40, db_default=JobState.QUEUED)
    done = fields.IntField(db_default=0)
    total = fields.IntField(db_default=0)
    errors = fields.IntField(db_default=0)
    message: fields.JSONField[dict[str, str]] = fields.JSONField(db_default="{}")
    started_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    subject_id = fields.CharField(max_length=30)
    started_by_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "job"


async def begin(actor: Actor, kind: JobKind, subject: Row, total: int = 0) -> Job:
    """A job about ``subject``, for ``total`` things; it belongs to the street, compound and organisation of the subject.

    In the transaction that leaves the work. Refuses CONFLICT: one of this kind is going on about it.
    """
    moment = now()
    job = Job(
        kind=kind,
        total=total,
        started_at=moment,
        changed_at=moment,
        subject_id=subject.pk,
        started_by_id=actor.viewer.account_id if actor.viewer else None,
        compound_id=getattr(subject, "compound_id", None),
        organisation_id=subject.belongs().get(Reach.ORGANISATION) or getattr(subject, "organisation_id", None),
        street_id=subject.street_of(),
    )
    async with constrained(_going_on()):
        await job.save(force_create=True)
    await job.refresh_from_db()
    return job


def _going_on() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("This is being done already.", "该任务正在进行中。"),
        path=("id",),
        hint=Text("Wait until that job is over: job(id:) tells how far it is.", "请等待当前任务结束，可用 job(id:) 查看进度。"),
    )


_ADVANCE = """
UPDATE job SET state = 'RUNNING', changed_at = $2, total = coalesce($3, total), errors = errors + $5,
    done = least(done + $4, coalesce($3, total))
WHERE id = $1 AND state IN ('QUEUED', 'RUNNING') RETURNING 1
"""


async def advance(job_id: str, *, done: int = 0, errors: int = 0, total: int | None = None) -> bool:
    """Add what was done, and how much of it in vain, since it was last said; ``total``: how many there are, if that is known now.

    In the transaction that does it, so that a piece which is tried again counts once. False: the job is over (somebody called
    it off, or it was given up), and whoever does it stops.
    """
    return bool(await query(_ADVANCE, job_id, now(), total, done, errors))


_REPORT = """
UPDATE job SET state = 'RUNNING', changed_at = now(), done = $2::integer, total = greatest($2::integer, $3::integer)
WHERE id = $1 AND state IN ('QUEUED', 'RUNNING')
"""


async def report(connection: "asyncpg.Connection[Any]", job_id: str, done: int, total: int) -> None:
    """Say how far a piece of work is that is one transaction: on a connection beside it, so that it is seen while that goes on.

    Nothing of the job may have been written in the transaction by then.
    """
    await connection.execute(_REPORT, job_id, done, total)


_END = """
UPDATE job SET state = $2::text, changed_at = $3, ended_at = $3, message = $4::jsonb, errors = coalesce($5, errors),
    done = CASE WHEN $2::text = 'DONE' THEN total ELSE done END
WHERE id = $1 AND state IN ('QUEUED', 'RUNNING') RETURNING 1
"""


async def end(job_id: str, *, state: JobState = JobState.DONE, message: Text | None = None, errors: int | None = None) -> bool:
    """End it: DONE, FAILED or CANCELLED. ``message`` names nobody. ``errors``: in all. False: it was over already."""
    assert state.over, state
    return bool(await query(_END, job_id, state, now(), _both(message), errors))


def _both(message: Text | None) -> str:
    return JSON_DUMPS(message.both() if message else {})


async def give_up(before: datetime, most: int = 500) -> int:
    """End as FAILED the jobs that were begun, and of which nothing was heard since ``before``; how many."""
    rows = await query(
        """
        UPDATE job SET state = 'FAILED', changed_at = now(), ended_at = now(), message = $2::jsonb WHERE id IN (
            SELECT id FROM job WHERE state IN ('QUEUED', 'RUNNING') AND changed_at < $1 ORDER BY changed_at LIMIT $3
            FOR UPDATE SKIP LOCKED
        ) RETURNING 1
        """,
        before,
        _both(LOST),
        most,
    )
    return len(rows)
