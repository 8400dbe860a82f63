"""How often may be asked: counted by every process, added up in Redis, open without it for reads and closed for log-ins."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette

from api.rates import Exceeded, Rates
from domain.access import ANONYMOUS, Role, Scope
from models import Account, Attempt
from models.administration import create_service_account
from models.tokens import create_token
from models.viewers import viewer_of
from settings import Settings
from tests.api.doors import a_client, a_wire, an_exchange, an_officer, ask, bearer, code, opened
from tests.builders import a_street, an_account, an_organisation
from tests.waiting import until

#: The thirtieth second of a minute.
NOW = 2_000_000_010.0
NOWHERE = "redis://127.0.0.1:1/0"
NAME = {"query": "{ __typename }"}
LOG_IN = 'logIn(input: {login: "lamplighter", password: "wrong"}) { errors { code } }'


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still: no minute ends in the middle of a test."""
    monkeypatch.setattr("api.rates.time", lambda: NOW)


@pytest.fixture
async def limited(database: Settings, redis_url: str) -> Settings:
    return database.model_copy(update={"redis_url": redis_url})


@pytest.fixture
async def officer(database: Settings) -> Account:
    return await an_officer()


def refused(rates: Rates, holder: str = "acc_1") -> bool:
    try:
        rates.asked(holder)
    except Exceeded:
        return True
    return False


# one process


async def test_a_limit_holds_for_each_by_itself_and_ends_with_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = Rates(Settings(rate_requests=3, redis_url=NOWHERE))
    assert [refused(rates) for _ in range(5)] == [False, False, False, True, True]
    assert not refused(rates, "acc_2")
    with pytest.raises(Exceeded) as exceeded:
        rates.asked("acc_1")
    assert exceeded.value.headers == {"retry-after": "30"}
    monkeypatch.setattr("api.rates.time", lambda: NOW + 31)
    assert not refused(rates)
    await rates.stop()


async def test_no_limit_counts_nothing() -> None:
    rates = Rates(Settings(rate_requests=0, redis_url=NOWHERE))
    assert not any(refused(rates) for _ in range(100))
    await rates.stop()


async def test_what_is_counted_in_one_minute_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.rates._MOST", 2)
    rates = Rates(Settings(rate_requests=1, redis_url=NOWHERE))
    assert [refused(rates, f"acc_{number}") for number in (1, 2, 3, 3, 1)] == [False, False, False, False, True]
    for number in range(9):
        rates.stranger(f"192.0.2.{number}")
    assert refused(rates, "acc_2"), "as many strangers as there may be take no room from those who are known"
    await rates.stop()


# several processes


async def test_processes_learn_from_redis_what_the_others_counted(limited: Settings) -> None:
    one, other = (Rates(limited.model_copy(update={"rate_requests": 10})) for _ in range(2))
    assert not any(refused(one) for _ in range(9))

    async def told() -> bool:
        async with Redis.from_url(limited.redis_url) as redis:
            return bool(await redis.keys("rate:*"))

    await until(told)
    assert not refused(other)
    await until(lambda: refused(other))
    await one.stop()
    await other.stop()


async def test_redis_keeps_no_name_and_no_address_and_not_for_long(limited: Settings) -> None:
    rates = Rates(limited.model_copy(update={"rate_requests": 10, "rate_strangers": 10}))
    rates.asked("acc_1")
    rates.stranger("203.0.113.7")
    async with Redis.from_url(limited.redis_url) as redis:

        async def both() -> bool:
            return len(await redis.keys("rate:*")) == 2

        await until(both)
        for key in await redis.keys("*"):
            assert "acc_1" not in str(key)
            assert "203.0" not in str(key)
            assert 0 < await redis.ttl(key) <= 120
    await rates.stop()


