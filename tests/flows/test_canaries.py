"""Nothing personal and no secret leaves by a side door: canaries go in by every act and are searched for in every output."""

from __future__ import annotations

import io
import logging
from collections.abc import Generator
from typing import Any

import asyncpg
import pytest
import structlog
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.alerts import Severity
from domain.notices import ChannelKind
from models import Account, Channel
from models.alerts.announcing import announce_alert
from models.logs import configure_logging
from models.work import ringing
from settings import Settings
from steward.embedded import Servers
from tests.api.doors import a_client, ask, bearer, opened
from tests.builders import a_device, a_facility, an_account, an_alert
from tests.models.ticket_world import a_world

_NAME, _PHONE, _TEXT = "罗金丝雀", "13800138000", "canary-sings"
_PASSWORD, _TARGET = "canary-password-71", "canary-path"
_NUMBER = "13900007531"
_ERRORS = "errors { code field message hint }"


@pytest.fixture(params=["json", "text"])
def logged(database: Settings, request: pytest.FixtureRequest) -> Generator[io.StringIO]:
    """What the process logs at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging(database.model_copy(update={"log_level": "DEBUG", "log_json": request.param == "json"}))
    told = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(told)
    yield told
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def of_postgres(servers: Servers) -> str:
    """What the database server logs, of this session's tests."""
    return (servers.data.logs / "postgres.log").read_text("utf-8", errors="replace")


def found_in(output: str, secrets: list[str]) -> list[str]:
    return [canary for canary in (_NAME, _PHONE, _TEXT, _PASSWORD, _TARGET, *secrets) if canary in output]


async def test_no_canary_is_found_in_facts_logs_metrics_or_errors(
    database: Settings, logged: io.StringIO, servers: Servers
) -> None:
    world = await a_world()
    person = f"{_NAME} {_PHONE} {_TEXT}"
    manager = await an_account(Role.COMPANY_MANAGER, organisation=world.company, name=person, password=_PASSWORD)
    keeper = await an_account(Role.ADMINISTRATOR, place=world.street, name=person)
    facility = await a_facility(world.compound)
    alert = await an_alert(await a_device(facility=facility))
    secrets: list[str] = []
    errors: list[str] = []

    async with opened(database, production=True) as app, a_client(app) as client:
        tokens = {account.id: await bearer(account, database) for account in (manager, keeper)}
        secrets += [token.removeprefix("Bearer ") for token in tokens.values()]

        async def act(field: str, payload: str = "", by: Any = manager, **given: Any) -> dict[str, Any]:
            kind = field[0].upper() + field[1:] + "Input"
            query = f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ {payload} {_ERRORS} }} }}"
            authorization = {"authorization": tokens[by.id]} if by else {}
            answer = (await ask(client, {"query": query, "variables": {"input": given}}, **authorization)).json()
            assert "errors" not in answer, answer
            errors.append(str(answer["data"][field]["errors"]))
            return answer["data"][field]

        logged_in = await act("logIn", "token refreshToken", by=None, login=manager.login, password=_PASSWORD)
        secrets += [logged_in["token"], logged_in["refreshToken"]]
        await act("logIn", by=None, login=manager.login, password=f"{_PASSWORD}-wrong")
        await act("logIn", by=None, login=person, password=_PASSWORD)
        ticket = (
            await act(
                "ticketOpen",
                "ticket { id }",
                compoundId=world.compound.id,
                kind="COMPLAINT",
                title=f"Noise {person}",
                description=f"Call {person}",
            )
        )["ticket"]["id"]
        await act("ticketOpen", compoundId=world.compound.id, kind="COMPLAINT", title=person * 100)
        await act("ticketOpen", compoundId=_TEXT, kind="COMPLAINT", title=person)
        await act("ticketComment", id=ticket, body=f"Ring {person}")
        await act("ticketComment", id=ticket, body=f"Ring {person}", internal=True)
        for move in ("ticketAccept", "ticketStart"):
            await act(move, id=ticket)
        await act("ticketResolve", id=ticket, note=f"Told {person}")
        await act("ticketReopen", id=ticket, note=f"Told {person}")
        await act("ticketReopen", id=ticket, note=f"Told {person}")
        await act("alertClear", id=alert.id, outcome="REAL", note=f"Seen by {person}")
        await act("facilityReportStatus", id=facility.id, status="OUT_OF_SERVICE", note=f"Says {person}")
        channel = await act(
            "channelAdd",
            "secret",
            organisationId=world.company.id,
            kind="WEBHOOK",
            target=f"https://hooks.example.com/{_TARGET}?to={_PHONE}",
        )
        await act("channelAdd", organisationId=world.company.id, kind="WEBHOOK", target=f"ftp://{_TARGET}")
        key = await act("keyCreate", "secret", by=keeper, organisationId=world.company.id)
        secrets += [channel["secret"], key["secret"]]
        await _break(database)
        unstored = {"compoundId": world.compound.id, "kind": "COMPLAINT", "title": person, "description": person}
        query = "mutation ($input: TicketOpenInput!) { ticketOpen(input: $input) { ticket { id } } }"
        fault = await ask(client, {"query": query, "variables": {"input": unstored}}, authorization=tokens[manager.id])
        errors.append(fault.text)
        assert '"INTERNAL' in fault.text
        metrics = (await client.get("/metrics")).text
        facts, failures = await _told(database)
        assert len(facts) >= 12
        assert all(secrets)

    assert "CheckViolationError" in logged.getvalue()
    assert "violates check constraint" in of_postgres(servers)
    assert found_in(of_postgres(servers), secrets) == []
    assert found_in("\n".join(facts), secrets) == []
    assert found_in(metrics, secrets) == []
    assert found_in("\n".join(errors), secrets) == []
    assert found_in(logged.getvalue(), secrets) == []
    assert found_in("\n".join(failures), secrets) == []


