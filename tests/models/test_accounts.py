"""Logging in: the right password opens, everything else is refused in the same words after the same work."""

from typing import Any

import pytest
from argon2 import PasswordHasher

from domain.refusals import RefusalCode, Refused
from models import Account, accounts, calendar
from models.accounts import hash_password, log_in
from settings import Settings
from tests.builders import an_account

pytestmark = pytest.mark.usefixtures("database")

PASSWORD = "a good long password"


@pytest.fixture(autouse=True)
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
async def account(database: Settings) -> Account:
    return await an_account(login="lamplighter", password=PASSWORD)


@pytest.mark.parametrize("login", ["lamplighter", " lamplighter "])
async def test_the_right_password_opens(account: Account, login: str):
    assert (await log_in(login, PASSWORD)).id == account.id


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("lamplighter", "wrong"),
        ("lamplighter", ""),
        ("lamplighter", PASSWORD + "x"),
        ("lamplighter", "x" * 10_000),
        ("lamplighter", "\ud800"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("lamp\0lighter", PASSWORD),
        ("\ud800", PASSWORD),
        ("passwordless", ""),
        ("disabled", PASSWORD),
    ],
)
async def test_everything_else_is_refused_in_the_same_words_after_one_hash(
    account: Account, monkeypatch: pytest.MonkeyPatch, login: str, password: str
):
    await an_account(login="passwordless")
    await an_account(login="disabled", password=PASSWORD, disabled_at=calendar.now())
    matches: Any = accounts._matches  # pyright: ignore[reportPrivateUsage]
    hashed: list[str] = []

    def counted(stored: str | None, given: str) -> bool:
        hashed.append(given)
        return matches(stored, given)

    monkeypatch.setattr(accounts, "_matches", counted)
    with pytest.raises(Refused) as refused:
        await log_in(login, password)
    assert refused.value.code is RefusalCode.UNAUTHENTICATED
    assert (refused.value.message.en, refused.value.path) == ("The login or the password is wrong.", ())
    assert len(hashed) == 1


async def test_an_unknown_login_costs_as_much_as_a_wrong_password(account: Account, monkeypatch: pytest.MonkeyPatch):
    verified: list[bool] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(True)
            return super().verify(hash, password)

    monkeypatch.setattr(accounts, "_hasher", Counting(time_cost=1, memory_cost=64, parallelism=1))
    for login in ("lamplighter", "nobody"):
        with pytest.raises(Refused):
            await log_in(login, "wrong")
    assert len(verified) == 2


async def test_a_hash_of_weaker_parameters_is_renewed_at_log_in(account: Account, monkeypatch: pytest.MonkeyPatch):
    before = (await Account.get(id=account.id)).password_hash
    await log_in("lamplighter", PASSWORD)
    assert (await Account.get(id=account.id)).password_hash == before
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    await log_in("lamplighter", PASSWORD)
    after = (await Account.get(id=account.id)).password_hash
    assert after != before
    assert (await log_in("lamplighter", PASSWORD)).id == account.id


def test_a_password_is_stored_as_argon2id_and_never_twice_alike():
    assert hash_password(PASSWORD).startswith("$argon2id$")
    assert hash_password(PASSWORD) != hash_password(PASSWORD)
