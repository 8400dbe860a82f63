"""What contracts say of late fees, per book and with their numbers."""

from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.arrears.late_fees import Terms, check_terms
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained
from models.facts import record
from models.ledger import Book
from models.permits import actor_of, permitted, unchanged
from models.roles import check_days, check_no_longer

from .rows import LateFeeTerms

NUMBER_MAX = 60


async def set_terms(
    viewer: Viewer,
    book_id: str,
    *,
    contract_number: str,
    per_day: Decimal,
    cap: Decimal,
    grace_days: int,
    starts_on: date,
    ends_on: date | None = None,
) -> LateFeeTerms:
    """Record what a contract says of late fees, from ``starts_on`` to ``ends_on`` (None: open).

    ``per_day`` and ``cap`` are shares of what is unpaid and of what was billed: 0.0003 is 0.03 % a day. Refuses NOT_FOUND,
    FORBIDDEN, INVALID (no contract number, figures: see ``check_terms``, days) and CONFLICT (terms on some of these days).
    """
    number = written(contract_number, "contract_number", NUMBER_MAX)
    check_terms(Terms(starts_on, ends_on, per_day, cap, grace_days))
    check_days(starts_on, ends_on)
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "lateFeeTermsSet", path=("book_id",))
        terms = LateFeeTerms(
            contract_number=number,
            per_day=per_day,
            cap=cap,
            grace_days=grace_days,
            starts_on=starts_on,
            ends_on=ends_on,
            book_id=book.id,
            compound_id=book.compound_id,
            organisation_id=book.organisation_id,
            street_id=book.street_id,
        )
        async with constrained(_taken()):
            await terms.save(force_create=True)
        told = {"per_day": str(per_day), "cap": str(cap), "starts_on": starts_on.isoformat(), "ends_on": _day(ends_on)}
        await record(actor_of(viewer), "lateFeeTermsSet", terms, after=told)
        return terms


async def end_terms(
    viewer: Viewer, terms_id: str, *, ends_on: date | None = None, expected_version: int | None = None
) -> LateFeeTerms:
    """The terms with an earlier last day (default: today). Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and INVALID (the day)."""
    async with in_transaction():
        terms = await permitted(LateFeeTerms, terms_id, viewer, "lateFeeTermsEnd")
        unchanged(terms.version, expected_version)
        last = ends_on or max(today(), terms.starts_on)
        check_days(terms.starts_on, last)
        check_no_longer(last, terms.ends_on)
        before = {"ends_on": _day(terms.ends_on)}
        terms.update_from_dict({"ends_on": last, "version": terms.version + 1})
        await terms.save(update_fields=["ends_on", "version"])
        await record(actor_of(viewer), "lateFeeTermsEnd", terms, before=before, after={"ends_on": last.isoformat()})
        return terms


async def terms_of(book_id: str) -> list[Terms]:
    """All terms that the book ever had, in the order of their days."""
    rows = await LateFeeTerms.filter(book_id=book_id).order_by("starts_on")
    return [Terms(row.starts_on, row.ends_on, row.per_day, row.cap, row.grace_days) for row in rows]


def _day(day: date | None) -> str | None:
    return day and day.isoformat()


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("The book has terms of late fees on some of these days.", "该账套在此期间已有违约金约定。"),
        path=("starts_on",),
        hint=Text("End those first: lateFeeTermsEnd.", "请先终止原约定（lateFeeTermsEnd）。"),
    )
