"""The rows that are read: the demo street, with tickets, events and alerts as they pile up over years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

import asyncpg
import orjson

from api.tokens import issue
from domain.accounts import COMMAND_LINE
from domain.alerts import Severity
from models import Account, database
from models.phones import names as phone_columns
from models.sessions import open_session
from settings import Settings
from steward.demo.alerts import ALERT
from steward.demo.ids import Ids
from steward.demo.load import load
from steward.demo.street import SEED
from steward.demo.tickets import TICKET

TICKETS = EVENTS = 200_000
_NO_PHONE = [None] * len(phone_columns("contact_phone"))
ALERTS, OPEN_ALERTS = 20_000, 400
_YEARS = 3
_EVENT_DAYS = 45
_EVENT = (
    *("id", "source", "event_id", "type", "subject", "time", "received_at", "data"),
    *("organisation_id", "street_id", "compound_id", "device_id", "facility_id"),
)
_STATES = ("CLOSED",) * 88 + ("RESOLVED",) * 2 + ("IN_PROGRESS", "ASSIGNED", "ACCEPTED", "OPEN") + ("CANCELLED",) * 6

#: For PostGraphile: functions where it has no field of its own, as its authors advise, and relations that it cannot see.
_FOR_POSTGRAPHILE = """
COMMENT ON TABLE event IS '@foreignKey (device_id) references device (id)';
COMMENT ON TABLE ticket IS '@unique alert_id';
COMMENT ON CONSTRAINT ticket_alert_id_fkey ON ticket IS '@behavior +singularRelation:resource:single';
CREATE FUNCTION compound_open_tickets(c compound) RETURNS int STABLE LANGUAGE sql AS
    $$ SELECT count(*)::int FROM ticket t WHERE t.compound_id = c.id AND t.state NOT IN ('CLOSED', 'CANCELLED') $$;
CREATE TYPE ticket_month AS (opened_month date, state text, count int);
CREATE FUNCTION monthly_tickets(street text, since timestamptz) RETURNS SETOF ticket_month STABLE LANGUAGE sql AS
    $$ SELECT date_trunc('month', opened_at)::date, state, count(*)::int FROM ticket
       WHERE street_id = street AND opened_at >= since GROUP BY 1, 2 ORDER BY 1, 2 $$;
