"""Rows of more than one type behind one field, and what numbers add up to."""

import pytest

from api.read.declare import NODES, DeclarationError, column, node
from domain.access import Reach, Role, Viewer
from domain.territory import CompoundKind
from models import AlertSource, Compound, Device, TicketRating
from models.calendar import now
from models.facts import Actor, record
from tests.api.read.conftest import Ask
from tests.builders import a_community, a_compound, a_device, a_facility, a_street, a_ticket, an_account, an_alert

SUBJECTS = """query ($compound: ID!) {
  alerts(filter: {compound: {eq: $compound}}) {
    nodes {
      subject {
        __typename
        ... on Node { id }
        ... on Device { code facility { code } }
        ...Facilities
        ... on Compound { name }
      }
    }
  }
}
fragment Facilities on Facility { kind code }"""
HISTORY = """query ($id: ID!) {
  node(id: $id) { ... on Ticket { history { nodes { subject { __typename id ... on Ticket { title } } } } } }
}"""


def who_sees(*compounds: Compound) -> Viewer:
    return Viewer("acc_1", "Staff", {Role.COMPANY_STAFF: {Reach.COMPOUND: tuple(c.id for c in compounds)}})


async def test_a_subject_is_of_the_type_that_its_id_tells(ask: Ask) -> None:
    compound = await a_compound()
    facility, device = await a_facility(compound), await a_device(compound)
    for row in (compound, facility, device):
        await an_alert(device, subject_id=row.id)
    got = await ask(who_sees(compound), SUBJECTS, compound=compound.id)
    told = {each["subject"]["__typename"]: each["subject"] for each in got["data"]["alerts"]["nodes"]}
    assert told == {
        "Compound": {"__typename": "Compound", "id": compound.id, "name": compound.name},
        "Facility": {"__typename": "Facility", "id": facility.id, "kind": facility.kind.value, "code": facility.code},
        "Device": {"__typename": "Device", "id": device.id, "code": device.code, "facility": None},
    }


async def test_a_subject_that_is_not_seen_or_not_of_these_types_is_null(ask: Ask) -> None:
    compound, foreign = await a_compound(), await a_device()
    for subject_id in (foreign.id, "dev_gone", (await an_account(Role.STREET_OFFICER, place=await a_street())).id, "nonsense"):
        await an_alert(await a_device(compound), subject_id=subject_id)
    got = await ask(who_sees(compound), SUBJECTS, compound=compound.id)
    assert [each["subject"] for each in got["data"]["alerts"]["nodes"]] == [None] * 4


async def test_a_subject_of_any_type_is_read_through_the_interface(ask: Ask) -> None:
    ticket = await a_ticket()
    await record(Actor("system"), "ticketOpen", ticket)
    got = await ask(who_sees(await Compound.get(id=ticket.compound_id)), HISTORY, id=ticket.id)
    told = {"subject": {"__typename": "Ticket", "id": ticket.id, "title": ticket.title}}
    assert got["data"]["node"]["history"]["nodes"] == [told]


async def test_numbers_add_up_over_the_groups_and_over_what_is_seen(ask: Ask) -> None:
    community = await a_community()
    old = {"kind": CompoundKind.UNMANAGED}
    seen = [
        await a_compound(community, home_count=10, resident_count=2_000_000_000),
        await a_compound(community, home_count=21, resident_count=2_000_000_000),
        await a_compound(community, home_count=0, resident_count=5, **old),
    ]
    await a_compound(community, home_count=1_000)
    got = await ask(
        who_sees(*seen),
        """query ($none: String = "none") {
          kinds: compoundStats(groupBy: [KIND]) {
            kind n: count homes: homeCount { sum average max } homeCount { __typename min } residentCount { sum }
          }
          all: compoundStats(groupBy: []) { count homeCount { sum } }
          none: compoundStats(groupBy: [], filter: {code: {eq: $none}}) { count homeCount { sum average } }
        }""",
    )
    assert got["data"] == {
        "kinds": [
            {
                "kind": "PROPERTY_MANAGED",
                "n": 2,
                "homes": {"sum": "31", "average": "15.5", "max": "21"},
                "homeCount": {"__typename": "Aggregate", "min": "10"},
                "residentCount": {"sum": "4000000000"},
            },
            {
                "kind": "UNMANAGED",
                "n": 1,
                "homes": {"sum": "0", "average": "0", "max": "0"},
                "homeCount": {"__typename": "Aggregate", "min": "0"},
                "residentCount": {"sum": "5"},
            },
        ],
        "all": [{"count": 3, "homeCount": {"sum": "31"}}],
        "none": [{"count": 0, "homeCount": {"sum": None, "average": None}}],
    }


