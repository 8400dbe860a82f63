"""Whatever is asked along any path: everybody is told all that is theirs, and nothing else."""

from __future__ import annotations

import pytest

from .people import PEOPLE
from .shape import ROOTS, SORTS
from .story import Person
from .table import SEEN_OF_THE_HOUSE
from .town import Town
from .walk import Document, broad_paths, deep_paths

_BROAD = list(broad_paths())
_DEEP = list(deep_paths())

everybody = pytest.mark.parametrize("person", PEOPLE, ids=str)


async def _walk(town: Town, person: Person, documents: list[Document], turn: int) -> None:
    """Walk a path from one of its roots, in turns: what it leads to is the same from all of them."""
    document = documents[turn % len(documents)]
    rows = town.story.of_type[document.part.type]
    row = rows[turn % len(rows)]
    data = await town.data(person, document.text, document.variables(town.story, row))
    document.check(town.story, person, row, data[document.root])


@everybody
def test_every_path_shows_everybody_exactly_what_is_theirs(town: Town, person: Person) -> None:
    async def walk() -> None:
        for place, documents in enumerate(_BROAD):
            await _walk(town, person, documents, place + PEOPLE.index(person))

    town.run(walk())


@everybody
def test_long_paths_lead_to_nothing_else(town: Town, person: Person) -> None:
    """Every long path is walked by one person."""

    async def walk() -> None:
        for place, documents in enumerate(_DEEP):
            if place % len(PEOPLE) == PEOPLE.index(person):
                await _walk(town, person, documents, place // len(PEOPLE))

    town.run(walk())


@everybody
def test_pages_lead_through_all_that_is_theirs_in_every_order_and_end_there(town: Town, person: Person) -> None:
    async def leaf_through(root: str, order: str, *, forward: bool) -> None:
        found: list[str] = []
        cursor, more = None, True
        size, beside, end = ("first", "after", "end") if forward else ("last", "before", "start")
        side = "Next" if forward else "Previous"
        page = f"totalCount edges {{ cursor node {{ id }} }} pageInfo {{ has{side}Page {end}Cursor }}"
        query = f"query ($at: String) {{ {root}(sort: {order}, {size}: 4, {beside}: $at) {{ {page} }} }}"
        wanted = {row.id for row in town.story.visible(person, ROOTS[root])}
        while more:
            shown = (await town.data(person, query, {"at": cursor}))[root]
            assert shown["totalCount"] == len(wanted)
            found += [edge["node"]["id"] for edge in shown["edges"]]
            cursor, more = shown["pageInfo"][f"{end}Cursor"], shown["pageInfo"][f"has{side}Page"]
            assert more == (len(found) < len(wanted)), f"{root} by {order} says that there is more: {more}"
        assert len(found) == len(wanted), f"{root} by {order} lists {len(found)} instead of {len(wanted)}"
        assert set(found) == wanted

    async def leaf() -> None:
        for root, type_ in ROOTS.items():
            for by in SORTS[type_]:
                await leaf_through(root, f"{by}_ASC", forward=True)
                await leaf_through(root, f"{by}_DESC", forward=False)

    town.run(leaf())


@everybody
def test_everybody_is_told_who_they_are(town: Town, person: Person) -> None:
    query = (
        "{ viewer { id name phone scope roles { role compoundCount } sessions { id current } identities { issuer subject } } }"
    )
    told = town.run(town.data(person, query))["viewer"]
    if person.token == "none":
        assert told is None
        return
    (account,) = (row for row in town.story.of_type["Account"] if row.person == person.name)
    scope = {"read": "READ", "password": "PASSWORD"}.get(person.token, "WRITE")
    assert (told["id"], told["name"], told["scope"]) == (account.id, account.values["name"], scope)
    compounds = {hat.role: len({*hat.compounds, *hat.looks_at}) for hat in person.hats}
    assert {role["role"]: role["compoundCount"] for role in told["roles"]} == compounds
    assert told["identities"] == []
    assert [session["current"] for session in told["sessions"]] == ([True] if person.token == "session" else [])


@everybody
def test_what_is_of_the_house_is_seen_by_those_who_answer_for_it(town: Town, person: Person) -> None:
    told = town.run(town.data(person, "{ checks { name } }"))["checks"]
    sees = any(hat.role in SEEN_OF_THE_HOUSE["checks"] for hat in person.hats)
    assert [check["name"] for check in told] == (["an.hourly.check"] if sees and person.token not in {"none", "password"} else [])
