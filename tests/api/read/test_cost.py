"""What an operation may cost: rows, time and bytes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson
import pytest

from api.read import Engine, Request, Response
from api.schema import SCHEMA
from domain.access import Reach, Role, Viewer
from models import Ticket
from settings import Settings
from tests.api.mutating import a_client
from tests.api.read.conftest import Asker
from tests.api.read.test_watching import Changed
from tests.api.read.unstarted import INTROSPECTION, OFFICER, a_viewer, an_engine, error
from tests.builders import a_compound, a_ticket


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
        ("{ places(first: 9) { totalCount } }", {}, 5_000),
        ("{ places(first: 9) { totalCount nodes { id } } }", {}, 5_009),
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
        ("{ ticketStats(groupBy: [STATE]) { state count } }", {}, 5_100),
        ("{ ticketStats(groupBy: [COMPOUND]) { compound { name } count } }", {}, 5_200),
        ("{ compounds(first: 3) { nodes { ticketStats(groupBy: [STATE]) { count } } } }", {}, 3 * (1 + 100)),
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
    assert isinstance(answer, Response)
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


async def test_a_subscriber_is_told_of_a_row_that_is_too_long_and_hears_of_the_next(database: Settings) -> None:
    long, short = await a_compound(name="x" * 90), await a_compound(name="short")
    tickets = [await a_ticket(long), await a_ticket(short)]
    viewer = Viewer("acc_1", "", {Role.STREET_OFFICER: {Reach.STREET: (long.street_id, short.street_id)}})
    engine = await started(database, graphql_response_bytes=1_024)

    async def context() -> Asker:
        return Asker(viewer)

    async def changes(*_: Any) -> AsyncIterator[list[Changed]]:
        for ticket in tickets:
            yield [Changed(ticket.id)]

    names = " ".join(f"a{n}: compound {{ name }}" for n in range(15))
    try:
        messages = await engine.subscribe(Request(f"subscription {{ ticketChanged {{ {names} }} }}"), context, changes)
        assert not isinstance(messages, Response)
        first, second = [orjson.loads(message) async for message in messages]
    finally:
        await engine.stop()
    assert first["errors"][0]["extensions"]["code"] == "RESPONSE_TOO_LARGE"
    assert second["data"]["ticketChanged"]["a14"] == {"name": "short"}
