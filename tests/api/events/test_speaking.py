"""Who may speak of what: keys and mandates, obeyed at the very next request."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from domain.facilities import DeviceKind
from domain.organisations import MandateRole
from models import Device, IntakeKey, Mandate
from models.keys import create_intake_key, revoke_intake_key
from settings import Settings
from tests.api.events.conftest import BATCH, SINGLE, Sender, a_reading, fields, kept, statuses
from tests.builders import a_company_serving, a_compound, a_device, a_facility, a_mandate
from tests.waiting import until

UNKNOWN = "ink_" + "a" * 43


def today(settings: Settings) -> date:
    return datetime.now(settings.zone).date()


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {UNKNOWN}",
        f"Basic {UNKNOWN}",
        UNKNOWN,
        "Bearer ink_short",
        f"Bearer {UNKNOWN} {UNKNOWN}",
        f"Bearer {UNKNOWN}\x80",
        "Bearer ink_" + "é" * 43,
    ],
)
async def test_without_a_valid_key_the_answer_is_always_the_same(sender: Sender, authorization: str) -> None:
    headers = {"content-type": "text/nonsense", "authorization": authorization.encode("latin-1")}
    response = await sender.client.post("/events", content=b"{", headers=headers)
    missing = await sender.client.post("/events")
    assert response.status_code == missing.status_code == 401
    assert response.json() == missing.json()
    assert response.headers["www-authenticate"] == missing.headers["www-authenticate"] == 'Bearer realm="events"'
    assert fields(response) == ["authorization"]


async def test_two_keys_in_one_request_are_none(sender: Sender) -> None:
    headers = [("authorization", f"Bearer {sender.secret}")] * 2 + [("content-type", SINGLE)]
    response = await sender.client.post("/events", content=orjson.dumps(sender.reading()), headers=headers)
    assert response.status_code == 401


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
async def test_the_scheme_is_written_in_any_case(sender: Sender, scheme: str) -> None:
    headers = {"authorization": f"{scheme}  {sender.secret}", "content-type": SINGLE}
    assert (await sender.client.post("/events", content=orjson.dumps(sender.reading()), headers=headers)).status_code == 202


@pytest.mark.parametrize(
    "body", [pytest.param("good", id="a good event"), pytest.param("bad", id="a bad event"), pytest.param("none", id="no event")]
)
async def test_a_revoked_key_opens_nothing_at_the_next_request(sender: Sender, body: str) -> None:
    assert (await sender.send(sender.reading("1"))).status_code == 202
    await revoke_intake_key(sender.key)
    events = {"good": [sender.reading("2")], "bad": [sender.reading("2", type="x")], "none": []}[body]
    response = await sender.send_all(events)
    assert (response.status_code, fields(response)) == (401, ["authorization"])
    assert (await sender.post(b"{")).status_code == 401
    assert await kept() == ["1"]


async def test_an_expired_key_opens_nothing_at_the_next_request(sender: Sender) -> None:
    assert (await sender.send(sender.reading("1"))).status_code == 202
    await IntakeKey.filter(id=sender.key.id).update(expires_at=datetime.now(UTC))
    refused = await sender.send(sender.reading("2"))
    unknown = await sender.client.post("/events", headers={"authorization": f"Bearer {UNKNOWN}"})
    assert (refused.status_code, refused.json()) == (401, unknown.json())
    assert await kept() == ["1"]


async def test_a_key_with_a_prefix_speaks_only_for_such_sources(sender: Sender) -> None:
    _, sender.secret = await create_intake_key(sender.company, source_prefix="//iot.example/")
    response = await sender.send_all(
        [
            sender.reading("1", source="//iot.example/a"),
            sender.reading("2", source="//iot.example.org/a"),
            sender.reading("3", source="//IOT.example/a"),
        ]
    )
    assert statuses(response) == ["accepted", "rejected", "rejected"]
    (error,) = response.json()["results"][1]["errors"]
    assert (error["field"], error["remedy"]) == ("source", "Send a source that begins with //iot.example/")


async def test_the_use_of_a_key_is_noted(sender: Sender) -> None:
    await sender.send(sender.reading())
    await until(lambda: IntakeKey.filter(id=sender.key.id, last_used_at__not_isnull=True).exists())
    key = await IntakeKey.get(id=sender.key.id)
    assert datetime.now(UTC) - key.last_used_at < timedelta(minutes=1)


async def test_an_unknown_device_and_one_of_another_company_answer_alike(sender: Sender) -> None:
    others = await a_compound()
    await a_company_serving(others)
    foreign = await a_device(others)
    answers: list[Any] = []
    for code in (foreign.code, "DEVICE-THAT-IS-NOT", (await a_facility(sender.compound)).code):
        response = await sender.send(a_reading(code))
        assert response.status_code == 422
        answers.append((response.json(), sorted(response.headers.items())))
    assert answers[0] == answers[1] == answers[2]
    assert await kept() == []


async def test_a_facility_of_another_company_is_as_if_it_were_not(sender: Sender) -> None:
    foreign = await a_facility()
    event = sender.reading(type="steward.facility.maintenance.v1", data={"action": "STARTED"})
    answers = [(await sender.send(event | {"subject": code})).json() for code in (foreign.code, "NOTHING", sender.device.code)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["errors"][0]["field"] == "subject"


async def test_a_retired_device_does_not_speak(sender: Sender) -> None:
    await Device.filter(id=sender.device.id).update(retired_at=datetime.now(UTC))
    assert fields(await sender.send(sender.reading())) == ["subject"]


async def test_a_mandate_that_has_ended_is_obeyed_at_the_next_request(sender: Sender) -> None:
    assert (await sender.send(sender.reading("1"))).status_code == 202
    yesterday = today(sender.settings) - timedelta(days=1)
    await Mandate.filter(organisation_id=sender.company.id).update(ends_on=yesterday)
    response = await sender.send(sender.reading("2"))
    assert (response.status_code, fields(response)) == (422, ["subject"])
    assert await kept() == ["1"]


async def test_a_redelivery_after_the_mandate_is_answered_like_the_first(sender: Sender) -> None:
    await sender.send(sender.reading("1"))
    await Mandate.filter(organisation_id=sender.company.id).delete()
    response = await sender.send(sender.reading("1"))
    assert (response.status_code, statuses(response)) == (202, ["duplicate"])


async def test_a_mandate_holds_through_its_last_day(sender: Sender) -> None:
    await Mandate.filter(organisation_id=sender.company.id).update(ends_on=today(sender.settings))
    assert (await sender.send(sender.reading())).status_code == 202


async def test_a_mandate_begins_on_its_first_day_and_not_before(sender: Sender) -> None:
    mandates = Mandate.filter(organisation_id=sender.company.id)
    await mandates.update(starts_on=today(sender.settings) + timedelta(days=1))
    assert (await sender.send(sender.reading())).status_code == 422
    await mandates.update(starts_on=today(sender.settings))
    assert (await sender.send(sender.reading())).status_code == 202


@pytest.mark.parametrize("role", list(MandateRole))
async def test_any_current_mandate_lets_an_organisation_speak(sender: Sender, role: MandateRole) -> None:
    compound = await a_compound()
    await a_mandate(sender.company, compound, role=role)
    assert (await sender.send(a_reading((await a_device(compound, kind=DeviceKind.HYDRANT_PRESSURE)).code))).status_code == 202


async def test_two_companies_may_use_the_same_source_and_id(sender: Sender) -> None:
    other_compound = await a_compound()
    _, other_secret = await create_intake_key(await a_company_serving(other_compound))
    other_device = await a_device(other_compound, kind=DeviceKind.HYDRANT_PRESSURE)
    assert statuses(await sender.send(sender.reading("1"))) == ["accepted"]
    sender.secret = other_secret
    assert statuses(await sender.send(a_reading(other_device.code, "1"))) == ["accepted"]


async def test_the_first_of_twins_that_may_be_told_is_the_one_that_is_stored(sender: Sender) -> None:
    events = [a_reading("NOTHING", "1"), sender.reading("1"), sender.reading("1")]
    response = await sender.post(orjson.dumps(events), BATCH)
    assert statuses(response)[1:] == ["accepted", "duplicate"]
    assert await kept() == ["1"]