async def test_without_redis_each_process_counts_for_itself_and_nobody_waits() -> None:
    rates = Rates(Settings(rate_requests=3, redis_url=NOWHERE))
    started = asyncio.get_running_loop().time()
    assert [refused(rates) for _ in range(4)] == [False, False, False, True]
    assert asyncio.get_running_loop().time() - started < 0.1
    await until(lambda: rates._away)  # pyright: ignore[reportPrivateUsage]
    assert refused(rates)
    await rates.stop()


# the doors


@pytest.fixture
async def app(limited: Settings, request: pytest.FixtureRequest) -> AsyncGenerator[Starlette]:
    async with opened(limited, **getattr(request, "param", {})) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


@pytest.mark.parametrize("app", [{"rate_requests": 2}], indirect=True)
async def test_an_account_that_asks_too_often_is_429_at_every_door(
    app: Starlette, client: httpx2.AsyncClient, officer: Account, database: Settings
) -> None:
    token = await bearer(officer, database)
    other = await bearer(await an_officer(), database)
    assert [(await ask(client, NAME, authorization=token)).status_code for _ in range(2)] == [200, 200]
    for accept in ("application/json", "application/graphql-response+json", "text/event-stream"):
        response = await ask(client, NAME, authorization=token, accept=accept, accept_language="en")
        if accept == "text/event-stream":
            assert '"code":"RATE_LIMITED"' in response.text
            continue
        assert (response.status_code, code(response)) == (429, "RATE_LIMITED")
        assert response.headers["retry-after"] == "30"
        assert response.json()["errors"][0]["message"] == "Too many requests in this minute: wait 30 s."
    async with a_wire(app) as wire:
        wire.say({"type": "connection_init", "payload": {"Authorization": token}})
        assert await wire.closing() == 4429
    assert (await ask(client, NAME, authorization=other)).status_code == 200


@pytest.mark.parametrize("app", [{"rate_rows": 100}], indirect=True)
async def test_rows_of_a_minute_are_spent_by_what_operations_could_read(
    client: httpx2.AsyncClient, officer: Account, database: Settings
) -> None:
    token = await bearer(officer, database)
    large = {"query": "{ compounds(first: 60) { nodes { id } } }"}
    assert [(await ask(client, large, authorization=token)).status_code for _ in range(3)] == [200, 200, 429]
    assert code(await ask(client, large, authorization=token)) == "RATE_LIMITED"
    mixed = {"query": "{ viewer { id } compounds(first: 1) { nodes { id } } }"}
    assert (await ask(client, mixed, authorization=token)).status_code == 429


