"""Hostile rows of what people have of their own to be told by, and of the words that streets wrote."""

from __future__ import annotations

import models
from domain.alerts import Severity
from domain.notices import ChannelKind, Digest, Language, NoticeLanguage, NoticeState

from .hostile import MOMENTS, Making


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
