"""What is wrong with a token is told at no door: the same words, whatever it is, and nothing happens."""

import base64
import json
import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.applications import Starlette

from api.tokens import AUDIENCE, ISSUER, _signing_key, issue  # pyright: ignore[reportPrivateUsage]
from models import Account, Alert, Fact
from models.ids import new_id
from models.secrets import secret_of
from settings import Settings
from tests.api.doors import a_client, a_watcher, a_wire, an_exchange, an_officer, ask, bearer, listening, opened
from tests.builders import a_session, an_alert

QUERY = {"query": "{ viewer { id } compounds { totalCount } }"}
ACT = {"query": "mutation { logOutEverywhere(input: {}) { ended } }"}


@pytest.fixture
async def app(database: Settings, tmp_path: Path) -> AsyncGenerator[Starlette]:
    async with opened(database, data=tmp_path, socket_idle_seconds=0.2) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


class Forger:
    """Somebody who knows an account and its session, and for some forgeries even our key."""

    def __init__(self, account: str, session: str, settings: Settings) -> None:
        self.account, self.session, self.settings = account, session, settings

    def claims(self, **changed: Any) -> dict[str, Any]:
        whole = {"iss": ISSUER, "aud": AUDIENCE, "sub": self.account, "sid": self.session, "exp": int(time.time()) + 3_600}
        return whole | changed

    def signed(self, key: OctKey | None = None, **changed: Any) -> str:
        return jwt.encode({"alg": "HS256"}, self.claims(**changed), key or _signing_key(secret_of(self.settings)))

    def unsigned(self, algorithm: object) -> str:
        parts = ({"alg": algorithm, "typ": "JWT"}, self.claims())
        return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


BAD: dict[str, Callable[[Forger], str]] = {
    "wrong": lambda _: "nonsense",
    "expired": lambda who: issue(who.account, who.session, who.settings, now=datetime.now(UTC) - timedelta(hours=2))[0],
    "not yet": lambda who: who.signed(nbf=int(time.time()) + 600),
    "issued in the future": lambda who: who.signed(iat=int(time.time()) + 600),
    "unsigned": lambda who: who.signed().rpartition(".")[0] + ".",
    "without its signature": lambda who: who.signed().rpartition(".")[0],
    "no algorithm": lambda who: who.unsigned("none"),
    "no algorithm, in other letters": lambda who: who.unsigned("nOnE"),
    "an algorithm that is no text": lambda who: who.unsigned(["HS256"]),
    "foreign audience": lambda who: who.signed(aud="somebody/else"),
    "foreign issuer": lambda who: who.signed(iss="https://login.example.com"),
    "foreign key": lambda who: who.signed(OctKey.generate_key(256)),
    "a session that never was": lambda who: who.signed(sid=new_id("ses")),
    "another account's session is what counts": lambda who: who.signed(sid=new_id("acc")),
    "an account in place of a session": lambda who: who.signed(sid=who.account),
    "a session that is no text": lambda who: who.signed(sid={"$ne": None}),
    "an api token that nobody made": lambda _: "stk_" + "a" * 43,
    "an intake key": lambda _: "ink_" + "a" * 43,
    "enormous": lambda who: who.signed(padding="x" * 30_000),
}


EXPECTED = {"message": "The access token is not valid, or no longer. Log in again.", "extensions": {"code": "UNAUTHENTICATED"}}


async def test_a_bad_token_is_401_at_every_door_in_the_same_words(
    app: Starlette, client: httpx2.AsyncClient, database: Settings
) -> None:
    officer = await an_officer()
    forger = Forger(officer.id, (await a_session(officer)).id, database)
    for what, forge in BAD.items():
        forged = f"Bearer {forge(forger)}"
        english = {"authorization": forged, "accept-language": "en"}
        answers = [await ask(client, body, **english) for body in (QUERY, ACT)]
        answers.append(await ask(client, QUERY, accept="text/event-stream", **english))
        answers.append(await client.post("/files?subject=tkt_x&name=x", content=b"x", headers=english))
        answers.append(await client.get("/export/me", headers=english))
        assert [answer.status_code for answer in answers] == [401] * len(answers), what
        assert [answer.json() for answer in answers] == [{"errors": [EXPECTED]}] * len(answers), what
        event = await client.post("/events", content=b"{}", headers={"authorization": forged})
        assert (event.status_code, event.json()["errors"][0]["field"]) == (401, "authorization"), what
        for headers, payload in (({}, {"Authorization": forged}), ({"authorization": forged}, {})):
            async with a_wire(app, headers) as wire:
                wire.say({"type": "connection_init", "payload": payload})
                assert await wire.closing() == 4403, what
    assert not await Fact.exists()


async def test_a_deleted_account_is_401_and_its_open_sockets_and_streams_end(
    app: Starlette, client: httpx2.AsyncClient, database: Settings
) -> None:
    alert: Alert = await an_alert()
    watcher = await a_watcher(alert)
    token = await bearer(watcher, database)
    watch = "subscription { alertChanged { id } }"
    headers = {"accept": "text/event-stream", "authorization": token}
    async with a_wire(app) as idle, a_wire(app) as busy, an_exchange(app, headers=headers) as stream:
        await idle.introduce(token)
        await busy.introduce(token)
        busy.subscribe("1", watch)
        stream.body(json.dumps({"query": watch}).encode())
        assert await stream.status() == 200
        await listening(app, 2)
        await Account.filter(id=watcher.id).delete()
        assert await busy.closing() == 4403
        assert await idle.closing() == 4403
        name, data = await stream.event()
        while not name:
            name, data = await stream.event()
        assert data["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert (await ask(client, QUERY, authorization=token)).status_code == 401
