"""Files over HTTP: sent with a token, known by their content, fetched by a link that ends."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from api import links
from api.read import Engine
from domain.access import Role
from models import Account, File, Mandate, Place, Ticket
from models.ids import new_id
from settings import Settings
from tests.api.doors import a_client, an_exchange, ask, bearer, code, opened
from tests.builders import a_building, a_company_serving, a_compound, a_home, a_ticket, a_unit, an_account
from tests.models.pictures import PDF, a_picture
from tests.models.pictures import opened as picture
from tests.waiting import until

FILES = "{ node(id: $id) { ... on Ticket { files { nodes { id name mediaType size sha256 removedAt uploadedBy { id } } } } } }"


class World:
    """A ticket of a resident, and clients of those who have to do with it, by name."""

    def __init__(self, client: httpx2.AsyncClient, ticket: Ticket, accounts: dict[str, Account], tokens: dict[str, str]) -> None:
        self.client, self.ticket, self.accounts, self.tokens = client, ticket, accounts, tokens

    async def send(self, who: str, content: bytes = b"", name: str = "leak.jpg", **given: Any) -> httpx2.Response:
        subject = given.pop("subject", self.ticket.id)
        headers = {"authorization": self.tokens[who], "accept-language": "en"} | given
        return await self.client.post(
            "/files", params={"subject": subject, "name": name}, content=content or a_picture(), headers=headers
        )

    async def say(self, who: str, query: str, **variables: Any) -> Any:
        response = await ask(self.client, {"query": query, "variables": variables}, authorization=self.tokens[who])
        answer = response.json()
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    async def links(self, who: str, *ids: str) -> list[str | None]:
        found = await self.say(who, "query ($ids: [ID!]!) { fileLinks(ids: $ids) { url } }", ids=ids)
        return [None if each is None else each["url"] for each in found]

    async def link(self, who: str, file_id: str) -> str:
        (link,) = await self.links(who, file_id)
        assert link is not None
        return link


@pytest.fixture
async def app(database: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncGenerator[Starlette]:
    async with opened(database, **({"data": tmp_path} | getattr(request, "param", {}))) as app:
        yield app


@pytest.fixture
async def world(app: Starlette, database: Settings) -> AsyncGenerator[World]:
    compound = await a_compound()
    accounts = {
        "resident": await an_account(Role.RESIDENT, home=await a_home(await a_unit(await a_building(compound)))),
        "neighbour": await an_account(Role.RESIDENT, home=await a_home(await a_unit(await a_building(compound)))),
        "company": await an_account(Role.COMPANY_STAFF, organisation=await a_company_serving(compound)),
        "auditor": await an_account(Role.AUDITOR, place=await Place.get(id=compound.street_id)),
    }
    ticket = await a_ticket(compound, opened_by_id=accounts["resident"].id)
    tokens = {name: await bearer(account, database) for name, account in accounts.items()}
    async with a_client(app) as client:
        yield World(client, ticket, accounts, tokens)


def contents(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


# in and out


async def test_a_file_is_sent_listed_linked_fetched_and_removed(world: World, tmp_path: Path) -> None:
    response = await world.send("resident", a_picture("PNG"), "厨房 漏水.png")
    assert response.status_code == 201
    told = response.json()
    assert (told["name"], told["mediaType"]) == ("厨房 漏水.png", "image/png")
    assert response.headers["cache-control"] == "no-store"

    listed = await world.say("company", f"query ($id: ID!) {FILES}", id=world.ticket.id)
    (row,) = listed["files"]["nodes"]
    assert {name: row[name] for name in told} == told
    assert (row["removedAt"], len(row["sha256"])) == (None, 64)

    fetched = await world.client.get(await world.link("company", told["id"]))
    assert (fetched.status_code, len(fetched.content)) == (200, told["size"])
    assert picture(fetched.content).format == "PNG"
    for name, value in {
        "content-type": "image/png",
        "content-disposition": f'attachment; filename="{told["id"]}.png"; '
        "filename*=UTF-8''%E5%8E%A8%E6%88%BF%20%E6%BC%8F%E6%B0%B4.png",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }.items():
        assert fetched.headers[name] == value
    head = await world.client.head(await world.link("resident", told["id"]))
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(told["size"]), b"")

    gone = await world.link("company", told["id"])
    remove = "mutation ($id: ID!) { fileRemove(input: {id: $id}) { file { name removedAt } errors { code } } }"
    removed = await world.say("resident", remove, id=told["id"])
    assert (removed["file"]["name"], removed["errors"]) == ("", [])
    assert removed["file"]["removedAt"]
    assert (await world.client.get(gone)).status_code == 404
    assert await world.links("resident", told["id"]) == [None]


async def test_the_same_file_again_is_the_same_file(world: World) -> None:
    first, again = await world.send("resident"), await world.send("resident")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_ten_files_at_once_are_ten_files(world: World, tmp_path: Path) -> None:
    sent = [a_picture(size=(40, 20 + number)) for number in range(5)] * 2
    answers = await asyncio.gather(*[world.send("resident", content) for content in sent])
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201] * 5
    assert len(contents(tmp_path)) == await File.all().count() == 5


# what a content is


async def test_what_a_sender_says_of_a_content_is_not_believed(world: World) -> None:
    for name, kind in (("page.html", "text/html"), ("x.svg", "image/svg+xml"), ("form", "application/x-www-form-urlencoded")):
        told = (await world.send("resident", a_picture(), name, **{"content-type": kind})).json()
        assert (told["mediaType"], told["name"][-4:]) == ("image/jpeg", ".jpg")
        fetched = await world.client.get(await world.link("resident", told["id"]))
        assert fetched.headers["content-type"] == "image/jpeg"


async def test_a_page_inside_a_picture_is_gone_and_would_not_run(world: World) -> None:
    page = b"<html><script>alert(document.domain)</script></html>"
    for content, name in ((a_picture("PNG") + page, "x.png"), (PDF[:-6] + page + PDF[-6:], "x.pdf")):
        response = await world.send("resident", content, name)
        fetched = await world.client.get(await world.link("resident", response.json()["id"]))
        assert (b"script" in fetched.content) is (name == "x.pdf")
        assert fetched.headers["content-disposition"].startswith("attachment;")
        assert "sandbox" in fetched.headers["content-security-policy"]
        assert fetched.headers["x-content-type-options"] == "nosniff"
        assert "html" not in fetched.headers["content-type"]


async def test_other_kinds_and_broken_ones_are_422_and_leave_nothing(world: World, tmp_path: Path) -> None:
    for content in (b"<html></html>", b"MZ" + b"\0" * 500, a_picture("GIF"), a_picture()[:-300], b"%PDF-"):
        response = await world.send("resident", content)
        assert (response.status_code, code(response)) == (422, "INVALID")
    assert contents(tmp_path) == []
    assert not await File.exists()


NAMES = ("../../x", "/etc/passwd", "a\0b", "x" * 300, "🚰" * 50, "", "con\r\nset-cookie: a=b", 'q"; filename=x')
DISPOSITION = re.compile(r"attachment; filename=\"fil_[0-9a-z]{26}\.jpg\"; filename\*=UTF-8''[\w%.~-]+")


async def test_a_name_is_no_path_and_breaks_no_header(world: World, tmp_path: Path) -> None:
    sent: list[str] = []
    for number, name in enumerate(NAMES):
        told = (await world.send("resident", a_picture(size=(20, 20 + number)), name)).json()
        sent.append(told["id"])
        assert 0 < len(told["name"]) <= 120
        assert not set(told["name"]) & set("/\\\0\r\n")
        fetched = await world.client.get(await world.link("resident", told["id"]))
        assert fetched.status_code == 200
        assert "set-cookie" not in fetched.headers
        assert DISPOSITION.fullmatch(fetched.headers["content-disposition"])
    assert sorted(path.name for path in contents(tmp_path)) == sorted(sent)


# what is refused


async def test_without_a_good_token_nothing_is_taken(world: World, database: Settings, tmp_path: Path) -> None:
    old = await bearer(world.accounts["resident"], database, now=datetime.now(UTC) - timedelta(days=1))
    for token in ("", "Bearer wrong", old):
        response = await world.send("resident", authorization=token)
        assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert contents(tmp_path) == []


async def test_a_foreign_ticket_answers_as_an_absent_one(world: World) -> None:
    foreign = await a_ticket()
    subjects = (foreign.id, new_id("tkt"), new_id("cmp"), "", "tkt_'; DROP TABLE file")
    answers = [await world.send("resident", subject=subject) for subject in subjects]
    answers.append(await world.send("neighbour"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert (await world.send("auditor")).status_code == 403


@pytest.mark.parametrize("app", [{"file_max_bytes": 2_000}], indirect=True)
async def test_a_file_beyond_the_limit_is_413(world: World, app: Starlette, tmp_path: Path) -> None:
    assert (await world.send("resident", b"x" * 2_001)).status_code == 413
    query = urlencode({"subject": world.ticket.id, "name": "x"}).encode()
    headers = {"authorization": world.tokens["resident"]}
    async with an_exchange(app, headers=headers, path="/files", query=query) as exchange:
        for _ in range(3):
            exchange.body(b"x" * 1_000, more=True)
        assert await exchange.status() == 413
    assert contents(tmp_path) == []


@pytest.mark.parametrize("app", [{"file_timeout_seconds": 0.05}], indirect=True)
async def test_a_file_that_does_not_come_is_408_and_one_that_breaks_off_400(world: World, app: Starlette) -> None:
    query = urlencode({"subject": world.ticket.id, "name": "x"}).encode()
    headers = {"authorization": world.tokens["resident"]}
    for leave, status in ((False, 408), (True, 400)):
        async with an_exchange(app, headers=headers, path="/files", query=query) as exchange:
            exchange.body(a_picture()[:100], more=True)
            if leave:
                exchange.leave()
            assert await exchange.status() == status
    assert not await File.exists()


async def test_nothing_is_no_file(world: World) -> None:
    response = await world.client.post(
        "/files", params={"subject": world.ticket.id, "name": "x"}, headers={"authorization": world.tokens["resident"]}
    )
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_other_methods_are_405(world: World) -> None:
    for method, path in (("GET", "/files"), ("DELETE", "/files"), ("POST", "/files/fil_x"), ("PUT", "/files")):
        response = await world.client.request(method, path)
        assert (response.status_code, code(response)) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("app", [{"rate_uploads": 2}], indirect=True)
async def test_who_sends_too_many_files_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.rates.time", lambda: 2_000_000_010.0)
    assert [(await world.send("resident")).status_code for _ in range(3)] == [201, 200, 429]
    assert (await world.send("company")).status_code == 201


@pytest.mark.parametrize("app", [{"rate_megapixels": 2}], indirect=True)
async def test_who_sends_too_many_pixels_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.rates.time", lambda: 2_000_000_010.0)
    pictures = [a_picture("PNG", (1_000, 1_001)), a_picture("PNG", (10, 10)), PDF]
    assert [(await world.send("resident", picture)).status_code for picture in pictures] == [201, 429, 201]
    assert (await world.send("company")).status_code == 201


async def test_a_url_that_cannot_be_read_is_400(app: Starlette, world: World) -> None:
    for query in (b"\xff\xfe", b"subject=%FF", b"&".join([b"a=b"] * 50)):
        async with an_exchange(app, headers={"authorization": world.tokens["resident"]}, path="/files", query=query) as exchange:
            exchange.body(a_picture())
            assert await exchange.status() == 400


@pytest.mark.parametrize("app", [{"streams_per_viewer": 1}], indirect=True)
async def test_who_keeps_too_many_files_coming_at_once_is_429(world: World, app: Starlette) -> None:
    query = urlencode({"subject": world.ticket.id, "name": "x"}).encode()
    async with an_exchange(app, headers={"authorization": world.tokens["resident"]}, path="/files", query=query) as slow:
        slow.body(a_picture()[:100], more=True)
        await until(lambda: app.state.door.streams.total() == 1)
        assert (await world.send("resident")).status_code == 429
        assert (await world.send("company")).status_code == 201
        slow.leave()
        assert await slow.status() == 400
    assert (await world.send("resident")).status_code == 201


# links


async def test_a_link_is_given_to_those_who_see_the_file_and_to_nobody_else(world: World) -> None:
    file_id = (await world.send("resident")).json()["id"]
    foreign = (await a_ticket()).id
    assert await world.links("neighbour", file_id, new_id("fil"), foreign, "nonsense", "") == [None] * 5
    mixed = await world.links("company", new_id("fil"), file_id, file_id)
    assert [link is not None for link in mixed] == [False, True, True]
    anonymous = await ask(
        world.client, {"query": "query ($i: [ID!]!) { fileLinks(ids: $i) { url } }", "variables": {"i": [file_id]}}
    )
    assert anonymous.json() == {"data": {"fileLinks": [None]}}
    query = "query ($i: [ID!]!) { fileLinks(ids: $i) { url } }"
    many = await ask(world.client, {"query": query, "variables": {"i": [file_id] * 101}})
    assert many.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "limit": 100}


def changed(link: str, **parts: str) -> str:
    return f"{urlsplit(link).path}?{urlencode(dict(parse_qsl(urlsplit(link).query)) | parts)}"


async def test_a_link_that_is_not_as_it_was_made_is_404_in_the_same_words(world: World, database: Settings) -> None:
    file_id, other_id = [(await world.send("resident", content)).json()["id"] for content in (a_picture(), PDF)]
    link = await world.link("resident", file_id)
    given = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    neighbour = world.accounts["neighbour"].id
    late = str(int(given["expires"]) + 1)
    past, _ = links.make(file_id, given["account"], database, datetime.now(UTC) - timedelta(minutes=6))
    elsewhere = database.model_copy(update={"secret_key": SecretStr("5b" * 32)})
    forged, _ = links.make(file_id, given["account"], elsewhere, links.now())
    theirs, _ = links.make(file_id, neighbour, database, links.now())
    absent, _ = links.make(new_id("fil"), given["account"], database, links.now())
    path, _ = links.make("../secret.key", given["account"], database, links.now())
    nobody, _ = links.make(file_id, new_id("acc"), database, links.now())
    wrong = [
        f"/files/{file_id}",
        changed(link, expires=late),
        changed(link, expires="²"),
        changed(link, account=neighbour),
        changed(link, signature=given["signature"][:-1] + ("0" if given["signature"][-1] != "0" else "1")),
        changed(link, signature=""),
        changed(link, signature="é" * 64),
        changed(link, signature="0" * 10_000),
        link.replace(file_id, other_id),
        *(past, forged, theirs, absent, nobody),
    ]
    answers = [await world.client.get(each, headers={"accept-language": "en"}) for each in wrong]
    assert [answer.status_code for answer in answers] == [404] * len(wrong)
    assert len({answer.content for answer in answers}) == 1
    assert (await world.client.get(path.replace("../", "..%2F"))).status_code == 404
    assert (await world.client.get(link)).status_code == 200


async def test_a_link_outlives_a_change_of_the_key(database: Settings) -> None:
    before = database.model_copy(update={"secret_key": SecretStr("5b" * 32)})
    after = database.model_copy(update={"secret_keys_before": SecretStr("5c" * 32 + "," + "5b" * 32)})
    link, _ = links.make("fil_1", "acc_1", before, links.now())
    given = dict(parse_qsl(urlsplit(link).query))
    assert links.holds("fil_1", "acc_1", given["expires"], given["signature"], after)
    assert not links.holds("fil_1", "acc_1", given["expires"], given["signature"], database)


async def test_a_link_ends_with_the_access_behind_it(world: World) -> None:
    file_id = (await world.send("resident")).json()["id"]
    company, resident = await world.link("company", file_id), await world.link("resident", file_id)
    long_ago = datetime.now(UTC).date() - timedelta(days=400)
    await Mandate.all().update(starts_on=long_ago, ends_on=long_ago + timedelta(days=1))
    assert (await world.client.get(company)).status_code == 404
    assert (await world.client.get(resident)).status_code == 200
    await Account.filter(id=world.accounts["resident"].id).update(disabled_at=datetime.now(UTC))
    assert (await world.client.get(resident)).status_code == 404


async def test_while_the_database_is_away_nothing_comes_or_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    link = await world.link("resident", (await world.send("resident")).json()["id"])

    async def away(*_: Any) -> bytes:
        raise ConnectionRefusedError

    monkeypatch.setattr(Engine, "ask", away)
    for response in (await world.client.get(link), await world.send("resident")):
        assert (response.status_code, code(response)) == (503, "UNAVAILABLE")
        assert response.headers["retry-after"]


async def test_a_content_that_is_lost_is_404_and_no_half_answer(world: World, tmp_path: Path) -> None:
    file_id = (await world.send("resident")).json()["id"]
    (path,) = contents(tmp_path)
    path.unlink()
    assert (await world.client.get(await world.link("resident", file_id))).status_code == 404
