"""The SQL of the read engine shows each field as the policy says, to viewers of any roles; and is as plain as can be."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from api.read.declare import NODES, Column
from domain.access import Reach, Role, Viewer
from domain.permits import sees, shown
from domain.policy import MASKS, Mask, Shown, class_of
from models import Channel, Event, FacilityStatusChange, TicketComment
from models.rows import Row
from settings import Settings
from tests.api.read.conftest import Ask
from tests.builders import (
    LONG_AGO,
    a_building,
    a_community,
    a_compound,
    a_device,
    a_facility,
    a_home,
    a_ticket,
    a_unit,
    an_account,
    an_alert,
    an_organisation,
)

VIEWERS = 150
SEED = 20260301


async def rows_of_two_streets() -> list[Row]:
    """Rows with something in every field that is not plain: in two streets, each with two compounds and organisations."""
    made: list[Row] = []
    for _ in range(2):
        community = await a_community()
        for number in range(2):
            compound = await a_compound(community)
            place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
            company = await an_organisation(street_id=compound.street_id)
            desk: dict[str, Any] = {"organisation_id": company.id, "street_id": compound.street_id}
            sealed: dict[str, Any] = {"phone_masked": "138****0000", "phone_sealed": b"s", "phone_index": b"i"}
            worker = await an_account(name="王小明", **desk, **sealed)
            resident = await an_account(street_id=compound.street_id, name="欧阳" if number else "")
            ticket = await a_ticket(
                compound,
                opened_by_id=resident.id,
                description="Ask at 301.",
                **{f"contact_{key}": value for key, value in sealed.items()},
            )
            remark: dict[str, Any] = {"body": "Never pays.", "ticket_id": ticket.id, "at": LONG_AGO, **place}
            facility = await a_facility(compound)
            made += [worker, resident, ticket]
            made += [await a_home(await a_unit(await a_building(compound)), residents=4)]
            made += [await an_alert(await a_device(compound), outcome_note="Cooking at 301.")]
            made += [await Channel.create(kind="MAIL", hint="mail.example.org", target=b"", **desk)]
            change: dict[str, Any] = {
                "facility_id": facility.id,
                "status": "IN_SERVICE",
                "since": LONG_AGO,
                "note": "Ms Li called.",
            }
            made += [await FacilityStatusChange.create(**change, **place)]
            sent: dict[str, Any] = {
                "source": "urn:gateway",
                "event_id": remark["ticket_id"],
                "type": "t",
                "subject": "s",
                "data": {"a": 1},
            }
            sent |= {"time": LONG_AGO, "received_at": datetime.now(UTC), "organisation_id": company.id}
            made += [await Event.create(**sent, **place)]
            for internal in (True, False):
                audience = None if internal else resident.id
                made.append(await TicketComment.create(internal=internal, audience_id=audience, **remark))
    # Columns that the database makes are not known before.
    return [await type(row).get(id=row.pk) for row in made]


def viewers(rows: list[Row]) -> Iterator[Viewer]:
    """Viewers of up to four roles, each of which reaches a few ids of each kind."""
    choose = random.Random(SEED)
    ids = {way: sorted({id_ for row in rows if (id_ := row.belongs().get(way))}) for way in Reach if way is not Reach.OUTSIDE}

    def some(known: list[str]) -> tuple[str, ...]:
        return tuple(sorted(choose.sample(known, min(len(known), choose.choice([0, 1, 1, 2])))))

    for _ in range(VIEWERS):
        roles = choose.sample(list(Role), choose.choice([1, 1, 2, 3, 4]))
        yield Viewer(
            "acc_me",
            reach={role: {way: some(known) for way, known in ids.items()} for role in roles},
        )


#: Type → its fields that are not plain to all.
CLOSED = {
    node.name: [name for name, binding in node.bindings.items() if isinstance(binding, Column) and not binding.open]
    for node in NODES.values()
}


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def as_shown(viewer: Viewer, row: Row, name: str) -> Any:
    type_name = type(row).__name__
    binding = NODES[type_name].bindings[name]
    assert isinstance(binding, Column)
    value = getattr(row, binding.name)
    match shown(viewer, type_name, name, row.belongs()):
        case Shown.VISIBLE:
            return value
        case Shown.MASKED:
            data = class_of(type_name, name)
            assert data is not None
            return value if MASKS[data] is Mask.STORED or value is None else f"{value[:1]}**"
        case Shown.HIDDEN:
            return None


async def test_viewers_of_any_roles_are_shown_what_the_policy_says(database: Settings, ask: Ask) -> None:
    rows = await rows_of_two_streets()
    types = {type(row).__name__ for row in rows}
    parts = [
        f"... on {name} {{ {' '.join(f'{name}_{field}: {camel(field)}' for field in CLOSED[name])} }}" for name in sorted(types)
    ]
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {' '.join(parts)} }} }}"
    met: set[tuple[str, frozenset[Shown]]] = set()

    for viewer in viewers(rows):
        answer = await ask(viewer, query, ids=[row.pk for row in rows])
        for row, node in zip(rows, answer["data"]["nodes"], strict=True):
            name = type(row).__name__
            expected = {f"{name}_{field}": as_shown(viewer, row, field) for field in CLOSED[name]} | {"id": row.pk}
            assert node == (expected if sees(viewer, name, row.belongs()) else None), (viewer, row.belongs())
        for type_name, name in {(type(row).__name__, field) for row in rows for field in CLOSED[type(row).__name__]}:
            seen = [row.belongs() for row in rows if type(row).__name__ == type_name and sees(viewer, type_name, row.belongs())]
            met.add((type_name, frozenset(shown(viewer, type_name, name, belongs) for belongs in seen)))
    for type_name in ("Account", "Alert", "Event", "FacilityStatusChange", "Home", "Ticket"):
        assert any(name == type_name and len(levels) > 1 for name, levels in met), "no viewer was shown rows differently"


NARROW: dict[Role, dict[Reach, tuple[str, ...]]] = {
    role: {
        Reach.ACCOUNT: ("acc_me",),
        Reach.STREET: ("plc_1",),
        **({Reach.COMPOUND: ("cmp_1", "cmp_2")} if role is not Role.STREET_OFFICER else {}),
    }
    for role in Role
}
PLAIN, CLOSER = "number state", "title description contactPhone number state"


@pytest.mark.parametrize("role", Role)
async def test_who_has_one_role_is_answered_without_asking_row_by_row(ask: Ask, statements: list[str], role: Role) -> None:
    viewer = Viewer("acc_me", reach={role: NARROW[role]})
    for fields in (PLAIN, CLOSER):
        await ask(viewer, f"{{ tickets {{ nodes {{ {fields} }} }} }}")
    plain, closer = (sql for sql in statements if "FROM ticket" in sql)
    assert plain.count("CASE") == closer.count("CASE")


async def test_roles_that_are_shown_the_same_are_not_told_apart(ask: Ask, statements: list[str]) -> None:
    alike = Viewer("acc_me", reach={role: NARROW[role] for role in (Role.COMPANY_STAFF, Role.GRID_WORKER, Role.AUDITOR)})
    apart = Viewer("acc_me", reach={role: NARROW[role] for role in (Role.COMPANY_STAFF, Role.COMMITTEE_MEMBER)})
    for viewer in (alike, apart):
        await ask(viewer, "{ alerts { nodes { outcomeNote } } }")
    one, two = (sql.count("CASE") for sql in statements if "FROM alert" in sql)
    assert two == one + 1


async def test_what_is_hidden_from_a_viewer_is_not_even_read(ask: Ask, statements: list[str]) -> None:
    await ask(
        Viewer("acc_me", reach={Role.COMMITTEE_MEMBER: NARROW[Role.COMMITTEE_MEMBER]}), "{ alerts { nodes { outcomeNote } } }"
    )
    (sql,) = (sql for sql in statements if "FROM alert" in sql)
    assert "outcome_note" not in sql
