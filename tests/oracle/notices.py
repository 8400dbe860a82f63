"""Hostile rows of what people have of their own to be told by, and of the words that streets wrote."""

from __future__ import annotations

from typing import Any

import models
from domain.alerts import Severity
from domain.notices import ChannelKind, Digest, Language, NoticeLanguage, NoticeState
from domain.notices.delivery import Breaker, Outcome, PauseReason

from .hostile import MOMENTS, Making


async def fill_notices(m: Making, organisations: list[models.Organisation]) -> None:
    tickets = [None, *await models.Ticket.all().order_by("id").limit(5).values_list("id", flat=True)]
    alerts = [None, *await models.Alert.all().order_by("id").limit(5).values_list("id", flat=True)]
    for organisation in (*organisations, organisations[0]):
        desk = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        channel = await models.Channel.create(
            id=m.id(models.Channel),
            kind=m.of(ChannelKind),
            hint=m.text(120),
            target=b"\x00sealed",
            removed_at=m.maybe(MOMENTS),
            **_faring(m),
            **desk,
        )
        for number in range(m.of([0, 2, 4])):
            state = m.of(NoticeState)
            notice = await models.Notice.create(
                id=m.id(models.Notice),
                type=m.text(),
                topic=m.code(80),
                payload=m.json(),
                state=state,
                created_at=m.moment(),
                sent_at=m.moment() if state is NoticeState.SENT else None,
                due_at=m.moment() if state is NoticeState.HELD else None,
                title=m.words(),
                body=m.words(),
                last_error=m.text(),
                next_attempt_at=m.maybe(MOMENTS),
                sequence=m.of([None, number]),
                channel_id=channel.id,
                alert_id=m.of(alerts),
                ticket_id=m.of(tickets),
                **desk,
            )
            for _ in range(m.of([0, 1, 3])):
                await models.NoticeAttempt.create(
                    id=m.id(models.NoticeAttempt),
                    at=m.moment(),
                    outcome=m.of(Outcome),
                    status=m.of([None, 204, 503]),
                    milliseconds=m.of([0, 20_000]),
                    problem=m.text(300),
                    notice_id=notice.id,
                    **desk,
                )


def _faring(m: Making) -> dict[str, Any]:
    """How a channel's target fares."""
    breaker, paused_at = m.of(Breaker), m.maybe(MOMENTS)
    return {
        "breaker": breaker,
        "breaker_until": None if breaker is Breaker.CLOSED else m.moment(),
        "failing_since": m.maybe(MOMENTS),
        "sequence": m.of([0, 1, 2**31 - 1]),
        "paused_at": paused_at,
        "pause_reason": paused_at and m.of(PauseReason),
        "old_secret_until": m.maybe(MOMENTS),
    }


async def fill_own_notices(m: Making, streets: list[models.Place]) -> None:
    """Channels of persons, with notices told in one another; and words of the streets."""
    kinds = [kind for kind in ChannelKind if kind is not ChannelKind.WEBHOOK]
    for account in await models.Account.all().order_by("login").limit(12):
        own = {"account_id": account.id, "street_id": account.street_id}
        quiet = m.of([{}, {"quiet_from": "22:00", "quiet_to": "07:00"}])
        channel = await models.Channel.create(
            id=m.id(models.Channel),
            kind=m.of(kinds),
            hint=m.text(120),
            target=b"\x00sealed",
            types=m.maybe([[m.text()], [m.text(), m.text()]]),
            compound_ids=m.maybe([[m.text(30)]]),
            digest=m.of(Digest),
            language=m.of(NoticeLanguage),
            removed_at=m.moment(),
            **quiet,
            **own,
        )
        digest_id: str | None = None
        for state in (NoticeState.SENT, NoticeState.GATHERED, NoticeState.PENDING):
            notice = await models.Notice.create(
                id=m.id(models.Notice),
                type=m.text(),
                topic=m.code(80),
                payload=m.json(),
                title=m.words(),
                body=m.words(),
                severity=m.maybe(Severity),
                state=state,
                created_at=m.moment(),
                sent_at=m.moment() if state is NoticeState.SENT else None,
                read_at=m.maybe(MOMENTS),
                channel_id=channel.id,
                digest_id=digest_id,
                **own,
            )
            digest_id = digest_id or notice.id
    for street in streets:
        for language in Language:
            words = {"title": m.text(120), "body": m.text(), "type": m.text(), "language": language}
            await models.NoticeTemplate.create(
                id=m.id(models.NoticeTemplate), changed_at=m.moment(), street_id=street.id, **words
            )
