"""People are told as they wish, through HTTP alone: a warning waits, a fire comes at once, the street chooses the words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.access import Role
from domain.facilities import DeviceKind
from models import Notice, Work
from models.keys import create_intake_key
from tests.builders import a_community, a_company_serving, a_compound, a_device, a_street, an_account
from tests.waiting import until

from .conftest import Receiver
from .stack import Client, Stack, an_event
from .test_event_to_screen import log_in, watching

NOTICES = """query ($state: NoticeState!) {
  notices(filter: {state: {eq: $state}}, sort: CREATED_ASC) { nodes { id type title body channel { kind } digest { id } } }
}"""


async def act(client: Client, field: str, selection: str, **given: Any) -> dict[str, Any]:
    """The payload of a mutation."""
    kind = f"{field[0].upper()}{field[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ {selection} errors {{ code field message hint }} }} }}"
    return (await client.ask(query, input=given))[field]


async def done(client: Client, field: str, selection: str, **given: Any) -> dict[str, Any]:
    payload = await act(client, field, selection, **given)
    assert payload["errors"] == [], payload
    return payload


async def told(client: Client, state: str) -> list[dict[str, Any]]:
    return (await client.ask(NOTICES, state=state))["notices"]["nodes"]


async def test_somebody_on_duty_is_told_as_they_wish_and_in_the_words_of_their_street(
    stack: Stack, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = {"url": receiver.url, "body": '{"to": "{number}", "text": "{text}", "id": "{id}"}'}
    monkeypatch.setenv("STEWARD_SMS_GATEWAY", json.dumps(gateway))
    street = await a_street()
    compound = await a_compound(await a_community(street))
    company = await a_company_serving(compound)
    smoke, other = [await a_device(compound, kind=DeviceKind.SMOKE) for _ in range(2)]
    accounts = [
        await an_account(Role.COMPANY_STAFF, organisation=company, password="Correct-horse-1"),
        await an_account(Role.COMPANY_MANAGER, organisation=company, password="Correct-horse-2"),
        await an_account(Role.STREET_OFFICER, place=street, password="Correct-horse-3"),
    ]
    _, secret = await create_intake_key(company)

    await stack.start()
    machine = stack.client(secret)
    (fitter, token), (manager, _), (officer, _) = [
        await log_in(stack, account.login, f"Correct-horse-{n}") for n, account in enumerate(accounts, 1)
    ]
    fitter.headers["accept-language"] = officer.headers["accept-language"] = "en"
    now = datetime.now(UTC).replace(microsecond=0)

    def reading(number: str, device: str, **readings: Any) -> dict[str, Any]:
        return an_event("urn:meters", number, device, (now - timedelta(minutes=1)).isoformat(), **readings)

    # The manager puts the fitter on duty; the fitter says how to be told.
    roster = await done(manager, "dutyRosterCreate", "roster { id }", organisationId=company.id, name="Desk", level="DUTY")
    shift = {"startsAt": (now - timedelta(hours=1)).isoformat(), "endsAt": (now + timedelta(hours=5)).isoformat()}
    await done(manager, "dutyShiftAdd", "shift { id }", rosterId=roster["roster"]["id"], accountId=accounts[0].id, **shift)
    await done(officer, "alertPolicySet", "policy { id }", streetId=street.id, severity="WARNING", values={"wait_seconds": 0})
    refused = await act(fitter, "channelAdd", "channel { id }", kind="SMS")
    assert (refused["errors"][0]["field"], "phoneChange" in refused["errors"][0]["hint"]) == (["target"], True)
    await done(fitter, "phoneChange", "phone", phone="13800138000")
    quiet = {"leastSeverity": "WARNING", "quietFrom": "00:00", "quietTo": "23:59", "digest": "DAILY", "language": "EN"}
    for kind in ("LIVE", "SMS"):
        channel = (await done(fitter, "channelAdd", "channel { id }", kind=kind))["channel"]
        await done(fitter, "channelSet", "channel { version }", id=channel["id"], **quiet)
    refused = await act(fitter, "channelSet", "channel { id }", id=channel["id"], quietFrom="22:00", quietTo="22:00")
    assert [error["field"] for error in refused["errors"]] == [["quietTo"]]

    async with watching(stack, token, "subscription { noticeChanged { id type title } }") as seen:
        # A warning waits, in the inbox as on the telephone.
        await machine.post_events(reading("low", smoke.code, battery_percent=10))

        async def waits() -> bool:
            return sorted(each["channel"]["kind"] for each in await told(fitter, "HELD")) == ["LIVE", "SMS"]

        await until(waits, what="the warning")

        # A fire comes at once, in their language.
        await machine.post_events(reading("fire", smoke.code, smoke_alarm=True))

        async def called() -> list[dict[str, Any]]:
            return [json.loads(each.body) for each in receiver.deliveries]

        (text,) = await until(called, what="the text message")
        assert text["to"] == "+8613800138000"
        assert f"[Critical] {compound.name}" in text["text"]
        assert "紧急" not in text["text"]

        async def in_the_inbox() -> list[dict[str, Any]]:
            ids = {each["noticeChanged"]["id"] for each in seen}
            return [each for each in await told(fitter, "SENT") if each["id"] in ids]

        (fire,) = await until(in_the_inbox, what="the inbox")
        assert (fire["channel"]["kind"], fire["title"]) == ("LIVE", f"[Critical] {compound.name}")
        assert len(await told(fitter, "HELD")) == 2
        assert await told(manager, "HELD") == []

        # The street chooses its words; what cannot be filled is refused by name.
        words = {"streetId": street.id, "type": "steward.alert.raised.v1", "language": "EN"}
        template = "template { id }"
        refused = await act(officer, "noticeTemplateSet", template, title="{compound.nmae}", body="{message}", **words)
        assert refused["template"] is None
        (error,) = refused["errors"]
        assert (error["code"], error["field"], "compound.nmae" in error["message"]) == ("INVALID", ["title"], True)
        assert "compound.name" in error["hint"]
        await done(officer, "noticeTemplateSet", template, title="GO NOW to {compound.name}", body="{message}", **words)
        await machine.post_events(reading("another", other.code, smoke_alarm=True))

        async def in_their_words() -> bool:
            return any("GO NOW to " + compound.name in each["text"] for each in await called())

        await until(in_their_words, what="the street's words")

        # The hour of the digest comes.
        await Notice.filter(state="HELD").update(due_at=now)
        await Work.filter(kind="digest").update(not_before=now)

        async def digest() -> bool:
            return not await told(fitter, "HELD") and any("battery" in each["text"].lower() for each in await called())

        await until(digest, what="what waited")
