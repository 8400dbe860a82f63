"""GraphiQL for a browser."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx2
import pytest

from api import graphiql
from api.asgi import create_app
from api.graphiql import build
from settings import Settings

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """The folder of fetched files, empty."""
    monkeypatch.setattr(graphiql, "STATIC", tmp_path)
    graphiql.clear()
    yield tmp_path
    graphiql.clear()


@pytest.fixture
def installed(static: Path) -> Path:
    for name in graphiql.FETCHED:
        (static / name).write_text(f"/* {name} */")
    return static


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with client_of(Settings()) as client:
        yield client


def client_of(settings: Settings) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=create_app(settings))
    return httpx2.AsyncClient(transport=transport, base_url="http://steward.test", headers={"accept": BROWSER})


@pytest.mark.usefixtures("installed")
async def test_a_browser_gets_the_page_under_a_strict_policy(client: httpx2.AsyncClient) -> None:
    response = await client.get("/graphql")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "http://" not in response.text
    assert "https://" not in response.text


@pytest.mark.usefixtures("installed")
async def test_the_page_is_asked_again_but_not_sent_again(client: httpx2.AsyncClient) -> None:
    first = await client.get("/graphql")
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get("/graphql", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("installed")
async def test_every_file_of_the_page_is_served_here_and_kept(client: httpx2.AsyncClient) -> None:
    text = (await client.get("/graphql")).text
    addresses = [part.split('"')[0] for part in text.replace("href=", "src=").split('src="')[1:] if part.startswith("/")]
    assert len(addresses) == len(graphiql.FETCHED + graphiql.OURS)
    for address in addresses:
        response = await client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].split(";")[0] == ("text/css" if ".css" in address else "text/javascript")
        again = await client.get(address, headers={"if-none-match": response.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.usefixtures("installed")
async def test_a_new_version_has_a_new_address(client: httpx2.AsyncClient, installed: Path) -> None:
    before = (await client.get("/graphql")).text
    (installed / "graphiql.min.js").write_text("/* newer */")
    graphiql.clear()
    assert (await client.get("/graphql")).text != before


@pytest.mark.usefixtures("static")
async def test_before_it_is_installed_the_page_says_how(client: httpx2.AsyncClient) -> None:
    response = await client.get("/graphql")
    assert response.status_code == 200
    assert "make graphiql" in response.text
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["__init__.py", "build.py", "page.html", "..%2f__init__.py", "%2e%2e", "static", "nothing.js"])
async def test_nothing_else_is_served(client: httpx2.AsyncClient, name: str) -> None:
    assert (await client.get(f"/graphiql/{name}")).status_code == 404


@pytest.mark.usefixtures("installed")
async def test_in_production_there_is_no_graphiql() -> None:
    async with client_of(Settings(production=True)) as client:
        response = await client.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 406


@pytest.mark.usefixtures("installed")
async def test_a_program_that_also_takes_html_gets_json(client: httpx2.AsyncClient) -> None:
    response = await client.get("/graphql", headers={"accept": "application/json, text/html;q=0.5"})
    assert response.status_code == 400


@pytest.mark.usefixtures("installed")
async def test_head_of_the_page_has_no_body(client: httpx2.AsyncClient) -> None:
    response = await client.head("/graphql")
    assert (response.status_code, response.content) == (200, b"")


def test_a_package_that_is_not_what_was_pinned_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def npm(arguments: list[str], *, cwd: Path, **_: Any) -> CompletedProcess[str]:
        (cwd / f"{arguments[1].replace('@', '-')}.tgz").write_bytes(b"something else")
        return CompletedProcess(arguments, 0, "")

    monkeypatch.setattr(build, "npm", npm)
    with pytest.raises(build.BuildError, match="not what was pinned"):
        build.build(tmp_path / "static")
    assert not (tmp_path / "static").exists()


def test_a_registry_that_is_away_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def npm(arguments: list[str], **_: Any) -> CompletedProcess[str]:
        return CompletedProcess(arguments, 1, "ENOTFOUND")

    monkeypatch.setattr(build, "npm", npm)
    with pytest.raises(build.BuildError, match=r"could not fetch react@.*ENOTFOUND"):
        build.build(tmp_path / "static")
