"""What a document may ask for: refused quickly, with a code and a sentence that says what to do."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from graphql import get_introspection_query

from api import read
from api.read import Engine, Request
from api.read.errors import CODES
from api.schema import SCHEMA
from domain.access import ANONYMOUS, Reach, Role, Viewer
from models import Ticket
from settings import Settings
from tests.api.mutating import a_client
from tests.api.read.conftest import Asker
from tests.builders import a_compound, a_street, a_ticket

ROOT = Path(__file__).resolve().parents[3]
INTROSPECTION = get_introspection_query()


def a_viewer(*roles: Role, street: str = "plc_1") -> Viewer:
    return Viewer("acc_1", "", {role: {Reach.STREET: (street,)} for role in roles})


OFFICER = a_viewer(Role.STREET_OFFICER)


def an_engine(**changes: Any) -> Engine:
    """An engine without a database: what its limits let pass is UNAVAILABLE."""
    return Engine(SCHEMA, Settings().model_copy(update=changes))


async def error(engine: Engine, query: str, viewer: Viewer = OFFICER, **variables: Any) -> dict[str, Any]:
    """The first error of the answer."""
    response = await engine.execute(Request(query, variables), Asker(viewer))
    return orjson.loads(response.body)["errors"][0]


async def code(engine: Engine, query: str, viewer: Viewer = OFFICER, **variables: Any) -> str:
    return (await error(engine, query, viewer, **variables))["extensions"]["code"]


# shape

FRAGMENT = "fragment F{} on Place {{ {} }} "


def spreading(levels: int, body: str, end: str = "id") -> str:
    """A document of fragments, each of which spreads the next in ``body`` in place of each N."""
    fragments = [FRAGMENT.format(n, body.replace("N", f"...F{n + 1}")) for n in range(levels)]
    return "{ places { nodes { ...F0 } } } " + "".join(fragments) + FRAGMENT.format(levels, end)


def nested(levels: int, times: int) -> str:
    """The same field ``times`` at each of ``levels``, written out."""
    return "id" if levels == 0 else f"parent {{ {nested(levels - 1, times)} }} " * times


HOSTILE = {
    "10,000 aliases": ("{" + "".join(f"a{n}: __typename " for n in range(10_000)) + "}", "DOCUMENT_TOO_LARGE"),
    "2,000 aliases": ("{" + "".join(f"a{n}:__typename " for n in range(2_000)) + "}", "TOO_MANY_TOKENS"),
    "1,000 aliases": ("{" + "".join(f"a{n}:__typename " for n in range(1_000)) + "}", "TOO_MANY_ALIASES"),
    "five megabytes": ('{ a(b: "' + "x" * 5_000_000 + '") }', "DOCUMENT_TOO_LARGE"),
    "five megabytes of Chinese": ('{ a(b: "' + "小" * 2_000_000 + '") }', "DOCUMENT_TOO_LARGE"),
    "more bytes than characters": ('{ a(b: "' + "小" * 30_000 + '") }', "DOCUMENT_TOO_LARGE"),
    "only comments": ("#\n" * 30_000 + "{ __typename }", "TOO_MANY_TOKENS"),
    "only brackets": ("{a" * 20_000, "TOO_DEEP"),
    "a deep list": ("{ nodes(ids: " + "[" * 2_000 + "]" * 2_000 + ") { id } }", "TOO_DEEP"),
    "a deep object": ("{ tickets(filter: " + "{a:" * 1_000 + "1" + "}" * 1_000 + ") { totalCount } }", "TOO_DEEP"),
    "a deep type": ("query ($a: " + "[" * 2_000 + "Int" + "]" * 2_000 + ") { __typename }", "TOO_DEEP"),
    "deep fields": ("{ places { nodes {" + "parent {" * 60 + "id" + "}" * 60 + "} } }", "TOO_DEEP"),
    "deep fragments": (spreading(40, "parent { N }"), "TOO_DEEP"),
    "a chain of fragments": (spreading(600, "N"), "TOO_DEEP"),
    "fragments that double, aliased": (spreading(20, "a: parent { N } b: parent { N }"), "TOO_MANY_FIELDS"),
    "fragments that double, merged": (spreading(20, "parent { N } parent { N }"), "TOO_MANY_FIELDS"),
    "fragments that double, unaliased": (spreading(200, "N N"), "TOO_MANY_FIELDS"),
    "fragments that double for ever": (spreading(200, "parent { N } parent { N }"), "TOO_DEEP"),
    "fragments spread twenty times": (spreading(60, "N " * 20), "TOO_MANY_FIELDS"),
    "a circle of fragments": (spreading(2, "parent { N }", "parent { ...F0 }"), "GRAPHQL_VALIDATION_FAILED"),
    "a fragment in itself": (spreading(0, "", "id ...F0"), "GRAPHQL_VALIDATION_FAILED"),
    "circles of circles": (spreading(40, "N " + " ".join(f"...F{n}" for n in range(40))), "GRAPHQL_VALIDATION_FAILED"),
    "a circle that nobody uses": ("{ __typename } " + FRAGMENT.format(0, "...F0"), "GRAPHQL_VALIDATION_FAILED"),
    "an unknown fragment": ("{ ...Nobody }", "GRAPHQL_VALIDATION_FAILED"),
    "one field a thousand times": ("{ places { nodes { " + "id " * 1_000 + "} } }", "TOO_COMPLEX"),
    "one object two hundred times": ("{ places { nodes { " + "parent { id } " * 200 + "} } }", "TOO_COMPLEX"),
    "one object eight times at three levels": ("{ places { nodes { " + nested(3, 8) + "} } }", "TOO_COMPLEX"),
    "a thousand wrong fields": (
        "{ places { nodes { " + " ".join(f"nam{n}" for n in range(1_000)) + "} } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a long wrong name": ("{ " + "a" * 60_000 + " }", "GRAPHQL_VALIDATION_FAILED"),
    "fields that conflict": (
        "{ " + " ".join(f"x: places(first: {n}) {{ totalCount }}" for n in range(49)) + "}",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a thousand directives": ("{ __typename " + "@skip(if: false) " * 700 + "}", "TOO_MANY_DIRECTIVES"),
    "a thousand root fields": ("{ " + "__typename " * 1_000 + "}", "TOO_MANY_ROOT_FIELDS"),
    "sixty operations": ("".join(f"query Q{n} {{ __typename }} " for n in range(60)), "TOO_MANY_ROOT_FIELDS"),
    "sixty empty operations": ("".join(f"query Q{n} {{ }} " for n in range(60)), "TOO_MANY_ROOT_FIELDS"),
    "root fields in fragments": (
        "{ " + "...R " * 10 + "} fragment R on Query { a: __typename b: __typename c: __typename d: __typename e: __typename "
        "f: __typename }",
        "TOO_MANY_ROOT_FIELDS",
    ),
    "a thousand variables": (
        "query (" + "".join(f"$v{n}: Int " for n in range(1_000)) + ") { __typename }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "an endless number": ("{ tickets(first: " + "9" * 5_000 + ") { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    "nothing": ("", "GRAPHQL_PARSE_FAILED"),
    "a lone surrogate": ('{ a(b: "\\uD800") }', "GRAPHQL_PARSE_FAILED"),
    "NUL": ("{ \x00 }", "GRAPHQL_PARSE_FAILED"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_document_is_refused_within_a_moment(name: str) -> None:
    query, wanted = HOSTILE[name]
    engine = an_engine()
    started = time.process_time()
    refused = await error(engine, query)
    assert time.process_time() - started < 1.5
    assert refused["extensions"]["code"] == wanted
    assert len(refused["message"]) > 20


def aliased(times: int) -> str:
    return " ".join(f"a{n}: __typename" for n in range(times))


#: 100 words and signs when one more is filled in.
TOKENS = "{{" + "a: __typename " * 32 + "__typename {} }}"
#: Setting, limit, a document at the limit and one just beyond, code.
EDGES = [
    ("graphql_document_bytes", 1_024, "{ __typename }".ljust(1_024), "{ __typename }".ljust(1_025), "DOCUMENT_TOO_LARGE"),
    ("graphql_document_bytes", 1_024, "{ __typename } #" + "小" * 336, "{ __typename } #a" + "小" * 336, "DOCUMENT_TOO_LARGE"),
    ("graphql_tokens", 100, TOKENS.format("__typename"), TOKENS.format("a: __typename"), "TOO_MANY_TOKENS"),
    ("graphql_tokens", 100, "#\n" * 100 + "{ __typename }", "#\n" * 101 + "{ __typename }", "TOO_MANY_TOKENS"),
    ("graphql_depth", 4, spreading(1, "... { parent { N } }"), spreading(1, "parent { N }", "parent { id }"), "TOO_DEEP"),
    ("graphql_aliases", 3, f"{{ {aliased(3)} }}", f"{{ ...F }} fragment F on Query {{ {aliased(4)} }}", "TOO_MANY_ALIASES"),
    (
        "graphql_directives",
        3,
        "{ ...F @skip(if: true) ... @skip(if: true) { __typename @skip(if: true) } } fragment F on Query { __typename }",
        "{ ...F @skip(if: true) } fragment F on Query { ... @skip(if: true) { __typename @skip(if: true) @include(if: true) } }",
        "TOO_MANY_DIRECTIVES",
    ),
    (
        "graphql_root_fields",
        3,
        f"{{ {aliased(3)} }}",
        f"{{ {aliased(2)} ...F ...F }} fragment F on Query {{ __typename }}",
        "TOO_MANY_ROOT_FIELDS",
    ),
    (
        "graphql_root_fields",
        3,
        "query A { a: __typename } query B { a: __typename __typename }",
        "query A { a: __typename __typename } query B { a: __typename __typename }",
        "TOO_MANY_ROOT_FIELDS",
    ),
    ("graphql_fields", 5, spreading(1, "parent { N }", "id name"), spreading(1, "parent { N N }", "id name"), "TOO_MANY_FIELDS"),
]


@pytest.mark.parametrize(("setting", "limit", "inside", "beyond", "wanted"), EDGES)
async def test_a_limit_is_where_its_setting_says(setting: str, limit: int, inside: str, beyond: str, wanted: str) -> None:
    engine = an_engine(**{setting: limit})
    name = None if inside.startswith(("{", "#")) else "A"
    response = await engine.execute(Request(inside, operation_name=name), Asker(OFFICER))
    assert b'"data"' in response.body or b'"UNAVAILABLE"' in response.body, response.body
    refused = await error(engine, beyond)
    assert refused["extensions"] == {"code": wanted, "limit": limit}
    assert f"{limit:,}" in refused["message"]


async def test_fields_that_are_skipped_or_merged_are_counted_by_shape_but_not_by_cost() -> None:
    engine = an_engine(cost_anonymous=0, cost_staff=0)
    refused = await error(
        engine, "{ a: places @skip(if: true) { nodes { id } } places { nodes { id } } places { nodes { name } } }"
    )
    assert refused["extensions"]["cost"] == 20


@pytest.mark.parametrize(
    "variables",
    [
        {"ids": ["x"] * 20_000},
        {"f": {"compound": {"in": ["x"] * 20_000}}},
        {f"v{n}": n for n in range(20_000)},
        {"a": [[[0] * 100] * 10] * 11},
    ],
)
async def test_variables_of_too_many_values_are_refused_within_a_moment(variables: dict[str, Any]) -> None:
    started = time.process_time()
    refused = await error(an_engine(), "query ($f: TicketFilter) { tickets(filter: $f) { totalCount } }", **variables)
    assert time.process_time() - started < 0.5
    assert refused["extensions"] == {"code": "TOO_MANY_VALUES", "limit": 10_000}


@pytest.mark.parametrize(
    "value", [{"a": {"a": {"a": 1}}}, {"state": {"eq": [["OPEN"]]}}, {"state": {"in": [[["OPEN"]]]}}, [[]], 7]
)
async def test_a_variable_of_a_wrong_shape_says_where(value: Any) -> None:
    refused = await error(an_engine(), "query ($f: TicketFilter) { tickets(filter: $f) { totalCount } }", f=value)
    assert refused["extensions"]["code"] == "BAD_USER_INPUT"
    assert "$f" in refused["message"]


@pytest.mark.parametrize("size", [-1, 101, 2_147_483_647, -2_147_483_648])
@pytest.mark.parametrize("side", ["first", "last"])
async def test_a_page_of_an_impossible_size_says_which_sizes_are_possible(side: str, size: int) -> None:
    for query in (
        f"{{ places({side}: {size}) {{ nodes {{ id }} }} }}",
        f"query ($n: Int) {{ places({side}: $n) {{ nodes {{ id }} }} }}",
    ):
        refused = await error(an_engine(), query, n=size)
        assert refused["extensions"]["code"] == "BAD_USER_INPUT"
        assert f"{side}: from 0 to 100; it is {size}" in refused["message"]


@pytest.mark.parametrize("size", [2**31, -(2**31) - 1, 2**63, 10**300, 1.5, "7", True])
async def test_a_page_size_that_is_no_integer_of_graphql_is_refused(size: Any) -> None:
    assert await code(an_engine(), "query ($n: Int) { places(first: $n) { nodes { id } } }", n=size) == "BAD_USER_INPUT"


# cost


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{ places { nodes { id } } }", {}, 20),
        ("{ places(first: 7) { nodes { id } } }", {}, 7),
        ("{ places(last: 100) { edges { node { id } } } }", {}, 100),
        ("query ($n: Int) { places(first: $n) { nodes { id } } }", {"n": 33}, 33),
        ("query ($n: Int) { places(first: $n) { nodes { id } } }", {}, 20),
        ("query ($n: Int) { places(first: $n) { nodes { id } } }", {"n": None}, 20),
        ("query ($n: Int = 4) { places(first: $n) { nodes { id } } }", {}, 4),
        ("query ($n: Int = 4) { places(first: $n) { nodes { id } } }", {"n": 5}, 5),
        ("{ places(first: 1000000) { nodes { id } } }", {}, 100),
        ("{ a: places(first: -50) { nodes { id } } places { nodes { id } } }", {}, 20),
        ("{ places(first: 9) { pageInfo { hasNextPage } } }", {}, 9),
        ("{ places(first: 9) { totalCount } }", {}, 10),
        ("{ places(first: 9) { totalCount nodes { id } } }", {}, 19),
        ("{ places(first: 2) { nodes { parent { parent { id } } } } }", {}, 2 * 3),
        (
            "{ places(first: 3) { nodes { compounds(first: 5) { nodes { facilities(first: 7) { nodes { id } } } } } } }",
            {},
            3 * (1 + 5 * (1 + 7)),
        ),
        ("{ compounds(first: 3) { nodes { openTicketCount facilityCount } } }", {}, 3 * (1 + 20)),
        ("{ compounds(first: 3) { nodes { facilities { totalCount } } } }", {}, 3 * (1 + 10)),
        ("query ($n: Int!) { places(first: $n) { nodes { compounds(first: $n) { nodes { id } } } } }", {"n": 10}, 10 * 11),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a", "b", "c"]}, 3),
        ('{ nodes(ids: ["a", "b"]) { id ... on Ticket { compound { id } } ... on Compound { code } } }', {}, 2 * 2),
        (
            '{ node(id: "x") { id ... on Ticket { compound { id } } ... on Compound { facilities { nodes { id } } } } }',
            {},
            1 + 20,
        ),
        ("{ a: places { nodes { id } } b: places { nodes { id } } }", {}, 40),
        ("{ ...F ...F } fragment F on Query { places { nodes { id } } }", {}, 20),
        ('query ($s: Boolean!) { places @skip(if: $s) { nodes { id } } compound(code: "x") { id } }', {"s": True}, 1),
        ('query ($s: Boolean!) { places @skip(if: $s) { nodes { id } } compound(code: "x") { id } }', {"s": False}, 21),
        ("{ ticketStats(groupBy: [STATE]) { state count } }", {}, 100),
        ("{ ticketStats(groupBy: [COMPOUND]) { compound { name } count } }", {}, 200),
        ('mutation { ticketAccept(input: {id: "tkt_1"}) { ticket { comments(first: 50) { nodes { id } } } } }', {}, 51),
        ("subscription { ticketChanged { id comments(first: 5) { nodes { id } } } }", {}, 6),
    ],
)
async def test_an_operation_costs_the_rows_it_could_read(query: str, variables: dict[str, Any], cost: int) -> None:
    engine = an_engine(cost_anonymous=cost - 1, cost_staff=cost - 1)
    refused = await subscribed_or_run(engine, query, variables)
    assert refused["extensions"] == {"code": "TOO_COSTLY", "cost": cost, "budget": cost - 1}
    assert f"{cost:,} rows" in refused["message"]
    assert "first" in refused["message"]


async def subscribed_or_run(engine: Engine, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    async def context() -> Asker:
        return Asker(OFFICER)

    answer = await engine.subscribe(Request(query, variables), context, lambda *_: pytest.fail("it was subscribed to"))
    assert isinstance(answer, read.Response)
    return orjson.loads(answer.body)["errors"][0]


async def test_a_cost_beyond_all_numbers_is_told_as_a_large_one() -> None:
    deep = "compounds(first: 100) { nodes { community { " * 7 + "id" + " } } }" * 7
    refused = await error(an_engine(), "{ places(first: 100) { nodes { " + deep + " } } }")
    assert refused["extensions"] == {"code": "TOO_COSTLY", "cost": 2**53 - 1, "budget": 200_000}


@pytest.mark.parametrize(
    ("roles", "budget"),
    [
        ((), 1),
        ((Role.RESIDENT,), 2),
        ((Role.COMMITTEE_MEMBER, Role.RESIDENT), 2),
        ((Role.COMPANY_STAFF,), 3),
        ((Role.GRID_WORKER, Role.RESIDENT), 3),
        ((Role.ADMINISTRATOR,), 3),
        ((Role.INTEGRATION,), 4),
        ((Role.STREET_OFFICER, Role.AUDITOR), 4),
    ],
)
async def test_a_budget_is_the_largest_of_the_viewers_roles(roles: tuple[Role, ...], budget: int) -> None:
    engine = an_engine(cost_anonymous=1, cost_residents=2, cost_staff=3, cost_systems=4)
    refused = await error(engine, "{ places { nodes { id } } }", a_viewer(*roles))
    assert refused["extensions"]["budget"] == budget


ORDINARY = {
    "the introspection of GraphiQL": INTROSPECTION,
    "fifty compounds with what belongs to them": """{ compounds(first: 50) { nodes {
        id code name kind mandates { nodes { id role organisation { id name } } }
        facilities(first: 10) { nodes { id code kind status } } openTicketCount } } }""",
    "a hundred tickets": """{ tickets(first: 100, filter: {state: {in: [OPEN, ACCEPTED]}}, sort: OPENED_DESC) { totalCount
        pageInfo { hasNextPage endCursor } nodes { id number title compound { id name } facility { id code } } } }""",
    "one ticket with all about it": """{ node(id: "tkt_1") { ... on Ticket { id number compound { id name community { id name } }
        facility { id code kind } comments(first: 100) { nodes { id body author { id name } } } } } }""",
    "a thousand rows": "{ "
    + "".join(f"a{n}: tickets(first: 100) {{ nodes {{ id number title state }} }} " for n in range(10))
    + "}",
    "three levels of pages": """{ places { nodes { compounds { nodes { facilities { nodes {
        id devices(first: 2) { nodes { id } } } } } } } } }""",
    "forty components that ask for the same": "{ tickets { nodes { "
    + " ".join(f"...T{n}" for n in range(40))
    + " } } } "
    + "".join(f"fragment T{n} on Ticket {{ id number compound {{ id name ...C }} }} " for n in range(40))
    + "fragment C on Compound { id name kind }",
}


@pytest.mark.parametrize("name", ORDINARY)
async def test_what_front_ends_ask_for_is_within_all_limits(name: str) -> None:
    response = await an_engine().execute(Request(ORDINARY[name]), Asker(OFFICER))
    assert b'"data"' in response.body or b'"UNAVAILABLE"' in response.body, response.body


async def test_a_mutation_beyond_its_budget_is_not_run(database: Settings) -> None:
    compound = await a_compound()
    officer = Viewer("acc_1", "", {Role.STREET_OFFICER: {Reach.STREET: (compound.street_id,)}})
    async with a_client(database.model_copy(update={"cost_anonymous": 10, "cost_staff": 10}), officer) as client:
        answer = await client.post(
            """mutation ($at: ID!) { ticketOpen(input: {compoundId: $at, kind: REPAIR, title: "Lamp"}) {
              ticket { id comments { nodes { id } } } } }""",
            at=compound.id,
        )
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
    assert await Ticket.all().count() == 0


# time and size of what is read


async def started(settings: Settings, **changes: Any) -> Engine:
    engine = Engine(SCHEMA, settings.model_copy(update=changes))
    await engine.start()
    return engine


async def test_a_statement_that_takes_too_long_is_given_up_and_the_next_one_runs(database: Settings) -> None:
    compound = await a_compound()
    await a_ticket(compound)
    viewer = a_viewer(Role.STREET_OFFICER, street=compound.street_id)
    engine = await started(database, statement_timeout_ms=100, read_connections=1)
    other = await asyncpg.connect(database.database_url)
    try:
        async with asyncio.timeout(10):
            async with other.transaction():
                await other.execute("LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE")
                response = await engine.execute(Request("{ tickets { totalCount } }"), Asker(viewer))
                assert orjson.loads(response.body)["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
                assert (response.has_data, response.unavailable) == (False, True)
                fine = await engine.execute(Request("{ compounds { totalCount } }"), Asker(viewer))
                assert orjson.loads(fine.body) == {"data": {"compounds": {"totalCount": 1}}}
            again = await engine.execute(Request("{ tickets { totalCount } }"), Asker(viewer))
            assert orjson.loads(again.body) == {"data": {"tickets": {"totalCount": 1}}}
    finally:
        await other.close()
        await engine.stop()


async def test_an_answer_that_is_too_long_stays_in_the_database(database: Settings) -> None:
    compound = await a_compound(name="x" * 90)
    for _ in range(20):
        await a_ticket(compound)
    viewer = a_viewer(Role.STREET_OFFICER, street=compound.street_id)
    engine = await started(database, graphql_response_bytes=1_500, read_connections=1)

    async def answer(query: str) -> dict[str, Any]:
        return orjson.loads((await engine.execute(Request(query), Asker(viewer))).body)

    one = "tickets(first: {}) {{ nodes {{ id compound {{ name }} }} }}"
    try:
        long = await answer(f"{{ few: {one.format(2)} many: {one.format(20)} }}")
        assert long["data"] is None
        assert long["errors"][0]["path"] == ["many"]
        assert long["errors"][0]["extensions"] == {"code": "RESPONSE_TOO_LARGE", "limit": 1_500}
        together = await answer("{ " + " ".join(f"a{n}: {one.format(3)}" for n in range(5)) + " }")
        assert together["errors"][0]["extensions"]["code"] == "RESPONSE_TOO_LARGE"
        mixed = await answer("{ viewer { id } " + " ".join(f"a{n}: {one.format(3)}" for n in range(5)) + " }")
        assert mixed["errors"][0]["extensions"]["code"] == "RESPONSE_TOO_LARGE"
        assert len((await answer(f"{{ {one.format(2)} }}"))["data"]["tickets"]["nodes"]) == 2
    finally:
        await engine.stop()


# what is shown of the schema

ASKS = [
    INTROSPECTION,
    '{ __type(name: "Ticket") { name } }',
    "{ ...F } fragment F on Query { s: __schema { queryType { name } } }",
]


@pytest.mark.parametrize(
    ("changes", "viewer", "shown"),
    [
        ({}, ANONYMOUS, True),
        ({"production": True}, ANONYMOUS, False),
        ({"production": True}, OFFICER, True),
        ({"production": True, "introspection": "everyone"}, ANONYMOUS, True),
        ({"introspection": "accounts"}, ANONYMOUS, False),
        ({"introspection": "nobody"}, OFFICER, False),
    ],
)
async def test_the_schema_and_corrections_of_names_are_shown_as_the_settings_say(
    changes: dict[str, Any], viewer: Viewer, *, shown: bool
) -> None:
    engine = an_engine(**changes)
    for query in ASKS:
        response = await engine.execute(Request(query), Asker(viewer))
        assert response.has_data is shown
        if not shown:
            assert orjson.loads(response.body)["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"
    for query, variables in [
        ("{ placess { totalCount } }", {}),
        ("{ places(frist: 1) { totalCount } }", {}),
        ("{ tickets(filter: {state: {eq: OPNE}}) { totalCount } }", {}),
        ("query ($f: TicketFilter) { tickets(filter: $f) { totalCount } }", {"f": {"stat": {"eq": "OPEN"}}}),
        ("query ($f: TicketFilter) { tickets(filter: $f) { totalCount } }", {"f": {"state": {"eq": "OPNE"}}}),
    ]:
        refused = await error(engine, query, viewer, **variables)
        assert ("Did you mean" in refused["message"]) is shown
        assert refused["extensions"]["code"] in {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
        assert refused["locations"]


async def test_everyone_may_ask_for_the_name_of_a_type() -> None:
    response = await an_engine(introspection="nobody").execute(Request("{ __typename }"), Asker(ANONYMOUS))
    assert orjson.loads(response.body) == {"data": {"__typename": "Query"}}


async def test_the_schema_is_put_together_once_for_all_who_ask_the_same() -> None:
    engine = an_engine()
    first, second = [await engine.execute(Request(INTROSPECTION), Asker(ANONYMOUS)) for _ in range(2)]
    assert first is second
    assert len(orjson.loads(first.body)["data"]["__schema"]["types"]) > 50


# memory


async def test_what_is_kept_for_thousands_of_documents_stays_within_its_bounds() -> None:
    engine = an_engine(graphql_cache_documents=150, graphql_cache_bytes=1_048_576)
    documents = engine.documents
    for n in range(1_200):
        text = f"{{ a{n}: places {{ nodes {{ id }} }} }}" + " " * (n % 300)
        assert await code(engine, text) == "UNAVAILABLE"
        assert len(documents) <= 150
        assert documents.bytes <= 1_048_576
    assert documents.bytes > 786_432
    assert documents.bytes == sum(each.weight for each in documents._kept.values())
    assert (documents.lookups.misses, engine.statements.misses) == (1_200, 1_200)


async def test_a_connection_keeps_a_bounded_number_of_prepared_statements(database: Settings) -> None:
    viewer = a_viewer(Role.STREET_OFFICER, street=(await a_street()).id)
    engine = await started(database, prepared_statements=20, read_connections=1)
    try:
        for n in range(60):
            assert (await engine.execute(Request(f"{{ a: places {{ nodes {{ a{n}: id }} }} }}"), Asker(viewer))).has_data
        assert int(await engine._source.fetch("SELECT count(*)::text FROM pg_prepared_statements", [])) <= 21
    finally:
        await engine.stop()


async def test_statements_of_many_shapes_of_one_document_do_not_pile_up() -> None:
    engine = an_engine(graphql_cache_bytes=1_048_576)
    query = "query ($f: TicketFilter) { tickets(filter: $f) { nodes { id } } }"
    ends = [("compound", "eq"), ("facility", "eq"), ("number", "eq"), ("state", "eq"), ("kind", "eq"), ("number", "in")]
    ends += [(moment, operator) for moment in ("openedAt", "dueAt") for operator in ("gt", "gte", "lt", "lte")]
    values = {"compound": "x", "facility": "x", "number": "1", "state": "OPEN", "kind": "REPAIR"}
    for n in range(1_500):
        chosen: dict[str, dict[str, Any]] = {}
        for bit, (field, operator) in enumerate(ends):
            if n >> bit & 1:
                chosen.setdefault(field, {})[operator] = values.get(field, "2026-01-01T00:00:00Z")
        await engine.execute(Request(query, {"f": chosen}), Asker(OFFICER))
        assert engine.documents.bytes <= 262_144
    assert engine.statements.misses == 1_500
    assert len(engine.documents) == 1


async def test_ids_that_are_none_of_ours_make_no_new_statement() -> None:
    engine = an_engine()
    for n in range(50):
        ids = [f"x{n:02}_{m}" for m in range(5)]
        await engine.execute(Request("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}), Asker(OFFICER))
    assert engine.statements.misses == 1


async def test_a_document_that_is_too_large_to_keep_is_answered_all_the_same() -> None:
    engine = an_engine(graphql_cache_bytes=1_048_576)
    query = "{ places { nodes { id } } }" + "# nothing\n" * 3_000
    assert await code(engine, query) == "UNAVAILABLE"
    assert await code(engine, query) == "UNAVAILABLE"
    assert (len(engine.documents), engine.documents.bytes) == (0, 0)


# codes


def test_every_code_that_is_answered_is_listed_and_every_listed_code_is_answered() -> None:
    sources = [path.read_text("utf-8") for path in Path(read.__file__).parent.glob("*.py") if path.name != "errors.py"]
    answered = {found for source in sources for found in re.findall(r'"([A-Z]+(?:_[A-Z]+)+|UNAVAILABLE|INTERNAL)"', source)}
    assert set(CODES) <= answered
    refused = {found for source in sources for found in re.findall(r'(?:refuse|too_much)\(\s*"(\w+)"', source)}
    assert refused <= set(CODES)


def test_the_page_on_graphql_lists_every_code_and_says_when() -> None:
    page = (ROOT / "docs" / "graphql.md").read_text("utf-8")
    assert dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|$", page, re.MULTILINE)) == CODES
    doors = [path.read_text("utf-8") for path in (ROOT / "api").glob("*.py")]
    problems = {
        code for source in doors for code in re.findall(r'(?:Problem\(\s*\d+,\s*|^    code = )"([A-Z_]+)"', source, re.MULTILINE)
    }
    assert set(re.findall(r"^\| `([A-Z_]+)` \| \d+ \|", page, re.MULTILINE)) == problems


def test_the_page_on_graphql_names_every_limit_with_its_setting() -> None:
    page = (ROOT / "docs" / "graphql.md").read_text("utf-8")
    named = {name.lower() for name in re.findall(r"`STEWARD_(\w+)`", page)}
    kept = {"graphql_cache_documents", "graphql_cache_bytes"}
    limits = {name for name in Settings.model_fields if name.startswith(("graphql_", "cost_", "persisted_", "introspection"))}
    assert limits - kept <= named
