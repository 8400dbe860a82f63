"""The doorbell: a message in Redis that names one work row. It may be lost, doubled or late without harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

import structlog
from dramatiq import Message
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from settings import Settings

log = structlog.stdlib.get_logger(__name__)

#: Queue and actor of work that somebody waits for, and of what nobody does.
QUEUE, BACKGROUND = "work", "background"
#: Doorbells of a queue that keep any worker busy until the next ones come.
_FULL = 1_000
ACTORS = {QUEUE: "perform", BACKGROUND: "perform_in_background"}


class Doorbell(RedisBroker):
    """Dramatiq's Redis broker without what a doorbell does not need.

    No queue of delayed messages (the row says when), no retries (the row counts them), and a worker that has done
    its work never waits for Redis to take the receipt.
    """

    def __init__(self, settings: Settings) -> None:
        client = Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=5, retry=Retry(NoBackoff(), 1))
        self._background_at_once = max(1, settings.worker_threads // 2)
        super().__init__(client=client, middleware=[], namespace="steward", heartbeat_timeout=30_000, maintenance_chance=100_000)

    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5_000) -> Consumer:
        """Half of the threads at most are ever busy in the background."""
        prefetch = self._background_at_once if queue_name == BACKGROUND else prefetch
        return _Calm(super().consume(queue_name, prefetch, timeout))

    def ring(self, work_ids: Sequence[int], queue: str = QUEUE) -> list[int]:
        """Ring once for each row; returns those for which it did not work because Redis is away.

        Waits for the network: never call it on an event loop.
        """
        for done, work_id in enumerate(work_ids):
            try:
                self.enqueue(Message(queue_name=queue, actor_name=ACTORS[queue], args=(work_id,), kwargs={}, options={}))
            except RedisError as problem:
                log.debug("no doorbell", problem=type(problem).__name__)
                return list(work_ids[done:])
        return []

    def is_full(self, queue: str) -> bool:
        """Whether so many doorbells wait in the queue that no more are of use; not while Redis is away.

        Waits for the network, as ``ring`` does.
        """
        try:
            return cast("int", self.client.llen(f"{self.namespace}:{queue}")) >= _FULL
        except RedisError as problem:
            log.debug("nobody knows what waits", problem=type(problem).__name__)
            return False


class _Calm(Consumer):
    """A consumer whose receipts are best effort: one that is lost at worst makes a second doorbell."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    def __next__(self) -> MessageProxy | None:
        return next(self._consumer)

    def ack(self, message: MessageProxy) -> None:
        _try(self._consumer.ack, message)

    def nack(self, message: MessageProxy) -> None:
        _try(self._consumer.nack, message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        _try(self._consumer.requeue, messages)

    def close(self) -> None:
        self._consumer.close()


def _try(tell: Callable[..., None], *values: object) -> None:
    try:
        tell(*values)
    except (BrokerConnectionError, RedisError) as problem:
        log.debug("receipt lost", problem=type(problem).__name__)
