"""What a request may be: refused quickly, with a code and a sentence that says what to do."""

import re
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from api import read
from api.problems import STATUS
from api.read import Request
from api.read.errors import CODES
from domain.access import ANONYMOUS, Viewer
from domain.refusals import RefusalCode
from settings import Settings
from tests.api.read.conftest import Asker
from tests.api.read.unstarted import INTROSPECTION, OFFICER, an_engine, code, error

ROOT = Path(__file__).resolve().parents[3]

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
    refused = {*STATUS, RefusalCode.INVALID}
    assert set(re.findall(r"^\| `([A-Z_]+)` \| \d+ \|", page, re.MULTILINE)) == problems | refused


def test_the_page_on_graphql_names_every_limit_with_its_setting() -> None:
    page = (ROOT / "docs" / "graphql.md").read_text("utf-8")
    named = {name.lower() for name in re.findall(r"`STEWARD_(\w+)`", page)}
    kept = {"graphql_cache_documents", "graphql_cache_bytes"}
    limits = {name for name in Settings.model_fields if name.startswith(("graphql_", "cost_", "persisted_", "introspection"))}
    assert limits - kept <= named
