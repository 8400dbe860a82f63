"""Whether the process is alive and ready, and what it counts."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette

from api.asgi import create_app
from api.metrics import route_of
from models import Work
from models.work import add
from settings import Settings
from tests.api.doors import metric, opened


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client_of(app) as client:
        yield client


def client_of(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://steward.test")


async def readiness(settings: Settings, **changes: Any) -> tuple[int, dict[str, Any]]:
    """What ``/readyz`` answers; the application need not have started."""
    async with client_of(create_app(settings.model_copy(update=changes))) as client:
        response = await client.get("/readyz")
        return response.status_code, response.json()


async def test_the_process_is_alive_without_anything_else(settings: Settings) -> None:
    async with client_of(create_app(settings)) as client:
        response = await client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"alive": True})


async def test_it_is_ready_when_everything_is_there(client: httpx2.AsyncClient) -> None:
    response = await client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "migrations": "ok", "redis": "ok"}
    assert response.headers["cache-control"] == "no-store"


async def test_without_redis_it_is_not_ready(settings: Settings) -> None:
    status, parts = await readiness(settings, redis_url="redis://127.0.0.1:1/0")
    assert (status, parts["redis"], parts["database"]) == (503, "unreachable", "ok")


async def test_without_the_database_it_is_not_ready(settings: Settings) -> None:
    status, parts = await readiness(settings, database_url="postgresql://postgres:secret@127.0.0.1:1/none")
    assert (status, parts["database"], parts["migrations"], parts["redis"]) == (503, "unreachable", "unknown", "ok")
    assert "secret" not in str(parts)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("DELETE FROM tortoise_migrations WHERE name = '0002_constraints'", "missing 0002_constraints"),
        (
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', '9999_later', now())",
            "newer than this program",
        ),
        ("DROP TABLE tortoise_migrations", "missing 0001_initial"),
    ],
)
async def test_with_other_migrations_it_is_not_ready(settings: Settings, change: str, word: str) -> None:
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(change)
    await connection.close()
    status, parts = await readiness(settings)
    assert status == 503
    assert parts["migrations"].startswith(word)


async def test_many_askers_share_one_check(client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[object] = []

    async def counted(self: object) -> dict[str, str]:
        checks.append(self)
        return {"database": "ok"}

    monkeypatch.setattr("api.health.Readiness.check", counted)
    for _ in range(5):
        await client.get("/readyz")
    assert len(checks) == 1


async def test_requests_are_counted_by_route_method_and_status(client: httpx2.AsyncClient) -> None:
    labels = {"route": "/graphql", "method": "other", "status": "405"}
    before = metric("steward_http_requests_total", **labels)
    await client.request("BREW", "/graphql")
    assert metric("steward_http_requests_total", **labels) == before + 1


async def test_operations_are_counted_by_kind_and_outcome(client: httpx2.AsyncClient) -> None:
    before = metric("steward_graphql_operations_total", kind="query", outcome="run")
    await client.post("/graphql", json={"query": "{ __typename }"})
    assert metric("steward_graphql_operations_total", kind="query", outcome="run") == before + 1


async def test_metrics_are_served_and_name_nobody(client: httpx2.AsyncClient) -> None:
    await client.get("/graphql/secret-path", params={"query": "secret"})
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert "steward_feed_connected 1.0" in response.text
    assert "secret" not in response.text


async def test_metrics_tell_the_backlog_of_work(client: httpx2.AsyncClient) -> None:
    await add("nothing", {})
    await Work.create(kind="nothing", payload={}, failed_at=datetime.now(UTC))
    text = (await client.get("/metrics")).text
    assert 'steward_work{state="due"} 1.0' in text
    assert 'steward_work{state="failed"} 1.0' in text


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/graphql", "/graphql"),
        ("/events/schemas/x.json", "/events"),
        ("/wp-admin", "other"),
        ("", "other"),
        ("*", "other"),
        ("//", "other"),
    ],
)
def test_every_path_has_one_of_few_routes(path: str, route: str) -> None:
    assert route_of(path) == route


async def test_an_unknown_path_is_404_and_guarded(client: httpx2.AsyncClient) -> None:
    response = await client.get("/nowhere")
    assert response.status_code == 404
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_browser_at_the_root_is_sent_to_graphiql(client: httpx2.AsyncClient) -> None:
    response = await client.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphql")
