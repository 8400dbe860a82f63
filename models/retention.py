"""What has been kept long enough goes: a few hundred rows a statement, each a transaction of its own. See docs/privacy.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
from tortoise import connections
from tortoise.transactions import in_transaction

from domain.accounts import AccountKind
from domain.tickets import CLEARED
from settings import Settings

from .accounts import Account
from .erasure import erase
from .facts import Actor
from .tickets.clearing import CLEAR_SQL

#: Rows that one statement takes.
_BATCH = 500
#: Accounts that are found in one night.
_MOST = 5_000

#: Bills that nothing refers to any more: what was paid on them, and what corrected them, goes first.
_OLD_BILLS = """
SELECT id FROM bill WHERE issued_on < ($1::timestamptz)::date
    AND NOT EXISTS (SELECT FROM payment_allocation a WHERE a.bill_id = bill.id)
    AND NOT EXISTS (SELECT FROM bill later WHERE later.corrects_id = bill.id)
ORDER BY issued_on
"""

#: $1: what is older goes.
_OLD: Mapping[str, str] = {
    "notice": "SELECT id FROM notice WHERE state <> 'PENDING' AND created_at < $1 ORDER BY created_at",
    "invitation": "SELECT id FROM invitation WHERE expires_at < $1 ORDER BY expires_at",
    "duty_shift": "SELECT id FROM duty_shift WHERE ends_at < $1 ORDER BY ends_at",
    "post_stint": "SELECT id FROM post_stint WHERE ended_at < $1 ORDER BY ended_at",
    "visitor_pass": "SELECT id FROM visitor_pass WHERE valid_until < $1 ORDER BY valid_until",
    "station_loan": "SELECT id FROM station_loan WHERE closed_at < $1 ORDER BY closed_at",
    "alert_rule_dry_run": "SELECT id FROM alert_rule_dry_run WHERE started_at < $1 ORDER BY started_at",
    "compound_figures": "SELECT id FROM compound_figures WHERE day < ($1::timestamptz)::date ORDER BY day",
    "payment_message": "SELECT id FROM payment_message WHERE received_at < $1 ORDER BY received_at",
    "payment_failure": "SELECT id FROM payment_failure WHERE at < $1 ORDER BY at",
    "payment_order": """SELECT o.id FROM payment_order o WHERE o.opened_at < $1
        AND NOT EXISTS (SELECT FROM payment p WHERE p.order_id = o.id)""",
    "bank_file": """SELECT f.id FROM bank_file f WHERE f.entered_at < $1
        AND NOT EXISTS (SELECT FROM payment p WHERE p.bank_file_id = f.id)""",
    "reconciliation": "SELECT id FROM reconciliation WHERE compared_at < $1 ORDER BY compared_at",
    "bill": _OLD_BILLS,
    "meter_reading": "SELECT id FROM meter_reading WHERE read_on < ($1::timestamptz)::date ORDER BY read_on",
    "budget_line": "SELECT id FROM budget_line WHERE month < ($1::timestamptz)::date ORDER BY month",
    "fire_drill": "SELECT id FROM fire_drill WHERE planned_on < ($1::timestamptz)::date ORDER BY planned_on",
    "fire_pact": "SELECT id FROM fire_pact WHERE ends_on < ($1::timestamptz)::date ORDER BY ends_on",
    "fire_report": "SELECT id FROM fire_report WHERE month < ($1::timestamptz)::date ORDER BY month",
    "job": "SELECT id FROM job WHERE started_at < $1 ORDER BY started_at",
    "sheet_import": "SELECT id FROM sheet_import WHERE started_at < $1 ORDER BY started_at",
    "arrears_case": "SELECT id FROM arrears_case WHERE closed_on < ($1::timestamptz)::date ORDER BY closed_on",
    "instalment_plan": "SELECT id FROM instalment_plan WHERE ended_on < ($1::timestamptz)::date ORDER BY ended_on",
    "bill_dispute": "SELECT id FROM bill_dispute WHERE closed_at < $1 ORDER BY closed_at",
    "unmasking": "SELECT id FROM unmasking WHERE at < $1 ORDER BY at",
}

_OLD_TICKETS = f"""
SELECT id FROM ticket
WHERE cleared_at IS NULL AND opened_by_id IS NOT NULL AND state IN ('CLOSED', 'CANCELLED') AND coalesce(closed_at, opened_at) < $1
ORDER BY coalesce(closed_at, opened_at) LIMIT {_BATCH}
"""

#: $1: the day before which they ended, $2: what stands in the place of the name.
_OLD_OFFICES = f"""
WITH old AS (
    UPDATE office SET holder = $2, end_note = '', cleared_at = now() WHERE id IN (
        SELECT id FROM office WHERE cleared_at IS NULL AND lasts_to < $1 ORDER BY lasts_to LIMIT {_BATCH}
    ) RETURNING 1
) SELECT count(*) FROM old
"""
#: $1: what was closed before goes.
_OLD_HAZARDS = f"""
WITH old AS MATERIALIZED (
    SELECT id FROM hazard WHERE state = 'CLOSED' AND closed_at < $1 ORDER BY closed_at LIMIT {_BATCH}
), files AS (
    UPDATE file SET removed_at = now(), name = '' WHERE removed_at IS NULL AND subject_id IN (SELECT id FROM old)
), gone AS (DELETE FROM hazard WHERE id IN (SELECT id FROM old) RETURNING 1)
SELECT count(*) FROM gone
"""
#: $1: lifts' orders before this go, $2: others before this. The last of each kind stays: what is due follows from it.
_OLD_ORDERS = f"""
WITH old AS MATERIALIZED (
    SELECT o.id FROM work_order o
    WHERE o.state IN ('DONE', 'COUNTERSIGNED', 'CANCELLED')
        AND coalesce(o.done_at, o.opened_at) < CASE WHEN o.kind LIKE 'LIFT%' THEN $1::timestamptz ELSE $2::timestamptz END
        AND (o.state = 'CANCELLED' OR EXISTS (
            SELECT FROM work_order later WHERE later.facility_id = o.facility_id AND later.kind = o.kind
                AND later.state IN ('DONE', 'COUNTERSIGNED') AND later.done_at > o.done_at
        ))
    LIMIT {_BATCH}
), files AS (
    UPDATE file SET removed_at = now(), name = '' WHERE removed_at IS NULL AND subject_id IN (SELECT id FROM old)
), gone AS (DELETE FROM work_order WHERE id IN (SELECT id FROM old) RETURNING 1)
SELECT count(*) FROM gone
"""

#: $1: questions that were asked before this forget who asked them.
_OLD_QUESTIONS = f"""
WITH old AS (
    UPDATE statement_question SET asked_by_id = NULL WHERE id IN (
        SELECT id FROM statement_question WHERE asked_by_id IS NOT NULL AND asked_at < $1 ORDER BY asked_at LIMIT {_BATCH}
    ) RETURNING 1
) SELECT count(*) FROM old
"""

#: $1: payments of before go, with all that was made of them; not what still is a prepayment or in suspense.
_OLD_PAYMENTS = f"""
WITH old AS MATERIALIZED (
    SELECT p.id FROM payment p
    WHERE p.received_on < ($1::timestamptz)::date AND p.state NOT IN ('OPEN', 'UNMATCHED')
        AND NOT EXISTS (SELECT FROM payment_allocation a WHERE a.payment_id = p.id AND a.made_at >= $1)
        AND NOT EXISTS (SELECT FROM receipt r WHERE r.payment_id = p.id AND r.issued_at >= $1)
        AND NOT EXISTS (SELECT FROM refund r WHERE r.payment_id = p.id AND r.requested_at >= $1)
    ORDER BY p.received_on LIMIT {_BATCH}
), invoices AS (
    DELETE FROM invoice_request WHERE receipt_id IN (SELECT id FROM receipt WHERE payment_id IN (SELECT id FROM old))
), receipts AS (DELETE FROM receipt WHERE payment_id IN (SELECT id FROM old)
), parts AS (DELETE FROM payment_allocation WHERE payment_id IN (SELECT id FROM old)
), refunds AS (DELETE FROM refund WHERE payment_id IN (SELECT id FROM old)
), gone AS (DELETE FROM payment WHERE id IN (SELECT id FROM old) RETURNING 1)
SELECT count(*) FROM gone
"""

#: $1: rounds that ended before this go, with their scans and photos.
_OLD_ROUNDS = f"""
WITH old AS MATERIALIZED (SELECT id FROM round WHERE closes_at < $1 ORDER BY closes_at LIMIT {_BATCH}), files AS (
    UPDATE file SET removed_at = now(), name = '' WHERE removed_at IS NULL AND subject_id IN (SELECT id FROM old)
), gone AS (DELETE FROM round WHERE id IN (SELECT id FROM old) RETURNING 1)
SELECT count(*) FROM gone
"""

#: $1: the day before which what was spent goes, with its documents.
_OLD_EXPENSES = f"""
WITH old AS MATERIALIZED (SELECT id FROM expense WHERE spent_on < $1 ORDER BY spent_on LIMIT {_BATCH}), files AS (
    UPDATE file SET removed_at = now(), name = '' WHERE removed_at IS NULL AND subject_id IN (SELECT id FROM old)
), gone AS (DELETE FROM expense WHERE id IN (SELECT id FROM old) RETURNING 1)
SELECT count(*) FROM gone
"""
#: $1: the day before which lines of the journal tell no home and no bill any more; the sums stay.
_OLD_LINES = f"""
WITH old AS (
    UPDATE journal_line SET home_id = NULL, bill_id = NULL WHERE id IN (
        SELECT id FROM journal_line WHERE booked_on < $1 AND (home_id IS NOT NULL OR bill_id IS NOT NULL)
        ORDER BY booked_on LIMIT {_BATCH}
    ) RETURNING 1
) SELECT count(*) FROM old
"""

#: $1: the day before which every role must have ended, one of them a resident's; $2: the account, null for all.
_MOVED_OUT = f"""
SELECT a.id FROM account a
WHERE a.erased_at IS NULL AND a.kind = '{AccountKind.PERSON}' AND ($2::text IS NULL OR a.id = $2)
    AND EXISTS (SELECT FROM role_binding b WHERE b.account_id = a.id AND b.role = 'RESIDENT' AND b.ends_on < $1)
    AND NOT EXISTS (SELECT FROM role_binding b WHERE b.account_id = a.id AND (b.ends_on IS NULL OR b.ends_on >= $1))
