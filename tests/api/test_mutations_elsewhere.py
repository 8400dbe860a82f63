"""Logging in, alerts, facilities and channels as a client sees them."""

from collections.abc import AsyncGenerator

import pytest

from api.tokens import verify
from domain.access import ANONYMOUS, Role
from models import Alert, Channel
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_device, an_account, an_alert
from tests.models.ticket_world import World, a_world, somebody


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(world: World, database: Settings) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as client:
        yield client


# logging in


async def test_logging_in_gives_a_token_of_the_account(world: World, client: Client):
    account = await an_account(login="lamplighter", password="a good long password")
    client.viewer = ANONYMOUS
    payload = await client.act("logIn", "token expiresAt", login="lamplighter", password="a good long password")
    assert payload["errors"] == []
    assert verify(payload["token"], client.settings) == account.id
    assert payload["expiresAt"].endswith("+00:00")


async def test_a_failed_log_in_tells_nothing_about_the_account(world: World, client: Client):
    await an_account(login="lamplighter", password="a good long password")
    client.viewer = ANONYMOUS
    wrong, unknown = [
        await client.act("logIn", "token expiresAt", login=login, password="wrong") for login in ("lamplighter", "nobody")
    ]
    assert wrong == unknown
    assert (wrong["token"], wrong["expiresAt"]) == (None, None)
    assert [error["code"] for error in wrong["errors"]] == ["UNAUTHENTICATED"]


# channels


async def test_a_webhook_is_added_with_a_secret_shown_once_and_removed(world: World, client: Client):
    given = {
        "organisationId": world.company.id,
        "kind": "WEBHOOK",
        "target": "https://hooks.example.com/steward",
        "idempotencyKey": "k1",
    }
    first = await client.act("channelAdd", "secret channel { id kind hint }", **given)
    retry = await client.act("channelAdd", "secret channel { id }", **given)
    assert first["errors"] == []
    assert first["secret"].startswith("whsec_")
    assert first["channel"]["kind"] == "WEBHOOK"
    assert (retry["secret"], retry["channel"]["id"]) == (None, first["channel"]["id"])
    assert await Channel.all().count() == 1
    removed = await client.act("channelRemove", "channel { id removedAt }", id=first["channel"]["id"])
    assert removed["errors"] == []
    assert removed["channel"]["removedAt"] is not None


async def test_staff_who_are_not_managers_add_no_channel(world: World, client: Client):
    client.viewer = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    payload = await client.act(
        "channelAdd", "secret", organisationId=world.company.id, kind="WEBHOOK", target="https://hooks.example.com/x"
    )
    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]
    assert not await Channel.exists()


# alerts


async def test_an_alert_is_acknowledged_and_cleared_with_its_outcome(world: World, client: Client):
    alert = await an_alert(await a_device(world.compound))
    payload = await client.act("alertAcknowledge", "alert { state acknowledgedAt acknowledgedBy { id } version }", id=alert.id)
    assert payload["errors"] == []
    assert payload["alert"]["acknowledgedAt"] is not None
    assert payload["alert"]["acknowledgedBy"] == {"id": world.manager.account_id}
    assert payload["alert"]["state"] == "OPEN"
    given = {"id": alert.id, "expectedVersion": 2, "outcome": "FALSE_ALARM", "note": "Steam from a kitchen"}
    payload = await client.act("alertClear", "alert { state outcome outcomeNote }", **given)
    assert payload == {
        "alert": {"state": "CLEARED", "outcome": "FALSE_ALARM", "outcomeNote": "Steam from a kitchen"},
        "errors": [],
    }


async def test_a_resident_does_not_find_alerts_and_the_committee_does_not_clear_them(world: World, client: Client):
    alert = await an_alert(await a_device(world.compound))
    for viewer, code in (
        (await somebody(Role.RESIDENT, home=world.home), "NOT_FOUND"),
        (await somebody(Role.COMMITTEE_MEMBER, compound=world.compound), "FORBIDDEN"),
    ):
        client.viewer = viewer
        for field, given in (("alertAcknowledge", {}), ("alertClear", {"outcome": "REAL"})):
            payload = await client.act(field, "alert { id }", id=alert.id, **given)
            assert [error["code"] for error in payload["errors"]] == [code]
    assert (await Alert.get(id=alert.id)).version == 1
