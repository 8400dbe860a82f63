"""Tokens of an OpenID Connect issuer: what it signed for us is taken, everything else is refused in the same words."""

import base64
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette

from api import oidc
from api.oidc import Issuers
from domain.access import Role
from models import Account, AccountIdentity, Fact, Place
from models.identities import identity_digest
from models.passwords import reset_password_of
from settings import Settings
from tests.api.doors import a_client, a_wire, an_officer, ask, opened
from tests.api.issuer import AUDIENCE, TestIssuer, an_issuer
from tests.models.ticket_world import somebody
from tests.waiting import until

QUERY = {"query": "{ viewer { id scope } }"}


class World:
    issuer: TestIssuer
    app: Starlette
    client: httpx2.AsyncClient
    officer: Account

    async def seen(self, token: str) -> Any:
        """Who the token's holder is, or the status of the refusal."""
        response = await ask(self.client, QUERY, authorization=f"Bearer {token}", accept_language="en")
        if response.status_code == 401:
            assert response.json()["errors"][0]["message"] == "The access token is not valid, or no longer. Log in again."
        return response.json()["data"]["viewer"]["id"] if response.status_code == 200 else response.status_code


async def known(issuer: TestIssuer, account: Account, subject: str = "subject-1") -> None:
    digest = identity_digest(issuer.address, subject)
    await AccountIdentity.create(digest=digest, issuer=issuer.address, subject=subject, account_id=account.id)


@asynccontextmanager
async def a_world(settings: Settings, issuer: TestIssuer) -> AsyncGenerator[World]:
    made = World()
    made.issuer, made.officer = issuer, await an_officer()
    await known(issuer, made.officer)
    changes = {"oidc_issuer": issuer.address, "oidc_audience": AUDIENCE}
    async with opened(settings, **changes) as made.app, a_client(made.app) as made.client:
        yield made


@pytest.fixture
async def world(database: Settings) -> AsyncGenerator[World]:
    async with an_issuer() as issuer, a_world(database, issuer) as made:
        yield made


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_a_token_of_the_issuer_names_the_account_of_its_subject(world: World) -> None:
    for key in (world.issuer.rsa, world.issuer.ec):
        assert await world.seen(world.issuer.token(key)) == world.officer.id
    assert await world.seen(world.issuer.token(aud=["others", AUDIENCE])) == world.officer.id
    assert await world.seen(world.issuer.token(header={"nonce": "x", "typ": "at+jwt"})) == world.officer.id
    assert sum(world.issuer.asked.values()) == 2


async def test_a_link_is_shown_to_whom_it_opens_and_ends_with_a_new_password(world: World) -> None:
    query = {"query": "{ viewer { identities { issuer subject linkedAt } } }"}
    token = world.issuer.token()
    told = (await ask(world.client, query, authorization=f"Bearer {token}")).json()["data"]["viewer"]["identities"]
    assert [(each["issuer"], each["subject"]) for each in told] == [(world.issuer.address, "subject-1")]
    administrator = await somebody(Role.ADMINISTRATOR, place=await Place.get(id=world.officer.street_id))
    await reset_password_of(administrator, world.officer.id)
    assert await world.seen(token) == 401
    fact = await Fact.get(action="accountUnlinkIdentity")
    assert (fact.actor, fact.subject_id, "subject-1" in str(fact.before)) == (administrator.account_id, world.officer.id, False)


async def test_clocks_may_differ_by_a_minute_and_no_more(world: World) -> None:
    now = int(time.time())
    for taken in ({"exp": now - 50}, {"nbf": now + 50}, {"iat": now + 50}):
        assert await world.seen(world.issuer.token(**taken)) == world.officer.id
    for refused in ({"exp": now - 70}, {"nbf": now + 70}, {"iat": now + 70}):
        assert await world.seen(world.issuer.token(**refused)) == 401