ORDER BY a.id LIMIT {_MOST}
"""


async def expire(connection: asyncpg.Connection[Any], now: datetime, settings: Settings) -> dict[str, int]:
    """Drop old rows of the tables above, and clear old tickets; how many of each.

    Use a connection outside any transaction. What was done stays done if it fails half-way.
    """
    days = {
        "notice": settings.retention_notice_days,
        "invitation": settings.retention_invitation_days,
        "duty_shift": settings.retention_duty_days,
        "post_stint": settings.retention_duty_days,
        "visitor_pass": settings.retention_pass_days,
        "station_loan": settings.retention_loan_days,
        "alert_rule_dry_run": settings.retention_dry_run_days,
        "compound_figures": settings.retention_figure_days,
        **dict.fromkeys(("payment_message", "payment_failure"), settings.retention_notice_days),
        **dict.fromkeys(("payment_order", "bank_file", "reconciliation"), settings.retention_book_days),
        **dict.fromkeys(("bill", "meter_reading", "budget_line"), settings.retention_book_days),
        "fire_drill": settings.retention_fire_days,
        "fire_pact": settings.retention_fire_days,
        "fire_report": settings.retention_figure_days,
        "job": settings.retention_import_days,
        "sheet_import": settings.retention_import_days,
        **dict.fromkeys(("arrears_case", "instalment_plan", "bill_dispute"), settings.retention_arrears_days),
        "unmasking": settings.retention_unmasking_days,
    }
    gone: dict[str, int] = {}
    for table, old in _OLD.items():
        drop = f"WITH gone AS (DELETE FROM {table} WHERE id IN ({old} LIMIT {_BATCH}) RETURNING 1) SELECT count(*) FROM gone"
        gone[table] = await _until_none(connection, drop, now - timedelta(days=days[table]))
    before, gone["ticket"] = now - timedelta(days=settings.retention_ticket_days), 0
    while ids := [row["id"] for row in await connection.fetch(_OLD_TICKETS, before)]:
        gone["ticket"] += await connection.fetchval(CLEAR_SQL, ids, CLEARED.zh)
    office_day = (now - timedelta(days=settings.retention_office_days)).date()
    gone["office"] = await _until_none(connection, _OLD_OFFICES, office_day, CLEARED.zh)
    book_day = (now - timedelta(days=settings.retention_book_days)).date()
    gone["expense"] = await _until_none(connection, _OLD_EXPENSES, book_day)
    gone["journal_line"] = await _until_none(connection, _OLD_LINES, book_day)
    gone["round"] = await _until_none(connection, _OLD_ROUNDS, now - timedelta(days=settings.retention_round_days))
    gone["statement_question"] = await _until_none(connection, _OLD_QUESTIONS, before)
    gone["payment"] = await _until_none(connection, _OLD_PAYMENTS, now - timedelta(days=settings.retention_book_days))
    gone["hazard"] = await _until_none(connection, _OLD_HAZARDS, now - timedelta(days=settings.retention_fire_days))
    lifts, others = (now - timedelta(days=kept) for kept in (settings.retention_lift_work_days, settings.retention_work_days))
    gone["work_order"] = await _until_none(connection, _OLD_ORDERS, lifts, others)
    return gone


async def _until_none(connection: asyncpg.Connection[Any], drop: str, before: datetime | date, *more: datetime | str) -> int:
    gone = 0
    while dropped := await connection.fetchval(drop, before, *more):
        gone += dropped
    return gone


async def moved_out(before: date, account_id: str | None = None) -> list[str]:
    """Accounts (all, or this one) of residents whose roles, all of them, ended before that day."""
    return [row["id"] for row in await connections.get("default").execute_query_dict(_MOVED_OUT, [before, account_id])]


async def erase_if_moved_out(account_id: str, before: date) -> bool:
    """Erase an account that ``moved_out`` told, if it is still so."""
    async with in_transaction():
        account = await Account.select_for_update(of=("account",)).get_or_none(id=account_id)
        if account is None or not await moved_out(before, account_id):
            return False
        await erase(account, Actor("system:retention"))
        return True
