"""Guessing does not help: by ids, codes, filters, cursors, orders, counts and sums nothing is learnt of what is not seen."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

import orjson
import pytest

from .acts import absent
from .people import PEOPLE
from .shape import FIELDS, FILTERS, GROUPS, LINKS, LISTS, LOOKUPS, ROOTS, SHARES, SORTS, STATS, SUMS
from .story import Person, Story, Told
from .town import Town
from .walk import check_groups, group_of, told_group

everybody = pytest.mark.parametrize("person", PEOPLE, ids=str)
#: Rows that are not seen, of each type, on which it is tried.
_TRIED = 2
_VALUES = 8
#: Counts by group that one operation asks for: more could be more nodes than one may have.
_GROUPS_AT_ONCE = 5


def _some(rows: Sequence[Any], turn: int, most: int) -> list[Any]:
    """Some of the rows, others in each turn."""
    return [rows[(turn * most + n) % len(rows)] for n in range(min(most, len(rows)))]


@everybody
def test_an_id_that_is_not_theirs_answers_as_one_that_was_never_given(town: Town, person: Person) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { id } fileLinks(ids: [$id]) { url } }"

    async def ask() -> None:
        for type_ in FIELDS:
            foreign = _some(town.story.foreign(person, type_), PEOPLE.index(person), _TRIED)
            nothing = absent(town.story.of_type[type_][0])
            answers = {await town.ask(person, query, {"id": id_}) for id_ in (nothing, *(row.id for row in foreign))}
            assert answers <= {'{"data":{"node":null,"nodes":[null],"fileLinks":[null]}}'}
        for root, (type_, field) in LOOKUPS.items():
            lookup = f"query ($by: {'ID' if field == 'id' else 'String'}!) {{ {root}({field}: $by) {{ id }} }}"
            foreign = [row.values[field] for row in town.story.foreign(person, type_)]
            answers = {await town.ask(person, lookup, {"by": by}) for by in ("NOTHING", *foreign[:4])}
            assert answers == {f'{{"data":{{"{root}":null}}}}'}

    town.run(ask())


@everybody
def test_links_to_files_are_given_to_whoever_sees_the_file(town: Town, person: Person) -> None:
    ids = [row.id for row in town.story.of_type["File"]]
    links = town.run(town.data(person, "query ($ids: [ID!]!) { fileLinks(ids: $ids) { fileId } }", {"ids": ids}))["fileLinks"]
    assert [link and link["fileId"] for link in links] == [id_ if id_ in town.story.seen_by(person) else None for id_ in ids]


def _value(row: Told, field: str) -> Any:
    """What a filter compares: a value, or the id of the row that the field leads to."""
    if field in row.links:
        return row.links[field] and row.links[field].id  # pyright: ignore[reportOptionalMemberAccess]
    value = row.values[field]
    return getattr(value, "value", value)


def _found(story: Story, person: Person, type_: str, field: str, value: Any) -> set[str]:
    """The rows that the person finds by the value: what leads to a row that they do not see leads nowhere."""
    rows = [row for row in story.visible(person, type_) if _value(row, field) == value]
    return {row.id for row in rows if field not in row.links or value in story.seen_by(person)}


def _filters() -> Iterator[tuple[str, str, str, str]]:
    """Every root field with a filter, and every field of the filter with what it is compared with."""
    for root, type_ in ROOTS.items():
        for field in FILTERS.get(f"{type_}Filter", ()):
            yield root, type_, field, f"{type_}Filter"


@everybody
def test_filters_find_what_is_seen_and_tell_nothing_of_the_rest(town: Town, person: Person) -> None:
    story = town.story

    async def look() -> None:
        for root, type_, field, filter_ in _filters():
            values = _values(story, type_, field)
            if isinstance(values[0], datetime):
                continue
            known = {_value(row, field) for row in story.visible(person, type_)} - {date.max}
            strange = [value for value in values if value not in known]
            asked = [*_some(strange, PEOPLE.index(person), _VALUES // 2), *_some(sorted(known - {None}), 0, _VALUES // 2)]
            names = ", ".join(f"$f{n}: {filter_}" for n in range(len(asked)))
            parts = " ".join(
                f"f{n}: {root}(filter: $f{n}, first: 100) {{ totalCount nodes {{ id }} }}" for n in range(len(asked))
            )
            variables = {f"f{n}": {field: {"eq": value}} for n, value in enumerate(asked)}
            data = await _answered(town, person, f"query ({names}) {{ {parts} }}", variables)
            for n, value in enumerate(asked):
                wanted = _found(story, person, type_, field, value)
                found = {node["id"] for node in data[f"f{n}"]["nodes"]}
                assert found == wanted, f"{root} by {field} {value} finds {found} instead of {wanted}"
                assert data[f"f{n}"]["totalCount"] == len(wanted)

    town.run(look())


@everybody
def test_filters_of_lists_find_what_is_seen_there(town: Town, person: Person) -> None:
    story, turn = town.story, PEOPLE.index(person)

    async def look() -> None:
        for name, (type_, _) in LISTS.items():
            above, way = name.split(".")
            fields = [field for field in FILTERS.get(f"{type_}Filter", ()) if not _is_moment(story, type_, field)]
            parents = story.visible(person, above)[:100]
            if not fields or not parents:
                continue
            values = {field: _some(_values(story, type_, field), turn, 1)[0] for field in fields}
            names = ", ".join(f"${field}: {type_}Filter" for field in fields)
            parts = " ".join(f"{field}: {way}(filter: ${field}, first: 100) {{ totalCount nodes {{ id }} }}" for field in fields)
            query = f"query ($ids: [ID!]!, {names}) {{ nodes(ids: $ids) {{ ... on {above} {{ {parts} }} }} }}"
            variables = {field: {field: {"eq": value}} for field, value in values.items()}
            data = await town.data(person, query, {"ids": [row.id for row in parents], **variables})
            for parent, shown in zip(parents, data["nodes"], strict=True):
                there = {row.id for row in story.linked(parent, way)}
                for field, value in values.items():
                    wanted = _found(story, person, type_, field, value) & there
                    assert {node["id"] for node in shown[field]["nodes"]} == wanted, f"{name} by {field} {value}"
                    assert shown[field]["totalCount"] == len(wanted)

    town.run(look())


def _values(story: Story, type_: str, field: str) -> list[Any]:
    """What is in the field; the last day there is may be stored, and not asked for."""
    return sorted({_value(row, field) for row in story.of_type[type_]} - {None, date.max}, key=str)


def _is_moment(story: Story, type_: str, field: str) -> bool:
    return any(isinstance(row.values.get(field), datetime) for row in story.of_type[type_])


async def _answered(town: Town, person: Person, query: str, variables: dict[str, Any]) -> Any:
    if "$" not in query:
        return {}
    return await town.data(person, query, variables)


@everybody
def test_filters_by_time_find_what_is_seen(town: Town, person: Person) -> None:
    story = town.story

    async def look() -> None:
        for root, type_, field, filter_ in _filters():
            moments = sorted(row.values[field] for row in story.of_type[type_] if isinstance(row.values.get(field), datetime))
            if not moments:
                continue
            asked = "totalCount nodes { id }"
            query = f"query ($f: {filter_}) {{ {root}(filter: $f, first: 100) {{ {asked} }} }}"
            for moment in (moments[0], moments[len(moments) // 2]):
                for operator in ("gte", "gt", "lte", "lt"):
                    rows = {row.id for row in story.visible(person, type_) if _holds(operator, row.values[field], moment)}
                    found = (await town.data(person, query, {"f": {field: {operator: moment.isoformat()}}}))[root]
                    assert {node["id"] for node in found["nodes"]} == rows
                    assert found["totalCount"] == len(rows)

    town.run(look())


def _holds(operator: str, value: datetime | None, moment: datetime) -> bool:
    return (
        value is not None
        and {"gte": value >= moment, "gt": value > moment, "lte": value <= moment, "lt": value < moment}[operator]
    )


@pytest.fixture(scope="module")
def stolen() -> dict[tuple[str, str], dict[str, str]]:
    """Cursors by root and order, and in these by row; filled by those who see the most."""
    return {}


async def _steal(town: Town, stolen: dict[tuple[str, str], dict[str, str]]) -> None:
    for thief in ("officer of the north", "officer of the south", "auditor"):
        for root, type_ in ROOTS.items():
            for order in (f"{by}_{end}" for by in SORTS[type_] for end in ("ASC", "DESC")):
                query = f"{{ {root}(sort: {order}, first: 100) {{ edges {{ cursor node {{ id }} }} }} }}"
                data = await town.data(town.story.people[thief], query)
                known = stolen.setdefault((root, order), {})
                known.update({edge["node"]["id"]: edge["cursor"] for edge in data[root]["edges"]})


def _forged(cursor: str, id_: str, another: str) -> str:
    """The cursor with another id in it."""
    text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    assert id_ in text
    return urlsafe_b64encode(text.replace(id_, another).encode()).decode().rstrip("=")


@everybody
def test_a_cursor_of_somebody_else_is_a_place_between_rows_and_nothing_more(
    town: Town, person: Person, stolen: dict[tuple[str, str], dict[str, str]]
) -> None:
    page = "totalCount edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"

    async def use() -> None:
        if not stolen:
            await _steal(town, stolen)
        for (root, order), cursors in stolen.items():
            wanted = {row.id for row in town.story.visible(person, ROOTS[root])}
            query = f"query ($at: String) {{ after: {root}(sort: {order}, first: 100, after: $at) {{ {page} }} "
            query += f"before: {root}(sort: {order}, last: 100, before: $at) {{ {page} }} }}"
            foreign = sorted(cursors.keys() - wanted)
            for id_ in _some(foreign, PEOPLE.index(person), 1):
                body = await town.ask(person, query, {"at": cursors[id_]})
                beside = f"{id_[:-1]}{'0' if id_[-1] != '0' else '1'}"
                assert await town.ask(person, query, {"at": _forged(cursors[id_], id_, beside)}) == body
                data = orjson.loads(body)["data"]
                found = [edge["node"]["id"] for side in ("after", "before") for edge in data[side]["edges"]]
                assert sorted(found) == sorted(wanted)
                assert not town.story.mentions(body, person)

    town.run(use())


@everybody
def test_counts_and_sums_are_of_what_is_seen(town: Town, person: Person) -> None:
    story = town.story

    async def count() -> None:
        for name, (type_, below) in STATS.items():
            if below:
                continue
            root = name.removeprefix("Query.")
            groups = [[group] for group in GROUPS[type_]] + [list(pair) for pair in combinations(GROUPS[type_], 2)]
            added = " ".join(f"{each} {{ sum min max average }}" for each in SUMS.get(type_, ()))
            added += "".join(f" {each} {{ percent of }}" for each in SHARES.get(type_, ()))
            asked = [
                f"g{n}: {root}(groupBy: [{', '.join(group)}]) {{ {_shown(type_, group)} count {added} }}"
                for n, group in enumerate(groups)
            ]
            # What is added up may look like a planted number by chance, so it is not searched for those.
            data: dict[str, Any] = {}
            for first in range(0, len(asked), _GROUPS_AT_ONCE):
                query = " ".join(asked[first : first + _GROUPS_AT_ONCE])
                data |= orjson.loads(await town.ask(person, f"{{ {query} }}"))["data"]
            rows = story.visible(person, type_)
            for n, group in enumerate(groups):
                check_groups(story, person, rows, group, data[f"g{n}"])
                for each in SUMS.get(type_, ()):
                    _check_sums(story, person, rows, group, data[f"g{n}"], each)

    town.run(count())


def _shown(type_: str, groups: Sequence[str]) -> str:
    fields = [field for group in groups if (field := GROUPS[type_][group]) not in SUMS.get(type_, ())]
    return " ".join(f"{field} {{ id }}" if f"{type_}.{field}" in LINKS else field for field in fields)


def _check_sums(story: Story, person: Person, rows: Sequence[Told], groups: Sequence[str], counted: Any, added: str) -> None:
    shown = [GROUPS[rows[0].type][group] for group in groups] if rows else []
    numbers: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        numbers[tuple(group_of(story, person, row, name) for name in shown)].append(row.values[added])
    for each in counted:
        key = tuple(told_group(each[name]) for name in shown)
        told = {name: Decimal(value) for name, value in each[added].items() if name != "average"}
        assert told == {"sum": sum(numbers[key]), "min": min(numbers[key]), "max": max(numbers[key])}


@everybody
def test_counts_under_a_filter_tell_nothing_of_the_rest(town: Town, person: Person) -> None:
    story = town.story

    async def count() -> None:
        for name, (type_, below) in STATS.items():
            root, links = (
                name.removeprefix("Query."),
                [f for f in FILTERS[f"{type_}Filter"] if f in story.of_type[type_][0].links],
            )
            for field in () if below else links:
                targets = sorted({other.id for row in story.of_type[type_] if (other := row.links[field])})
                query = f"query ($f: {type_}Filter) {{ {root}(groupBy: [KIND], filter: $f) {{ count }} }}"
                query = query.replace("KIND", next(iter(GROUPS[type_])))
                for id_ in targets:
                    counted = (await town.data(person, query, {"f": {field: {"eq": id_}}}))[root]
                    assert sum(each["count"] for each in counted) == len(_found(story, person, type_, field, id_))

    town.run(count())
