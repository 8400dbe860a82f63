"""The way of a notice that waits: taken up under the lock of its channel, attempted outside of it, settled under it again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from domain.alerts import Severity
from domain.notices import CHANNEL_TEST, ChannelKind, NoticeState
from domain.notices.delivery import (
    LONGEST_WAIT,
    RATES,
    Breaker,
    Health,
    Outcome,
    PauseReason,
    admit,
    back_off,
    failed,
    must_pause,
    turn,
)
from models.connection import query
from models.work import ringing
from settings import Settings, load

from .hosts import DeliveryHost, host_of
from .pausing import pause
from .rows import Channel, Notice, NoticeAttempt

#: After so long a notice that was taken up and not settled may be taken up again: its worker has been killed.
TAKEN = timedelta(seconds=30)
#: Seconds over which those who waited for the same thing come back.
_SPREAD = 5
#: Days after which a notice that still waits, for a paused channel say, is given up.
_LONGEST_DAYS = 30

#: Outcomes that only a host has that is there.
_THERE = frozenset({Outcome.ACCEPTED, Outcome.REFUSED, Outcome.GONE})

#: Numbers what waits for channel $1 and has no number, in order, from the number after $2 on.
_NUMBER = f"""
WITH due AS (
    SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM notice
    WHERE channel_id = $1 AND state = 'PENDING' AND sequence IS NULL AND type <> '{CHANNEL_TEST}'
), numbered AS (
    UPDATE notice SET sequence = $2 + place FROM due WHERE notice.id = due.id RETURNING notice.sequence
)
UPDATE channel SET sequence = (SELECT max(sequence) FROM numbered) WHERE id = $1 AND EXISTS (SELECT FROM numbered)
"""


@dataclass(frozen=True)
class Taken:
    """A notice to be attempted now, and its channel."""

    notice: Notice
    channel: Channel


@dataclass(frozen=True)
class Attempt:
    """How an attempt went. ``problem``: for people; no secret, no part of the target. ``retry_after``: asked by the target.

    ``unconnected``: its host could not be connected to.
    """

    at: datetime
    took: timedelta
    outcome: Outcome
    status: int | None = None
    problem: str = ""
    retry_after: timedelta | None = None
    unconnected: bool = False


async def take_up(notice_id: str, settings: Settings | None = None) -> Taken | timedelta | None:
    """Take a notice up for one attempt: to be settled with ``settle``.

    Returns the wait instead, where its target is left in peace or has no turn free; None where there is nothing to do: it was
    sent or given up, or its channel is paused, and then work is left for it when that is resumed.
    """
    async with ringing(), in_transaction():
        found = await Notice.get_or_none(id=notice_id)
        if found is None:
            return None
        channel = await Channel.select_for_update(no_key=True).get(id=found.channel_id)
        if channel.kind is ChannelKind.WEBHOOK and found.sequence is None and found.type != CHANNEL_TEST:
            await query(_NUMBER, channel.id, channel.sequence)
        notice = await Notice.get_or_none(id=notice_id)
        if notice is None or notice.state is not NoticeState.PENDING:
            return None
        now = datetime.now(UTC)
        host = None if notice.type == CHANNEL_TEST else await host_of(channel, now)
        if host is not None and must_pause(host.health, now, timedelta(hours=(settings or load()).webhook_pause_hours)):
            await pause(channel, PauseReason.FAILING, now)
        wait = await _hindered(notice, channel, host, now)
        return Taken(notice, channel) if wait is _NOTHING else wait


#: Nothing hinders.
_NOTHING = timedelta(-1)


async def _hindered(notice: Notice, channel: Channel, host: DeliveryHost | None, now: datetime) -> timedelta | None:
    """What ``take_up`` answers instead of a notice that may be attempted: _NOTHING where it may."""
    if channel.removed_at is not None:
        notice.state, notice.next_attempt_at, notice.last_error = NoticeState.DEAD, None, "the channel was removed"
        await notice.save(update_fields=["state", "next_attempt_at", "last_error"])
        return None
    if notice.taken_until is not None and notice.taken_until > now:
        return notice.taken_until - now
    if notice.type != CHANNEL_TEST:
        if channel.paused_at is not None:
            notice.next_attempt_at = notice.turn_at = None
            await notice.save(update_fields=["next_attempt_at", "turn_at"])
            return None
        wait = _in_peace(notice, channel, host, now) or _turn(notice, channel, host, now)
        await channel.save(update_fields=["breaker", "breaker_until", "reserved_until"])
        if host is not None:
            await host.keep()
        if wait is not None:
            notice.next_attempt_at = now + wait
            await notice.save(update_fields=["next_attempt_at", "turn_at"])
            return wait
    notice.taken_until, notice.turn_at = now + TAKEN, None
    await notice.save(update_fields=["taken_until", "turn_at"])
    return _NOTHING


def _in_peace(notice: Notice, channel: Channel, host: DeliveryHost | None, now: datetime) -> timedelta | None:
    """The wait for a target, or its host, that is left in peace; whoever waits has no turn any more.

    What is CRITICAL is tried once all the same: the target may be back. If not, nobody waits longer for that.
    """
    found = [each.health for each in (channel, host) if each is not None]
    waits = [(health.breaker, wait) for health in found if (wait := admit(health, now)[1]) is not None]
    urgent = notice.severity is Severity.CRITICAL and notice.attempts == 0
    if not waits or (urgent and all(breaker is Breaker.OPEN for breaker, _ in waits)):
        return None
    notice.turn_at = None
    return max(wait for _, wait in waits) + timedelta(seconds=random.uniform(0, _SPREAD))  # noqa: S311 - spreads load, guards nothing


def _turn(notice: Notice, channel: Channel, host: DeliveryHost | None, now: datetime) -> timedelta | None:
    """The wait for the notice's turn, which it reserves if it has none; None: it is its turn, and the target may be called.

    Webhooks of one organisation have their turns at a host together; the services of robots count each robot by itself. What is
    CRITICAL waits for no turn.
    """
    rate = None if notice.severity is Severity.CRITICAL else RATES.get(channel.kind)
    if rate is not None and notice.turn_at is None:
        notice.turn_at, channel.reserved_until = turn(channel.reserved_until, rate, now)
        if host is not None and channel.kind is ChannelKind.WEBHOOK:
            at_host, host.reserved_until = turn(host.reserved_until, rate, now)
            notice.turn_at = max(notice.turn_at, at_host)
    if notice.turn_at is not None and notice.turn_at > now:
        return notice.turn_at - now
    _now_is(channel, admit(channel.health, now)[0])
    if host is not None:
        host.fares(admit(host.health, now)[0])
    return None


def _now_is(channel: Channel, health: Health) -> None:
    channel.breaker, channel.failures = health.breaker, health.failures
    channel.breaker_until, channel.failing_since = health.until, health.failing_since


async def settle(taken: Taken, attempt: Attempt, settings: Settings) -> timedelta | None:
    """Note how an attempt went. Returns the wait before the next one; None: there is none, or not before a resume.

    A channel whose target fails for longer than ``settings.webhook_pause_hours`` is paused, and its organisation told.
    """
    async with ringing(), in_transaction():
        channel = await Channel.select_for_update(no_key=True).get(id=taken.channel.id)
        notice = await Notice.get_or_none(id=taken.notice.id)
        if notice is None:
            return None
        await NoticeAttempt.create(
            at=attempt.at,
            outcome=attempt.outcome,
            status=attempt.status,
            milliseconds=round(attempt.took / timedelta(milliseconds=1)),
            problem=attempt.problem[:300],
            notice_id=notice.id,
            organisation_id=notice.organisation_id,
            account_id=notice.account_id,
            street_id=notice.street_id,
        )
        now = datetime.now(UTC)
        if notice.type != CHANNEL_TEST:
            await _host_fares(channel, attempt, now)
        notice.attempts, notice.taken_until = notice.attempts + 1, None
        if attempt.outcome is Outcome.ACCEPTED:
            _now_is(channel, Health())
            _sent(notice, now)
            wait = None
        else:
            wait = await _failed(notice, channel, attempt, now, settings)
        await channel.save(update_fields=["breaker", "failures", "breaker_until", "failing_since", "reserved_until"])
        changed = ["state", "attempts", "sent_at", "next_attempt_at", "last_error", "taken_until"]
        await notice.save(update_fields=changed)
        return wait


async def _host_fares(channel: Channel, attempt: Attempt, now: datetime) -> None:
    """Note whether the host could be connected to. Whatever it answered, and however late: it is there."""
    host = await host_of(channel, now)
    if host is None:
        return
    if attempt.unconnected:
        host.fares(failed(host.health, now))
    elif attempt.outcome in _THERE:
        host.fares(Health())
    else:
        host.fares(failed(host.health, now, blamed=False))
    await host.keep()


def _sent(notice: Notice, now: datetime) -> None:
    if notice.state is NoticeState.PENDING:
        notice.state, notice.sent_at, notice.next_attempt_at, notice.last_error = NoticeState.SENT, now, None, ""


async def _failed(notice: Notice, channel: Channel, attempt: Attempt, now: datetime, settings: Settings) -> timedelta | None:
    test = notice.type == CHANNEL_TEST
    if not test:
        _now_is(channel, failed(channel.health, now, blamed=attempt.outcome is not Outcome.NOT_CALLED))
    if notice.state is not NoticeState.PENDING:
        return None
    wait = None if test else back_off(notice.attempts)
    if wait is not None and attempt.retry_after is not None:
        wait = max(wait, min(attempt.retry_after, LONGEST_WAIT))
        channel.reserved_until = max(channel.reserved_until or now, now + min(attempt.retry_after, LONGEST_WAIT))
    notice.state = NoticeState.DEAD if wait is None else NoticeState.PENDING
    notice.next_attempt_at = None if wait is None else now + wait
    notice.last_error = attempt.problem[:300]
    gone = attempt.outcome is Outcome.GONE
    if not test and (gone or must_pause(channel.health, now, timedelta(hours=settings.webhook_pause_hours))):
        await pause(channel, PauseReason.GONE if gone else PauseReason.FAILING, now)
    if channel.paused_at is not None and wait is not None:
        notice.next_attempt_at = None
        return None
    return wait


async def rescue() -> tuple[int, int]:
    """Leave work for what waits and has none, and give up what has waited for thirty days; how many of each."""
    given_up = await query(
        """
        UPDATE notice SET state = 'DEAD', next_attempt_at = NULL, last_error = 'it has waited for too long'
        WHERE state = 'PENDING' AND created_at < now() - make_interval(days => $1)
            AND coalesce(next_attempt_at, created_at) < now() - make_interval(days => $1)
        RETURNING 1
        """,
        _LONGEST_DAYS,
    )
    rescued = await query(
        """
        INSERT INTO work (kind, payload) SELECT 'notice', jsonb_build_object('notice', n.id)
        FROM notice n JOIN channel c ON c.id = n.channel_id
        WHERE n.state = 'PENDING' AND coalesce(n.next_attempt_at, n.created_at) < now() - interval '15 minutes'
            AND (c.paused_at IS NULL OR c.removed_at IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM work w WHERE w.kind = 'notice' AND w.payload ->> 'notice' = n.id AND w.failed_at IS NULL)
        RETURNING id
        """
    )
    return len(rescued), len(given_up)
