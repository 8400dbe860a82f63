"""A retry with the same key gets the first answer; nothing is done twice, however many ask at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models import Account, IdempotencyKey, calendar
from models.idempotency import forget, once, request_digest
from settings import Settings
from tests.builders import an_account

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def account(database: Settings) -> Account:
    return await an_account()


def renaming(account: Account, done: list[str]) -> Callable[[], Awaitable[str]]:
    """An act that takes a moment, leaves a trace in the database and answers a new subject each time."""

    async def do() -> str:
        await Account.filter(id=account.id).update(name="Renamed")
        await asyncio.sleep(0)
        done.append(f"sub_{len(done)}")
        return done[-1]

    return do


async def test_a_retry_gets_the_first_answer_and_does_nothing(account: Account):
    done: list[str] = []
    answers = [await once(account.id, "k1", "ticketOpen", {"title": "Lamp"}, renaming(account, done)) for _ in range(3)]
    assert answers == ["sub_0"] * 3
    assert done == ["sub_0"]


async def test_of_many_at_once_one_does_it_and_all_get_its_answer(account: Account):
    done: list[str] = []
    answers = await asyncio.gather(
        *(once(account.id, "k1", "ticketOpen", {"title": "Lamp"}, renaming(account, done)) for _ in range(8))
    )
    assert set(answers) == {"sub_0"}
    assert done == ["sub_0"]
    assert (await IdempotencyKey.get(key="k1")).subject_id == "sub_0"


@pytest.mark.parametrize(
    ("act", "request_"), [("ticketOpen", {"title": "Other"}), ("ticketCancel", {"title": "Lamp"}), ("ticketOpen", {})]
)
async def test_the_key_of_another_request_is_refused(account: Account, act: str, request_: dict[str, Any]):
    done: list[str] = []
    await once(account.id, "k1", "ticketOpen", {"title": "Lamp"}, renaming(account, done))
    with pytest.raises(Refused) as refused:
        await once(account.id, "k1", act, request_, renaming(account, done))
    assert (refused.value.code, refused.value.path) == (RefusalCode.CONFLICT, ("idempotency_key",))
    assert len(done) == 1


async def test_another_account_may_use_the_same_key(account: Account):
    done: list[str] = []
    other = await an_account()
    for each in (account, other):
        await once(each.id, "k1", "ticketOpen", {"title": "Lamp"}, renaming(account, done))
    assert len(done) == 2


async def test_a_refused_act_forgets_the_key_and_what_it_did(account: Account):
    async def refuse() -> str:
        await Account.filter(id=account.id).update(name="Half done")
        raise Refused(RefusalCode.ILLEGAL_MOVE, Text("No.", "不行。"))

    with pytest.raises(Refused):
        await once(account.id, "k1", "ticketAccept", {}, refuse)
    assert (await Account.get(id=account.id)).name == account.name
    assert not await IdempotencyKey.exists()
    done: list[str] = []
    assert await once(account.id, "k1", "ticketAccept", {}, renaming(account, done)) == "sub_0"


async def test_who_waited_for_an_act_that_failed_does_it(account: Account):
    began, fail = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def failing() -> str:
        began.set()
        await fail.wait()
        raise ConnectionResetError

    first = asyncio.create_task(once(account.id, "k1", "ticketAccept", {}, failing))
    await began.wait()
    second = asyncio.create_task(once(account.id, "k1", "ticketAccept", {}, renaming(account, done)))
    fail.set()
    with pytest.raises(ConnectionResetError):
        await first
    assert await second == "sub_0"


@pytest.mark.parametrize("key", ["", " ", "x" * 101, "a\0"])
async def test_a_key_that_is_none_is_refused(account: Account, key: str):
    with pytest.raises(Refused) as refused:
        await once(account.id, key, "ticketOpen", {}, renaming(account, []))
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("idempotency_key",))


def test_the_order_of_the_input_does_not_matter_but_its_content_does():
    assert request_digest("a", {"x": 1, "y": None}) == request_digest("a", {"y": None, "x": 1})
    assert request_digest("a", {"x": 1, "y": None}) != request_digest("a", {"x": 1})


async def test_old_keys_are_forgotten(account: Account):
    done: list[str] = []
    await once(account.id, "k1", "ticketOpen", {}, renaming(account, done))
    assert await forget(calendar.now() - timedelta(hours=1)) == 0
    assert await forget(calendar.now() + timedelta(hours=1)) == 1
    assert not await IdempotencyKey.exists()
