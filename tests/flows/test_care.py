"""A gateway falls silent, two things go wrong together, a fire that nobody notes climbs to the street; all through HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import connections

from domain.access import Role
from domain.facilities import DeviceKind
from domain.organisations import OrganisationKind
from models import Device
from models.keys import create_intake_key
from tests.builders import (
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_device,
    a_street,
    an_account,
    an_organisation,
)
from tests.waiting import until

from .stack import Client, Stack, an_event, log_in

PASSWORD = "Correct-horse-1"
ALERTS = """query ($c: ID!) { alerts(filter: {compound: {in: [$c]}}, first: 50) { nodes {
  id rule severity state version device { id } history(first: 50) { nodes { action after } }
  care { standing rung repeats groupId lookAt parentAlert { id } silence { id why } }
} } }"""
NOTICES = "query { notices(first: 100) { nodes { type alert { id } channel { account { id } organisation { id } } } } }"


async def act(client: Client, field: str, selection: str, **given: Any) -> dict[str, Any]:
    kind = field[0].upper() + field[1:] + "Input"
    query = f"mutation ($i: {kind}!) {{ {field}(input: $i) {{ {selection} errors {{ code field hint }} }} }}"
    return (await client.ask(query, i=given))[field]


async def done(client: Client, field: str, selection: str, **given: Any) -> dict[str, Any]:
    answer = await act(client, field, selection, **given)
    assert answer["errors"] == [], answer
    return answer


async def refused(client: Client, field: str, selection: str, **given: Any) -> list[tuple[str, list[str]]]:
    answer = await act(client, field, selection, **given)
    assert all(error["hint"] for error in answer["errors"])
    return [(error["code"], error["field"]) for error in answer["errors"]]


async def minutes_pass(alert: str, minutes: int) -> None:
    """Let everything that was done about an alert lie further back."""
    columns = ("raised_at", "said_at", "climbed_at", "look_at")
    moved = ", ".join(f"{column} = {column} - interval '{minutes} minutes'" for column in columns)
    await connections.get("default").execute_query(f"UPDATE alert_care SET {moved} WHERE alert_id = $1", [alert])


async def test_what_becomes_of_alerts(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    compound = await a_compound(community)
    company = await a_company_serving(compound)
    office, hall = (
        await a_community_office(community),
        await an_organisation(street, kind=OrganisationKind.STREET_OFFICE, place_id=street.id),
    )
    manager = await an_account(Role.COMPANY_MANAGER, organisation=company, login="the.manager", password=PASSWORD)
    fitter = await an_account(Role.COMPANY_STAFF, organisation=company)
    clerk = await an_account(Role.COMMUNITY_STAFF, place=community, organisation_id=office.id)
    officer = await an_account(Role.STREET_OFFICER, place=street, organisation_id=hall.id, login="the.officer", password=PASSWORD)
    gateway = await a_device(compound, kind=DeviceKind.GATEWAY)
    sensors = [await a_device(compound) for _ in range(2)]
    hydrants = [await a_device(compound, kind=DeviceKind.HYDRANT_PRESSURE) for _ in range(2)]
    smoke = await a_device(compound)
    _, secret = await create_intake_key(company)
    await stack.start()
    street_desk, _ = await log_in(stack, "the.officer", PASSWORD)
    desk, _ = await log_in(stack, "the.manager", PASSWORD)
    machine = stack.client(secret)

    # Rosters: whoever is called first, and whom it climbs to.
    start, end = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=8)
    hours = {"startsAt": start.isoformat(), "endsAt": end.isoformat()}
    for organisation, level, account in (
        (company, "DUTY", fitter),
        (company, "MANAGER", manager),
        (office, "DUTY", clerk),
        (hall, "DUTY", officer),
    ):
        made = await done(
            street_desk, "dutyRosterCreate", "roster { id }", organisationId=organisation.id, name="值班", level=level
        )
        roster = made["roster"]["id"]
        await done(street_desk, "dutyShiftAdd", "shift { id }", rosterId=roster, accountId=account.id, **hours)
        again = await refused(street_desk, "dutyShiftAdd", "shift { id }", rosterId=roster, accountId=account.id, **hours)
        assert again == [("CONFLICT", ["startsAt"])]
    policy = {"streetId": street.id, "severity": "MAJOR", "values": {"wait_seconds": 1}}
    await done(street_desk, "alertPolicySet", "policy { figures }", **policy)

    async def alerts(rule: str) -> list[dict[str, Any]]:
        found = await desk.ask(ALERTS, c=compound.id)
        return [alert for alert in found["alerts"]["nodes"] if alert["rule"] == f"fire_safety.{rule}"]

    async def standings(rule: str, standing: str, count: int) -> list[dict[str, Any]] | None:
        found = await alerts(rule)
        fit = [alert for alert in found if alert["care"] and alert["care"]["standing"] == standing]
        return fit if len(fit) == count else None

    async def run(check: str) -> None:
        await done(street_desk, "checkRun", "check { name }", name=check)

    # The gateway goes silent, and is told; the sensors that are heard through it are not.
    for sensor in sensors:
        await done(desk, "deviceAttach", "device { parent { id } }", id=sensor.id, parentId=gateway.id)
    silent = [device.id for device in (gateway, *sensors)]
    await Device.filter(id__in=silent).update(last_seen_at=datetime.now(UTC) - timedelta(days=2))
    await run("devices.silent")
    (down,) = await until(lambda: standings("gateway_silent", "TOLD", 1), what="the gateway's alert")
    muted = await until(lambda: standings("silent", "INHIBITED", 2), what="the sensors' alerts")
    assert {alert["care"]["parentAlert"]["id"] for alert in muted} == {down["id"]}

    # Two hydrants are tilted within a moment: told together.
    now = datetime.now(UTC).isoformat()
    await machine.post_events(*[an_event("urn:meters", 1, each.code, now, tilt_degrees=40) for each in hydrants])
    tilted = await until(lambda: standings("hydrant_tilt", "TOLD", 2), what="the group")
    assert len({alert["care"]["groupId"] for alert in tilted} - {None}) == 1

    # Smoke is told at once and alone. Nobody takes note: it climbs, rung by rung, to the street.
    await machine.post_events(an_event("urn:meters", 1, smoke.code, now, smoke_alarm=True))
    (fire,) = await until(lambda: standings("smoke", "TOLD", 1), what="the fire")
    assert (fire["care"]["rung"], fire["care"]["groupId"]) == ("DUTY", None)
    for rung in ("MANAGER", "COMMUNITY", "STREET"):
        await minutes_pass(fire["id"], 6)
        await run("alerts.care")

        async def climbed(rung: str = rung) -> dict[str, Any] | None:
            (alert,) = await alerts("smoke")
            return alert if alert["care"]["rung"] == rung else None

        fire = await until(climbed, what=f"the fire at {rung}")
    assert [fact["action"] for fact in fire["history"]["nodes"]].count("alertEscalate") == 3
    told = (await street_desk.ask(NOTICES))["notices"]["nodes"]
    mine = {notice["type"] for notice in told if notice["alert"] and notice["alert"]["id"] == fire["id"]}
    assert "steward.alert.escalated.v1" in mine

    # A silence has an end and a reason, is not for fires, and keeps quiet what it covers.
    silence = {"compoundId": compound.id, "endsAt": end.isoformat(), "reason": "The detectors are being moved."}
    assert await refused(desk, "silenceCreate", "silence { id }", **silence | {"reason": " "}) == [("INVALID", ["reason"])]
    assert await refused(desk, "silenceCreate", "silence { id }", **silence | {"rule": "fire_safety.smoke"}) == [
        ("INVALID", ["rule"])
    ]
    made = await done(desk, "silenceCreate", "silence { id endsAt }", **silence, rule="fire_safety.tamper")
    await machine.post_events(an_event("urn:meters", 2, smoke.code, datetime.now(UTC).isoformat(), tamper=True))
    (quiet,) = await until(lambda: standings("tamper", "SILENCED", 1), what="the silenced alert")
    assert quiet["care"]["silence"] == {"id": made["silence"]["id"], "why": "The detectors are being moved."}
    shelf = {"until": end.isoformat(), "reason": "Later."}
    assert await refused(desk, "alertShelve", "alert { id }", id=fire["id"], **shelf) == [("ILLEGAL_MOVE", ["id"])]
    await done(desk, "alertShelve", "alert { care { standing } }", id=tilted[0]["id"], **shelf)

    # What it turned out to be is counted by device, rule and maker.
    await done(desk, "deviceSetMaker", "device { maker }", id=smoke.id, maker="Acme Sensors")
    await done(desk, "alertClear", "alert { outcome }", id=fire["id"], outcome="FALSE_ALARM")
    report = await street_desk.ask(
        """{ alertSources(sort: RAISED_DESC, filter: {maker: {eq: "Acme Sensors"}}) {
          nodes { rule maker device { id } raised falseAlarms falsePercent } }
        alertSourceStats(groupBy: [MAKER]) { maker raised { sum } falseAlarms { sum } falsePercent { percent of } } }"""
    )
    (source,) = report["alertSources"]["nodes"]
    assert (source["rule"], source["device"]["id"]) == ("fire_safety.smoke", smoke.id)
    assert (source["raised"], source["falseAlarms"], source["falsePercent"]) == (1, 1, 100)
    assert {
        "maker": "Acme Sensors",
        "raised": {"sum": "1"},
        "falseAlarms": {"sum": "1"},
        "falsePercent": {"percent": "100", "of": 1},
    } in report["alertSourceStats"]
    assert await Device.filter(id=smoke.id, maker="Acme Sensors").exists()