def _tampered(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{head}.{segment(claims | {'sub': 'subject-2'})}.{signature}"


def _with_own_key(issuer: TestIssuer) -> str:
    forger = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    return issuer.token(forger, {"jwk": forger.as_dict(private=False)})


FORGED: dict[str, Callable[[TestIssuer], str]] = {
    "unknown subject": lambda issuer: issuer.token(sub="nobody"),
    "subject in other letters": lambda issuer: issuer.token(sub="Subject-1"),
    "no subject": lambda issuer: issuer.token(sub=None),
    "empty subject": lambda issuer: issuer.token(sub=""),
    "subject of another type": lambda issuer: issuer.token(sub=["subject-1"]),
    "endless subject": lambda issuer: issuer.token(sub="s" * 300),
    "expired": lambda issuer: issuer.token(exp=int(time.time()) - 3_600),
    "no end": lambda issuer: issuer.token(exp=None),
    "end of another type": lambda issuer: issuer.token(exp="tomorrow"),
    "end beyond all numbers": lambda issuer: issuer.token(exp=10**400),
    "not yet": lambda issuer: issuer.token(nbf=int(time.time()) + 3_600),
    "issued in the future": lambda issuer: issuer.token(iat=int(time.time()) + 3_600),
    "foreign audience": lambda issuer: issuer.token(aud="somebody/else"),
    "foreign audiences": lambda issuer: issuer.token(aud=["a", "b"]),
    "no audience": lambda issuer: issuer.token(aud=None),
    "audience of another type": lambda issuer: issuer.token(aud={"x": AUDIENCE}),
    "foreign issuer": lambda issuer: issuer.token(iss="https://evil.example.com"),
    "issuer with a slash more": lambda issuer: issuer.token(iss=f"{issuer.address}/"),
    "issuer of another type": lambda issuer: issuer.token(iss=[issuer.address]),
    "our own issuer": lambda issuer: issuer.token(iss="steward"),
    "no issuer": lambda issuer: issuer.token(iss=None),
    "another key of the same name": lambda issuer: issuer.token(RSAKey.generate_key(2048, {"kid": "rsa-1"})),
    "unknown key": lambda issuer: issuer.token(ECKey.generate_key("P-256", {"kid": "ec-9"})),
    "no key named where there are two": lambda issuer: issuer.token(header={"kid": None}),
    "key name of another type": lambda issuer: f"{segment({'alg': 'RS256', 'kid': ['rsa-1']})}.{segment(issuer.claims())}.x",
    "key of another kind": lambda issuer: issuer.token(issuer.rsa, {"kid": "ec-1"}),
    "signed with the public key": TestIssuer.token_with_public_key,
    "no algorithm": lambda issuer: f"{segment({'alg': 'none', 'kid': 'rsa-1'})}.{segment(issuer.claims())}.",
    "no algorithm, in other letters": lambda issuer: f"{segment({'alg': 'NoNe', 'kid': 'rsa-1'})}.{segment(issuer.claims())}.",
    "unsigned": lambda issuer: ".".join(issuer.token().split(".")[:2]) + ".",
    "without its signature": lambda issuer: ".".join(issuer.token().split(".")[:2]),
    "changed after signing": lambda issuer: _tampered(issuer.token()),
    "a key of its own in the header": _with_own_key,
    "critical header": lambda issuer: f"{segment({'alg': 'RS256', 'kid': 'rsa-1', 'crit': ['x']})}.{segment(issuer.claims())}.x",
    "enormous": lambda issuer: issuer.token(padding="x" * 20_000),
    "enormous header": lambda issuer: issuer.token(header={"padding": "x" * 8_000}),
    "header is a list": lambda issuer: f"{segment(['RS256'])}.{segment(issuer.claims())}.x",
    "claims are a list": lambda issuer: f"{segment({'alg': 'RS256', 'kid': 'rsa-1'})}.{segment([issuer.address])}.x",
    "deep claims": lambda issuer: f"{segment({'alg': 'RS256'})}.{base64.urlsafe_b64encode(b'[' * 9_000).decode()}.x",
    "nonsense": lambda issuer: "a.b.c",
    "five parts": lambda issuer: issuer.token() + ".x.y",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_every_other_token_is_401_in_the_same_words(world: World, forge: Callable[[TestIssuer], str]) -> None:
    await known(world.issuer, world.officer, "subject-2")
    assert await world.seen(forge(world.issuer)) == 401


async def test_a_subject_of_one_issuer_is_nobody_at_another(world: World, database: Settings) -> None:
    async with an_issuer() as other:
        changes = {"oidc_more": {world.issuer.address: AUDIENCE, other.address: "other"}}
        async with opened(database, **changes) as app, a_client(app) as world.client:
            assert await world.seen(world.issuer.token()) == world.officer.id
            assert await world.seen(other.token(aud="other")) == 401
            await known(other, world.officer)
            assert await world.seen(other.token(aud="other")) == world.officer.id
            assert await world.seen(other.token()) == 401


async def test_new_keys_are_taken_when_a_token_names_one_but_not_asked_for_at_every_forgery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await world.seen(world.issuer.token()) == world.officer.id
    fresh = RSAKey.generate_key(2048, {"kid": "rsa-2"})
    world.issuer.keys = [fresh.as_dict(private=False)]
    asked = world.issuer.asked["/jwks"]
    for _ in range(5):
        assert await world.seen(world.issuer.token(fresh)) == 401
    assert world.issuer.asked["/jwks"] == asked
    monkeypatch.setattr(oidc, "_BETWEEN_SECONDS", 0.0)
    assert await world.seen(world.issuer.token(fresh)) == world.officer.id
    assert await world.seen(world.issuer.token()) == 401


async def test_while_the_issuer_is_down_the_known_keys_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "_BETWEEN_SECONDS", 0.0)
    assert await world.seen(world.issuer.token()) == world.officer.id
    await world.issuer.close()
    monkeypatch.setattr(oidc, "_FRESH_SECONDS", 0.0)
    for _ in range(3):
        assert await world.seen(world.issuer.token()) == world.officer.id
    assert await world.seen(world.issuer.token(RSAKey.generate_key(2048, {"kid": "rsa-2"}))) == 401


async def test_old_keys_are_renewed_beside_the_requests(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "_BETWEEN_SECONDS", 0.0)
    assert await world.seen(world.issuer.token()) == world.officer.id
    world.issuer.keys = [world.issuer.ec.as_dict(private=False)]
    monkeypatch.setattr(oidc, "_FRESH_SECONDS", 0.0)
    assert await world.seen(world.issuer.token()) == world.officer.id
    await until(lambda: world.issuer.asked["/jwks"] == 2)

    async def dropped() -> bool:
        return await world.seen(world.issuer.token()) == 401

    await until(dropped)


ANSWERS: dict[str, dict[str, tuple[int, bytes]]] = {
    "an error": {"/jwks": (500, b"{}")},
    "a redirect": {"/.well-known/openid-configuration": (302, b"")},
    "no JSON": {"/jwks": (200, b"<html>")},
    "a list": {"/jwks": (200, b"[]")},
    "no keys": {"/jwks": (200, b'{"keys": []}')},
    "keys of another type": {"/jwks": (200, b'{"keys": {"a": 1}}')},
    "broken keys": {
        "/jwks": (200, b'{"keys": [1, null, {"kty": "RSA", "n": "!"}, {"kty": "EC", "crv": "P-0"}, {"kty": "oct", "k": "AAAA"}]}')
    },
    "an endless document": {"/jwks": (200, b'{"keys": []}' + b" " * 300_000)},
    "another issuer": {"/.well-known/openid-configuration": (200, b'{"issuer": "https://evil.example.com"}')},
    "not UTF-8": {"/jwks": (200, b"\xff\xfe")},
}


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS.keys())
async def test_an_issuer_that_answers_nonsense_is_as_one_that_is_away(
    world: World, answers: dict[str, tuple[int, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.issuer.answers = answers
    assert await world.seen(world.issuer.token()) == 503
    monkeypatch.setattr(oidc, "_BETWEEN_SECONDS", 0.0)
    world.issuer.answers = {}
    assert await world.seen(world.issuer.token()) == world.officer.id


async def test_keys_are_not_fetched_without_tls_from_elsewhere(world: World) -> None:
    document = {"issuer": world.issuer.address, "jwks_uri": "http://keys.example.com/jwks"}
    world.issuer.answers = {"/.well-known/openid-configuration": (200, json.dumps(document).encode())}
    assert await world.seen(world.issuer.token()) == 503


async def test_a_closed_account_is_401_and_its_socket_closes(world: World) -> None:
    async with a_wire(world.app) as wire:
        await wire.introduce(f"Bearer {world.issuer.token()}")
        world.officer.disabled_at = datetime.now(UTC)
        await world.officer.save()
        wire.subscribe("1", QUERY["query"])
        assert await wire.closing() == 4403
    assert await world.seen(world.issuer.token()) == 401


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"oidc_issuer": "http://login.example.com", "oidc_audience": "x"}, "without TLS"),
        ({"oidc_issuer": "nonsense", "oidc_audience": "x"}, "without TLS"),
        ({"oidc_issuer": "https://login.example.com"}, "no audience"),
        ({"oidc_more": {"https://login.example.com": ""}}, "no audience"),
    ],
)
def test_an_issuer_that_cannot_be_trusted_is_refused_at_the_start(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Issuers(Settings().model_copy(update=changes))


async def test_without_issuers_nothing_is_asked() -> None:
    issuers = Issuers(Settings())
    assert issuers.of(f"{segment({})}.{segment({'iss': 'https://login.example.com'})}.x") is None
    await issuers.stop()