async def _break(settings: Settings) -> None:
    """From now on the database refuses tickets, and quotes them in its refusal."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute("ALTER TABLE ticket ADD CHECK (description = '') NOT VALID")
    finally:
        await connection.close()


async def _told(settings: Settings) -> tuple[list[str], list[str]]:
    """Every fact, as text; the errors that work left."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        facts = await connection.fetch("SELECT to_jsonb(fact)::text AS told FROM fact")
        failures = await connection.fetch("SELECT coalesce(last_error, '') AS told FROM work")
        return [row["told"] for row in facts], [row["told"] for row in failures]
    finally:
        await connection.close()


async def test_numbers_and_passwords_are_in_no_column_log_metric_or_error(
    database: Settings, logged: io.StringIO, servers: Servers
) -> None:
    world = await a_world()
    manager = await an_account(Role.COMPANY_MANAGER, organisation=world.company, password=_PASSWORD)
    alert = await an_alert(await a_device(world.compound), severity=Severity.CRITICAL)
    where = {"organisation_id": world.company.id, "street_id": world.street.id}
    await Channel.create(kind=ChannelKind.WEBHOOK, hint="https://hooks.example.com", target=b"", **where)
    answers: list[str] = []

    async with opened(database) as app, a_client(app) as client:
        tokens = {"": "", "manager": await bearer(manager, database)}

        async def post(query: str, by: str, value: Any) -> dict[str, Any]:
            authorization = {"authorization": tokens[by]} if by else {}
            return (await ask(client, {"query": query, "variables": {"input": value}}, **authorization)).json()

        async def act(field: str, payload: str, by: str, **given: Any) -> dict[str, Any]:
            query = (
                f"mutation ($input: {field[0].upper()}{field[1:]}Input!) {{ {field}(input: $input) {{ {payload} {_ERRORS} }} }}"
            )
            answer = await post(query, by, given)
            assert "errors" not in answer, answer
            answers.append(str(answer["data"][field]["errors"]))
            wrong = [given | {"surprise": _NUMBER}, {name: [_NUMBER, _PASSWORD] for name in given}, _PASSWORD, [int(_NUMBER)]]
            answers.extend([str(await post(query, by, shape)) for shape in wrong])
            return answer["data"][field]

        code = (await act("residentInvite", "code", "manager", homeId=world.home.id))["code"]
        resident = {"code": code, "login": "li.wei", "password": _PASSWORD, "name": "Li Wei", "phone": _NUMBER}
        await act("registerResident", "done", "", **resident | {"phone": f"{_NUMBER}x"})
        assert (await act("registerResident", "done", "", **resident))["done"]
        tokens["resident"] = await bearer(await Account.get(login="li.wei"), database)
        await act("phoneChange", "phone", "resident", phone=f"+86 {_NUMBER}")
        await act("passwordChange", "done", "resident", current=_PASSWORD, new=f"{_PASSWORD}-new")
        asked = {"compoundId": world.compound.id, "kind": "REPAIR", "title": "No water", "contactPhone": _NUMBER}
        ticket = (await act("ticketOpen", "ticket { id contactPhone }", "resident", **asked, idempotencyKey="1"))["ticket"]
        assert ticket["contactPhone"] == "139****7531"
        told = await act("unmask", "phone", "manager", id=ticket["id"], reason="CALL_BACK")
        assert told["phone"] == f"+86{_NUMBER}"
        found = await act("findByPhone", "ids", "manager", phone=_NUMBER, reason="CALL_BACK")
        assert found["ids"] == [ticket["id"]]
        async with ringing(), in_transaction():
            assert await announce_alert(alert)
        await _refuse_numbers(database)
        query = "mutation ($input: PhoneChangeInput!) { phoneChange(input: $input) { phone } }"
        answers.append(str(await post(query, "resident", {"phone": _NUMBER})))
        assert "INTERNAL" in answers[-1]
        metrics = (await client.get("/metrics")).text

    assert "CheckViolationError" in logged.getvalue()
    hidden = (_NUMBER, _NUMBER.encode().hex(), _PASSWORD, _PASSWORD.encode().hex())
    outputs = {"log": logged.getvalue(), "log of the database": of_postgres(servers)}
    outputs |= {"metrics": metrics, "answers": "\n".join(answers)} | await _columns(database)
    assert outputs["table notice"] != "[]"
    assert [(name, canary) for name, output in outputs.items() for canary in hidden if canary in output] == []


async def _refuse_numbers(settings: Settings) -> None:
    """From now on the database refuses numbers of accounts, and quotes them in its refusal."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute("ALTER TABLE account ADD CHECK (phone_masked = '') NOT VALID")
    finally:
        await connection.close()


async def _columns(settings: Settings) -> dict[str, str]:
    """Every table as text, the sealed columns too: what is sealed is not to be read."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        named = "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        tables = [row["name"] for row in await connection.fetch(named)]
        return {
            f"table {table}": str(
                [row["told"] for row in await connection.fetch(f"SELECT to_jsonb(t)::text AS told FROM {table} t")]
            )
            for table in tables
        }
    finally:
        await connection.close()
