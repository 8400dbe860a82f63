"""Changing a password, and being given a temporary one."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from argon2 import PasswordHasher

from domain.access import Role, Scope, Viewer
from domain.accounts import AccountKind
from domain.refusals import RefusalCode
from models import Account, AccountSession, Fact, Place, accounts, passwords
from models.accounts import log_in
from models.attempts import BY_ACCOUNT
from models.facts import Actor
from models.passwords import change_password, reset_password, reset_password_of
from models.sessions import open_session
from models.viewers import viewer_of
from settings import Settings
from tests.builders import a_session, a_street, an_account
from tests.models.ticket_world import refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

OLD, NEW = "a good long password", "another fine one, quite"


@pytest.fixture(autouse=True)
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
async def account(database: Settings) -> Account:
    return await an_account(login="lamplighter", password=OLD)


async def viewer_in(session: AccountSession) -> Viewer:
    viewer = await viewer_of(session.id)
    assert viewer is not None
    return viewer


async def test_a_changed_password_opens_and_ends_the_other_sessions(account: Account):
    here, there = await a_session(account), await a_session(account)
    await change_password(await viewer_in(here), OLD, NEW)
    assert (await log_in("lamplighter", NEW)).id == account.id
    assert (await refusal(log_in("lamplighter", OLD))).code is RefusalCode.UNAUTHENTICATED
    assert await viewer_of(here.id) is not None
    assert await viewer_of(there.id) is None
    fact = await Fact.get(action="passwordChange")
    assert (fact.actor, fact.subject_id, fact.before, fact.after) == (account.id, account.id, None, None)


@pytest.mark.parametrize(
    ("current", "new", "code", "path"),
    [
        ("wrong", NEW, RefusalCode.UNAUTHENTICATED, ("current",)),
        ("", NEW, RefusalCode.UNAUTHENTICATED, ("current",)),
        (OLD + "x" * 400, NEW, RefusalCode.UNAUTHENTICATED, ("current",)),
        (OLD, "short", RefusalCode.INVALID, ("new",)),
        (OLD, "lamplighter and more", RefusalCode.INVALID, ("new",)),
        (OLD, OLD, RefusalCode.INVALID, ("new",)),
    ],
)
async def test_nothing_changes_when_one_of_the_two_is_no_good(
    account: Account, current: str, new: str, code: RefusalCode, path: tuple[str, ...]
):
    refused = await refusal(change_password(Viewer(account.id), current, new))
    assert (refused.code, refused.path) == (code, path)
    assert (await Account.get(id=account.id)).password_hash == account.password_hash


async def test_guessing_the_current_password_grows_slow_like_logging_in(account: Account):
    for _ in range(BY_ACCOUNT.free):
        assert (await refusal(change_password(Viewer(account.id), "wrong", NEW))).code is RefusalCode.UNAUTHENTICATED
    assert (await refusal(change_password(Viewer(account.id), OLD, NEW))).code is RefusalCode.RATE_LIMITED


async def test_a_temporary_password_is_good_for_choosing_another_and_nothing_else(account: Account):
    before = await a_session(account)
    temporary = await reset_password(account, Actor("system:cli"))
    assert len(temporary) == 19
    assert await viewer_of(before.id) is None
    assert (await log_in("lamplighter", temporary)).must_change_password
    session = await a_session(account)
    viewer = await viewer_in(session)
    assert (viewer.scope, dict(viewer.reach)) == (Scope.PASSWORD, {})
    await change_password(viewer, temporary, NEW)
    assert (await viewer_in(session)).scope is Scope.WRITE


async def test_whoever_must_change_the_password_reaches_nothing_until_then(database: Settings):
    street = await a_street()
    officer = await an_account(Role.STREET_OFFICER, place=street, must_change_password=True)
    session = await a_session(officer)
    assert (await viewer_in(session)).roles == frozenset()
    await Account.filter(id=officer.id).update(must_change_password=False)
    assert (await viewer_in(session)).roles == {Role.STREET_OFFICER}


async def test_an_administrator_resets_the_passwords_of_the_street_and_no_other(account: Account):
    street = await a_street()
    own = await an_account(Role.GRID_WORKER, place=street)
    administrator = await somebody(Role.ADMINISTRATOR, place=street)
    _, password = await reset_password_of(administrator, own.id)
    assert (await log_in(own.login, password)).id == own.id
    assert (await refusal(reset_password_of(administrator, account.id))).code is RefusalCode.NOT_FOUND
    officer = await somebody(Role.STREET_OFFICER, place=street)
    assert (await refusal(reset_password_of(officer, own.id))).code is RefusalCode.FORBIDDEN
    facts = await Fact.filter(action="accountResetPassword")
    assert [(fact.actor, fact.subject_id) for fact in facts] == [(administrator.account_id, own.id)]
    assert password not in str([vars(fact) for fact in facts])


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Awaitable[Any]]) -> None:
    """While the next password is hashed, something happens."""
    hashed = passwords.hashed

    async def slowly(password: str) -> str:
        monkeypatch.setattr(passwords, "hashed", hashed)
        await happens()
        return await hashed(password)

    monkeypatch.setattr(passwords, "hashed", slowly)


async def test_a_change_in_flight_does_not_undo_an_administrators_reset(account: Account, monkeypatch: pytest.MonkeyPatch):
    given: list[str] = []

    async def reset() -> None:
        given.append(await reset_password(account, Actor("system:cli")))

    meanwhile(monkeypatch, reset)
    refused = await refusal(change_password(await viewer_in(await a_session(account)), OLD, NEW))
    assert (refused.code, refused.path) == (RefusalCode.UNAUTHENTICATED, ("current",))
    assert (await log_in("lamplighter", given[0])).must_change_password


async def test_a_change_in_flight_does_not_pass_a_closed_account(account: Account, monkeypatch: pytest.MonkeyPatch):
    meanwhile(monkeypatch, lambda: Account.filter(id=account.id).update(disabled_at=datetime.now(UTC)))
    refused = await refusal(change_password(Viewer(account.id), OLD, NEW))
    assert refused.code is RefusalCode.UNAUTHENTICATED


async def test_no_account_is_locked_while_its_next_password_is_hashed(
    account: Account, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    administrator = await somebody(Role.ADMINISTRATOR, place=await Place.get(id=account.street_id))
    other: Any = await asyncpg.connect(settings.database_url)
    locked: list[str] = []

    async def lock() -> None:
        locked.append(await other.fetchval("SELECT id FROM account WHERE id = $1 FOR UPDATE NOWAIT", account.id))

    try:
        meanwhile(monkeypatch, lock)
        await reset_password_of(administrator, account.id)
    finally:
        await other.close()
    assert locked == [account.id]


@pytest.mark.parametrize("happens", ["reset", "changed", "closed", "gone"])
async def test_a_log_in_in_flight_opens_nothing_once_the_password_is_another(account: Account, happens: str):
    checked = await log_in("lamplighter", OLD)
    match happens:
        case "reset":
            await reset_password(account, Actor("system:cli"))
        case "changed":
            await change_password(Viewer(account.id), OLD, NEW)
        case "closed":
            await Account.filter(id=account.id).update(disabled_at=datetime.now(UTC))
        case _:
            await account.delete()
    refused = await refusal(open_session(checked, "Firefox", lasts=timedelta(days=1)))
    assert refused.code is RefusalCode.UNAUTHENTICATED
    assert refused.message == (await refusal(log_in("lamplighter", "wrong"))).message
    assert await AccountSession.filter(revoked_at=None).count() == 0


async def test_a_log_in_that_hashes_the_password_anew_opens_a_session(account: Account, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    session, _ = await open_session(await log_in("lamplighter", OLD), "Firefox", lasts=timedelta(days=1))
    assert (await viewer_in(session)).account_id == account.id
    assert (await Account.get(id=account.id)).password_hash != account.password_hash


async def test_a_service_account_has_no_password(database: Settings):
    service = await an_account(kind=AccountKind.SERVICE)
    assert (await refusal(reset_password(service, Actor("system:cli")))).code is RefusalCode.INVALID
