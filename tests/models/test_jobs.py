"""Jobs: begun once at a time, counted up, ended once."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.jobs import JobKind, JobState
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models import Job
from models.calendar import now
from models.facts import Actor
from models.jobs import advance, begin, end, give_up
from models.permits import actor_of
from settings import Settings
from tests.builders import a_company_serving, a_compound
from tests.models.ticket_world import somebody

SYSTEM = Actor("system:test")


async def test_a_job_counts_up_and_ends_once(database: Settings) -> None:
    compound = await a_compound()
    company = await a_company_serving(compound)
    manager = await somebody(Role.COMPANY_MANAGER, organisation=company)
    job = await begin(actor_of(manager), JobKind.BILL_RUN, company, 100)
    assert (job.state, job.done, job.total, job.started_by_id, job.street_id) == (
        JobState.QUEUED,
        0,
        100,
        manager.account_id,
        company.street_id,
    )
    assert await advance(job.id, done=60, errors=2)
    assert await advance(job.id, done=60)
    await job.refresh_from_db()
    assert (job.state, job.done, job.errors) == (JobState.RUNNING, 100, 2)
    assert await end(job.id, message=Text("Done.", "完成。"))
    assert not await end(job.id, state=JobState.FAILED)
    assert not await advance(job.id, done=1)
    await job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, {"en": "Done.", "zh-CN": "完成。"})
    assert job.ended_at is not None


async def test_one_job_of_a_kind_goes_on_about_a_thing_until_nothing_is_heard_of_it(database: Settings) -> None:
    compound = await a_compound()
    job = await begin(SYSTEM, JobKind.SHEET_CHECK, compound)
    assert await advance(job.id, total=10)
    with pytest.raises(Refused) as refused:
        await begin(SYSTEM, JobKind.SHEET_CHECK, compound)
    assert refused.value.code is RefusalCode.CONFLICT
    other = await begin(SYSTEM, JobKind.SHEET_COMMIT, compound, 5)
    await Job.filter(id=job.id).update(changed_at=now() - timedelta(days=2))
    assert await give_up(now() - timedelta(days=1)) == 1
    await job.refresh_from_db()
    await other.refresh_from_db()
    assert (job.state, job.total, other.state) == (JobState.FAILED, 10, JobState.QUEUED)
    assert (await begin(SYSTEM, JobKind.SHEET_CHECK, compound)).id != job.id
