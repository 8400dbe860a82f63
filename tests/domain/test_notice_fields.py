"""What is told has exactly the fields that its type declares."""

from typing import Any

import pytest

from domain.notices import ALERT_RAISED, ALERTS_RAISED, EVENT_TYPES, shaped

WHOLE = {"message": {"en": "Smoke."}, "compound": {"id": "cmp_1", "code": "C-1", "name": "Maple Court"}}


def told(type_: str, data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    return shaped(data, EVENT_TYPES[type_].shape)


@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_every_field_is_there_and_null_where_nothing_is_known(type_: str):
    names = {path.partition(".")[0].removesuffix("[]") for path in EVENT_TYPES[type_].fields}
    assert told(type_, {}) == (dict.fromkeys(names), [])


def test_an_object_has_all_of_its_fields_or_is_null_as_a_whole():
    data, besides = told(ALERT_RAISED, {**WHOLE, "alert": {"id": "alr_1"}, "ticket": None})
    assert besides == []
    assert data["ticket"] is None
    assert (data["alert"]["id"], data["alert"]["rule"], data["message"]) == ("alr_1", None, {"en": "Smoke."})


def test_what_is_not_declared_is_told_to_nobody_wherever_it_stands():
    alert = {"id": "alr_1", "rule": "r", "severity": "MAJOR", "message": None}
    given = {**WHOLE, "phone": "138", "alert": {"id": "alr_1", "reporter": "x"}, "alerts": [{**alert, "note": "y"}]}
    data, besides = told(ALERTS_RAISED, given)
    assert besides == ["phone", "alert.reporter", "alerts[].note"]
    assert data["alerts"] == [alert]
    assert "phone" not in data
    assert "reporter" not in data["alert"]
