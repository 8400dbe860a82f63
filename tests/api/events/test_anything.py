"""Whatever is sent, the intake answers; it never fails and never stores what was not good."""

from __future__ import annotations

import json
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.events.conftest import BATCH, SINGLE, Sender

ANSWERS = {202, 400, 413, 415, 422}
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["1.0", "steward.device.reading.v1", "2026-03-01T08:00:00Z", "\0", "pressure_kpa"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
attributes = st.sampled_from(
    ["specversion", "id", "source", "type", "subject", "time", "data", "data_base64", "datacontenttype", "dataschema", "x"]
)
data = st.dictionaries(st.sampled_from(["readings", "online", "note", "status", "action"]), values, max_size=3)
quiet = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def encoded(value: Any) -> bytes:
    """JSON of anything; what JSON has no form for is written as Python would (NaN, lone surrogates)."""
    return json.dumps(value).encode()


def check(response: Any) -> None:
    assert response.status_code in ANSWERS
    body = orjson.loads(response.content)
    assert ("errors" in body) == (response.status_code != 202)
    for error in body.get("errors", []):
        assert set(error) == {"index", "field", "message", "remedy"}


@quiet
@given(value=values, batch=st.booleans())
async def test_any_json_gets_an_answer(sender: Sender, value: Any, batch: bool) -> None:
    check(await sender.post(encoded(value), BATCH if batch else SINGLE))


@quiet
@given(changes=st.dictionaries(attributes, values | data | st.just(...), max_size=4), extra=st.dictionaries(st.text(), values))
async def test_any_event_spoilt_in_any_way_gets_an_answer(sender: Sender, changes: dict[str, Any], extra: dict[str, Any]) -> None:
    check(await sender.post(encoded(extra | sender.reading(**changes))))


@quiet
@given(body=st.binary(max_size=200), batch=st.booleans())
async def test_any_bytes_get_an_answer(sender: Sender, body: bytes, batch: bool) -> None:
    check(await sender.post(body, BATCH if batch else SINGLE))


@quiet
@given(headers=st.dictionaries(st.from_regex(rb"ce-[a-z0-9_-]{0,10}", fullmatch=True), st.binary(max_size=20), max_size=5))
async def test_any_headers_get_an_answer(sender: Sender, headers: dict[bytes, bytes]) -> None:
    given_headers = {b"authorization": f"Bearer {sender.secret}".encode(), b"content-type": b"application/json"} | headers
    check(await sender.client.post("/events", content=b"{}", headers=list(given_headers.items())))
