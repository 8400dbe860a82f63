"""A street makes a rule stricter: drafted, tried on what is stored, published, heard of, taken back. Told through HTTP alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.access import Role
from domain.facilities import DeviceKind
from models.keys import create_intake_key
from tests.builders import a_community, a_company_serving, a_compound, a_device, a_street, an_account
from tests.waiting import until

from .stack import Client, Stack, an_event
from .test_event_to_screen import log_in

RULE = "fire_safety.cable_temperature"
ERRORS = "errors { code field message hint }"
VERSION = f"version {{ id number state }} {ERRORS}"
RUN = """query ($id: ID!) { node(id: $id) { ... on AlertRuleDryRun { state devices devicesDone alertCount currentCount
  alerts(first: 5) { nodes { severity count message firstSeenAt device { code } } }
  alertStats(groupBy: [COMPOUND]) { count compound { id } } } } }"""
ALERTS = "{ alerts(first: 9, sort: LAST_SEEN_ASC) { nodes { rule ruleVersion state reading device { code } } } }"
HELD = """query ($of: ID!) { alertRules(ownerId: $of) { key version own figures { name value unit source clause least } } }"""


async def act(client: Client, name: str, payload: str, **given: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:] + "Input"
    answer = await client.ask(f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {payload} }} }}", input=given)
    return answer[name]


async def test_a_stricter_rule_is_tried_published_heard_of_and_taken_back(stack: Stack) -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street))
    company = await a_company_serving(compound)
    warm, cold = [await a_device(compound, kind=DeviceKind.CABLE_TEMPERATURE) for _ in range(2)]
    officer = await an_account(Role.STREET_OFFICER, place=street, password="four trees by the lake")
    source = f"//{company.code}.example/iot"
    _, key = await create_intake_key(company, source_prefix=source)
    await stack.start()
    machine, (client, _) = stack.client(key), await log_in(stack, officer.login, "four trees by the lake")
    told = iter(range(100))
    now = datetime.now(UTC).replace(microsecond=0)

    async def report(device: Any, celsius: float, minutes_ago: float) -> None:
        moment = (now - timedelta(minutes=minutes_ago)).isoformat()
        sent = await machine.post_events(an_event(source, next(told), device.code, moment, cable_temperature_c=celsius))
        assert sent.status_code == 202, sent.text

    for minutes_ago, celsius in ((50, 62), (45, 63), (40, 50), (30, 64)):
        await report(warm, celsius, minutes_ago)
        await report(cold, 20, minutes_ago)

    async def all_read() -> bool:
        answer = await client.ask("{ devices(first: 5) { nodes { lastReading lastSeenAt } } }")
        return all(each["lastSeenAt"] and each["lastReading"] for each in answer["devices"]["nodes"]) and (
            {64, 20} == {each["lastReading"]["cable_temperature_c"] for each in answer["devices"]["nodes"]}
        )

    await until(all_read, what="the readings")
    assert (await client.ask(ALERTS))["alerts"]["nodes"] == []

    stricter = {"figures": {"alarm_c": {"value": 60, "unit": "°C"}}}
    drafted = await act(client, "alertRuleDraft", VERSION, streetId=street.id, rule=RULE, definition=stricter)
    assert drafted["errors"] == []
    assert (drafted["version"]["number"], drafted["version"]["state"]) == (101, "DRAFT")
    version = drafted["version"]["id"]

    again = await act(client, "alertRuleDraft", VERSION, streetId=street.id, rule=RULE, definition=stricter)
    assert [(error["code"], error["field"]) for error in again["errors"]] == [("CONFLICT", ["rule"])]
    untried = await act(client, "alertRulePublish", VERSION, id=version)
    assert [error["code"] for error in untried["errors"]] == ["ILLEGAL_MOVE"]

    started = await act(client, "alertRuleDryRun", f"dryRun {{ id state }} {ERRORS}", id=version, days=1)
    run = started["dryRun"]["id"]

    async def tried() -> Any:
        found = (await client.ask(RUN, id=run))["node"]
        return found if found["state"] == "DONE" else None

    found = await until(tried, what="the dry run")
    assert (found["devices"], found["devicesDone"], found["alertCount"], found["currentCount"]) == (2, 2, 2, 0)
    assert [(each["device"]["code"], each["count"], each["severity"]) for each in found["alerts"]["nodes"]] == [
        (warm.code, 2, "MAJOR"),
        (warm.code, 1, "MAJOR"),
    ]
    assert "limit 60" in found["alerts"]["nodes"][0]["message"] or "限值 60" in found["alerts"]["nodes"][0]["message"]
    assert found["alertStats"] == [{"count": 2, "compound": {"id": compound.id}}]
    assert (await client.ask(ALERTS))["alerts"]["nodes"] == []

    published = await act(client, "alertRulePublish", VERSION, id=version)
    assert (published["errors"], published["version"]["state"]) == ([], "LIVE")
    (held,) = [rule for rule in (await client.ask(HELD, of=warm.id))["alertRules"] if rule["key"] == RULE]
    assert (held["version"], held["own"]) == (101, True)
    assert held["figures"][0] | {"clause": ""} == {
        "name": "alarm_c",
        "value": 60,
        "unit": "°C",
        "source": "RULE",
        "clause": "",
        "least": 55,
    }

    await report(warm, 61, 20)

    async def raised() -> Any:
        return (await client.ask(ALERTS))["alerts"]["nodes"]

    (alert,) = await until(raised, what="the alert")
    assert (alert["rule"], alert["ruleVersion"], alert["state"], alert["reading"]["value"]) == (RULE, 101, "OPEN", 61)

    retired = await act(client, "alertRuleRetire", VERSION, id=version)
    assert (retired["errors"], retired["version"]["state"]) == ([], "RETIRED")
    await report(warm, 64, 10)
    await report(cold, 71, 9)

    async def two() -> Any:
        return (alerts := await raised())[1:] and alerts

    first, second = await until(two, what="the alert of the rule of the code")
    assert (first["state"], first["ruleVersion"]) == ("CLEARED", 101)
    assert (second["device"]["code"], second["ruleVersion"], second["state"]) == (cold.code, 1, "OPEN")
