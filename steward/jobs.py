"""``steward job``: how far a job is, with a bar, until it is over."""

from __future__ import annotations

import asyncio

from rich.console import Console

from models import Job

from .folder import Unusable
from .progress import job_bar

#: Seconds between two looks.
_EVERY = 0.5


async def follow_job(job_id: str, console: Console) -> str:
    """What came of the job, once it is over. Raises Unusable: there is none."""
    with job_bar(console) as progress:
        while True:
            job = await Job.get_or_none(id=job_id)
            if job is None:
                raise Unusable(f"There is no job `{job_id}`.")
            progress(job.kind.meaning, job.done, job.total)
            if job.state.over:
                return told(job)
            await asyncio.sleep(_EVERY)


def told(job: Job) -> str:
    """A job that is over, in a line."""
    wrong = f", {job.errors} of them in vain" if job.errors else ""
    said = f" {job.message['en']}" if job.message.get("en") else ""
    return f"{job.id} {job.state}: {job.done} of {job.total}{wrong}.{said}\n"
