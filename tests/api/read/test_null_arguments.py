"""A default can be overridden by null, also where null may not be."""

from typing import Any

import pytest

from tests.builders import a_compound

from .conftest import Ask
from .test_reading import an_officer


@pytest.mark.parametrize(
    ("query", "null"),
    [
        ('query ($v: String = "x") { got: compound(code: $v) { id } }', {"got": None}),
        ('query ($v: ID = "tkt_x") { got: node(id: $v) { id } }', {"got": None}),
        ('query ($v: [ID!] = ["tkt_x"]) { got: nodes(ids: $v) { id } }', None),
        ('query ($v: ID = "x") { got: nodes(ids: ["tkt_x", $v]) { id } }', None),
        ("query ($v: [TicketGroup!] = [STATE]) { got: ticketStats(groupBy: $v) { state } }", None),
        ('query ($v: ID = "x") { got: tickets(filter: {compound: {in: [$v]}}) { nodes { id } } }', None),
    ],
)
async def test_the_field_fails_and_says_why(ask: Ask, query: str, null: Any) -> None:
    officer = an_officer(await a_compound())
    assert "errors" not in await ask(officer, query)
    got = await ask(officer, query, v=None)
    assert got["data"] == null
    assert [(error["path"], error["extensions"]["code"]) for error in got["errors"]] == [(["got"], "BAD_USER_INPUT")]
    assert "null" in got["errors"][0]["message"]
