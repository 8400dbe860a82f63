"""Delivery of notices: take one up, tell its channel, settle how it went. At least once, always under the same id."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from domain.alerts import Severity
from domain.notices import ChannelKind, target_hint
from domain.notices.delivery import Outcome
from domain.refusals import Refused
from domain.words import Text
from models.hearing import withhold
from models.notices import KIND, Notice, number_of
from models.notices.delivery import Attempt, Taken, rescue, settle, take_up
from models.secrets import NoSecretKey, NotOpened
from settings import Settings, load
from tasks.clock import check
from tasks.metrics import DELIVERIES
from tasks.work import handles

from .people import tell
from .problems import Undelivered
from .sms import send_sms
from .webhook import post

log = structlog.stdlib.get_logger(__name__)

#: Seconds that one delivery may take.
WITHIN = 20
#: Deliveries to one channel at once in one worker process, and as many more of what is CRITICAL, which does not stand behind
#: what can wait. Whatever is above that, waits, so that a slow channel holds up nobody else.
_AT_ONCE, _URGENT = 4, 2
_busy: Counter[str] = Counter()
#: Notices that found a channel busy, apart those that are CRITICAL: however many there are, only so many look again in a
#: second, each after so many seconds at most.
_away: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
_LOOKS, _LONGEST = 10, 300


@handles(KIND, outside=True)
async def deliver_one(payload: dict[str, Any]) -> timedelta | None:
    """The work of kind ``notice``."""
    return await deliver(payload["notice"], load())


@check(
    "notices.forgotten",
    module="notices",
    cron="*/10 * * * *",
    does=Text("Finds notices that wait and would not be sent.", "查找未能安排发送的待发通知。"),
)
async def forgotten(_: datetime) -> Mapping[str, int]:
    """Leave work for notices that wait and have none; give up what has waited for a month."""
    rescued, given_up = await rescue()
    if rescued or given_up:
        log.warning("notices waited in vain", rescued=rescued, given_up=given_up)
    return {"rescued": rescued, "given_up": given_up}


async def deliver(notice_id: str, settings: Settings) -> timedelta | None:
    """Make one attempt to deliver a notice, if it is still to be sent, and its target may be called.

    Returns the wait before this is to be called again; None when there is nothing more to do: it was sent or given up, there is
    no such notice, its channel is paused, or its person may not hear of it any more.
    """
    notice = await Notice.get_or_none(id=notice_id)
    if notice is None or await withhold(notice):
        return None
    urgent = notice.severity is Severity.CRITICAL
    away = _away[notice.channel_id][urgent]
    if _busy[notice.channel_id] >= _AT_ONCE + (_URGENT if urgent else 0):
        away.add(notice.id)
        return timedelta(seconds=random.uniform(1, 5 + min(2 * len(away) / _LOOKS, _LONGEST)))  # noqa: S311 - guards nothing
    away.discard(notice.id)
    _busy[notice.channel_id] += 1
    try:
        taken = await take_up(notice_id, settings)
        if not isinstance(taken, Taken):
            return taken
        attempt = await _attempt(taken, settings)
        DELIVERIES.labels(taken.channel.kind, attempt.outcome).inc()
        return await _note(taken, attempt, settings)
    finally:
        _busy[notice.channel_id] -= 1
        if not _busy[notice.channel_id]:
            del _busy[notice.channel_id], _away[notice.channel_id]


async def _attempt(taken: Taken, settings: Settings) -> Attempt:
    at, started, status, retry_after = datetime.now(UTC), time.monotonic(), None, None
    outcome, problem, unconnected = Outcome.ACCEPTED, "", False
    try:
        async with asyncio.timeout(WITHIN):
            status = await _send(taken, settings)
    except TimeoutError:
        outcome, problem = Outcome.TIMED_OUT, "timed out"
    except (NoSecretKey, NotOpened, Refused) as failure:
        outcome, problem = Outcome.NOT_CALLED, str(failure)
    except Undelivered as failure:
        outcome, problem = failure.outcome, str(failure)
        status, retry_after, unconnected = failure.status, failure.retry_after, failure.unconnected
    took = timedelta(seconds=time.monotonic() - started)
    return Attempt(at, took, outcome, status, problem, retry_after, unconnected)


async def _send(taken: Taken, settings: Settings) -> int | None:
    """Tell the channel; the status of HTTP, where it is a webhook."""
    notice, channel = taken.notice, taken.channel
    if channel.kind is ChannelKind.SMS:
        title, body = notice.letter(channel.language)
        await send_sms(await number_of(channel, settings), title, body, notice.id, settings)
        return None
    target = channel.open_target(settings)
    target_hint(channel.kind, target, plain=settings.webhook_allow_private)  # refuses what is no target of the kind
    if channel.kind is ChannelKind.WEBHOOK:
        older = channel.open_old_secret(settings, datetime.now(UTC))
        return await post(notice, target, [channel.open_secret(settings), *([older] if older else [])], settings)
    title, body = notice.letter(channel.language)
    await tell(channel.kind, target, title, body, settings)
    return None


async def _note(taken: Taken, attempt: Attempt, settings: Settings) -> timedelta | None:
    wait = await settle(taken, attempt, settings)
    about = {"notice": taken.notice.id, "channel": taken.channel.id, "type": taken.notice.type}
    if attempt.outcome is Outcome.ACCEPTED:
        log.info("notice sent", **about)
    else:
        fate = "not tried again by itself" if wait is None else f"again in {wait}"
        log.warning("notice not sent", **about, outcome=attempt.outcome, problem=attempt.problem, fate=fate)
    return wait
