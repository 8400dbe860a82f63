"""Writes the demo street into the database: everything by COPY in one transaction, or nothing."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import asyncpg

from settings import Settings

from . import (
    accounts,
    alerts,
    books,
    deadlines,
    desk,
    duty,
    equipment,
    facts,
    fees,
    figures,
    fire,
    organisations,
    posts,
    registers,
    rounds,
    rules,
    stations,
    territory,
    tickets,
    upkeep,
)
from .plans import StreetPlan
from .size import Scale
from .street import SEED, plan

Row = tuple[Any, ...]
#: Called with the table being filled, the rows written to it so far, and the rows it will have.
Progress = Callable[[str, int, int], None]

#: Held while loading, so that of two loads at once the second finds the first one's street.
_LOCK = 7_305_220
_STEP = 2_000

#: Foreign keys of the tables named in $1, with their columns on both sides.
_REFERENCES = """
SELECT c.conname AS name, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
    (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k (number, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns,
    (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY AS k (number, n)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS targets
FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY($1::text[])
ORDER BY child, name
"""


class DanglingReference(Exception):
    """A row of the demo points at a row that is not there: a fault of the demo's plan."""


async def load(settings: Settings, scale: Scale, progress: Progress | None = None, *, now: datetime | None = None) -> None:
    """Fill an empty, migrated database with the demo street at ``scale``; return at once where there is a street.

    One transaction: whatever goes wrong or is killed on the way leaves nothing. The same ``now`` (default: this moment)
    gives the same rows, password hashes and sealed numbers apart. Raises whatever asyncpg and ``progress`` raise.
    """
    connection = await asyncpg.connect(settings.database_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            if await connection.fetchval("SELECT EXISTS (SELECT FROM place WHERE kind = 'STREET')"):
                return
            moment = (now or datetime.now(UTC)).astimezone(settings.zone).replace(microsecond=0)
            hashing = asyncio.create_task(asyncio.to_thread(accounts.hashes))
            try:
                await _Loading(connection, progress, settings).load(plan(scale, SEED), moment, hashing)
            finally:
                await hashing
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


class _Loading:
    """One load in the connection's open transaction."""

    def __init__(self, connection: "asyncpg.Connection[Any]", progress: Progress | None, settings: Settings) -> None:
        self.connection, self.progress, self.settings = connection, progress, settings
        self.tables: list[str] = []

    async def load(self, street: StreetPlan, now: datetime, hashing: asyncio.Task[Mapping[str, str]]) -> None:
        checked_at_the_end = await self._put_off_references()
        bodies = organisations.bodies(street, now.date())
        people = accounts.people(street, bodies)
        for table, columns, made in (
            ("place", territory.PLACE, territory.places(street)),
            ("compound", territory.COMPOUND, territory.compounds(street)),
            ("building", territory.BUILDING, territory.buildings(street)),
            ("unit", territory.UNIT, territory.units(street)),
        ):
            await self._copy(table, columns, made)
        await self._copy("home", territory.HOME, territory.homes(street), street.homes)
        await self._copy("organisation", organisations.ORGANISATION, organisations.organisations(street, bodies))
        await self._copy("search_word", territory.WORD, territory.words(street, organisations.organisations(street, bodies)))
        await self._copy("mandate", organisations.MANDATE, organisations.mandates(street, bodies))
        noted = figures.Figures(street, bodies, now)
        for table, columns, made in (
            ("joint_office", figures.JOINT_OFFICE, noted.joint_office_rows()),
            ("compound_figures", figures.FIGURES, noted.figure_rows()),
            ("account", accounts.ACCOUNT, accounts.accounts(street, people, await hashing, self.settings)),
            ("role_binding", accounts.ROLE_BINDING, accounts.role_bindings(street, people)),
        ):
            await self._copy(table, columns, made)
        for table, made in stations.rows(street, bodies, now).items():
            await self._copy(table, stations.TABLES[table], made)
        fitted = equipment.Equipment(street, now)
        await self._register(street, fitted, now)
        for table, made in rounds.rows(street, bodies, people, now).items():
            await self._copy(table, rounds.TABLES[table], made)
        await self.connection.execute(rounds.WORK)
        await self._copy("threshold", rules.THRESHOLD, rules.thresholds(street))
        await self._copy("alert_rule_version", rules.VERSION, rules.versions(street, now))
        raised = alerts.alerts(street, bodies, people, fitted, now)
        heard = alerts.heard(street, raised, fitted, now)
        await self._copy("device", equipment.DEVICE, fitted.device_rows(heard), fitted.device_count)
        await self._copy("alert", alerts.ALERT, alerts.rows(street, raised))
        await self._copy("alert_care", duty.CARE, duty.cares(street, raised))
        rota = duty.Duty(street, bodies, people, now)
        await self._copy("duty_roster", duty.ROSTER, rota.roster_rows())
        await self._copy("duty_shift", duty.SHIFT, rota.shift_rows())
        booked = books.Books(street, bodies, people, now)
        kept = (
            posts.Posts(street, bodies, people, now).tables(),
            fire.Fire(street, bodies, people, now).tables(),
            booked.tables(),
            fees.Fees(street, booked, now).tables(),
        )
        for table, columns, made in chain.from_iterable(kept):
            await self._copy(table, columns, made)
        await self.connection.execute(books.NUMBERS)
        await self._copy("alert_occurrence", alerts.OCCURRENCE, alerts.occurrences(street, raised))
        await self._copy("rule_state", alerts.RULE_STATE, alerts.rule_states(street, raised))
        await self._copy("reading", alerts.READING, alerts.readings(raised))
        opened = tickets.tickets(street, bodies, people, fitted, raised, now)
        clocks = deadlines.Clocks(street, bodies, opened, now)
        due = list(clocks.deadline_rows())
        around = desk.Desk(street, bodies, people, opened, now)
        await self._copy("ticket", (*tickets.TICKET, *desk.TICKET), desk.ticket_rows(street, opened, self.settings))
        for table, columns, made in (
            ("ticket_rating", desk.RATING, around.rating_rows()),
            ("call_back", desk.CALL_BACK, around.call_back_rows()),
            ("ticket_party", desk.PARTY, around.party_rows()),
            ("ticket_link", desk.LINK, around.link_rows()),
            ("ticket_route", desk.ROUTE, around.route_rows()),
            ("ticket_comment", tickets.COMMENT, tickets.comments(street, opened)),
            ("ticket_pause", deadlines.PAUSE, clocks.pause_rows()),
            ("ticket_deadline", deadlines.DEADLINE, due),
        ):
            await self._copy(table, columns, made)
        happened = chain(alerts.facts(raised), tickets.facts(opened))
        await self._copy("fact", facts.FACT, facts.facts(street, people.roles, happened))
        await self.connection.execute("SELECT setval('ticket_number', $1)", len(opened))
        if checked_at_the_end:
            await self._check_references()

    async def _register(self, street: StreetPlan, fitted: equipment.Equipment, now: datetime) -> None:
        await self._copy("facility", equipment.FACILITY, fitted.facility_rows(), fitted.facility_count)
        await self._copy(
            "facility_status_change", equipment.STATUS_CHANGE, fitted.status_change_rows(), fitted.status_change_count
        )
        zones = registers.Zones(street, fitted)
        await self._copy("zone", registers.ZONE, zones.zone_rows())
        await self._copy("zone_camera", registers.ZONE_CAMERA, zones.camera_rows())
        for table, kept in upkeep.rows(street, fitted, now).items():
            await self._copy(table, upkeep.TABLES[table], kept)
        await self.connection.execute(upkeep.WORK)

    async def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Row], total: int | None = None) -> None:
        """Write rows; where their number is not known beforehand they are few."""
        if total is None:
            rows = list(rows)
            total = len(rows)
        self.tables.append(table)
        await self.connection.copy_records_to_table(table, columns=columns, records=self._counted(table, rows, total))

    def _counted(self, table: str, rows: Iterable[Row], total: int) -> Iterator[Row]:
        """The rows, reporting progress as they go."""
        for done, row in enumerate(rows, 1):
            yield row
            if self.progress and (done == total or done % _STEP == 0):
                self.progress(table, done, total)

    async def _put_off_references(self) -> bool:
        """Have foreign keys checked once per table rather than once per row, where the role may; whether so.

        Row by row they take two thirds of the load's time.
        """
        may = await self.connection.fetchval("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        if may:
            await self.connection.execute("SET LOCAL session_replication_role = replica")
        return bool(may)

    async def _check_references(self) -> None:
        """Look for rows that point nowhere, one query per foreign key. Raises DanglingReference."""
        await self.connection.execute("SET LOCAL session_replication_role = origin")
        for key in await self.connection.fetch(_REFERENCES, self.tables):
            given = " AND ".join(f"child.{column} IS NOT NULL" for column in key["columns"])
            pairs = zip(key["columns"], key["targets"], strict=True)
            same = " AND ".join(f"parent.{target} = child.{column}" for column, target in pairs)
            dangling = await self.connection.fetchval(
                f"SELECT EXISTS (SELECT FROM {key['child']} child WHERE {given}"
                f" AND NOT EXISTS (SELECT FROM {key['parent']} parent WHERE {same}))"
            )
            if dangling:
                raise DanglingReference(f"a row of {key['child']} breaks {key['name']}")
