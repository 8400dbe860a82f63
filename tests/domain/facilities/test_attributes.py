"""What is kept of each kind of facility, and what is refused."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.facilities import ATTRIBUTES, SCRAP_YEARS, Agent, AttributeType, FacilityKind, checked, flaws, read_cell, scrap_date
from domain.facilities.attributes import attributes_of, short_of_norm
from domain.refusals import RefusalCode, Refused

LIFT, TODAY = ATTRIBUTES[FacilityKind.LIFT], date(2026, 11, 23)
GOOD = {"in_use_since": "2008-06-30", "stops": 18}
LANE = attributes_of(ATTRIBUTES[FacilityKind.FIRE_LANE])


def test_every_kind_has_its_row_and_no_name_twice() -> None:
    assert set(ATTRIBUTES) == set(FacilityKind)
    for attributes in ATTRIBUTES.values():
        assert len({each.key for each in attributes}) == len(attributes)
        for each in attributes:
            assert each.least <= each.most
            assert (each.choices is not None) == (each.form is AttributeType.CHOICE)
            assert bool(each.clause) == (each.norm is not None)
            assert each.words.en
            assert each.words.zh


def test_good_values_are_kept_in_the_order_of_the_table() -> None:
    given: dict[str, object] = {"speed_m_s": 1.75, "stops": 18.0, "in_use_since": "2008-06-30", "maker": " Maker ", "model": None}
    kept = checked(LIFT, {**given, "rated_load_kg": {"value": 1000, "unit": "kg"}}, TODAY)
    assert list(kept.items()) == [
        *(("in_use_since", "2008-06-30"), ("stops", 18), ("rated_load_kg", 1000), ("speed_m_s", 1.75), ("maker", "Maker")),
    ]


@pytest.mark.parametrize(
    ("given", "key", "says", "remedy"),
    [
        ({**GOOD, "colour": "red"}, "colour", "no such attribute", "in_use_since"),
        ({"stops": 18}, "in_use_since", "required", "2024-05-01"),
        ({**GOOD, "stops": None}, "stops", "required", "2–200"),
        ({**GOOD, "stops": "eighteen"}, "stops", "no number", "whole number, 2–200"),
        ({**GOOD, "stops": True}, "stops", "no number", "2–200"),
        ({**GOOD, "stops": 2.5}, "stops", "no whole number", "2–200"),
        ({**GOOD, "stops": 1}, "stops", "out of range", "2–200"),
        ({**GOOD, "speed_m_s": float("nan")}, "speed_m_s", "no number", "0.1–20 m/s"),
        ({**GOOD, "stops": float("inf")}, "stops", "no number", "2–200"),
        ({**GOOD, "stops": 10**400}, "stops", "The number is out of range", "2–200"),
        ({**GOOD, "speed_m_s": -(10**400)}, "speed_m_s", "The number is out of range", "0.1–20 m/s"),
        ({**GOOD, "rated_load_kg": {"value": 1, "unit": "t"}}, "rated_load_kg", "unit is kg", "100–10000 kg"),
        ({**GOOD, "stops": {"value": 18, "unit": "m"}}, "stops", "has no unit", "2–200"),
        ({**GOOD, "stops": {"value": 18}}, "stops", "no single value", "2–200"),
        ({**GOOD, "stops": [18]}, "stops", "no number", "2–200"),
        ({**GOOD, "maker": 5}, "maker", "no text", "1 to 120"),
        ({**GOOD, "maker": "x" * 121}, "maker", "121 characters", "1 to 120"),
        ({**GOOD, "maker": "a\0b"}, "maker", "cannot be stored", "1 to 120"),
        ({**GOOD, "in_use_since": "2027-01-01"}, "in_use_since", "future", "up to today"),
        ({**GOOD, "in_use_since": "30.6.2008"}, "in_use_since", "no day", "2024-05-01"),
    ],
)
def test_a_bad_value_is_refused_naming_the_attribute_and_the_remedy(given: Any, key: str, says: str, remedy: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(LIFT, given, TODAY)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("attributes", key))
    assert says in refused.value.message.en
    assert remedy in refused.value.hint.en
    assert refused.value.message.zh
    assert refused.value.hint.zh


def test_what_is_no_object_is_refused_and_all_flaws_are_told_together() -> None:
    with pytest.raises(Refused) as refused:
        checked(LIFT, [1], TODAY)
    assert refused.value.path == ("attributes",)
    kept, found = flaws(LIFT, {"stops": 1, "colour": "red", "maker": "Maker"}, TODAY)
    assert (kept, [flaw.key for flaw in found]) == ({"maker": "Maker"}, ["stops", "colour", "in_use_since"])


@pytest.mark.parametrize(("agent", "years"), [(Agent.WATER, 6), (Agent.POWDER, 10), (Agent.CO2, 12), (Agent.CLEAN_GAS, 10)])
def test_an_extinguisher_is_scrapped_when_its_agent_says(agent: Agent, years: int) -> None:
    assert SCRAP_YEARS[agent] == years
    values = {"agent": str(agent), "made_on": "2020-02-29"}
    assert scrap_date(FacilityKind.EXTINGUISHER, values) == date(2020 + years, 2, 29 if years == 12 else 28)
    assert scrap_date(FacilityKind.EXTINGUISHER, {"made_on": "2020-02-29"}) is None
    assert scrap_date(FacilityKind.LIFT, GOOD) is None


def test_a_narrow_fire_lane_is_kept_as_it_is_and_told_to_be_short() -> None:
    kept = checked(ATTRIBUTES[FacilityKind.FIRE_LANE], {"width_m": 3.9, "height_m": 4}, TODAY)
    assert [short_of_norm(LANE[key], kept[key]) for key in ("width_m", "height_m")] == [True, False]
    assert LANE["width_m"].clause == "GB 50016 7.1.8"


@pytest.mark.parametrize(
    ("kind", "key", "cell", "value"),
    [
        ("LIFT", "stops", 18.0, 18.0),
        ("LIFT", "stops", " 18 ", 18.0),
        ("LIFT", "rated_load_kg", "1000kg", {"value": 1000.0, "unit": "kg"}),
        ("LIFT", "rated_load_kg", "1 t", {"value": 1.0, "unit": "t"}),
        ("LIFT", "stops", "many", "many"),
        ("LIFT", "in_use_since", datetime(2008, 6, 30), "2008-06-30"),  # noqa: DTZ001
        ("LIFT", "in_use_since", date(2008, 6, 30), "2008-06-30"),
        ("LIFT", "in_use_since", "2008年6月30日", "2008-06-30"),
        ("LIFT", "in_use_since", "2008/6/3", "2008-06-03"),
        ("LIFT", "in_use_since", "2008-13-45", "2008-13-45"),
        ("LIFT", "registration_code", 31105001.0, "31105001"),
        ("LIFT", "model", date(2026, 5, 1), date(2026, 5, 1)),
        ("LIFT", "in_use_since", "２０２４年５月１日", "2024-05-01"),
        ("EXTINGUISHER", "agent", "干粉", "POWDER"),
        ("EXTINGUISHER", "agent", "co2", "CO2"),
        ("EXTINGUISHER", "agent", "sand", "sand"),
        ("BARRIER", "plates", "是", True),
        ("BARRIER", "plates", "No", False),
        ("BARRIER", "plates", "perhaps", "perhaps"),
    ],
)
def test_a_cell_is_read_as_people_write_it(kind: str, key: str, cell: object, value: object) -> None:
    assert read_cell(attributes_of(ATTRIBUTES[FacilityKind(kind)])[key], cell) == value