"""


@dataclass(frozen=True)
class World:
    """The ids that the queries name."""

    street_id: str
    compound_code: str
    ticket_id: str
    busy_compounds: tuple[str, ...]
    officer: str
    company: str
    since: str


async def fill(settings: Settings) -> None:
    """Migrate the database and fill it, unless it is filled: the same rows every time, but for the day they are made on."""
    await database.migrate(settings)
    await load(settings, "street")
    connection = await asyncpg.connect(settings.database_url)
    try:
        if await connection.fetchval("SELECT count(*) FROM ticket") >= TICKETS:
            return
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await _Filling(connection).fill()
            await connection.execute(_FOR_POSTGRAPHILE)
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def tokens(settings: Settings, found: World) -> dict[str, str]:
    """An access token of each viewer, by the name that the queries give them."""
    await database.connect(settings)
    try:
        made: dict[str, str] = {}
        for name, account_id in (("street", found.officer), ("company", found.company)):
            account = await Account.get(id=account_id)
            session, _ = await open_session(account, COMMAND_LINE, lasts=timedelta(days=1))
            made[name] = issue(account.id, session.id, settings)[0]
        return made
    finally:
        await database.disconnect()


class _Filling:
    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self.connection = connection
        self.random = Random(SEED)
        self.now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)

    async def _rows(self, sql: str) -> list[asyncpg.Record]:
        return await self.connection.fetch(sql)

    async def fill(self) -> None:
        self.compounds = await self._rows(
            "SELECT c.id, c.street_id, coalesce(m.organisation_id, o.id) AS organisation_id FROM compound c"
            " LEFT JOIN mandate m ON m.compound_id = c.id AND m.role = 'SERVES' AND m.ends_on IS NULL"
            " JOIN organisation o ON o.place_id = c.community_id AND o.kind = 'COMMUNITY_OFFICE' ORDER BY c.code"
        )
        self.facilities: dict[str, list[str]] = {}
        for row in await self._rows("SELECT id, compound_id FROM facility ORDER BY code"):
            self.facilities.setdefault(row["compound_id"], []).append(row["id"])
        self.staff: dict[str, list[str]] = {}
        for row in await self._rows("SELECT id, organisation_id FROM account WHERE organisation_id IS NOT NULL ORDER BY login"):
            self.staff.setdefault(row["organisation_id"], []).append(row["id"])
        self.words = await self._rows("SELECT kind, priority, title, description FROM ticket ORDER BY number")
        self.devices = await self._rows(
            "SELECT d.*, m.organisation_id FROM device d JOIN mandate m ON m.compound_id = d.compound_id"
            " AND m.role = 'SERVES' AND m.ends_on IS NULL ORDER BY d.code"
        )
        self.alerts = await self._rows("SELECT rule, rule_version, module, severity, message, reading FROM alert ORDER BY id")
        have = len(self.words)
        await self.connection.copy_records_to_table("ticket", columns=TICKET, records=self._tickets(have))
        await self.connection.copy_records_to_table("event", columns=_EVENT, records=self._events())
        await self.connection.copy_records_to_table("alert", columns=ALERT, records=self._alerts())
        await self.connection.execute("SELECT setval('ticket_number', $1)", TICKETS)

    def _tickets(self, have: int) -> Iterator[Sequence[Any]]:
        """One compound in nine has half of the tickets, as in the demo."""
        random, ids = self.random, Ids(SEED, "benchmark tickets")
        hot = self.compounds[::9]
        for number in range(have + 1, TICKETS + 1):
            compound = random.choice(hot if random.random() < 0.5 else self.compounds)
            words = random.choice(self.words)
            opened = self.now - timedelta(seconds=random.randrange(_YEARS * 365 * 86_400))
            state = random.choice(_STATES)
            done = state in {"CLOSED", "RESOLVED"}
            organisation = compound["organisation_id"]
            assigned = state not in {"OPEN", "ACCEPTED", "CANCELLED"}
            stood = self.facilities.get(compound["id"], [])
            yield (
                *(ids.new("tkt"), f"T{number:09}", words["kind"], words["priority"], state, words["title"]),
                *(words["description"], opened, opened + timedelta(days=3)),
                None if state in {"OPEN", "CANCELLED"} else opened + timedelta(hours=2),
                opened + timedelta(hours=40) if done else None,
                opened + timedelta(hours=60) if state == "CLOSED" else None,
                *(5, compound["id"], compound["street_id"], None),
                random.choice(stood) if stood and random.random() < 0.7 else None,
                *(None, organisation),
                random.choice(self.staff[organisation]) if assigned and organisation in self.staff else None,
                *(None, *_NO_PHONE),
            )

    def _events(self) -> Iterator[Sequence[Any]]:
        """Readings of all devices in turn."""
        ids, data = Ids(SEED, "benchmark events"), orjson.dumps({"readings": {"battery_percent": 93, "smoke_alarm": False}})
        step = timedelta(days=_EVENT_DAYS) / EVENTS
        for number, device in enumerate(islice(cycle(self.devices), EVENTS)):
            at = self.now - timedelta(days=_EVENT_DAYS) + number * step
            yield (
                *(ids.new("evt"), "//iot.example/gateway-7", f"bench-{number}", "steward.device.reading.v1", device["code"]),
                *(at, at, data.decode(), device["organisation_id"], device["street_id"], device["compound_id"]),
                *(device["id"], device["facility_id"]),
            )

    def _alerts(self) -> Iterator[Sequence[Any]]:
        """Mostly cleared; the last are open, each on a device of its own."""
        random, ids = self.random, Ids(SEED, "benchmark alerts")
        for number in range(ALERTS):
            model, device = random.choice(self.alerts), self.devices[number % len(self.devices)]
            seen = self.now - timedelta(seconds=random.randrange(365 * 86_400))
            state = "OPEN" if number >= ALERTS - OPEN_ALERTS else "CLEARED"
            rule = f"{model['rule']}.bench.{number}" if state == "OPEN" else model["rule"]
            cleared = seen + timedelta(hours=5) if state == "CLEARED" else None
            yield (
                *(ids.new("alr"), rule, model["rule_version"], model["module"], model["severity"]),
                *(Severity(model["severity"]).rank, state, device["id"], 1, seen, seen, None, None, cleared, None, None),
                *(model["message"], model["reading"], 1, device["id"], device["facility_id"]),
                *(device["compound_id"], device["street_id"]),
            )


async def look(url: str) -> World:
    """What the queries name, out of a filled database."""
    connection = await asyncpg.connect(url)
    try:
        busy = await connection.fetch("SELECT compound_id FROM ticket GROUP BY 1 HAVING count(*) > 200 ORDER BY 1 LIMIT 10")
        street = await connection.fetchval("SELECT id FROM place WHERE kind = 'STREET'")
        ticket = await connection.fetchval(
            "SELECT t.id FROM ticket t JOIN ticket_comment c ON c.ticket_id = t.id WHERE t.facility_id IS NOT NULL"
            " AND t.assignee_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )
        compound = await connection.fetchrow("SELECT id, code FROM compound WHERE code = 'KQ'")
        logins = {
            row["login"]: row["id"]
            for row in await connection.fetch("SELECT login, id FROM account WHERE login IN ('street', 'company')")
        }
        since = await connection.fetchval(
            "SELECT date_trunc('month', max(opened_at) AT TIME ZONE 'Asia/Shanghai') - interval '12 months' FROM ticket"
        )
    finally:
        await connection.close()
    assert compound is not None
    return World(
        street_id=street,
        compound_code=compound["code"],
        ticket_id=ticket,
        busy_compounds=tuple(row["compound_id"] for row in busy),
        officer=logins["street"],
        company=logins["company"],
        since=f"{since:%Y-%m-%dT00:00:00}+08:00",
    )
