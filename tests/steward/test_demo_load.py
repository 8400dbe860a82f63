"""The small demo street in a real database: figures, constraints, all or nothing, and log-ins that work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import pytest
from argon2 import PasswordHasher

from domain.access import Reach, Role
from domain.phones import normalised
from models import Account, Ticket
from models.database import connect, disconnect
from models.phones import told
from models.viewers import viewer_of
from settings import Settings
from steward.demo import load as loading
from steward.demo.accounts import DEMO_LOGINS
from steward.demo.load import load
from steward.demo.rounds import TABLES as ROUNDS
from steward.demo.stations import TABLES as STATIONS
from steward.demo.upkeep import TABLES as UPKEEP

TABLES = (
    *("place", "compound", "building", "unit", "home", "organisation", "mandate", "account", "role_binding", "facility"),
    *("facility_status_change", "device", "alert", "alert_care", "alert_occurrence", "rule_state", "reading", "ticket"),
    *("ticket_comment", "ticket_pause", "ticket_deadline", "ticket_rating", "call_back", "ticket_party", "ticket_link"),
    *(
        "ticket_route",
        "post",
        "post_stint",
        "visitor_pass",
        "fact",
        "threshold",
        "alert_rule_version",
        "duty_roster",
        "duty_shift",
        "joint_office",
        "fire_pact",
        "fire_drill",
        "hazard",
        *("book", "ledger_account", "ledger_period", "supplier", "expense", "journal_entry", "journal_line"),
        *("fee_item", "fee_price", "fee_assignment", "job", "bill_run", "bill_run_item", "bill", "bill_line", "bill_counter"),
        "zone",
        "zone_camera",
        "compound_figures",
        "search_word",
        *ROUNDS,
        *STATIONS,
        *UPKEEP,
    ),
)


@pytest.fixture
async def connection(settings: Settings) -> AsyncGenerator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def counts(connection: asyncpg.Connection[Any]) -> dict[str, int]:
    return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}


async def test_every_table_is_filled_and_the_counts_of_compounds_are_those_of_their_homes(
    settings: Settings, connection: asyncpg.Connection[Any]
) -> None:
    await load(settings, "small")
    assert all((await counts(connection)).values())
    wrong = await connection.fetch(
        "SELECT c.code FROM compound c JOIN home h ON h.compound_id = c.id GROUP BY c.id "
        "HAVING count(*) <> c.home_count OR sum(h.residents) <> c.resident_count"
    )
    assert wrong == []
    named = {row["code"]: row for row in await connection.fetch("SELECT * FROM compound WHERE code IN ('KQ', 'SR')")}
    assert (named["KQ"]["home_count"], named["KQ"]["handed_over_year"]) == (1_504, 2008)
    assert (named["SR"]["home_count"], named["SR"]["resident_count"]) == (47, 89)


async def test_loading_twice_changes_nothing(settings: Settings, connection: asyncpg.Connection[Any]) -> None:
    told: list[str] = []
    await load(settings, "small")
    before = await counts(connection)
    await load(settings, "street", lambda table, _done, _total: told.append(table))
    assert await counts(connection) == before
    assert told == []


async def test_two_loads_at_once_leave_one_street(settings: Settings, connection: asyncpg.Connection[Any]) -> None:
    await asyncio.gather(load(settings, "small"), load(settings, "small"))
    assert await connection.fetchval("SELECT count(*) FROM place WHERE kind = 'STREET'") == 1


@pytest.mark.parametrize("table", ["home", "device", "fact"])
async def test_a_load_that_is_broken_off_leaves_nothing(
    settings: Settings, connection: asyncpg.Connection[Any], table: str
) -> None:
    class PulledPlug(Exception):
        pass

    def pull(filling: str, _done: int, _total: int) -> None:
        if filling == table:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        await load(settings, "small", pull)
    assert not any((await counts(connection)).values())
    await load(settings, "small")
    assert all((await counts(connection)).values())


async def test_progress_is_told_for_every_table_up_to_its_last_row(
    settings: Settings, connection: asyncpg.Connection[Any]
) -> None:
    told: dict[str, tuple[int, int]] = {}
    await load(settings, "small", lambda table, done, total: told.update({table: (done, total)}))
    assert told == {table: (number, number) for table, number in (await counts(connection)).items()}


async def test_every_foreign_key_holds_when_the_database_checks_each_row(
    settings: Settings, connection: asyncpg.Connection[Any]
) -> None:
    await connection.execute("CREATE ROLE demo_loader LOGIN")
    try:
        await connection.execute("GRANT pg_read_all_data, pg_write_all_data TO demo_loader")
        await connection.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO demo_loader")
        assert settings.database_url.startswith("postgresql://postgres@")
        url = settings.database_url.replace("postgres@", "demo_loader@", 1)
        await load(settings.model_copy(update={"database_url": url}), "small")
        assert all((await counts(connection)).values())
    finally:
        await connection.execute("DROP OWNED BY demo_loader")
        await connection.execute("DROP ROLE demo_loader")


async def test_a_row_that_points_nowhere_is_found_before_anything_is_kept(
    settings: Settings, connection: asyncpg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = loading.territory.units

    def astray(plan: Any) -> Any:
        for id_, code, name, _, compound_id, street_id in rows(plan):
            yield id_, code, name, "bld_00000000000000000000000000", compound_id, street_id

    monkeypatch.setattr(loading.territory, "units", astray)
    with pytest.raises(loading.DanglingReference, match="unit"):
        await load(settings, "small")
    assert not any((await counts(connection)).values())


async def test_the_next_ticket_number_is_free(settings: Settings, connection: asyncpg.Connection[Any]) -> None:
    await load(settings, "small")
    following = await connection.fetchval("SELECT 'T' || lpad(nextval('ticket_number')::text, 9, '0')")
    assert await connection.fetchval("SELECT max(number) < $1 FROM ticket", following)


async def test_the_history_of_a_facility_ends_with_its_status(settings: Settings, connection: asyncpg.Connection[Any]) -> None:
    await load(settings, "small")
    differing = await connection.fetchval(
        "SELECT count(*) FROM facility f CROSS JOIN LATERAL (SELECT status, since FROM facility_status_change s "
        "WHERE s.facility_id = f.id ORDER BY since DESC, id DESC LIMIT 1) newest "
        "WHERE (newest.status, newest.since) <> (f.status, f.status_since)"
    )
    assert differing == 0


async def test_demo_log_ins_have_their_passwords_and_reach_what_they_should(
    settings: Settings, connection: asyncpg.Connection[Any]
) -> None:
    await load(settings, "small")
    accounts = {row["login"]: row for row in await connection.fetch("SELECT * FROM account WHERE password_hash IS NOT NULL")}
    assert set(accounts) == {demo.login for demo in DEMO_LOGINS}
    for demo in DEMO_LOGINS:
        assert PasswordHasher().verify(accounts[demo.login]["password_hash"], demo.password)
    kangqiao = await connection.fetchval("SELECT id FROM compound WHERE code = 'KQ'")
    shuren = await connection.fetchval("SELECT id FROM compound WHERE code = 'SR'")
    await connect(settings)
    try:
        viewers = {login: await viewer_of(account["id"]) for login, account in accounts.items()}
    finally:
        await disconnect()
    for demo in DEMO_LOGINS:
        viewer = viewers[demo.login]
        assert viewer is not None
        assert viewer.roles == {demo.role}
        compounds = viewer.ids(demo.role, Reach.COMPOUND)
        if demo.role not in {Role.STREET_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}:
            assert kangqiao in compounds
            assert shuren not in compounds


async def test_numbers_are_sealed_and_none_that_anybody_can_have(settings: Settings, connection: asyncpg.Connection[Any]) -> None:
    await load(settings, "small")
    await connect(settings)
    try:
        told_by_accounts = [told(row, "phone", settings) for row in await Account.all()]
        told_by_tickets = [told(row, "contact_phone", settings) for row in await Ticket.exclude(contact_phone_sealed=None)]
    finally:
        await disconnect()
    numbers = [*told_by_accounts, *told_by_tickets]
    assert len(numbers) == len(set(numbers)) > len(told_by_accounts) > 20
    assert all(number and number.startswith("+86230") and normalised(number) == number for number in numbers)
    assert await connection.fetchval("SELECT phone_masked FROM account WHERE login = 'resident'") == "023****05"


async def test_what_homes_owe_in_the_demo_is_what_its_books_say(settings: Settings, connection: asyncpg.Connection[Any]) -> None:
    await load(settings, "small")
    row = await connection.fetchrow(
        "SELECT (SELECT sum(open) FROM bill) AS bills, (SELECT sum(amount) FROM bill_line) AS lines,"
        " (SELECT sum(total) FROM bill_run) AS runs, sum(debit - credit) AS owed FROM journal_line WHERE code = 'RECEIVABLE'"
    )
    assert row is not None
    assert row["bills"] == row["lines"] == row["runs"] == row["owed"] > 0
    assert await connection.fetchval("SELECT sum(debit - credit) FROM journal_line") == 0
