"""What the tests of delivery stand on: a company, its channels, a notice to one of them."""

from datetime import UTC, datetime

import pytest

from domain.notices import ChannelKind, NoticeState
from models import Channel, Notice, Organisation
from models.ids import new_id
from models.secrets import seal
from settings import Settings
from tests.builders import a_company_serving, a_compound

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


async def a_channel(company: Organisation, settings: Settings, target: str, kind: ChannelKind = ChannelKind.WEBHOOK) -> Channel:
    channel_id = new_id("chn")
    return await Channel.create(
        id=channel_id,
        kind=kind,
        hint="",
        host=target[:300],
        target=seal(target, settings, of=f"{channel_id}.target"),
        secret=seal(SECRET, settings, of=f"{channel_id}.secret"),
        organisation_id=company.id,
        street_id=company.street_id,
    )


async def a_notice(channel: Channel) -> Notice:
    """A notice of a new alert to the channel alone."""
    return await Notice.create(
        type="steward.alert.raised.v1",
        topic=new_id("alr"),
        payload={
            "alert": {"id": "alr_1", "severity": "CRITICAL", "lastSeenAt": "2026-03-01T10:30:00+08:00", "clearedAt": None},
            "compound": {"id": "cmp_1", "code": "C-1", "name": "枫林苑"},
            "message": {"en": "Smoke on the third floor.", "zh-CN": "三楼烟雾报警。"},
            "ticket": None,
        },
        state=NoticeState.PENDING,
        created_at=datetime.now(UTC),
        channel_id=channel.id,
        organisation_id=channel.organisation_id,
        street_id=channel.street_id,
    )


async def an_error(notice: Notice) -> str:
    return (await Notice.get(id=notice.id)).last_error


async def a_company(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """A company that serves a compound; work finds the settings in the environment."""
    assert settings.secret_key
    monkeypatch.setenv("STEWARD_SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("STEWARD_WEBHOOK_ALLOW_PRIVATE", "true")
    return await a_company_serving(await a_compound())
