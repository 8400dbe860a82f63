"""The check of jobs: what nothing is heard of any more is given up."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.words import Text
from models.jobs import give_up
from settings import load

from .clock import check


@check(
    "jobs.lost",
    module="jobs",
    cron="20 * * * *",
    does=Text("Give up jobs of which nothing is heard any more.", "放弃长时间没有进展的任务。"),
)
async def give_up_lost_jobs(now: datetime) -> Mapping[str, int]:
    """End the jobs of which nothing was heard for too long, as failed; some hundreds at a time."""
    return {"given_up": await give_up(now - timedelta(hours=load().job_lost_hours))}
