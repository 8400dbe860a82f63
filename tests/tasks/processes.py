"""Processes of ours as tests start them."""

import asyncio
import os
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path

import psutil

from settings import Settings
from tasks import worker_command

ROOT = Path(__file__).resolve().parents[2]


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a process reads them."""
    assert settings.secret_key
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "STEWARD_SECRET_KEY": settings.secret_key.get_secret_value(),
        "STEWARD_WEBHOOK_ALLOW_PRIVATE": str(settings.webhook_allow_private),
    }


@asynccontextmanager
async def running(line: list[str], settings: Settings, *, log: Path | None = None) -> AsyncGenerator[psutil.Process]:
    """A process of ours, which logs to ``log``; it and its children are gone afterwards."""
    with log.open("wb") if log else nullcontext() as stderr:
        started = await asyncio.to_thread(subprocess.Popen, line, cwd=ROOT, env=environment(settings), stderr=stderr)
    process = psutil.Process(started.pid)
    family: list[psutil.Process] = []
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):
            family = process.children(recursive=True)
        for each in [process, *family]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        await asyncio.to_thread(started.wait)


async def said(log: Path, words: str) -> bool:
    """Whether a process has logged ``words``."""
    return words in await asyncio.to_thread(log.read_text)


async def ended(process: psutil.Process) -> bool:
    """Whether a process is gone."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def a_worker(settings: Settings) -> list[str]:
    """The command line of a worker that knows the handlers of tests."""
    return ["tests.tasks.worker_for_tests" if word == "tasks.worker" else word for word in worker_command(settings)]
