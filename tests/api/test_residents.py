"""Registration by invitation: a code from those on duty, good once and for a while, makes an account bound to its home."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.access import ANONYMOUS, Reach, Role
from models import Account, Attempt, Fact, Invitation, Mandate, RoleBinding
from models.accounts import log_in
from models.attempts import BY_CODE
from models.calendar import today
from models.invitations import MOST_OPEN
from models.viewers import viewer_of
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_building, a_home, a_unit
from tests.models.ticket_world import World, a_world, somebody

PASSWORD = "correct horse battery"


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(world: World, database: Settings) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as client:
        yield client


async def a_code(world: World, client: Client) -> str:
    client.viewer = world.manager
    payload = await client.act("residentInvite", "code expiresAt home { id }", homeId=world.home.id)
    assert (payload["errors"], payload["home"]) == ([], {"id": world.home.id})
    client.viewer = ANONYMOUS
    return payload["code"]


async def register(client: Client, code: str, **changed: Any) -> dict[str, Any]:
    given = {"code": code, "login": "li.wei", "password": PASSWORD, "name": "Somebody"} | changed
    return await client.act("registerResident", "done", **given)


async def test_an_invited_resident_registers_and_reaches_the_home(world: World, client: Client):
    code = await a_code(world, client)
    assert await register(client, code.lower().replace("-", " ")) == {"done": True, "errors": []}
    account = await log_in("li.wei", PASSWORD)
    viewer = await viewer_of(account.id)
    assert viewer is not None
    assert viewer.roles == {Role.RESIDENT}
    assert viewer.ids(Role.RESIDENT, Reach.HOME) == (world.home.id,)
    invitation = await Invitation.get()
    assert (invitation.account_id, invitation.invited_by_id) == (account.id, world.manager.account_id)
    facts = await Fact.all().order_by("at")
    assert [(fact.action, fact.subject_id) for fact in facts] == [
        ("residentInvite", world.home.id),
        ("registerResident", account.id),
    ]
    told = str([dict(row) for row in [*facts, invitation]])
    assert not any(secret in told for secret in (code, code.replace("-", ""), "li.wei", "Somebody", PASSWORD))


async def test_a_code_that_is_spent_over_or_unknown_is_refused_in_the_same_words(world: World, client: Client):
    spent, over = await a_code(world, client), await a_code(world, client)
    assert (await register(client, spent))["done"]
    long_ago = datetime.now(UTC) - timedelta(days=20)
    await Invitation.filter(used_at=None).update(created_at=long_ago, expires_at=long_ago + timedelta(days=14))
    codes = [spent, over, "ABCDE-FGHJK-LMNPQ-RSTUV", "", "x" * 100_000, "' OR 1=1 --"]
    answers = [await register(client, code, login=f"other-{n}") for n, code in enumerate(codes)]
    assert [answer["errors"][0]["code"] for answer in answers] == ["NOT_FOUND"] * len(codes)
    assert len({str(answer) for answer in answers}) == 1
    assert await Account.filter(login__startswith="other").count() == 0


@pytest.mark.parametrize("left", ["the company's mandate", "the company", "the account"])
async def test_a_code_is_good_as_long_as_whoever_invited_may_invite_there(world: World, client: Client, left: str):
    code = await a_code(world, client)
    match left:
        case "the company's mandate":
            await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - timedelta(days=1))
        case "the company":
            await RoleBinding.filter(account_id=world.manager.account_id).update(ends_on=today() - timedelta(days=1))
        case _:
            await Account.filter(id=world.manager.account_id).update(disabled_at=datetime.now(UTC))
    unknown = await register(client, "ABCDE-FGHJK-LMNPQ-RSTUV")
    assert unknown["errors"][0]["code"] == "NOT_FOUND"
    assert await register(client, code) == unknown
    assert await Account.filter(login="li.wei").count() == 0


async def test_a_home_has_a_few_open_invitations_at_one_time(world: World, client: Client):
    codes = [await a_code(world, client) for _ in range(MOST_OPEN)]
    client.viewer = world.manager
    refused = await client.act("residentInvite", "code", homeId=world.home.id)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("CONFLICT", ["homeId"])]
    assert (await register(client, codes[0]))["done"]
    await a_code(world, client)


async def test_one_code_makes_one_account_however_many_come_at_once(world: World, client: Client):
    code = await a_code(world, client)
    answers = await asyncio.gather(*(register(client, code, login=f"li-{n}") for n in range(4)))
    assert sum(answer["done"] for answer in answers) == 1
    assert await Account.filter(login__startswith="li-").count() == 1


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"password": "short"}, "INVALID", "password"),
        ({"password": "password1234"}, "INVALID", "password"),
        ({"password": "li.wei is my name"}, "INVALID", "password"),
        ({"login": "李伟"}, "INVALID", "login"),
        ({"login": ""}, "INVALID", "login"),
        ({"name": " "}, "INVALID", "name"),
        ({"name": "n" * 61}, "INVALID", "name"),
        ({"login": "taken"}, "CONFLICT", "login"),
    ],
)
async def test_what_is_wrong_with_the_account_leaves_the_code_good(
    world: World, client: Client, changed: dict[str, Any], code: str, field: str
):
    assert (await register(client, await a_code(world, client), login="taken"))["done"]
    invited = await a_code(world, client)
    errors = (await register(client, invited, **changed))["errors"]
    assert [(error["code"], error["field"]) for error in errors] == [(code, [field])]
    assert (await register(client, invited))["done"]


async def test_guessing_codes_grows_slow_for_an_address_even_with_the_right_one(world: World, client: Client):
    code = await a_code(world, client)
    for _ in range(BY_CODE.free):
        assert (await register(client, "ABCDE-FGHJK-LMNPQ-RSTUV"))["errors"][0]["code"] == "NOT_FOUND"
    assert (await register(client, code))["errors"][0]["code"] == "RATE_LIMITED"
    await Attempt.all().update(open_at=datetime.now(UTC))
    assert (await register(client, code))["done"]


@pytest.mark.parametrize(
    ("role", "bound", "code"),
    [
        (Role.COMPANY_STAFF, "company", None),
        (Role.COMMUNITY_STAFF, "community", None),
        (Role.COMMITTEE_MEMBER, "compound", None),
        (Role.RESIDENT, "home", "FORBIDDEN"),
        (Role.AUDITOR, "street", "FORBIDDEN"),
        (Role.ADMINISTRATOR, "street", "NOT_FOUND"),
    ],
)
async def test_those_invite_who_work_or_speak_for_the_compound(
    world: World, client: Client, role: Role, bound: str, code: str | None
):
    kind = {"company": "organisation", "community": "place", "street": "place"}.get(bound, bound)
    client.viewer = await somebody(role, **{kind: getattr(world, bound)})
    payload = await client.act("residentInvite", "code", homeId=world.home.id)
    assert [error["code"] for error in payload["errors"]] == ([code] if code else [])
    assert (payload["code"] is None) == (code is not None)


async def test_nobody_is_invited_to_a_home_elsewhere(world: World, client: Client):
    foreign = await a_home(await a_unit(await a_building(world.unserved)))
    answers = [await client.act("residentInvite", "code", homeId=id_) for id_ in (foreign.id, "hom_none", "")]
    assert [answer["errors"][0]["code"] for answer in answers] == ["NOT_FOUND"] * 3
    assert len({str(answer) for answer in answers}) == 1


async def test_a_retried_invitation_shows_no_code(world: World, client: Client):
    given = {"homeId": world.home.id, "idempotencyKey": "k1"}
    first, retry = [await client.act("residentInvite", "code home { id }", **given) for _ in range(2)]
    assert first["code"]
    assert (retry["code"], retry["home"]) == (None, {"id": world.home.id})
    assert await Invitation.all().count() == 1
