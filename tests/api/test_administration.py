"""What administrators do, and what the tokens they give out are good for, as clients see it."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from domain.access import Role
from models import Account, ApiToken, Compound, Fact, IntakeKey, Organisation, Place
from models.identities import identity_digest
from models.keys import create_intake_key
from models.viewers import viewer_of
from settings import Settings
from tests.api.doors import a_client, a_wire, an_officer, ask, bearer, opened
from tests.builders import a_company_serving, a_compound, a_street, an_account
from tests.waiting import until

PASSWORD = "a good long password"
ERRORS = "errors { code field }"


class World:
    street: Place
    compound: Compound
    company: Organisation
    administrator: Account
    authorization: str
    client: httpx2.AsyncClient

    async def say(self, query: str, authorization: str | None = None, **variables: Any) -> Any:
        headers = {"authorization": authorization or self.authorization}
        response = await ask(self.client, {"query": query, "variables": variables}, accept_language="en", **headers)
        return response.json()["data"] if response.status_code == 200 else response.status_code

    async def act(self, field: str, selection: str, authorization: str | None = None, **given: Any) -> Any:
        kind = field[0].upper() + field[1:] + "Input"
        query = f"mutation ($i: {kind}!) {{ {field}(input: $i) {{ {selection} {ERRORS} }} }}"
        answer = await self.say(query, authorization, i=given)
        return answer[field]

    async def a_service(self) -> str:
        given = {"organisationId": self.company.id, "login": "gateway-1", "name": "Gateway"}
        payload = await self.act("serviceAccountCreate", "account { id kind login }", **given)
        assert payload["errors"] == []
        assert payload["account"]["kind"] == "SERVICE"
        return payload["account"]["id"]

    async def a_token(self, account_id: str, **given: Any) -> Any:
        return await self.act(
            "apiTokenCreate", "secret token { id hint scope expiresAt lastUsedAt }", accountId=account_id, **given
        )


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def world(app: Starlette, database: Settings) -> AsyncGenerator[World]:
    made = World()
    made.compound = await a_compound()
    made.street = await Place.get(id=made.compound.street_id)
    made.company = await a_company_serving(made.compound)
    made.administrator = await an_account(Role.ADMINISTRATOR, place=made.street)
    made.authorization = await bearer(made.administrator, database)
    async with a_client(app) as made.client:
        yield made


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_a_service_account_reads_with_its_token_what_its_organisation_serves(world: World) -> None:
    made = await world.a_token(await world.a_service())
    assert made["errors"] == []
    assert (made["token"]["scope"], made["token"]["lastUsedAt"]) == ("READ", None)
    assert made["secret"].endswith(made["token"]["hint"])
    seen = await world.say(
        "{ viewer { scope roles { role } sessions { id } } compounds { nodes { id } } }", f"Bearer {made['secret']}"
    )
    assert seen["viewer"] == {"scope": "READ", "roles": [{"role": "INTEGRATION"}], "sessions": []}
    assert seen["compounds"]["nodes"] == [{"id": world.compound.id}]
    assert (await ApiToken.get()).last_used_at is not None
    assert made["secret"] not in str([dict(row) for row in [*await ApiToken.all(), *await Fact.all()]])


async def test_the_use_of_a_token_is_noted_once_a_minute(world: World) -> None:
    secret = (await world.a_token(await world.a_service()))["secret"]
    await world.say("{ viewer { id } }", f"Bearer {secret}")
    first = (await ApiToken.get()).last_used_at
    await world.say("{ viewer { id } }", f"Bearer {secret}")
    assert (await ApiToken.get()).last_used_at == first
    await ApiToken.all().update(last_used_at=datetime.now(UTC) - timedelta(minutes=2))
    await world.say("{ viewer { id } }", f"Bearer {secret}")
    again = (await ApiToken.get()).last_used_at
    assert first is not None
    assert again is not None
    assert again >= first


async def test_a_token_for_reading_does_nothing(world: World) -> None:
    service = await world.a_service()
    for scope, code in (("READ", "FORBIDDEN"), ("WRITE", "NOT_FOUND")):
        secret = (await world.a_token(service, scope=scope))["secret"]
        payload = await world.act("alertAcknowledge", "alert { id }", f"Bearer {secret}", id="alr_none")
        assert codes(payload) == [code]


async def test_a_token_ends_when_it_is_revoked_expired_or_its_account_closed(world: World) -> None:
    service = await world.a_service()
    made = [await world.a_token(service, days=1) for _ in range(3)]
    tokens = [f"Bearer {each['secret']}" for each in made]
    assert codes(await world.act("apiTokenRevoke", "token { revokedAt }", id=made[0]["token"]["id"])) == []
    long_ago = datetime.now(UTC) - timedelta(days=2)
    await ApiToken.filter(id=made[1]["token"]["id"]).update(created_at=long_ago, expires_at=long_ago + timedelta(days=1))
    query = "{ viewer { id } }"
    assert [await world.say(query, token) for token in tokens] == [401, 401, {"viewer": {"id": service}}]
    assert codes(await world.act("accountDisable", "account { disabledAt }", id=service)) == []
    assert await world.say(query, tokens[2]) == 401
    assert codes(await world.act("accountEnable", "account { disabledAt }", id=service)) == []
    assert await world.say(query, tokens[2]) == {"viewer": {"id": service}}


@pytest.mark.parametrize("secret", ["stk_", "stk_" + "a" * 43, "stk_" + "a" * 42, "stk_" + "a" * 5_000, "stk_\x00"])
async def test_a_token_that_nobody_made_is_401(world: World, secret: str) -> None:
    await world.a_token(await world.a_service())
    assert await world.say("{ viewer { id } }", f"Bearer {secret}") == 401


async def test_two_tokens_overlap_while_one_takes_the_place_of_the_other(world: World) -> None:
    old = await world.a_token(await world.a_service(), scope="WRITE", days=30)
    for hours, still in ((2, True), (0, False)):
        new = await world.act("apiTokenRotate", "secret token { id scope }", id=old["token"]["id"], overlapHours=hours)
        assert new["errors"] == []
        assert new["token"]["scope"] == "WRITE"
        answers = [await world.say("{ viewer { scope } }", f"Bearer {each['secret']}") for each in (old, new)]
        assert answers == [{"viewer": {"scope": "WRITE"}} if still else 401, {"viewer": {"scope": "WRITE"}}]
        if still:
            ends = (await ApiToken.get(id=old["token"]["id"])).expires_at
            assert timedelta(hours=1) < ends - datetime.now(UTC) <= timedelta(hours=2)
            lasts = await ApiToken.get(id=new["token"]["id"])
            assert lasts.expires_at - lasts.created_at == timedelta(days=30)
    assert codes(await world.act("apiTokenRotate", "token { id }", id=old["token"]["id"])) == ["ILLEGAL_MOVE"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"days": 0}, "days"), ({"days": 367}, "days"), ({"days": -1}, "days"), ({"scope": "PASSWORD"}, "scope")],
)
async def test_a_token_beyond_measure_is_refused(world: World, given: dict[str, Any], field: str) -> None:
    payload = await world.a_token(await world.a_service(), **given)
    assert payload["errors"] == [{"code": "INVALID", "field": [field]}]


async def test_a_person_has_no_api_token(world: World) -> None:
    payload = await world.a_token((await an_account(street_id=world.street.id)).id)
    assert payload["errors"] == [{"code": "INVALID", "field": ["accountId"]}]


@pytest.mark.parametrize("login", ["x", "Gateway", "a b c", "-ab", ""])
async def test_a_service_account_has_a_plain_login_of_its_own(world: World, login: str) -> None:
    given = {"organisationId": world.company.id, "name": "Gateway"}
    payload = await world.act("serviceAccountCreate", "account { id }", **given, login=login)
    assert payload["errors"] == [{"code": "INVALID", "field": ["login"]}]
    await world.a_service()
    taken = await world.act("serviceAccountCreate", "account { id }", **given, login="gateway-1")
    assert taken["errors"] == [{"code": "CONFLICT", "field": ["login"]}]


async def test_a_key_is_made_rotated_with_overlap_and_closed(world: World) -> None:
    made = await world.act("keyCreate", "secret key { id hint organisation { id } }", organisationId=world.company.id)
    assert made["key"]["organisation"] == {"id": world.company.id}
    new = await world.act("keyRotate", "secret key { id expiresAt }", id=made["key"]["id"], overlapHours=1)
    assert new["errors"] == []
    assert [(await IntakeKey.get(id=each["key"]["id"])).valid(datetime.now(UTC)) for each in (made, new)] == [True, True]
    ends = (await IntakeKey.get(id=made["key"]["id"])).expires_at
    assert ends is not None
    assert timedelta(minutes=50) < ends - datetime.now(UTC) <= timedelta(hours=1)
    assert codes(await world.act("keyRevoke", "key { revokedAt }", id=made["key"]["id"])) == []
    assert [(await IntakeKey.get(id=each["key"]["id"])).valid(datetime.now(UTC)) for each in (made, new)] == [False, True]
    assert codes(await world.act("keyRotate", "key { id }", id=made["key"]["id"])) == ["ILLEGAL_MOVE"]
    assert codes(await world.act("keyRotate", "key { id }", id=new["key"]["id"], overlapHours=-1)) == ["INVALID"]
    facts = await Fact.filter(action__startswith="key").order_by("at").values_list("action", flat=True)
    assert facts == ["keyCreate", "keyRotate", "keyRevoke"]


async def test_an_organisation_is_admitted_to_the_broker_and_shut_out_again(world: World) -> None:
    given = {"organisationId": world.company.id}
    admitted = await world.act("brokerAdmit", "key { id hint door sourcePrefix }", **given, sourcePrefix="mqtt:")
    key = admitted["key"]
    assert (key["door"], key["hint"], key["sourcePrefix"]) == ("MQTT", "", "mqtt:")
    again = await world.act("brokerAdmit", "key { id }", **given)
    assert again["errors"] == [{"code": "CONFLICT", "field": ["organisationId"]}]
    past = await world.act("brokerAdmit", "key { id }", **given, expiresAt="2026-01-01T00:00:00+08:00")
    assert codes(past) == ["CONFLICT"]
    assert codes(await world.act("keyRotate", "key { id }", id=key["id"])) == ["ILLEGAL_MOVE"]
    assert codes(await world.act("keyRevoke", "key { revokedAt }", id=key["id"])) == []
    assert codes(await world.act("brokerAdmit", "key { id }", **given)) == []
    assert await Fact.filter(action="brokerAdmit").count() == 2


async def test_only_administrators_of_the_street_do_this_and_foreign_ids_answer_as_absent_ones(
    world: World, database: Settings
) -> None:
    service = await world.a_service()
    token = (await world.a_token(service))["token"]["id"]
    key = (await create_intake_key(world.company))[0].id
    acts: dict[str, dict[str, Any]] = {
        "accountDisable": {"id": service},
        "accountEnable": {"id": service},
        "accountResetPassword": {"id": service},
        "accountLinkIdentity": {"id": service, "issuer": "https://login.example.com", "subject": "s"},
        "accountUnlinkIdentity": {"id": service, "issuer": "https://login.example.com"},
        "serviceAccountCreate": {"organisationId": world.company.id, "login": "another", "name": "x"},
        "apiTokenCreate": {"accountId": service},
        "apiTokenRotate": {"id": token},
        "apiTokenRevoke": {"id": token},
        "keyCreate": {"organisationId": world.company.id},
        "brokerAdmit": {"organisationId": world.company.id},
        "keyRotate": {"id": key},
        "keyRevoke": {"id": key},
    }
    auditor = await bearer(await an_account(Role.AUDITOR, place=world.street), database)
    foreigner = await bearer(await an_account(Role.ADMINISTRATOR, place=await a_street()), database)
    for field, given in acts.items():
        assert codes(await world.act(field, "__typename", auditor, **given)) == ["FORBIDDEN"], field
        foreign = await world.act(field, "__typename", foreigner, **given)
        absent = await world.act(
            field,
            "__typename",
            foreigner,
            **{name: value[:-2] + "00" if "_" in value else value for name, value in given.items()},
        )
        assert foreign == absent, field
        assert codes(foreign) == ["NOT_FOUND"], field
    assert not await Account.filter(login="another").exists()


async def test_a_subject_stands_for_one_account_until_it_is_unlinked(world: World) -> None:
    officer, other = [await an_officer(world.street) for _ in range(2)]
    issuer, subject = "https://login.example.com", "s-1"
    digest = identity_digest(issuer, subject)
    linked = await world.act("accountLinkIdentity", "account { id }", id=officer.id, issuer=issuer, subject=subject)
    assert linked == {"account": {"id": officer.id}, "errors": []}
    viewer = await viewer_of(digest)
    assert viewer is not None
    assert viewer.account_id == officer.id
    again = await world.act("accountLinkIdentity", "account { id }", id=other.id, issuer=issuer, subject=subject)
    assert again["errors"] == [{"code": "CONFLICT", "field": ["subject"]}]
    for _ in range(2):
        assert codes(await world.act("accountUnlinkIdentity", "account { id }", id=officer.id, issuer=issuer)) == []
    assert await viewer_of(digest) is None
    actions = await Fact.filter(subject_id=officer.id).order_by("at").values_list("action", flat=True)
    assert actions == ["accountLinkIdentity", "accountUnlinkIdentity"]
    assert subject not in str([(fact.before, fact.after) for fact in await Fact.all()])


async def test_an_account_does_not_close_itself(world: World) -> None:
    assert codes(await world.act("accountDisable", "account { id }", id=world.administrator.id)) == ["ILLEGAL_MOVE"]


async def test_a_closed_accounts_socket_closes(app: Starlette, world: World, database: Settings) -> None:
    officer = await an_officer(world.street)
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        await until(lambda: officer.id in app.state.door.feed._watched)
        assert codes(await world.act("accountDisable", "account { id }", id=officer.id)) == []
        assert await wire.closing() == 4403


async def test_whoever_gets_a_temporary_password_must_change_it_before_anything_else(world: World) -> None:
    officer = await an_officer(world.street)
    reset = await world.act("accountResetPassword", "secret account { id }", id=officer.id)
    query = "mutation ($i: LogInInput!) { logIn(input: $i) { token passwordChangeRequired } }"
    opened = (await world.say(query, i={"login": officer.login, "password": reset["secret"]}))["logIn"]
    assert opened["passwordChangeRequired"] is True
    token = f"Bearer {opened['token']}"
    seen = await world.say("{ viewer { scope roles { role } sessions { id } } compounds { nodes { id } } }", token)
    assert seen == {"viewer": {"scope": "PASSWORD", "roles": [], "sessions": []}, "compounds": {"nodes": []}}
    for field in ("logOut", "logOutEverywhere", "accountDisable"):
        given = {"id": officer.id} if field == "accountDisable" else {}
        assert codes(await world.act(field, "__typename", token, **given)) == ["FORBIDDEN"]
    weak = {"current": reset["secret"], "new": "password1234"}
    assert (await world.act("passwordChange", "done", token, **weak))["errors"] == [{"code": "INVALID", "field": ["new"]}]
    changed = await world.act("passwordChange", "done", token, current=reset["secret"], new="correct horse battery")
    assert changed == {"done": True, "errors": []}
    assert (await world.say("{ viewer { scope } compounds { nodes { id } } }", token)) == {
        "viewer": {"scope": "WRITE"},
        "compounds": {"nodes": [{"id": world.compound.id}]},
    }


async def test_the_anonymous_have_no_password_to_change(world: World) -> None:
    query = 'mutation { passwordChange(input: {current: "x", new: "y"}) { done errors { code } } }'
    response = await ask(world.client, {"query": query})
    assert response.json()["data"]["passwordChange"] == {"done": False, "errors": [{"code": "UNAUTHENTICATED"}]}


async def test_an_intake_key_may_be_given_an_end(world: World) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    given = {"organisationId": world.company.id, "sourcePrefix": "//iot.example/"}
    made = await world.act("keyCreate", "key { expiresAt }", **given, expiresAt=ends.isoformat())
    assert made["errors"] == []
    assert datetime.fromisoformat(made["key"]["expiresAt"]) == ends
    past = await world.act("keyCreate", "key { id }", **given, expiresAt="2026-01-01T00:00:00+08:00")
    assert [(error["code"], error["field"]) for error in past["errors"]] == [("INVALID", ["expiresAt"])]
    assert await IntakeKey.filter(organisation_id=world.company.id).count() == 1
