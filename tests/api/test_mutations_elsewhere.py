"""Logging in, alerts, facilities and channels as a client sees them."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest
from tortoise import connections

from api.tokens import verify
from domain.access import ANONYMOUS, Role
from domain.alerts import Severity
from models import Alert, Channel, Fact, Notice, Work, calendar, notices
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_device, a_facility, an_account, an_alert
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
    assert verify(payload["token"], client.settings).account_id == account.id
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


async def test_a_host_is_looked_up_before_any_row_is_locked(world: World, client: Client, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    async def note(*_: object, **__: object) -> None:
        asked.append(type(connections.get("default")).__name__)

    monkeypatch.setattr(notices, "look_up", note)
    given = {"organisationId": world.company.id, "kind": "WEBHOOK", "target": "https://hooks.example.com/steward"}
    assert (await client.act("channelAdd", "channel { id }", **given, idempotencyKey="k1"))["errors"] == []
    assert len(asked) == 1
    assert "Transaction" not in asked[0]


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


# figures of rules


async def test_a_street_officer_sets_figures_of_a_rule(world: World, client: Client):
    client.viewer = await somebody(Role.STREET_OFFICER, place=world.street)
    given = {"ownerId": world.compound.id, "rule": "fire_safety.battery_low", "idempotencyKey": "k1"}
    asked = "compound { id } device { id } street { id }"
    for _ in range(2):
        payload = await client.act("thresholdSet", asked, **given, values={"low_percent": 25})
        assert payload == {"compound": {"id": world.compound.id}, "device": None, "street": None, "errors": []}
    assert [fact.action for fact in await Fact.all()] == ["thresholdSet"]
    payload = await client.act("thresholdSet", asked, **(given | {"idempotencyKey": None}), values={"low_percent": 250})
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["values", "low_percent"])]
    assert "Give a number" in payload["errors"][0]["hint"]


# facilities


async def test_a_facility_is_reported_out_of_service_and_back(world: World, client: Client):
    lift = await a_facility(world.compound, name="Lift 24")
    for version, status in enumerate(("OUT_OF_SERVICE", "IN_SERVICE"), start=1):
        payload = await client.act(
            "facilityReportStatus",
            "facility { status version statusHistory { totalCount } }",
            id=lift.id,
            status=status,
            note="Door drive",
            expectedVersion=version,
            idempotencyKey=f"report {version}",
        )
        assert payload["errors"] == []
        assert (payload["facility"]["status"], payload["facility"]["version"]) == (status, version + 1)
    fact = await Fact.filter(subject_id=lift.id).first()
    assert fact is not None
    assert fact.actor == world.manager.account_id


async def test_a_status_is_reported_for_the_time_at_which_it_began(world: World, client: Client):
    lift = await a_facility(world.compound)
    given = {"id": lift.id, "status": "OUT_OF_SERVICE", "since": "2026-03-01T08:00:00+08:00", "idempotencyKey": "k1"}
    payload = await client.act("facilityReportStatus", "facility { statusSince }", **given)
    assert datetime.fromisoformat(payload["facility"]["statusSince"]) == datetime.fromisoformat(str(given["since"]))
    assert await client.act("facilityReportStatus", "facility { statusSince }", **given) == payload
    later = (calendar.now() + timedelta(hours=1)).isoformat()
    for since in (later, "1969-12-31T00:00:00+08:00"):
        payload = await client.act("facilityReportStatus", "facility { id }", id=lift.id, status="IN_SERVICE", since=since)
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["since"])]


async def test_a_resident_sees_a_facility_and_does_not_report_on_it(world: World, client: Client):
    client.viewer = await somebody(Role.RESIDENT, home=world.home)
    lift, elsewhere = await a_facility(world.compound), await a_facility(world.unserved)
    for facility, code in ((lift, "FORBIDDEN"), (elsewhere, "NOT_FOUND")):
        payload = await client.act("facilityReportStatus", "facility { id }", id=facility.id, status="OUT_OF_SERVICE")
        assert [error["code"] for error in payload["errors"]] == [code]
    assert not await Fact.exists()


async def test_a_grave_alert_that_a_person_clears_is_told_to_the_channels(world: World, client: Client):
    added = await client.act(
        "channelAdd", "channel { id }", organisationId=world.company.id, kind="WEBHOOK", target="https://hooks.example.com/x"
    )
    assert added["errors"] == []
    grave = await an_alert(await a_device(world.compound))
    mild = await an_alert(await a_device(world.compound), severity=Severity.MINOR, rule="fire_safety.battery_low")
    for alert in (grave, mild):
        cleared = await client.act("alertClear", "alert { state }", id=alert.id, outcome="FALSE_ALARM")
        assert cleared["alert"] == {"state": "CLEARED"}
    assert await Notice.all().values_list("type", "alert_id") == [("steward.alert.cleared.v1", grave.id)]
    assert await Work.filter(kind="notice").count() == 1
