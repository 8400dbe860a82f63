"""Instalment plans: agreed at the desk, kept or broken by what is paid, given up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.arrears.instalments import Part, PlanState, check_count, check_parts, equal_parts, standing
from domain.notices import FEE_PLAN_BROKEN, Announcement
from domain.refusals import RefusalCode, Refused
from domain.upkeep import months_later
from domain.words import Text
from models.bills import Bill
from models.calendar import today, zone
from models.connection import constrained, query
from models.facts import Actor, record
from models.ids import ID
from models.ledger import Book
from models.notices import announce
from models.permits import actor_of, found, permit, permitted, unchanged
from models.territory import Compound, Home

from .residents import residents_of
from .rows import Instalment, InstalmentPlan

_SYSTEM = Actor("system:fees")
_AT_ONCE = 500

#: $1: today, $2: at most so many. Running plans whose standing may have changed: something was paid, or a part's day is over.
_MOVED = """
SELECT p.id, now_open.open FROM instalment_plan p CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.open), 0) AS open FROM bill b WHERE p.bill_ids ? b.id AND b.home_id = p.home_id
) AS now_open
WHERE p.state = 'RUNNING' AND (greatest(p.total - now_open.open, 0) <> p.paid OR EXISTS (
    SELECT FROM instalment i WHERE i.plan_id = p.id AND i.due_on < $1::date
        AND (SELECT sum(e.amount) FROM instalment e WHERE e.plan_id = p.id AND e.number <= i.number) > p.total - now_open.open
)) ORDER BY p.id LIMIT $2 FOR UPDATE OF p SKIP LOCKED
"""


async def agree(
    viewer: Viewer,
    book_id: str,
    home_id: str,
    *,
    bill_ids: Sequence[str] | None = None,
    count: int | None = None,
    first_on: date | None = None,
    instalments: Sequence[Part] | None = None,
) -> InstalmentPlan:
    """Agree with a home to pay what is open of its bills (default: all that are past due) in parts.

    Either ``instalments``, or ``count`` equal parts a month apart from ``first_on`` (default: a month from today). While it is
    kept, nobody is reminded of these bills and no late fee grows on them. Refuses NOT_FOUND, FORBIDDEN, INVALID (no bills, bills
    of another home, parts: see ``check_parts``) and CONFLICT (a plan of the home is running).
    """
    async with in_transaction():
        book = await found(Book, book_id, viewer, path=("book_id",))
        permit(viewer, "instalmentPlanAgree", book)
        home = await found(Home, home_id, viewer, path=("home_id",))
        bills = await _bills(book, home, bill_ids)
        if not bills:
            raise Refused(
                RefusalCode.INVALID,
                Text("The home has no such bills that are open.", "该户没有这些未缴账单。"),
                path=("bill_ids",) if bill_ids else ("home_id",),
                hint=Text(
                    "Name open bills of the home; without bills there must be some past due.",
                    "请选择该户的未缴账单；未选择时须有逾期账单。",
                ),
            )
        total = sum((bill.open for bill in bills), Decimal(0))
        if instalments is None:
            check_count(count or 0, total)
            instalments = equal_parts(total, count or 0, first_on or months_later(today(), 1))
        parts = check_parts(instalments, total, today())
        place = {"organisation_id": book.organisation_id, "street_id": book.street_id, "home_id": home.id}
        plan = InstalmentPlan(
            state=PlanState.RUNNING,
            agreed_on=today(),
            total=total,
            parts=len(parts),
            bill_ids=[bill.id for bill in bills],
            book_id=book.id,
            compound_id=book.compound_id,
            **place,
        )
        async with constrained(_running()):
            await plan.save(force_create=True)
        await Instalment.bulk_create(
            Instalment(number=number, due_on=part.due_on, amount=part.amount, plan_id=plan.id, **place)
            for number, part in enumerate(parts, start=1)
        )
        await record(actor_of(viewer), "instalmentPlanAgree", plan, after={"parts": len(parts), "state": plan.state})
        return plan


async def _bills(book: Book, home: Home, bill_ids: Sequence[str] | None) -> list[Bill]:
    """The bills named, or all past due, locked; none where one of those named is not an open one of the home."""
    if not all(ID.match(bill_id) for bill_id in bill_ids or ()):
        return []
    open_ = Bill.filter(book_id=book.id, home_id=home.id, open__gt=0)
    wanted = open_.filter(due_on__lt=today()) if bill_ids is None else open_.filter(id__in=list(bill_ids))
    bills = await wanted.order_by("id").select_for_update()
    return bills if bill_ids is None or {bill.id for bill in bills} == set(bill_ids) else []


async def cancel(viewer: Viewer, plan_id: str, *, expected_version: int | None = None) -> InstalmentPlan:
    """Give a running plan up; reminders go on. Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and ILLEGAL_MOVE (it does not run)."""
    async with in_transaction():
        plan = await permitted(InstalmentPlan, plan_id, viewer, "instalmentPlanCancel")
        unchanged(plan.version, expected_version)
        if plan.state is not PlanState.RUNNING:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The plan is {plan.state}.", f"该分期{plan.state.zh}。"),
                path=("id",),
                hint=Text("Only a running plan can be given up.", "仅履行中的分期可取消。"),
            )
        await _end(plan, PlanState.CANCELLED, plan.paid, today())
        await record(
            actor_of(viewer), "instalmentPlanCancel", plan, before={"state": PlanState.RUNNING}, after={"state": plan.state}
        )
        return plan


async def look_after(now: datetime) -> int:
    """Bring running plans in line with what was paid, in the caller's transaction: 500 at most; how many ended.

    Who missed a part is told, once; reminders go on from then.
    """
    day, ended = now.astimezone(zone()).date(), 0
    for row in await query(_MOVED, day, _AT_ONCE):
        plan = await InstalmentPlan.get(id=row["id"])
        parts = [Part(part.due_on, part.amount) for part in await Instalment.filter(plan_id=plan.id).order_by("number")]
        paid = max(plan.total - row["open"], Decimal(0))  # more is open than was agreed on where a payment was taken back
        state = standing(parts, paid, day)
        if state is PlanState.RUNNING:
            if paid != plan.paid:
                plan.paid = paid
                await plan.save(update_fields=["paid"])
            continue
        await _end(plan, state, paid, day)
        await record(_SYSTEM, "instalmentPlanEnd", plan, before={"state": PlanState.RUNNING}, after={"state": state})
        if state is PlanState.BROKEN:
            await _tell(plan, day)
        ended += 1
    return ended


async def _end(plan: InstalmentPlan, state: PlanState, paid: Decimal, day: date) -> None:
    plan.update_from_dict({"state": state, "paid": paid, "ended_on": day, "version": plan.version + 1})
    await plan.save(update_fields=["state", "paid", "ended_on", "version"])


async def _tell(plan: InstalmentPlan, day: date) -> None:
    compound = await Compound.get(id=plan.compound_id)
    people = (await residents_of([plan.home_id], day)).get(plan.home_id, frozenset[str]())
    await announce(
        Announcement(
            type=FEE_PLAN_BROKEN,
            topic=f"{plan.id} broken",
            data={
                "plan": {"id": plan.id, "state": plan.state},
                "home": {"id": plan.home_id},
                "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
                "message": Text(
                    "A part of your instalment plan was not paid in time, so the plan is over. Please pay what is open, or ask at"
                    " the desk for another.",
                    "您的分期有一期未按时缴纳，该分期已终止。请缴纳未缴部分，或到服务台重新协商。",
                ).both(),
            },
            street_id=plan.street_id,
            compound_id=compound.id,
            accounts=people,
        )
    )


def paused_until(plan: InstalmentPlan) -> date | None:
    """The last day on which a plan kept late fees from growing; None: it goes on."""
    return None if plan.ended_on is None else plan.ended_on - timedelta(days=1)


def _running() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("A plan of this home is running.", "该户已有履行中的分期。"),
        path=("home_id",),
        hint=Text("Give that one up first: instalmentPlanCancel.", "请先取消原分期（instalmentPlanCancel）。"),
    )
