"""What a document asks for is what comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from api.read import Engine, Request
from domain.access import ANONYMOUS, Reach, Role, Viewer
from domain.facilities import FacilityKind
from domain.tickets import TicketState
from models import Compound, Ticket
from tests.api.read.conftest import Asker
from tests.builders import (
    LONG_AGO,
    a_community,
    a_company_serving,
    a_compound,
    a_device,
    a_facility,
    a_street,
    a_ticket,
    an_alert,
)

from .conftest import Ask

ZONE = ZoneInfo("Asia/Shanghai")


def an_officer(compound: Compound) -> Viewer:
    """A viewer who sees the whole street of the compound."""
    return Viewer("acc_officer", "Officer", {Role.STREET_OFFICER: {Reach.STREET: (compound.street_id,)}})


def of_a_company(*compounds: Compound) -> Viewer:
    reach = {Reach.COMPOUND: tuple(c.id for c in compounds), Reach.STREET: (compounds[0].street_id,)}
    return Viewer("acc_company", "Manager", {Role.COMPANY_MANAGER: reach})


async def test_scalars_relations_and_counts_come_back_as_the_schema_says(ask: Ask) -> None:
    compound = await a_compound(name='He said "hi"\n\\ 小区 \u2028 \x7f 😀')
    facility = await a_facility(compound, kind=FacilityKind.LIFT)
    device = await a_device(
        facility=facility, last_seen_at=LONG_AGO, last_reading={"smoke_alarm": False, "battery_percent": 91.5}
    )
    await an_alert(device)
    got = await ask(
        an_officer(compound),
        """query ($code: String!) {
          compound(code: $code) {
            __typename id name kind homeCount latitude community { kind parent { id } }
            facilities { nodes { id kind version devices(first: 1) { nodes { lastSeenAt lastReading } } } }
            openAlertCount openTicketCount facilityCount
          }
        }""",
        code=compound.code,
    )
    assert "errors" not in got
    found = got["data"]["compound"]
    assert found["__typename"] == "Compound"
    assert found["name"] == 'He said "hi"\n\\ 小区 \u2028 \x7f 😀'
    assert found["community"] == {"kind": "COMMUNITY", "parent": {"id": compound.street_id}}
    assert found["facilities"]["nodes"] == [
        {
            "id": facility.id,
            "kind": "LIFT",
            "version": 1,
            "devices": {
                "nodes": [
                    {
                        "lastSeenAt": LONG_AGO.astimezone(ZONE).isoformat(),
                        "lastReading": {"smoke_alarm": False, "battery_percent": 91.5},
                    }
                ]
            },
        }
    ]
    assert (found["openAlertCount"], found["openTicketCount"], found["facilityCount"]) == (1, 0, 1)


async def test_aliases_fragments_and_directives_are_followed(ask: Ask) -> None:
    compound = await a_compound()
    got = await ask(
        an_officer(compound),
        """query ($yes: Boolean!, $no: Boolean!, $id: ID!) {
          first: node(id: $id) { ...Named ... on Ticket { number } }
          again: node(id: $id) { id ... on Compound { code @include(if: $no) address @skip(if: $no) } }
          left: compounds(first: 1) @include(if: $no) { totalCount }
          kept: compounds(first: 1) @include(if: $yes) { total: totalCount nodes { id } nodes { code } }
        }
        fragment Named on Compound { label: name ... { label: name } }""",
        yes=True,
        no=False,
        id=compound.id,
    )
    assert got == {
        "data": {
            "first": {"label": compound.name},
            "again": {"id": compound.id, "address": compound.address},
            "kept": {"total": 1, "nodes": [{"id": compound.id, "code": compound.code}]},
        }
    }


async def test_bound_and_unbound_root_fields_mix_in_document_order(ask: Ask) -> None:
    compound = await a_compound()
    got = await ask(an_officer(compound), "{ compounds { totalCount } viewer { id name roles { role } } __typename }")
    assert got["data"] == {
        "compounds": {"totalCount": 1},
        "viewer": {"id": "acc_officer", "name": "Officer", "roles": [{"role": "STREET_OFFICER"}]},
        "__typename": "Query",
    }
    assert list(got["data"]) == ["compounds", "viewer", "__typename"]


async def test_nodes_of_several_types_come_in_the_order_asked_with_null_for_the_unknown(ask: Ask) -> None:
    compound = await a_compound()
    ticket = await a_ticket(compound)
    ids = [ticket.id, "tkt_nothing", "nonsense", compound.id, ticket.id]
    got = await ask(
        an_officer(compound),
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Ticket { state } ... on Compound { code } } }",
        ids=ids,
    )
    seen = {"id": ticket.id, "state": "OPEN"}
    assert got["data"]["nodes"] == [seen, None, None, {"id": compound.id, "code": compound.code}, seen]


async def test_a_connection_pages_forward_and_backward_without_losing_ties(ask: Ask) -> None:
    compound = await a_compound()
    made = [await a_ticket(compound, opened_at=LONG_AGO + timedelta(minutes=n // 3)) for n in range(10)]
    wanted = [t.id for t in sorted(made, key=lambda t: (t.opened_at, t.id))]
    query = """query ($first: Int, $after: String, $last: Int, $before: String) {
      tickets(sort: OPENED_ASC, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
      }
    }"""

    async def walk(size: str, cursor: str, flag: str, edge: str) -> list[list[str]]:
        pages: list[list[str]] = []
        variables: dict[str, Any] = {size: 4}
        while True:
            page = (await ask(an_officer(compound), query, **variables))["data"]["tickets"]
            pages.append([e["node"]["id"] for e in page["edges"]])
            assert page["totalCount"] == 10
            assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
            assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
            other = "hasPreviousPage" if flag == "hasNextPage" else "hasNextPage"
            assert page["pageInfo"][other] is (len(pages) > 1)
            if not page["pageInfo"][flag]:
                return pages
            variables = {size: 4, cursor: page["pageInfo"][edge]}

    forward = await walk("first", "after", "hasNextPage", "endCursor")
    assert [one for page in forward for one in page] == wanted
    backward = await walk("last", "before", "hasPreviousPage", "startCursor")
    assert [one for page in reversed(backward) for one in page] == wanted


async def test_filters_narrow_by_every_kind_of_column(ask: Ask) -> None:
    compound, other = await a_compound(), await a_compound()
    mine = await a_ticket(compound, title="mine")
    await a_ticket(other)
    done = await a_ticket(compound, state=TicketState.CANCELLED)
    officer = Viewer("a", "", {Role.STREET_OFFICER: {Reach.STREET: (compound.street_id, other.street_id)}})

    async def found(filter_: dict[str, Any]) -> set[str]:
        got = await ask(officer, "query ($f: TicketFilter) { tickets(filter: $f) { nodes { id } } }", f=filter_)
        return {node["id"] for node in got["data"]["tickets"]["nodes"]}

    assert await found({"compound": {"in": [compound.id]}}) == {mine.id, done.id}
    assert await found({"compound": {"eq": compound.id}, "state": {"in": ["OPEN", "CLOSED"]}}) == {mine.id}
    assert await found({"state": {"in": []}}) == set()
    assert await found({"number": {"eq": mine.number}}) == {mine.id}
    assert await found({"openedAt": {"gte": "2999-01-01T00:00:00Z"}}) == set()
    assert len(await found({})) == 3
    literal = await ask(officer, "{ tickets(filter: {state: {eq: CANCELLED}, compound: null}) { nodes { id } } }")
    assert literal["data"]["tickets"]["nodes"] == [{"id": done.id}]


async def test_the_viewers_scope_is_inside_every_level(ask: Ask) -> None:
    community = await a_community(await a_street())
    mine, foreign = await a_compound(community), await a_compound(community)
    await a_company_serving(mine)
    ticket, hidden = await a_ticket(mine), await a_ticket(foreign)
    viewer = of_a_company(mine)
    got = await ask(
        viewer,
        """query ($ids: [ID!]!, $hidden: ID!, $code: String!) {
          tickets { totalCount nodes { id compound { id } } }
          places(filter: {kind: {eq: COMMUNITY}}) { nodes { compounds { totalCount nodes { id openTicketCount } } } }
          nodes(ids: $ids) { id }
          node(id: $hidden) { id }
          compound(code: $code) { id }
          filtered: tickets(filter: {compound: {in: $ids}}) { totalCount }
        }""",
        ids=[ticket.id, hidden.id, foreign.id],
        hidden=hidden.id,
        code=foreign.code,
    )
    assert got["data"] == {
        "tickets": {"totalCount": 1, "nodes": [{"id": ticket.id, "compound": {"id": mine.id}}]},
        "places": {"nodes": [{"compounds": {"totalCount": 1, "nodes": [{"id": mine.id, "openTicketCount": 1}]}}]},
        "nodes": [{"id": ticket.id}, None, None],
        "node": None,
        "compound": None,
        "filtered": {"totalCount": 0},
    }


async def test_nobody_logged_in_sees_nothing(ask: Ask) -> None:
    compound = await a_compound()
    got = await ask(
        ANONYMOUS,
        "query ($id: ID!) { viewer { id } node(id: $id) { id } compounds { totalCount nodes { id } } places { totalCount } }",
        id=compound.id,
    )
    empty = {"totalCount": 0, "nodes": []}
    assert got["data"] == {"viewer": None, "node": None, "compounds": empty, "places": {"totalCount": 0}}


async def test_texts_follow_the_language(ask: Ask) -> None:
    compound = await a_compound()
    alert = await an_alert(await a_device(compound), message={"en": "Smoke", "zh-CN": "烟雾"})
    query = "query ($id: ID!) { node(id: $id) { ... on Alert { message } } }"
    english = await ask(an_officer(compound), query, id=alert.id)
    chinese = await ask(an_officer(compound), query, id=alert.id, language="zh-CN")
    assert english["data"]["node"] == {"message": "Smoke"}
    assert chinese["data"]["node"] == {"message": "烟雾"}


async def test_what_cannot_be_asked_says_what_to_do(ask: Ask) -> None:
    compound = await a_compound()
    officer = an_officer(compound)

    async def refused(query: str, **variables: Any) -> tuple[str, str]:
        got = await ask(officer, query, **variables)
        return got["errors"][0]["extensions"]["code"], got["errors"][0]["message"]

    assert (await refused("{ tickets(first: -1) { totalCount nodes { id } } }"))[0] == "BAD_USER_INPUT"
    assert "100" in (await refused("query ($n: Int) { tickets(first: $n) { nodes { id } } }", n=101))[1]
    assert "either" in (await refused("{ tickets(first: 1, last: 1) { nodes { id } } }"))[1]
    assert (await refused('{ tickets(after: "rubbish") { nodes { id } } }'))[0] == "BAD_CURSOR"
    assert (await refused("{ tickets { nope } }"))[0] == "GRAPHQL_VALIDATION_FAILED"
    assert (await refused("{ tickets {"))[0] == "GRAPHQL_PARSE_FAILED"
    assert (await refused("query A { __typename } query B { __typename }"))[0] == "OPERATION_NOT_FOUND"
    assert (await refused("query ($id: ID!) { node(id: $id) { id } }"))[0] == "BAD_USER_INPUT"
    nested = "compounds { nodes { community { " * 12 + "id" + " } } }" * 12
    assert (await refused("{ places { nodes { " + nested + " } } }"))[0] == "TOO_DEEP"


async def test_a_cursor_of_another_order_is_refused(ask: Ask) -> None:
    compound = await a_compound()
    await a_ticket(compound)
    got = await ask(an_officer(compound), "{ tickets(sort: DUE_ASC) { pageInfo { endCursor } } }")
    cursor = got["data"]["tickets"]["pageInfo"]["endCursor"]
    query = "query ($c: String) { tickets(sort: OPENED_ASC, after: $c) { nodes { id } } }"
    got = await ask(an_officer(compound), query, c=cursor)
    assert got["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_one_bad_root_field_names_its_place(ask: Ask) -> None:
    got = await ask(
        an_officer(await a_compound()), "{ fine: compounds { totalCount } wrong: tickets(first: 999) { nodes { id } } }"
    )
    assert got["data"] is None
    assert got["errors"][0]["path"] == ["wrong"]


async def test_a_document_compiles_once_per_shape(engine: Engine) -> None:
    compound = await a_compound()
    viewer = of_a_company(compound)
    query = "query ($f: TicketFilter, $n: Int) { tickets(filter: $f, first: $n) { nodes { id } } }"
    for number in ("T000000001", "T000000002"):
        variables = {"f": {"state": {"eq": "OPEN"}, "number": {"eq": number}}, "n": 5}
        await engine.execute(Request(query, variables), Asker(viewer))
    assert (engine.documents.lookups.misses, engine.statements.misses) == (1, 1)
    other = of_a_company(await a_compound())
    variables = {"f": {"state": {"eq": "OPEN"}, "number": {"eq": "T000000003"}}, "n": 5}
    await engine.execute(Request(query, variables), Asker(other))
    assert engine.statements.misses == 1
    for variables in ({"f": {"kind": {"eq": "REPAIR"}}, "n": 5}, {"f": {"kind": {"eq": "REPAIR"}}, "n": 6}):
        await engine.execute(Request(query, variables), Asker(other))
    assert (engine.documents.lookups.misses, engine.statements.misses) == (1, 3)


async def test_a_lost_database_connection_heals_by_itself(engine: Engine, ask: Ask) -> None:
    compound = await a_compound()
    query = "{ compounds { totalCount } }"
    assert (await ask(an_officer(compound), query))["data"] == {"compounds": {"totalCount": 1}}
    await Ticket.raw("SELECT 1")
    connection = Compound._meta.db
    await connection.execute_query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    answers = [await engine.execute(Request(query), Asker(an_officer(compound))) for _ in range(3)]
    assert orjson.loads(answers[-1].body) == {"data": {"compounds": {"totalCount": 1}}}


async def test_rows_are_counted_by_any_groups_and_only_those_that_are_seen(ask: Ask) -> None:
    compound, other = await a_compound(), await a_compound()
    await a_company_serving(compound)
    await a_ticket(compound, opened_at=datetime(2026, 1, 31, 16, 30, tzinfo=UTC))  # February in the street
    await a_ticket(compound, opened_at=datetime(2026, 1, 31, 15, 30, tzinfo=UTC))
    await a_ticket(compound, opened_at=datetime(2026, 2, 2, tzinfo=UTC), state=TicketState.CANCELLED)
    await a_ticket(other)
    got = await ask(
        of_a_company(compound),
        """query ($by: [TicketGroup!]!) {
          months: ticketStats(groupBy: [OPENED_MONTH, STATE]) { openedMonth state count kind }
          named: ticketStats(groupBy: $by, filter: {state: {eq: OPEN}}) { __typename n: count compound { code } }
          all: ticketStats(groupBy: []) { count }
          none: ticketStats(groupBy: [KIND], filter: {state: {in: []}}) { count }
          compounds { nodes { ticketStats(groupBy: [STATE]) { state count } } }
        }""",
        by=["COMPOUND"],
    )
    assert got["data"] == {
        "months": [
            {"openedMonth": "2026-01-01", "state": "OPEN", "count": 1, "kind": None},
            {"openedMonth": "2026-02-01", "state": "CANCELLED", "count": 1, "kind": None},
            {"openedMonth": "2026-02-01", "state": "OPEN", "count": 1, "kind": None},
        ],
        "named": [{"__typename": "TicketStats", "n": 2, "compound": {"code": compound.code}}],
        "all": [{"count": 3}],
        "none": [],
        "compounds": {"nodes": [{"ticketStats": [{"state": "CANCELLED", "count": 1}, {"state": "OPEN", "count": 2}]}]},
    }
    changed = await ask(
        of_a_company(compound), "query ($by: [TicketGroup!]!) { ticketStats(groupBy: $by) { kind count } }", by=["KIND"]
    )
    assert changed["data"] == {"ticketStats": [{"kind": "REPAIR", "count": 3}]}


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_null_keys_are_paged_over_once_like_any_other(ask: Ask, direction: str) -> None:
    compound = await a_compound()
    moments = [None, LONG_AGO, None, LONG_AGO + timedelta(days=1), LONG_AGO, None, None]
    made = [await a_device(compound, last_seen_at=moment) for moment in moments]
    beyond = datetime.max.replace(tzinfo=UTC)
    wanted = sorted(made, key=lambda d: (d.last_seen_at or beyond, d.id), reverse=direction == "DESC")
    query = f"""query ($first: Int, $after: String, $last: Int, $before: String) {{
      devices(sort: LAST_SEEN_{direction}, first: $first, after: $after, last: $last, before: $before) {{
        nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
      }}
    }}"""

    async def walk(size: str, cursor: str, flag: str, end: str) -> list[list[str]]:
        pages: list[list[str]] = []
        variables: dict[str, Any] = {size: 2}
        while True:
            page = (await ask(an_officer(compound), query, **variables))["data"]["devices"]
            pages.append([node["id"] for node in page["nodes"]])
            other = "hasPreviousPage" if flag == "hasNextPage" else "hasNextPage"
            assert page["pageInfo"][other] is (len(pages) > 1)
            if not page["pageInfo"][flag]:
                return pages
            variables = {size: 2, cursor: page["pageInfo"][end]}

    forward = await walk("first", "after", "hasNextPage", "endCursor")
    assert [one for page in forward for one in page] == [d.id for d in wanted]
    backward = await walk("last", "before", "hasPreviousPage", "startCursor")
    assert [one for page in reversed(backward) for one in page] == [d.id for d in wanted]
