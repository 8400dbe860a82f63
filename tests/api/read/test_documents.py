"""What is kept ready for documents: each is made once, and all of it stays within bounds."""

from typing import Any

import pytest
from prometheus_client import REGISTRY, generate_latest

from api import metrics
from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import Role
from settings import Settings
from tests.api.read.conftest import Asker
from tests.api.read.unstarted import OFFICER, a_viewer, an_engine, code
from tests.builders import a_street


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
    engine = Engine(SCHEMA, database.model_copy(update={"prepared_statements": 20, "read_connections": 1}))
    await engine.start()
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


async def test_metrics_tell_how_often_something_was_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> dict[str, float]:
        return {
            f"{sample.labels['kind']} {sample.labels['outcome']}": sample.value
            for metric in REGISTRY.collect()
            for sample in metric.samples
            if sample.name == "steward_graphql_lookups_total"
        }

    engine = an_engine()
    monkeypatch.setattr(metrics, "ENGINES", [engine])
    for text in ("{ places { totalCount } }", "{ places { totalCount } }", "{ compounds { totalCount } }"):
        await code(engine, text)
    assert told() == {"document hit": 1, "document miss": 2, "statement hit": 1, "statement miss": 2}
    text = generate_latest().decode()
    assert "\nsteward_graphql_documents " in text
    assert "\nsteward_graphql_documents_bytes " in text