async def test_a_percentage_is_of_all_that_a_group_counts_and_is_told_with_how_many_these_are(ask: Ask) -> None:
    compound, foreign = await a_compound(), await a_compound()
    for number, (where, rule, maker, false_alarms, confirmed) in enumerate(
        (
            (compound, "a", "Acme", 1, 0),
            (compound, "b", "Acme", 0, 2),
            (compound, "a", "Bolt", 0, 0),
            (foreign, "a", "Acme", 90, 0),
        )
    ):
        await AlertSource.create(
            rule=rule,
            module="m",
            maker=maker,
            raised=9,
            seen=9,
            confirmed=confirmed,
            tests=0,
            false_alarms=false_alarms,
            duplicates=0,
            unknown=0,
            false_percent=0,
            last_seen_at=now(),
            subject_id=f"dev_{number}",
            compound_id=where.id,
            street_id=where.street_id,
        )
    got = await ask(
        who_sees(compound),
        """{ makers: alertSourceStats(groupBy: [MAKER]) { maker falsePercent { __typename percent of } }
          rules: alertSourceStats(groupBy: [RULE]) { rule falsePercent { percent n: of } falseAlarms { sum } }
          none: alertSourceStats(groupBy: [], filter: {rule: {eq: "c"}}) { falsePercent { percent of } } }""",
    )
    assert got["data"] == {
        "makers": [
            {"maker": "Acme", "falsePercent": {"__typename": "Share", "percent": "33.3", "of": 3}},
            {"maker": "Bolt", "falsePercent": {"__typename": "Share", "percent": None, "of": 0}},
        ],
        "rules": [
            {"rule": "a", "falsePercent": {"percent": "100", "n": 1}, "falseAlarms": {"sum": "1"}},
            {"rule": "b", "falsePercent": {"percent": "0", "n": 2}, "falseAlarms": {"sum": "0"}},
        ],
        "none": [{"falsePercent": {"percent": None, "of": 0}}],
    }


def test_what_is_no_number_does_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(NODES, "Device")
    declaration = type("Device", (), {"code": column("Code.", aggregate=True)})
    with pytest.raises(DeclarationError, match=r"Device.code: only whole and decimal numbers add up"):
        node(Device, "A device.")(declaration)


async def test_a_number_that_is_counted_by_is_told_beside_its_sums(ask: Ask) -> None:
    compound = await a_compound()
    for score in (5, 5, 2):
        rating = {"score": score, "rated_at": now(), "compound_id": compound.id, "street_id": compound.street_id}
        await TicketRating.create(ticket_id=(await a_ticket(compound)).id, **rating)
    query = (
        "{ ratingStats(groupBy: [SCORE]) { scoreGroup count score { sum } } all: ratingStats(groupBy: []) { scoreGroup count } }"
    )
    got = await ask(who_sees(compound), query)
    assert got["data"] == {
        "ratingStats": [
            {"scoreGroup": 2, "count": 1, "score": {"sum": "2"}},
            {"scoreGroup": 5, "count": 2, "score": {"sum": "10"}},
        ],
        "all": [{"scoreGroup": None, "count": 3}],
    }
