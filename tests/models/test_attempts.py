"""Attempts: counted before they are made, the wait doubles, and what succeeded is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from models import Attempt, accounts
from models.accounts import log_in
from models.attempts import (
    BY_ADDRESS,
    BY_LOGIN,
    BY_NAME,
    Limit,
    Quota,
    count_attempt,
    forget_attempts,
    forget_old_attempts,
    give_attempt_back,
    guess,
    spend,
)
from models.passwords import change_password
from tests.builders import an_account

pytestmark = pytest.mark.usefixtures("database")

LIMIT = Limit("test", free=3, longest=60, quiet=600)
PASSWORD = "a good long password"


@pytest.fixture(autouse=True)
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


async def wait_is_over(limit: Limit, of: str) -> None:
    await Attempt.filter(key=limit.key(of)).update(open_at=datetime.now(UTC))


async def seconds_to_wait() -> float:
    attempt = await Attempt.get(key=LIMIT.key("door"))
    return round((attempt.open_at - attempt.last_at).total_seconds())


async def test_the_first_cost_nothing_and_then_the_wait_doubles_up_to_the_longest():
    waits: list[float] = []
    for _ in range(12):
        await count_attempt(LIMIT, "door")
        waits.append(await seconds_to_wait())
        await wait_is_over(LIMIT, "door")
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


async def test_while_the_wait_lasts_every_try_is_refused_and_counts_for_nothing():
    for _ in range(3):
        await count_attempt(LIMIT, "door")
    for _ in range(5):
        with pytest.raises(Refused, match=r"wait 1 s") as refused:
            await count_attempt(LIMIT, "door")
        assert refused.value.code is RefusalCode.RATE_LIMITED
    assert (await Attempt.get(key=LIMIT.key("door"))).count == 3
    await count_attempt(LIMIT, "another door")


async def test_tries_at_the_same_time_do_not_get_past_the_limit():
    tries = await asyncio.gather(*(count_attempt(LIMIT, "door") for _ in range(30)), return_exceptions=True)
    assert sum(each is None for each in tries) == 3


async def test_after_a_quiet_time_the_count_begins_anew():
    for _ in range(3):
        await count_attempt(LIMIT, "door")
    await Attempt.all().update(last_at=datetime.now(UTC) - timedelta(seconds=601), open_at=datetime.now(UTC))
    await count_attempt(LIMIT, "door")
    assert ((await Attempt.get()).count, await seconds_to_wait()) == (1, 0)


async def test_success_forgets_a_log_in_and_gives_an_address_one_attempt_back():
    for _ in range(3):
        await count_attempt(LIMIT, "door")
    await give_attempt_back(LIMIT, "door")
    assert (await Attempt.get()).count == 2
    await forget_attempts(LIMIT, "door")
    assert not await Attempt.exists()


async def test_what_was_tried_is_not_kept():
    await count_attempt(LIMIT, "a password in the wrong field")
    assert (await Attempt.get()).key == LIMIT.key("a password in the wrong field")
    await count_attempt(LIMIT, "\ud800\0")
    await count_attempt(LIMIT, "x" * 1_000_000)


async def test_what_is_unknown_is_not_counted():
    await count_attempt(LIMIT, "")
    assert not await Attempt.exists()


async def test_old_counts_are_dropped():
    await count_attempt(LIMIT, "door")
    assert await forget_old_attempts(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert await forget_old_attempts(datetime.now(UTC) + timedelta(hours=1)) == 1


@pytest.mark.parametrize("login", ["lamplighter", "nobody"])
async def test_a_login_that_failed_too_often_waits_whether_or_not_it_exists_and_even_for_the_right_password(login: str):
    await an_account(login="lamplighter", password=PASSWORD)
    said: list[tuple[RefusalCode, str]] = []
    for password in ["wrong"] * BY_LOGIN.free + [PASSWORD]:
        with pytest.raises(Refused) as refused:
            await log_in(login, password, address="192.0.2.7")
        said.append((refused.value.code, refused.value.message.en))
    assert said == [
        *[(RefusalCode.UNAUTHENTICATED, "The login or the password is wrong.")] * BY_LOGIN.free,
        (RefusalCode.RATE_LIMITED, "Too many attempts: wait 1 s."),
    ]


async def test_the_right_password_opens_after_the_wait_and_clears_the_count():
    account = await an_account(login="lamplighter", password=PASSWORD)
    for _ in range(BY_LOGIN.free):
        with pytest.raises(Refused):
            await log_in("lamplighter", "wrong", address="192.0.2.7")
    await wait_is_over(BY_LOGIN, guess("lamplighter", "192.0.2.7"))
    assert (await log_in("lamplighter", PASSWORD, address="192.0.2.7")).id == account.id
    assert await Attempt.filter(key=BY_LOGIN.key(guess("lamplighter", "192.0.2.7"))).count() == 0
    assert (await Attempt.get(key=BY_ADDRESS.key("192.0.2.7"))).count == BY_LOGIN.free


async def test_an_address_that_tries_many_logins_is_slowed_down():
    await Attempt.create(
        key=BY_ADDRESS.key("192.0.2.7"),
        count=BY_ADDRESS.free - 1,
        last_at=datetime.now(UTC),
        open_at=datetime.now(UTC) - timedelta(seconds=1),
    )
    with pytest.raises(Refused, match="wrong"):
        await log_in("someone", "wrong", address="192.0.2.7")
    with pytest.raises(Refused, match="Too many attempts"):
        await log_in("someone-else", "wrong", address="192.0.2.7")
    with pytest.raises(Refused, match="wrong"):
        await log_in("someone-else", "wrong", address="192.0.2.8")


async def test_a_quota_is_spent_by_as_many_as_it_has_however_many_ask_at_once() -> None:
    quota = Quota("test", most=3, seconds=600)
    answers = await asyncio.gather(*(spend(quota, "acc_1") for _ in range(8)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 5
    assert {(answer.code, answer.message.en) for answer in refused} == {
        (RefusalCode.RATE_LIMITED, "That was too often: wait 10 min.")
    }
    await spend(quota, "acc_2")


async def test_a_quota_is_whole_again_when_its_time_is_over_and_not_before() -> None:
    quota = Quota("test", most=2, seconds=600)
    for _ in range(2):
        await spend(quota, "acc_1")
    first = await Attempt.get(key=quota.key("acc_1"))
    with pytest.raises(Refused):
        await spend(quota, "acc_1")
    assert (await Attempt.get(key=quota.key("acc_1"))).open_at == first.open_at
    await Attempt.filter(key=quota.key("acc_1")).update(open_at=datetime.now(UTC))
    for _ in range(2):
        await spend(quota, "acc_1")
    with pytest.raises(Refused):
        await spend(quota, "acc_1")


async def test_whoever_knows_a_login_keeps_its_owner_out_from_their_own_address_only():
    account = await an_account(login="lamplighter", password=PASSWORD)
    for _ in range(BY_LOGIN.free + 3):
        with pytest.raises(Refused):
            await log_in("lamplighter", "wrong", address="192.0.2.7")
    assert (await log_in("lamplighter", PASSWORD, address="198.51.100.1")).id == account.id
    await change_password(Viewer(account.id), PASSWORD, "another fine one, quite")


async def test_guesses_at_a_login_from_everywhere_come_to_an_end():
    await Attempt.create(
        key=BY_NAME.key("lamplighter"), count=BY_NAME.free - 1, last_at=datetime.now(UTC), open_at=datetime.now(UTC)
    )
    codes: list[RefusalCode] = []
    for number in (1, 2):
        with pytest.raises(Refused) as refused:
            await log_in("lamplighter", "wrong", address=f"192.0.2.{number}")
        codes.append(refused.value.code)
    assert codes == [RefusalCode.UNAUTHENTICATED, RefusalCode.RATE_LIMITED]


async def test_a_host_that_changes_its_ipv6_address_is_counted_as_one():
    for number in range(BY_LOGIN.free):
        with pytest.raises(Refused):
            await log_in(f"name-{number}", "wrong", address=f"2001:db8::{number:x}")
    assert (await Attempt.get(key=BY_ADDRESS.key("2001:db8::/64"))).count == BY_LOGIN.free
