"""Delivery of notices: take one, tell its channel, note how it went. At least once, always under the same id."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import structlog

from domain.notices import ChannelKind, NoticeState, target_hint
from domain.refusals import Refused
from models.notices import KIND, Notice, note_failure, note_sent
from models.secrets import NoSecretKey, NotOpened
from settings import Settings, load
from tasks.work import handles

from .people import tell
from .problems import Undelivered
from .webhook import post

log = structlog.stdlib.get_logger(__name__)

#: Seconds that one delivery may take.
WITHIN = 20
#: Deliveries to one channel at once in one worker process. More wait, so that a slow channel holds up nobody else.
_AT_ONCE = 4
_busy: Counter[str] = Counter()


@handles(KIND, outside=True)
async def deliver_one(payload: dict[str, Any]) -> timedelta | None:
    """The work of kind ``notice``."""
    return await deliver(payload["notice"], load())


async def deliver(notice_id: str, settings: Settings) -> timedelta | None:
    """Make one attempt to deliver a notice, if it is still to be sent.

    Returns the wait before the next attempt; None when there is nothing more to do (sent, given up, or no such notice).
    """
    notice = await Notice.get_or_none(id=notice_id).select_related("channel")
    if notice is None or notice.state is not NoticeState.PENDING:
        return None
    if notice.channel.removed_at is not None:
        return await note_failure(notice, "the channel was removed", for_good=True)
    if _busy[notice.channel_id] >= _AT_ONCE:
        return timedelta(seconds=random.uniform(1, 5))  # noqa: S311 - spreads load, guards nothing
    _busy[notice.channel_id] += 1
    try:
        async with asyncio.timeout(WITHIN):
            await _send(notice, settings)
    except TimeoutError:
        return await _failed(notice, "timed out")
    except (NoSecretKey, NotOpened, Refused, Undelivered) as problem:
        return await _failed(notice, str(problem))
    finally:
        _busy[notice.channel_id] -= 1
        if not _busy[notice.channel_id]:
            del _busy[notice.channel_id]
    await note_sent(notice)
    log.info("notice sent", notice=notice.id, channel=notice.channel_id, type=notice.type)
    return None


async def _send(notice: Notice, settings: Settings) -> None:
    channel = notice.channel
    if channel.kind is ChannelKind.SMS:
        raise Undelivered("no gateway for text messages is set")
    target = channel.open_target(settings)
    target_hint(channel.kind, target, plain=settings.webhook_allow_private)  # refuses what is no target of the kind
    if channel.kind is ChannelKind.WEBHOOK:
        await post(notice, target, channel.open_secret(settings), settings)
    else:
        title, body = notice.letter(channel.language)
        await tell(channel.kind, target, title, body, settings)


async def _failed(notice: Notice, problem: str) -> timedelta | None:
    wait = await note_failure(notice, problem)
    fate = "given up" if wait is None else f"again in {wait}"
    log.warning("notice not sent", notice=notice.id, channel=notice.channel_id, problem=problem, fate=fate)
    return wait
