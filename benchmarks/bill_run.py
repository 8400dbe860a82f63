"""Bill runs at the street's scale: 150,000 homes of two books, three items each, by two workers.

    .venv/bin/python -m benchmarks.bill_run [--homes N]

Fills an embedded PostgreSQL of its own with homes, items and their parts, then lets two processes do the pieces of two runs as
workers do them, and checks that what was billed, posted and told is the same to the fen. Writes seconds, bills a second and
memory to benchmarks/results/bills.md (not with other numbers of homes).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.charges import FeeBasis, FeeKind, ShareBy
from domain.ledger import AccountCode, BookRegime
from domain.organisations import MandateRole, MandateService, OrganisationKind
from domain.territory import CompoundKind, GovernanceMode, PlaceKind
from models import Account, Building, Compound, Mandate, Organisation, Place, RoleBinding, Unit, database
from models.bill_runs import preview, start, step
from models.bill_runs.rows import BillRun
from models.calendar import today
from models.connection import query
from models.fees import add_item, set_price, set_shared_cost
from models.ids import new_id
from models.ledger import open_book
from models.viewers import viewer_of
from settings import Settings
from steward.embedded import Servers
from steward.folder import DataFolder, Running

HOMES, BOOKS, LIMIT_SECONDS = 150_000, 2, 60.0
RESULT = Path(__file__).with_name("results") / "bills.md"
_AT_ONCE = 5_000
_MONTH = today().replace(day=1)
_BEGAN = date(2024, 1, 1)

_HOMES = """
INSERT INTO home (id, code, name, floor, area_m2, unit_id, compound_id, street_id)
SELECT id, id, 'home', 1, 60 + (row_number() OVER () * 37) % 9000 / 100.0, $2, $3, $4 FROM unnest($1::text[]) AS id
"""
_PARTS = """
INSERT INTO fee_assignment (id, home_id, starts_on, fee_item_id, book_id, compound_id, organisation_id, street_id)
SELECT id, home_id, $3, $4, $5, $6, $7, $8 FROM unnest($1::text[], $2::text[]) AS made (id, home_id)
"""
_CHECK = """
SELECT (SELECT count(*) FROM bill) AS bills, (SELECT count(*) FROM bill_line) AS lines, (SELECT sum(total) FROM bill) AS billed,
    (SELECT sum(amount) FROM bill_line) AS lined, (SELECT sum(total) FROM bill_run) AS told,
    (SELECT sum(debit - credit) FROM journal_line WHERE code = 'RECEIVABLE') AS owed,
    (SELECT sum(debit - credit) FROM journal_line) AS balance
"""


@dataclass(frozen=True)
class Worked:
    """What one worker did: seconds, and its memory in MiB after a tenth of the homes and at its highest."""

    seconds: float
    early: float
    peak: float


async def fill(homes: int) -> list[str]:
    """Make books, items and homes; the runs, previewed in name only and started."""
    street_id = new_id("plc")
    street = await Place.create(id=street_id, street_id=street_id, code="S", kind=PlaceKind.STREET, name="Street")
    below: dict[str, Any] = {
        "parent_id": street_id,
        "street_id": street_id,
        "code": "C",
        "kind": PlaceKind.COMMUNITY,
        "name": "Community",
    }
    community = await Place.create(**below)
    runs = [await _book(street, community, n, homes // BOOKS) for n in range(BOOKS)]
    await query("ANALYZE")
    return runs


async def _book(street: Place, community: Place, n: int, homes: int) -> str:
    compound = await Compound.create(
        code=f"K{n}",
        name=f"Compound {n}",
        kind=CompoundKind.PROPERTY_MANAGED,
        governance=GovernanceMode.COMPANY,
        address="1 Long Street",
        community_id=community.id,
        street_id=street.id,
    )
    company = await Organisation.create(
        code=f"O{n}", kind=OrganisationKind.PROPERTY_COMPANY, name=f"Company {n}", street_id=street.id
    )
    serves: dict[str, Any] = {"role": MandateRole.SERVES, "service": MandateService.FULL, "starts_on": _BEGAN}
    await Mandate.create(organisation_id=company.id, compound_id=compound.id, street_id=street.id, **serves)
    manager = await _manager(company, n)
    book = await open_book(manager, compound.id, company.id, BookRegime.LUMP_SUM, opened_on=_BEGAN)
    building = await Building.create(code=f"B{n}", name="1", storeys=1, compound_id=compound.id, street_id=street.id)
    unit = await Unit.create(code=f"U{n}", name="1", building_id=building.id, compound_id=compound.id, street_id=street.id)
    common: dict[str, Any] = {"account": AccountCode.COLLECTED_FOR_OTHERS, "share_by": ShareBy.AREA}
    income: dict[str, Any] = {"account": AccountCode.SERVICE_INCOME}
    items = [
        await add_item(manager, book.id, code=kind, name=kind, kind=kind, starts_on=_BEGAN, **how)
        for kind, how in ((FeeKind.AREA, income), (FeeKind.FIXED, income), (FeeKind.SHARED, common))
    ]
    for item, price in zip(items[:2], ("1.85", "12.50"), strict=True):
        ground: dict[str, Any] = {"basis": FeeBasis.OWNERS_VOTE, "basis_number": "1", "basis_on": _BEGAN}
        await set_price(manager, item.id, Decimal(price), starts_on=_BEGAN, **ground)
    await set_shared_cost(manager, items[2].id, _MONTH, Decimal("765432.10"), note="Power")
    for first in range(0, homes, _AT_ONCE):
        ids = [new_id("hom") for _ in range(min(_AT_ONCE, homes - first))]
        await query(_HOMES, ids, unit.id, compound.id, street.id)
        for item in items:
            made = [new_id("fas") for _ in ids]
            await query(_PARTS, made, ids, _BEGAN, item.id, book.id, compound.id, company.id, street.id)
    run = await preview(manager, book.id, _MONTH)
    await BillRun.filter(id=run.id).update(state="PREVIEWED")
    await query("UPDATE job SET state = 'DONE', ended_at = now() WHERE id = $1", run.job_id)
    await start(manager, run.id)
    return run.id


async def _manager(company: Organisation, n: int) -> Viewer:
    account = await Account.create(login=f"manager{n}", name="Manager", street_id=company.street_id, organisation_id=company.id)
    bound: dict[str, Any] = {
        "account_id": account.id,
        "role": Role.COMPANY_MANAGER,
        "starts_on": _BEGAN,
        "organisation_id": company.id,
    }
    await RoleBinding.create(street_id=company.street_id, **bound)
    viewer = await viewer_of(account.id)
    assert viewer is not None
    return viewer


async def work(url: str, run_id: str) -> None:
    """Do the pieces of a run one after the other, as a worker does, and print what it took."""
    await database.connect(Settings.model_validate({"database_url": url, "secret_key": "5a" * 32}))
    try:
        total = (await query("SELECT count(DISTINCT home_id) AS n FROM fee_assignment"))[0]["n"] / BOOKS
        began, done, early = time.perf_counter(), 0, 0.0
        more = True
        while more:
            async with in_transaction():
                more = await step(run_id)
            done += 1_000
            if not early and done >= total / 10:
                early = _memory()
        print(json.dumps({"seconds": time.perf_counter() - began, "early": early, "peak": _memory()}))
    finally:
        await database.disconnect()


def _memory() -> float:
    """The most memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def billed(url: str, runs: list[str]) -> tuple[float, list[Worked]]:
    """Seconds that the slower worker took, once it was running, and what each did."""
    command = [sys.executable, "-m", "benchmarks.bill_run", "--work", url]
    workers = [subprocess.Popen([*command, run], stdout=subprocess.PIPE, text=True) for run in runs]
    done = [Worked(**json.loads(worker.communicate()[0])) for worker in workers]
    return max(each.seconds for each in done), done


