"""Pages hold to their edges, whatever they are asked for and whatever lies in the sort key."""

from base64 import urlsafe_b64encode

import pytest

from tests.builders import a_community, a_compound, a_ticket

from .conftest import Ask
from .test_reading import an_officer


async def test_any_part_of_a_page_can_be_asked_for_alone(ask: Ask) -> None:
    compound = await a_compound()
    got = await ask(
        an_officer(compound),
        """{
          a: compounds(first: 5) { __typename } b: compounds(last: 2) { totalCount }
          c: compounds(first: 1) { pageInfo { __typename } } d: node(id: "nonsense") { id }
          e: nodes(ids: ["nonsense", "5"]) { id } f: compounds(filter: {code: {in: []}}) { __typename }
        }""",
    )
    assert got == {
        "data": {
            "a": {"__typename": "CompoundConnection"},
            "b": {"totalCount": 1},
            "c": {"pageInfo": {"__typename": "PageInfo"}},
            "d": None,
            "e": [None, None],
            "f": {"__typename": "CompoundConnection"},
        }
    }


async def test_a_wrong_argument_is_refused_also_where_the_rows_are_not_asked_for(ask: Ask) -> None:
    compound = await a_compound()
    for arguments, code in (('after: "x"', "BAD_CURSOR"), ("first: -1", "BAD_USER_INPUT")):
        got = await ask(an_officer(compound), f"{{ compounds({arguments}) {{ totalCount }} }}")
        assert got["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("key", ["\x1f", "\x1e", "a\x1fb", "", "+/=\n", "长" * 100])
async def test_a_cursor_holds_any_sort_key(ask: Ask, key: str) -> None:
    community = await a_community()
    first, second = [await a_compound(community, name=key) for _ in range(2)]
    officer = an_officer(first)
    query = (
        "query ($after: String) { compounds(sort: NAME_DESC, first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }"
    )
    page = (await ask(officer, query))["data"]["compounds"]
    rest = (await ask(officer, query, after=page["pageInfo"]["endCursor"]))["data"]["compounds"]
    assert [*page["nodes"], *rest["nodes"]] == [{"id": second.id}, {"id": first.id}]


TICKET = "tkt_" + "0" * 26


@pytest.mark.parametrize(
    "parts",
    [
        f"OPENED_ASC\x1fnoon\x1f{TICKET}",
        f"OPENED_ASC\x1f{TICKET}",
        "OPENED_ASC\x1f2026-01-01\x1ftkt_1",
        f"OPENED_ASC\x1f2026-01-01\x1f{TICKET}\n",
        f"OPENED_ASC\x1f2026-01-01\x1f{TICKET.replace('tkt', 'cmp')}",
        "OPENED_ASC",
        "",
        f"DUE_ASC\x1f2026-01-01\x1f{TICKET}",
    ],
)
async def test_a_forged_cursor_is_refused_whether_or_not_there_are_rows(ask: Ask, parts: str) -> None:
    compound = await a_compound()
    cursor = urlsafe_b64encode(parts.encode()).decode()
    query = "query ($after: String) { compounds { nodes { tickets(sort: OPENED_ASC, after: $after) { nodes { id } } } } }"
    for _ in range(7):  # PostgreSQL plans a statement for all values at its sixth run
        got = await ask(an_officer(compound), query, after=cursor)
        assert got["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_a_cursor_that_was_cut_anywhere_is_refused(ask: Ask) -> None:
    officer = an_officer(await a_compound(name="A name of some length, with 汉字"))
    query = "query ($after: String) { compounds(sort: NAME_ASC, after: $after) { pageInfo { endCursor } } }"
    cursor: str = (await ask(officer, query))["data"]["compounds"]["pageInfo"]["endCursor"]
    assert (await ask(officer, query, after=cursor))["data"]["compounds"]["pageInfo"] == {"endCursor": None}
    for wrong in (*[cursor[:end] for end in range(len(cursor))], *[cursor[start:] for start in range(1, len(cursor))]):
        got = await ask(officer, query, after=wrong)
        assert [error["extensions"]["code"] for error in got["errors"]] == ["BAD_CURSOR"], wrong
        assert "another order" in got["errors"][0]["message"] or "pageInfo or edges" in got["errors"][0]["message"]


async def test_a_cursor_of_another_type_is_refused_though_its_order_has_the_same_name(ask: Ask) -> None:
    compound = await a_compound()
    officer = an_officer(compound)
    cursor = (await ask(officer, "{ compounds(sort: CODE_ASC) { pageInfo { endCursor } } }"))["data"]["compounds"]["pageInfo"]
    got = await ask(officer, "query ($c: String) { places(sort: CODE_ASC, after: $c) { totalCount } }", c=cursor["endCursor"])
    assert [error["extensions"]["code"] for error in got["errors"]] == ["BAD_CURSOR"]
    assert "not a cursor of this connection" in got["errors"][0]["message"]


async def test_ids_of_nothing_and_of_another_type_find_nothing(ask: Ask) -> None:
    compound = await a_compound()
    ticket = await a_ticket(compound)
    query = """query ($id: ID!, $ids: [ID!]!) {
      node(id: $id) { ... on Ticket { number } }
      none: tickets(filter: {compound: {in: []}}) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
      by: tickets(filter: {compound: {eq: $id}}) { totalCount }
      among: tickets(filter: {compound: {in: $ids}}) { totalCount nodes { id } }
      counted: ticketStats(groupBy: [], filter: {compound: {in: $ids}}) { count }
    }"""
    nothing = {"totalCount": 0, "nodes": []}
    for id_, node in ((compound.id, {}), ("cmp_" + "0" * 26, None), (compound.id[:-1], None), ("", None), ("cmp_", None)):
        got = await ask(an_officer(compound), query, id=id_, ids=[])
        assert got["data"]["node"] == node
        assert got["data"]["none"] == nothing | {"pageInfo": {"hasNextPage": False, "endCursor": None}}
        assert (got["data"]["among"], got["data"]["counted"]) == (nothing, [{"count": 0}])
    got = await ask(an_officer(compound), query, id=ticket.id, ids=[ticket.id, "x", compound.id.upper()])
    assert got["data"]["by"] == {"totalCount": 0}
    assert got["data"]["among"] == nothing


async def test_the_flags_are_exact_between_two_cursors(ask: Ask) -> None:
    compound = await a_compound()
    for _ in range(5):
        await a_ticket(compound)
    edges = "{ tickets(sort: OPENED_ASC) { edges { cursor } } }"
    cursors = [edge["cursor"] for edge in (await ask(an_officer(compound), edges))["data"]["tickets"]["edges"]]
    query = """query ($first: Int, $last: Int, $after: String, $before: String) {
      tickets(sort: OPENED_ASC, first: $first, last: $last, after: $after, before: $before) {
        edges { cursor } pageInfo { hasPreviousPage hasNextPage }
      }
    }"""

    async def flags(**variables: object) -> tuple[int, bool, bool]:
        page = (await ask(an_officer(compound), query, **variables))["data"]["tickets"]
        return len(page["edges"]), page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]

    assert await flags(first=3, after=cursors[0], before=cursors[4]) == (3, True, True)
    assert await flags(last=3, after=cursors[0], before=cursors[4]) == (3, True, True)
    assert await flags(first=3, before=cursors[3]) == (3, False, True)
    assert await flags(last=2, after=cursors[2]) == (2, True, False)
    assert await flags(first=0) == (0, False, True)
    assert await flags(last=0, before=cursors[0]) == (0, False, True)
