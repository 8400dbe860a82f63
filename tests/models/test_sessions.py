"""Sessions: refreshed by tokens that are good once, ended by their owner, and by a spent token that comes back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from models import Account, AccountSession, Fact, RefreshToken
from models.ids import new_id
from models.sessions import (
    forget_old_sessions,
    log_out,
    log_out_everywhere,
    open_session,
    refresh_session,
    revoke_session,
    sessions_of,
)
from models.viewers import viewer_of
from settings import Settings
from tests.builders import a_session, an_account

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


@pytest.fixture
async def account(database: Settings) -> Account:
    return await an_account()


async def refused(refresh_token: str) -> str:
    with pytest.raises(Refused) as refusal:
        await refresh_session(refresh_token)
    assert refusal.value.code is RefusalCode.UNAUTHENTICATED
    return refusal.value.message.en


async def test_a_log_in_opens_a_session_and_leaves_a_fact_without_secrets(account: Account):
    session, token = await open_session(account, "Firefox", lasts=DAY)
    assert session.expires_at - session.created_at == DAY
    fact = await Fact.get(action="logIn")
    assert (fact.actor, fact.subject_id) == (account.id, account.id)
    assert fact.after == {"session": session.id, "client": "Firefox"}
    assert token not in str([dict(row) for row in await RefreshToken.all()])


async def test_a_session_finds_its_account_until_it_is_over(account: Account):
    session, _ = await open_session(account, "Firefox", lasts=DAY)
    viewer = await viewer_of(session.id)
    assert viewer is not None
    assert (viewer.account_id, viewer.session_id) == (account.id, session.id)
    await AccountSession.all().update(created_at=datetime.now(UTC) - 2 * DAY, expires_at=datetime.now(UTC))
    assert await viewer_of(session.id) is None


async def test_each_refresh_token_is_good_for_one_use(account: Account):
    session, first = await open_session(account, "Firefox", lasts=DAY)
    same, second = await refresh_session(first)
    assert (same.id, same.expires_at) == (session.id, session.expires_at)
    assert same.last_used_at > session.last_used_at
    assert second != first
    _, third = await refresh_session(second)
    assert third not in {first, second}


async def test_a_spent_token_that_comes_back_ends_the_session_for_both_hands(account: Account):
    session, stolen = await open_session(account, "Firefox", lasts=DAY)
    other, _ = await open_session(account, "Chrome", lasts=DAY)
    _, held = await refresh_session(stolen)
    said = {await refused(stolen), await refused(held), await refused(stolen)}
    assert said == {"The refresh token is not valid, or no longer."}
    assert await viewer_of(session.id) is None
    assert await viewer_of(other.id) is not None
    fact = await Fact.get(action="sessionTheft")
    assert (fact.actor, fact.subject_id, fact.after) == ("system:sessions", account.id, {"sessions": [session.id]})


async def test_a_token_that_is_used_twice_at_once_ends_the_session(account: Account):
    session, token = await open_session(account, "Firefox", lasts=DAY)
    both = await asyncio.gather(refresh_session(token), refresh_session(token), return_exceptions=True)
    assert sum(isinstance(each, Refused) for each in both) == 1
    assert (await AccountSession.get(id=session.id)).revoked_at is not None


@pytest.mark.parametrize("token", ["", "rft_", "rft_" + "a" * 43, "\ud800", "\0", "x" * 100_000])
async def test_an_unknown_token_is_refused_in_the_same_words(account: Account, token: str):
    await open_session(account, "Firefox", lasts=DAY)
    assert await refused(token) == "The refresh token is not valid, or no longer."


async def test_no_token_outlives_its_session_or_its_account(account: Account):
    for change in ("revoked", "expired", "disabled"):
        session, token = await open_session(account, "Firefox", lasts=DAY)
        now = datetime.now(UTC)
        match change:
            case "revoked":
                await AccountSession.filter(id=session.id).update(revoked_at=now)
            case "expired":
                await AccountSession.filter(id=session.id).update(created_at=now - DAY, expires_at=now)
            case _:
                await Account.filter(id=account.id).update(disabled_at=now)
        assert await refused(token) == "The refresh token is not valid, or no longer."
        assert (await RefreshToken.get(session_id=session.id)).used_at is None


async def test_logging_out_ends_this_session_only_and_everywhere_all(account: Account):
    here, there, elsewhere = [await a_session(account) for _ in range(3)]
    stranger = await a_session(await an_account())
    viewer = Viewer(account.id, session_id=here.id)
    await log_out(viewer)
    assert [await viewer_of(each.id) is None for each in (here, there, elsewhere)] == [True, False, False]
    assert await log_out_everywhere(viewer) == 2
    assert [await viewer_of(each.id) is None for each in (here, there, elsewhere, stranger)] == [True, True, True, False]
    assert await Fact.filter(subject_id=account.id).order_by("at").values_list("action", flat=True) == [
        "logOut",
        "logOutEverywhere",
    ]


async def test_a_viewer_without_a_session_logs_out_of_nothing(account: Account):
    await log_out(Viewer(account.id))
    assert not await Fact.exists()


async def test_only_ones_own_sessions_are_ended_and_foreign_ones_answer_as_absent_ones(account: Account):
    own, foreign = await a_session(account), await a_session(await an_account())
    viewer = Viewer(account.id)
    for id_ in (foreign.id, new_id("ses"), "nonsense", "\0", "\ud800"):
        with pytest.raises(Refused) as refusal:
            await revoke_session(viewer, id_)
        assert refusal.value.code is RefusalCode.NOT_FOUND
    assert await viewer_of(foreign.id) is not None
    first = await revoke_session(viewer, own.id)
    assert (await revoke_session(viewer, own.id)).revoked_at == first.revoked_at
    assert await Fact.filter(action="sessionRevoke").count() == 1


async def test_sessions_are_listed_the_latest_used_first_without_those_that_are_over(account: Account):
    now = datetime.now(UTC)
    old = await a_session(account, last_used_at=now - DAY)
    new = await a_session(account)
    await a_session(account, revoked_at=now)
    await a_session(account, created_at=now - DAY, expires_at=now)
    await a_session(await an_account())
    assert [each.id for each in await sessions_of(account.id)] == [new.id, old.id]


async def test_sessions_long_over_are_dropped_with_their_tokens(account: Account):
    now = datetime.now(UTC)
    await a_session(account, created_at=now - 9 * DAY, expires_at=now - 8 * DAY)
    await a_session(account, revoked_at=now - 8 * DAY)
    running, _ = await open_session(account, "Firefox", lasts=DAY)
    assert await forget_old_sessions(now - 7 * DAY) == 2
    assert [each.id for each in await AccountSession.all()] == [running.id]
    await account.delete()
    assert not await RefreshToken.exists()
