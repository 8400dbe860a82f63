"""The module of worker processes: ``python -m dramatiq tasks.worker`` (see ``worker_command`` for the whole line)."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any

import asyncpg
import dramatiq
import dramatiq.worker
import structlog
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.middleware import Middleware

from models.database import connect, disconnect
from models.logs import configure_logging
from settings import Settings, load

from . import registry, work
from .broker import ACTORS, BACKGROUND, QUEUE, Doorbell
from .metrics import serve_metrics

__all__ = ["broker", "perform", "registry"]

log = structlog.stdlib.get_logger(__name__)

#: Milliseconds between looks into an idle queue.
_LOOK_EVERY = 20
#: Doorbells that a worker takes ahead for each thread: as many as are done between two looks.
_AHEAD = 8
#: Seconds that deliveries get to end when the worker stops, and again to be cancelled.
_STOP_WITHIN = 1.0
#: Seconds in which a worker whose parent is gone stops by itself.
_ORPHAN_WITHIN = 10.0
#: Seconds until a consumer that has lost Redis tries again.
dramatiq.worker.CONSUMER_RESTART_DELAY_SECS = 1.0
#: Exit code of a worker that could not start.
_BOOT_FAILED = 1
#: Exit code of a worker that could not stop by itself.
_ORPHANED = 2


class Loop(Middleware):
    """The event loop of a worker process, with the database opened on it, in a thread that never holds up the exit."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.aside: set[asyncio.Task[None]] = set()
        self.parent = os.getppid()

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        try:
            worker.worker_timeout = _LOOK_EVERY
            worker.queue_prefetch = _AHEAD * self.settings.worker_threads
            self.thread = EventLoopThread(logging.getLogger(__name__))
            self.thread.daemon = True
            self.thread.start(timeout=5)
            set_event_loop_thread(self.thread)
            self.thread.run_coroutine(self._open())
            self.metrics = serve_metrics(self.settings)
        except Exception:
            log.exception("worker cannot start")
            sys.exit(_BOOT_FAILED)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        if self.metrics is not None:
            self.metrics.shutdown()
        self.thread.run_coroutine(self._close())
        self.thread.stop()
        set_event_loop_thread(None)

    def beside(self, rest: Coroutine[Any, Any, None]) -> None:
        """Run what waits for other systems as a task of its own, so that it occupies no worker thread."""
        task = asyncio.get_running_loop().create_task(rest)
        self.aside.add(task)
        task.add_done_callback(self.aside.discard)

    async def _open(self) -> None:
        self.watch = asyncio.get_running_loop().create_task(self._follow_parent())
        try:
            await connect(self.settings, "steward worker")
        except (OSError, asyncpg.PostgresError) as problem:
            # The ORM is set up all the same and connects when the database is back.
            log.warning("worker waits for the database", problem=type(problem).__name__)

    async def _follow_parent(self) -> None:
        """Stop when the process that started this one is gone.

        One killed while it waits for this one to start leaves its main thread waiting for good, so that it cannot stop.
        """
        while True:
            await asyncio.sleep(1)
            if os.getppid() != self.parent:
                log.warning("worker stops: its parent is gone")
                os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.sleep(_ORPHAN_WITHIN)
                os._exit(_ORPHANED)

    async def _close(self) -> None:
        """Give deliveries a moment, cancel what is left (its rows come again), close the database."""
        if self.aside:
            await asyncio.wait(self.aside, timeout=_STOP_WITHIN)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_STOP_WITHIN)
        async with asyncio.timeout(_STOP_WITHIN):
            await disconnect()


settings = load()
configure_logging(settings)
loop = Loop(settings)
broker = Doorbell(settings)
broker.add_middleware(loop)
dramatiq.set_broker(broker)


@dramatiq.actor(actor_name=ACTORS[QUEUE], queue_name=QUEUE, broker=broker)
async def perform(work_id: int) -> None:
    await work.perform(work_id, aside=loop.beside)


@dramatiq.actor(actor_name=ACTORS[BACKGROUND], queue_name=BACKGROUND, priority=1, broker=broker)
async def perform_in_background(work_id: int) -> None:
    await work.perform(work_id, aside=loop.beside)
