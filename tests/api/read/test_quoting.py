"""Whatever is wrong with a request, the answer does not repeat the values that were sent in it."""

from __future__ import annotations

from typing import Any

import pytest

from api.context import Context
from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import ANONYMOUS
from settings import Settings

SECRET, NUMBER = "canary-password-71", "13800138000"
LOG_IN = "mutation ($i: LogInInput!) { logIn(input: $i) { token } }"
OPEN = "mutation ($i: TicketOpenInput!) { ticketOpen(input: $i) { ticket { id } } }"
DUE = "query ($i: DateTime!) { tickets(filter: {dueAt: {gte: $i}}) { totalCount } }"
FIRST = "query ($i: Int!) { tickets(first: $i) { totalCount } }"
GIVEN = {"compoundId": "x", "kind": "REPAIR", "title": "x"}


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Without a database: nothing here gets as far."""
    return Engine(SCHEMA, Settings())


async def refused(engine: Engine, query: str, told: str, **variables: Any) -> None:
    context = Context(ANONYMOUS, "en", Settings(), engine, "192.0.2.1")
    answer = (await engine.execute(Request(query, variables), context)).body.decode()
    assert told in answer
    assert SECRET not in answer
    assert NUMBER not in answer


@pytest.mark.parametrize(
    ("query", "value", "told"),
    [
        (LOG_IN, {"login": int(NUMBER), "password": [SECRET]}, "value at .login: String cannot represent a non string value."),
        (LOG_IN, {"login": NUMBER, "passwort": SECRET}, "to include required field 'password'."),
        (LOG_IN, {"login": NUMBER, "password": SECRET, "phone": NUMBER}, "not to include unknown field 'phone'."),
        (LOG_IN, SECRET, "to be an object."),
        (LOG_IN, [{"login": f", found: {SECRET}", "password": {"x": NUMBER}}], "to be an object."),
        (OPEN, GIVEN | {"compoundId": {SECRET: 1}}, "ID cannot represent value."),
        (OPEN, GIVEN | {"kind": f"{SECRET}' does not exist in '"}, "This value does not exist in 'TicketKind'"),
        (OPEN, GIVEN | {"kind": 13_800_138_000}, "Enum 'TicketKind' cannot represent non-string value."),
        (DUE, SECRET, "A DateTime is a string such as"),
        (FIRST, NUMBER, "Int cannot represent non-integer value."),
        (FIRST, int(NUMBER), "Int cannot represent non 32-bit signed integer value."),
        ("query ($i: Boolean!) { viewer @include(if: $i) { id } }", SECRET, "Boolean cannot represent a non boolean value."),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", [SECRET, None, {NUMBER: 1}], "ID cannot represent value."),
    ],
)
async def test_a_variable_that_does_not_fit_is_not_quoted(engine: Engine, query: str, value: Any, told: str) -> None:
    await refused(engine, query, told, i=value)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f"mutation {{ logIn(input: {{login: {NUMBER}}}) {{ token }} }}", "String cannot represent a non string value."),
        (f'mutation {{ logIn(input: {{login: "{NUMBER}", passwort: "{SECRET}"}}) {{ token }} }}', "required field 'password'."),
        (f'mutation {{ logIn(input: "{SECRET}") {{ token }} }}', "to be an object."),
        (f'{{ compound(code: "x" "{SECRET}") {{ id }} }}', "Syntax Error: Expected Name, found String."),
        (f'"{SECRET}"', "Syntax Error: "),
        (f'{{ tickets(first: "{SECRET}") {{ totalCount }} }}', "Int cannot represent non-integer value."),
        (f'{{ tickets(after: "{SECRET}") {{ totalCount }} }}', "This is not a cursor"),
        ("{ tickets(filter: {kind: {eq: REPAI}}) { totalCount } }", "Did you mean the enum value 'REPAIR'?"),
    ],
)
async def test_a_document_that_does_not_fit_is_not_quoted(engine: Engine, query: str, told: str) -> None:
    await refused(engine, query, told)