async def prepared(url: str, homes: int) -> list[str]:
    """Fill the database at ``url``; the runs to be done."""
    settings = Settings.model_validate({"database_url": url, "secret_key": "5a" * 32})
    await database.migrate(settings)
    await database.connect(settings)
    try:
        return await fill(homes)
    finally:
        await database.disconnect()


async def checked(url: str, homes: int) -> dict[str, Any]:
    """What came of it. Raises AssertionError where a home or a fen is missing."""
    await database.connect(Settings.model_validate({"database_url": url, "secret_key": "5a" * 32}))
    try:
        (found,) = await query(_CHECK)
    finally:
        await database.disconnect()
    assert (found["bills"], found["lines"]) == (homes, 3 * homes), found
    assert found["billed"] == found["lined"] == found["owed"] == found["told"], found
    assert found["balance"] == 0, found
    return found


def report(homes: int, seconds: float, done: list[Worked], found: dict[str, Any]) -> str:
    """The page."""
    rows = [f"| {n} | {each.seconds:.1f} | {each.early:.0f} | {each.peak:.0f} |" for n, each in enumerate(done, 1)]
    about = (
        f"{homes:,} homes of {BOOKS} books, three items each (by area, fixed, shared by area), two workers and the database"
        f" on one machine: **{seconds:.1f} s** until the last bill, {homes / seconds:,.0f} bills a second. The aim is"
        f" {LIMIT_SECONDS:.0f} s."
    )
    same = (
        f"{found['bills']:,} bills with {found['lines']:,} lines: {found['billed']:,} yuan on bills, on their lines, in the"
        " journal and as the runs tell it; the journal balances."
    )
    head = ["| worker | seconds | MiB after a tenth | MiB at most |", "|---|---|---|---|"]
    return "\n".join(["# Bill runs", "", about, "", *head, *rows, "", same, ""])


def main() -> None:
    """Run, print and write the page; fail where it takes too long."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--homes", type=int, default=HOMES)
    arguments.add_argument("--work", nargs=2)
    given = arguments.parse_args()
    if given.work:
        asyncio.run(work(*given.work))
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as leaving:
        data = DataFolder(Path(folder) / "data")
        data.prepare()
        leaving.enter_context(data.held("up"))
        servers = Servers(data, Running())
        servers.start()
        leaving.callback(servers.stop)
        asyncio.run(servers.make_database("bench"))
        url = servers.postgres.url("bench")
        runs = asyncio.run(prepared(url, given.homes))
        seconds, done = billed(url, runs)
        page = report(given.homes, seconds, done, asyncio.run(checked(url, given.homes)))
    print(page)
    if given.homes == HOMES:
        RESULT.write_text(page, encoding="utf-8")
        if seconds > LIMIT_SECONDS:
            sys.exit(f"It took {seconds:.1f} s.")


if __name__ == "__main__":
    main()
