"""The work of a bill run: some homes in one transaction, in the order of their ids. Whatever is broken off is done again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.bill_runs import EXAMPLES, HOMES_AT_ONCE, BillRunMove, BillRunState, moved
from domain.bills import BillDraft, LineDraft
from domain.charges import NOTHING, Charged, ChargeFault, FeeKind, charge
from domain.jobs import JobState
from domain.refusals import Refused
from models import jobs
from models.bills.issuing import issue
from models.calendar import now
from models.connection import query
from models.facts import Actor, record
from models.ids import new_id
from models.ledger import Book
from models.work import add

from .loading import Due, Home, load_homes, load_items
from .rows import BillRun, BillRunFault
from .starting import STEP

_FIGURES = """
UPDATE bill_run_item i SET homes = i.homes + f.homes, exempt = i.exempt + f.exempt, already = i.already + f.already,
    faults = i.faults + f.faults, amount = i.amount + f.amount
FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::numeric[])
    AS f (id, homes, exempt, already, faults, amount)
WHERE i.run_id = $1 AND i.fee_item_id = f.id
"""
_FAULTS = """
INSERT INTO bill_run_fault (id, home_id, fee_item_id, fault, run_id, compound_id, organisation_id, street_id)
SELECT made.*, $5, $6, $7, $8 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS made
"""


@dataclass
class _Tally:
    """What some homes come to, of one item."""

    homes: int = 0
    exempt: int = 0
    already: int = 0
    faults: int = 0
    amount: Decimal = Decimal(0)


@dataclass
class _Piece:
    """What some homes come to."""

    drafts: list[BillDraft] = field(default_factory=list[BillDraft])
    faults: list[tuple[str, str, ChargeFault]] = field(default_factory=list[tuple[str, str, ChargeFault]])
    tallies: dict[str, _Tally] = field(default_factory=lambda: defaultdict[str, _Tally](_Tally))


async def step(run_id: str) -> bool:
    """Bill, or try out, the next homes of a run in the caller's transaction, and leave the work of the rest.

    Answers whether anything was done: not when the run is not at work, its job was ended, or the book takes no bills of that day
    any more: then the run is over, and its job tells why.
    """
    run = await BillRun.select_for_update().get_or_none(id=run_id)
    if run is None or run.state not in {BillRunState.PREVIEWING, BillRunState.RUNNING}:
        return False
    due = await load_items(run.item_ids, run.month)
    homes = await load_homes(run.book_id, due, run.after_home_id, HOMES_AT_ONCE)
    piece = reckon(due, homes, run.due_on)
    try:
        async with in_transaction():
            if run.job_id and not await jobs.advance(run.job_id, done=len(homes), errors=len(piece.faults)):
                await _stop(run)
                return False
            if run.state is BillRunState.RUNNING and piece.drafts:
                book = await Book.get(id=run.book_id)
                key = f"{run.version}:{run.after_home_id}"
                await issue(Actor(run.started_by), book, piece.drafts, issued_on=run.issued_on, run_id=run.id, key=key)
    except Refused as refused:
        if run.job_id:
            await jobs.end(run.job_id, state=JobState.FAILED, message=refused.message)
        await _stop(run)
        return False
    await _count(run, homes, piece)
    if len(homes) < HOMES_AT_ONCE:
        await _finish(run)
    else:
        await run.save()
        await add(STEP, {"run": run.id})
    return True


def reckon(due: Sequence[Due], homes: Iterable[Home], due_on: date) -> _Piece:
    """The bills of some homes, and what could not be charged."""
    piece = _Piece()
    for home in homes:
        lines: list[LineDraft] = []
        for each in due:
            item, tally = each.item, piece.tallies[each.item.id]
            if item.id in home.billed:
                tally.already += 1
                continue
            charged = charge_home(each, home)
            if charged.fault:
                tally.faults += 1
                piece.faults.append((home.id, item.id, charged.fault))
            elif charged.lines:
                tally.homes += 1
                tally.amount += sum((line.amount for line in charged.lines), Decimal(0))
                lines += charged.lines
            elif home.holdings.get(item.id):
                tally.exempt += 1
        if lines:
            piece.drafts.append(BillDraft(home.id, lines, due_on))
    return piece


def charge_home(due: Due, home: Home) -> Charged:
    """What a home is charged for an item, by all that is known of it."""
    item, holdings = due.item, home.holdings.get(due.item.id, [])
    if not holdings:
        return NOTHING
    charged = charge(
        item, due.period, holdings, area=home.area, usage=home.usage.get(item.id), portion=home.portions.get(item.id)
    )
    if charged.fault is ChargeFault.NO_READING and item.kind is FeeKind.METERED and item.id not in home.metered:
        return Charged(fault=ChargeFault.NO_METER)
    return charged


async def _stop(run: BillRun) -> None:
    """It goes no further. What was issued stays, and can be taken back; another run bills the rest. Where nothing was, it can be
    started again."""
    going = BillRunState.DONE if run.bills else BillRunState.PREVIEWED
    run.state = BillRunState.CANCELLED if run.state is BillRunState.PREVIEWING else going
    run.version += 1
    run.ended_at = now()
    await run.save(update_fields=["state", "version", "ended_at"])


async def _count(run: BillRun, homes: Sequence[Home], piece: _Piece) -> None:
    run.homes += len(homes)
    run.bills += len(piece.drafts)
    run.faults += len(piece.faults)
    run.total += sum((draft.total for draft in piece.drafts), Decimal(0))
    run.after_home_id = homes[-1].id if homes else run.after_home_id
    run.examples = [*run.examples, *map(_example, piece.drafts[: EXAMPLES - len(run.examples)])]
    tallies = piece.tallies
    await query(
        _FIGURES,
        run.id,
        list(tallies),
        [tally.homes for tally in tallies.values()],
        [tally.exempt for tally in tallies.values()],
        [tally.already for tally in tallies.values()],
        [tally.faults for tally in tallies.values()],
        [tally.amount for tally in tallies.values()],
    )
    await query(
        _FAULTS,
        [new_id(BillRunFault.prefix) for _ in piece.faults],
        [home for home, _, _ in piece.faults],
        [item for _, item, _ in piece.faults],
        [fault for *_, fault in piece.faults],
        run.id,
        run.compound_id,
        run.organisation_id,
        run.street_id,
    )


def _example(draft: BillDraft) -> dict[str, Any]:
    """A bill as a preview shows it."""
    lines = [
        {
            "description": line.description.both(),
            "quantity": f"{line.quantity:f}",
            "unit": line.unit,
            "unitPrice": f"{line.unit_price or line.amount:f}",
            "factor": f"{line.factor:f}",
            "amount": f"{line.amount:f}",
        }
        for line in draft.lines
    ]
    return {"homeId": draft.home_id, "total": f"{draft.total:f}", "lines": lines}


async def _finish(run: BillRun) -> None:
    run.state = moved(run.state, BillRunMove.FINISH)
    run.version += 1
    run.ended_at = now()
    await run.save()
    if run.job_id:
        await jobs.end(run.job_id)
    await record(Actor("system:fees"), "billRunFinish", run, after={"state": run.state, "bills": run.bills})