@pytest.mark.parametrize("app", [{"rate_rows": 100}], indirect=True)
async def test_an_operation_is_charged_once_however_its_viewer_was_found(
    client: httpx2.AsyncClient, officer: Account, database: Settings
) -> None:
    token = await bearer(officer, database)
    mixed = {"query": "{ viewer { id } compounds(first: 40) { nodes { id } } }"}
    assert [(await ask(client, mixed, authorization=token)).status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize("app", [{"rate_strangers": 3}], indirect=True)
async def test_strangers_are_counted_by_address_and_hold_up_nobody_with_a_good_token(
    client: httpx2.AsyncClient, officer: Account, database: Settings
) -> None:
    wrong = {"authorization": "Bearer wrong"}
    assert (await ask(client, NAME)).status_code == 200
    assert [(await ask(client, NAME, **wrong)).status_code for _ in range(3)] == [401, 401, 429]
    assert (await ask(client, NAME)).status_code == 429
    event = {"authorization": "Bearer ink_wrong", "content-type": "application/cloudevents+json"}
    response = await client.post("/events", content=b"{}", headers=event)
    assert (response.status_code, response.headers["retry-after"]) == (429, "30")
    assert (await ask(client, NAME, authorization=await bearer(officer, database))).status_code == 200


@pytest.mark.parametrize("app", [{"rate_requests": 2, "rate_strangers": 1_000}], indirect=True)
async def test_tokens_that_nobody_made_fill_no_place_of_those_that_are_good(
    app: Starlette, client: httpx2.AsyncClient, database: Settings
) -> None:
    for number in range(5):
        assert (await ask(client, NAME, authorization=f"Bearer stk_{number:043}")).status_code == 401
    assert [key.split()[0] for key in app.state.door.rates._counts] == ["stranger"]
    street = await a_street()
    keeper = await viewer_of((await an_account(Role.ADMINISTRATOR, place=street)).id) or ANONYMOUS
    company = await an_organisation(street)
    machine = await create_service_account(keeper, company.id, "machine-1", "A machine")
    _, secret = await create_token(keeper, machine.id, Scope.READ, 1)
    answers = [await ask(client, NAME, authorization=f"Bearer {secret}") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


# log-ins


@pytest.mark.parametrize("app", [{"rate_log_ins": 2}], indirect=True)
async def test_log_ins_refreshes_and_registrations_of_one_address_are_counted_together(client: httpx2.AsyncClient) -> None:
    refresh = 'sessionRefresh(input: {refreshToken: "rft_wrong"}) { errors { code } }'
    register = 'registerResident(input: {code: "x", login: "new", password: "x", name: "x"}) { errors { code } }'
    answers = [await ask(client, {"query": f"mutation {{ {act} }}"}) for act in (LOG_IN, refresh, register, LOG_IN)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert {code(answer) for answer in answers[2:]} == {"RATE_LIMITED"}
    assert (await ask(client, NAME)).status_code == 200


@pytest.mark.parametrize("app", [{"rate_log_ins": 54}], indirect=True)
async def test_fifty_log_ins_in_one_operation_count_fifty_and_none_is_tried(client: httpx2.AsyncClient) -> None:
    many = {"query": f"mutation {{ {' '.join(f'a{number}: {LOG_IN}' for number in range(50))} }}"}
    response = await ask(client, many, accept_language="en")
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert "several requests" in response.json()["errors"][0]["message"]
    spread = {
        "query": f"mutation {{ ...A ...B }} fragment A on Mutation {{ a: {LOG_IN} }} fragment B on Mutation {{ b: {LOG_IN} }}"
    }
    assert (await ask(client, spread)).status_code == 400
    assert not await Attempt.exists()
    assert [(await ask(client, {"query": f"mutation {{ {LOG_IN} }}"})).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("app", [{"redis_url": NOWHERE, "rate_log_ins": 10, "rate_requests": 10}], indirect=True)
async def test_without_redis_reads_go_on_and_log_ins_are_503(
    client: httpx2.AsyncClient, officer: Account, database: Settings
) -> None:
    token = await bearer(officer, database)
    response = await ask(client, {"query": f"mutation {{ {LOG_IN} }}"}, accept_language="en")
    assert (response.status_code, code(response)) == (503, "UNAVAILABLE")
    assert response.headers["retry-after"] == "5"
    assert "Log-ins cannot be counted" in response.json()["errors"][0]["message"]
    for _ in range(3):
        assert (await ask(client, {"query": "{ compounds { totalCount } }"}, authorization=token)).status_code == 200
    logged_out = {"query": "mutation { logOut(input: {}) { errors { code } } }"}
    assert (await ask(client, logged_out, authorization=token)).json() == {"data": {"logOut": {"errors": []}}}


async def test_a_redis_that_does_not_answer_is_waited_for_shortly(limited: Settings) -> None:
    async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    gone = asyncio.Event()
    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    silent: dict[str, Any] = {"redis_url": f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", "rate_wait_ms": 100}
    async with opened(limited, rate_log_ins=10, **silent) as app, an_exchange(app) as exchange:
        started = asyncio.get_running_loop().time()
        exchange.body(b'{"query": "mutation { logIn(input: {login: \\"x\\", password: \\"x\\"}) { errors { code } } }"}')
        assert await exchange.status() == 503
        assert asyncio.get_running_loop().time() - started < 2
    gone.set()
    server.close()
    await server.wait_closed()
