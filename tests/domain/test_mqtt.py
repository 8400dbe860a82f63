"""What topics and payloads mean, and which settings for them are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import Fault
from domain.mqtt import DEFAULT_ROUTES, Named, Route, fingerprint, overlap, routes

(DEFAULT,) = routes(DEFAULT_ROUTES)


@pytest.mark.parametrize(
    ("route", "topic", "named"),
    [
        ("steward/v1/{organisation}/{device}", "steward/v1/WY-01/KQ-1", Named("WY-01", "KQ-1")),
        ("steward/v1/{organisation}/{device}", "steward/v1/WY-01", None),
        ("steward/v1/{organisation}/{device}", "steward/v1/WY-01/KQ-1/more", None),
        ("steward/v1/{organisation}/{device}", "steward/v2/WY-01/KQ-1", None),
        ("steward/v1/{organisation}/{device}", "steward/v1//KQ-1", None),
        ("steward/v1/{organisation}/{device}", "steward/v1/WY-01/", None),
        ("steward/v1/{organisation}/{device}", "steward/v1/{organisation}/{device}", Named("{organisation}", "{device}")),
        ("{organisation}/+/up", "WY-01/anything/up", Named("WY-01", None)),
        ("{organisation}/#", "WY-01", Named("WY-01", None)),
        ("{organisation}/#", "WY-01/a/b/c", Named("WY-01", None)),
    ],
)
def test_a_topic_names_an_organisation_and_perhaps_a_device(route: str, topic: str, named: Named | None) -> None:
    assert Route(route).names(topic) == named


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/c", False),
        ("a/+", "a/c", True),
        ("a/+/c", "+/b/+", True),
        ("a/#", "a", True),
        ("a/#", "b/#", False),
        ("a/b", "a/b/c", False),
        ("#", "x/y", True),
        ("steward/v1/+/+", "steward/rejected/v1/+", False),
    ],
)
def test_filters_overlap_where_some_topic_is_matched_by_both(one: str, other: str, meet: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is meet


_LEVELS = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=4).map("/".join)
_FILTERS = st.lists(st.sampled_from(["a", "b", "+"]), min_size=1, max_size=4).map("/".join)


@given(_LEVELS, _FILTERS, _FILTERS)
def test_filters_that_share_a_topic_overlap(topic: str, one: str, other: str) -> None:
    said = [Route(each, organisation="X").names(topic) for each in (one, other)]
    assert overlap(one, other) or None in said


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "not JSON"),
        ("{}", "no list"),
        ("[]", "no list"),
        ("[7]", "a route is an object"),
        ('[{"topic": 7}]', "are texts"),
        ('[{"topic": "a/{device}"}]', "name the organisation once"),
        ('[{"topic": "a/{organisation}", "organisation": "WY-01"}]', "name the organisation once"),
        ('[{"topic": "a/{organisation}/{organisation}"}]', "stand once"),
        ('[{"topic": "a/x{organisation}"}]', "each level"),
        ('[{"topic": "a/#/{organisation}"}]', "each level"),
        ('[{"topic": "$share/x/{organisation}"}]', "each level"),
        ('[{"topic": "a/{organization}"}]', "each level"),
        ('[{"topic": "{organisation}", "qos": 0}]', "and not qos"),
        ('[{"topic": "{organisation}", "type": "steward.door.v1"}]', "type is one of"),
        ('[{"topic": "{organisation}", "payload": []}]', "payload is an object"),
        ('[{"topic": "{organisation}", "payload": {"time": "a..b"}}]', "comes from a path"),
        ('[{"topic": "{organisation}", "payload": {"when": "ts"}}]', "not when"),
        ('[{"topic": "{organisation}", "payload": {"data.readings.mood": "m"}}]', "no metric mood"),
        ('[{"topic": "{organisation}", "payload": {"data.note": "m", "data.note.x": "n"}}]', "lies within"),
        ('[{"topic": "a/{organisation}"}, {"topic": "+/{organisation}"}]', "both a/{organisation} and"),
    ],
)
def test_routes_that_cannot_be_meant_are_refused_with_a_sentence(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong.replace("{", r"\{")):
        routes(text)


def told(document: object, route: Route = DEFAULT, topic: str = "steward/v1/WY-01/KQ-1") -> Any:
    named = route.names(topic)
    assert named
    return route.event(document, topic, named, "print")


def test_what_the_payload_leaves_out_is_said_by_topic_and_route() -> None:
    assert told({"time": "t", "data": {}}) == {
        "specversion": "1.0",
        "source": "mqtt:steward/v1/WY-01/KQ-1",
        "type": "steward.device.reading.v1",
        "subject": "KQ-1",
        "id": "print",
        "time": "t",
        "data": {},
    }


def test_what_the_payload_says_stands() -> None:
    given = {"specversion": "1.0", "source": "//x", "type": "t", "subject": "KQ-1", "id": "7", "more": 1}
    assert told(given) == given
    assert told([1]) == [1]
    assert isinstance(told({"id": "7", "subject": "KQ-2"}), Fault)
    assert isinstance(told({"data": {}}), Fault)


def test_a_source_is_a_uri_reference_whatever_the_topic() -> None:
    route = Route("{organisation}/#")
    assert told({"id": "1"}, route, "WY-01/水 泵/a?b")["source"] == "mqtt:WY-01/%E6%B0%B4%20%E6%B3%B5/a%3Fb"


def test_a_makers_payload_is_read_by_paths_and_its_numbers_understood() -> None:
    paths = {
        "id": "n",
        "time": "at",
        "data.readings.smoke_alarm": "state.alarm",
        "data.readings.tamper": "state.tamper",
        "data.readings.battery_percent": "state.battery",
        "data.readings.signal_dbm": "radio.rssi",
    }
    (route,) = routes(json.dumps([{"topic": "{organisation}/{device}", "payload": paths}]))
    payload = {"n": 5, "at": 1_700_000_000, "state": {"alarm": 1, "tamper": False, "battery": 0}, "radio": None, "x": {"y": 1}}
    event = told(payload, route, "WY-01/D")
    assert (event["id"], event["time"]) == ("5", "2023-11-14T22:13:20+00:00")
    assert event["data"] == {"readings": {"smoke_alarm": True, "tamper": False, "battery_percent": 0}}
    assert told(payload | {"at": 1_700_000_000_500}, route, "WY-01/D")["time"] == "2023-11-14T22:13:20.500000+00:00"
    assert told(payload | {"at": 1e30}, route, "WY-01/D")["time"] == 1e30
    assert told(payload | {"state": {"alarm": 2}}, route, "WY-01/D")["data"]["readings"]["smoke_alarm"] == 2


def test_a_message_is_told_from_others_by_topic_and_payload() -> None:
    prints = {fingerprint(topic, payload) for topic in ("a", "b", "ab") for payload in (b"", b"b", b"x")}
    assert len(prints) == 9
    assert all(len(each) == 40 for each in prints)


_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.recursive(_PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_no_document_makes_it_stumble(document: object) -> None:
    paths = {"time": "a.b", "id": "a", "data.readings.smoke_alarm": "b", "data.online": "a.b.c"}
    for route in (DEFAULT, Route("steward/v1/{organisation}/{device}", payload=paths)):
        told(document, route)
        told({"a": document, "b": document}, route)
        told({"a": {"b": document}}, route)
