"""The page for receivers of webhooks: its example verifies what is sent, and its figures are those that are kept."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.access import Role
from domain.notices import ChannelKind
from domain.notices.delivery import LONGEST_WAIT, MAX_ATTEMPTS, RATES, TRIPS_AT, back_off, rest
from models import Organisation
from models.notices.queue import MOST
from models.notices.webhooks import rotate_secret
from models.viewers import viewer_of
from settings import Settings
from tasks.notices import deliver
from tests.builders import an_account
from tests.tasks.notices_world import SECRET, a_channel, a_company, a_notice
from tests.tasks.receivers import receiving

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture
async def company(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    return await a_company(database, monkeypatch)


async def test_the_example_verifies_what_is_sent_and_nothing_else(company: Organisation, database: Settings) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    named: dict[str, Any] = {}
    exec(example, named)
    manager = await viewer_of((await an_account(Role.COMPANY_MANAGER, organisation=company)).id)
    assert manager is not None
    async with receiving() as receiver:
        channel = await a_channel(company, database, receiver.url)
        notice = await a_notice(channel)
        await deliver(notice.id, database)
        _, newer = await rotate_secret(manager, channel.id, 1, settings=database)
        await deliver((await a_notice(channel)).id, database)
    first, second = receiver.requests
    told = named["verified"](SECRET, first.headers, first.body)
    assert (told["type"], told["sequence"], told["data"]) == (notice.type, 1, notice.payload)
    for secret in (SECRET, newer):
        assert named["verified"](secret, second.headers, second.body)["sequence"] == 2
    for secret, headers, body in (
        (newer, first.headers, first.body),
        (SECRET, first.headers, first.body + b" "),
        (SECRET, {**first.headers, "webhook-id": second.headers["webhook-id"]}, first.body),
        (SECRET, {**first.headers, "webhook-timestamp": "1773021000"}, first.body),
    ):
        with pytest.raises(ValueError, match=r"no signature fits|too old"):
            named["verified"](secret, headers, body)


def test_the_figures_are_those_that_are_kept() -> None:
    waits = [wait for attempts in range(1, MAX_ATTEMPTS) if (wait := back_off(attempts))]
    assert timedelta(hours=3.2) < sum(waits, timedelta()) < timedelta(hours=3.8)
    assert (TRIPS_AT, rest(TRIPS_AT), rest(99), LONGEST_WAIT) == (
        5,
        timedelta(seconds=30),
        timedelta(hours=0.5),
        timedelta(hours=1),
    )
    assert (RATES[ChannelKind.WEBHOOK].per_minute, RATES[ChannelKind.WEBHOOK].at_once, MOST) == (600, 50, 1_000)
    assert Settings.model_fields["webhook_pause_hours"].default == 24
