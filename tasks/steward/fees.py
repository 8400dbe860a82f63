"""Fees: what is looked for on the clock. Each check reads in one statement; homes are counted, and never named."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from orjson import loads

from domain.alerts.conditions import Limits
from domain.steward.fees import (
    ARREARS_OLD,
    BILL_RUN_MISSED,
    COLLECTION_FALLING,
    MODULE,
    PAYMENTS_FAILING,
    RECONCILE_DIFFERENCE,
    UNMATCHED,
    Collected,
    failed_percent,
    fall,
    homes_over,
)
from domain.words import Text
from models.calendar import zone
from models.connection import query
from tasks.clock import check

from .finding import Found, bring_in_line

_PLACE = "JOIN book k ON k.id = f.book_id JOIN compound c ON c.id = k.compound_id"
_WHERE = "k.id, k.compound_id, k.street_id, c.name"

#: $1: bills of fees that fell due after this day, $2: and until this one. By book: what fell due on each day, and what of it was
#: paid by days after it, as the journal says.
_COLLECTED = f"""
WITH due AS (
    SELECT id, home_id, book_id, due_on, total - credited AS billed FROM bill
    WHERE kind = 'FEES' AND due_on > $1::date AND due_on <= $2::date
), paid AS (
    SELECT book_id, due_on, json_object_agg(lag, amount::text) AS paid FROM (
        SELECT d.book_id, d.due_on, greatest(l.booked_on - d.due_on, 0) AS lag, sum(l.credit - l.debit) AS amount
        FROM due d JOIN journal_line l ON l.home_id = d.home_id AND l.code = 'RECEIVABLE' AND l.bill_id = d.id
        JOIN journal_entry e ON e.id = l.entry_id AND e.kind NOT IN ('BILLS', 'CREDIT_NOTE', 'OPENING')
        GROUP BY 1, 2, 3
    ) AS by_lag GROUP BY book_id, due_on
), f AS (
    SELECT book_id, json_agg(json_build_object('due_on', due_on::text, 'billed', billed::text, 'paid', paid)) AS days
    FROM (SELECT book_id, due_on, sum(billed) AS billed FROM due GROUP BY 1, 2) AS billed LEFT JOIN paid USING (book_id, due_on)
    GROUP BY book_id
)
SELECT {_WHERE}, f.days::text AS days FROM f {_PLACE} ORDER BY k.id
"""
#: $1: today. By book: homes by the whole months for which their oldest debt has been past due.
_OLD = f"""
WITH f AS (
    SELECT book_id, json_agg(json_build_array(months, homes))::text AS months FROM (
        SELECT book_id, months, count(*) AS homes FROM (
            SELECT book_id, (extract(year FROM since) * 12 + extract(month FROM since))::int AS months FROM (
                SELECT book_id, age($1::date, min(due_on)) AS since FROM bill
                WHERE open > 0 AND due_on < $1::date GROUP BY book_id, home_id
            ) AS oldest
        ) AS homes GROUP BY book_id, months
    ) AS counted GROUP BY book_id
)
SELECT {_WHERE}, f.months FROM f {_PLACE} ORDER BY k.id
"""
#: $1: today. By book: since when money has been there that is nobody's, or a home's that has open bills.
_UNMATCHED = f"""
WITH waiting AS (
    SELECT book_id, received_on AS since FROM payment WHERE state = 'UNMATCHED'
    UNION ALL SELECT p.book_id, greatest(p.received_on, min(b.issued_on)) FROM payment p
        JOIN bill b ON b.home_id = p.home_id AND b.book_id = p.book_id AND b.open > 0
        WHERE p.state = 'OPEN' AND p.unallocated > 0 GROUP BY p.id, p.book_id, p.received_on
), f AS (SELECT book_id, $1::date - min(since) AS days FROM waiting GROUP BY book_id)
SELECT {_WHERE}, f.days FROM f {_PLACE} WHERE f.days > 0 ORDER BY k.id
"""
#: $1: today. By book: how long the oldest period of an item in force has gone without a run that billed it. What is metered or
#: shared is billed when its period is over.
_MISSED = f"""
WITH billed AS (
    SELECT i.fee_item_id, max(i.period_to) AS until FROM bill_run_item i JOIN bill_run r ON r.id = i.run_id AND r.state = 'DONE'
    GROUP BY i.fee_item_id
), f AS (
    SELECT m.book_id, max($1::date - (coalesce(b.until + 1, m.starts_on)
        + CASE WHEN m.kind IN ('METERED', 'SHARED') THEN m.months ELSE 0 END * interval '1 month')::date) AS days
    FROM fee_item m LEFT JOIN billed b ON b.fee_item_id = m.id
    WHERE m.starts_on <= $1::date AND (m.ended_on IS NULL OR m.ended_on > $1::date)
        AND EXISTS (SELECT FROM fee_assignment a WHERE a.fee_item_id = m.id AND (a.ends_on IS NULL OR a.ends_on >= $1::date))
    GROUP BY m.book_id
)
SELECT {_WHERE}, f.days FROM f {_PLACE} WHERE f.days > 0 AND k.closed_on IS NULL ORDER BY k.id
"""
#: $1: since when, $2: now. By book: online payments that came and that failed, by whole hours ago.
_FAILED = f"""
WITH tried AS (
    SELECT book_id, at, 0 AS done, 1 AS failed FROM payment_failure WHERE at > $1
    UNION ALL SELECT book_id, entered_at, 1, 0 FROM payment WHERE method = 'ONLINE' AND entered_at > $1
), f AS (
    SELECT book_id, json_agg(json_build_array(hours, done, failed))::text AS hours FROM (
        SELECT book_id, floor(extract(epoch FROM $2::timestamptz - at) / 3600)::int AS hours, sum(done) AS done,
            sum(failed) AS failed FROM tried GROUP BY 1, 2
    ) AS hourly GROUP BY book_id HAVING sum(failed) > 0
)
SELECT {_WHERE}, f.hours FROM f {_PLACE} ORDER BY k.id
"""
#: $1: today. By book: how long the oldest difference with a provider has stood.
_DIFFERENT = f"""
WITH f AS (SELECT book_id, $1::date - min(day) AS days FROM reconciliation WHERE state = 'DIFFERENT' GROUP BY book_id)
SELECT {_WHERE}, f.days FROM f {_PLACE} WHERE f.days > 0 ORDER BY k.id
"""


@check(
    "fees.collection",
    module=MODULE.key,
    cron="25 5 * * *",
    does=Text("Find where less is paid than before, and where many are long behind.", "查找收缴率下降、长期欠费户较多的小区。"),
)
async def find_unpaid(now: datetime) -> Mapping[str, int]:
    """Raise alerts for books with less collected than before, and with many homes long in arrears; end those that are over."""
    today = _day(now)
    window, within = (COLLECTION_FALLING.figures[name].most for name in ("window_days", "within_days"))
    since = today - timedelta(days=int(2 * window + within))
    falling = [_found(row, partial(_fall, loads(row["days"]), today), "%") for row in await query(_COLLECTED, since, today)]
    old = [_found(row, partial(_homes, loads(row["months"])), "") for row in await query(_OLD, today)]
    return _together(await bring_in_line(COLLECTION_FALLING.key, falling, now), await bring_in_line(ARREARS_OLD.key, old, now))


@check(
    "fees.money",
    module=MODULE.key,
    cron="45 * * * *",
    does=Text("Find money that has paid no bill, and differences with providers.", "查找未核销的款项与支付对账差异。"),
)
async def find_unmatched(now: datetime) -> Mapping[str, int]:
    """Raise alerts for books with money that has paid no bill for long, and that differ from a provider's; and end those over."""
    today = _day(now)
    return _together(
        await bring_in_line(UNMATCHED.key, _late(await query(_UNMATCHED, today)), now),
        await bring_in_line(RECONCILE_DIFFERENCE.key, _late(await query(_DIFFERENT, today)), now),
    )


@check(
    "fees.bill_runs",
    module=MODULE.key,
    cron="35 7 * * *",
    does=Text("Find books without the bills of a period.", "查找未按期出账的账套。"),
)
async def find_missed(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every book with items in force that no run has billed for long, and end those that are billed."""
    return await bring_in_line(BILL_RUN_MISSED.key, _late(await query(_MISSED, _day(now))), now)


@check(
    "fees.failures",
    module=MODULE.key,
    cron="*/15 * * * *",
    does=Text("Find where online payments fail.", "查找线上支付失败率高的小区。"),
)
async def find_failing(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every book with many online payments that fail, and end those where they come again."""
    since = now - timedelta(hours=PAYMENTS_FAILING.figures["window_hours"].most)
    found = [_found(row, partial(_failed, loads(row["hours"])), "%") for row in await query(_FAILED, since, now)]
    return await bring_in_line(PAYMENTS_FAILING.key, found, now)


def _day(now: datetime) -> date:
    return now.astimezone(zone()).date()


def _late(rows: Sequence[Mapping[str, Any]]) -> list[Found]:
    return [_found(row, float(row["days"]), "d") for row in rows]


def _found(row: Mapping[str, Any], value: float | Callable[[Limits], float], unit: str) -> Found:
    return Found(row["id"], value, row["name"], row["compound_id"], row["street_id"], more={"unit": unit})


def _together(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return {name: count + other[name] for name, count in one.items()}


def _fall(days: Sequence[Mapping[str, Any]], today: date, limits: Limits) -> float:
    return fall([_collected(day) for day in days], limits, today)


def _collected(day: Mapping[str, Any]) -> Collected:
    paid: Mapping[str, str] = day["paid"] or {}
    lags = {int(lag): Decimal(amount) for lag, amount in paid.items()}
    return Collected(date.fromisoformat(day["due_on"]), Decimal(day["billed"]), lags)


def _homes(months: Sequence[tuple[int, int]], limits: Limits) -> float:
    return homes_over(months, limits)


def _failed(hours: Sequence[tuple[int, int, int]], limits: Limits) -> float:
    return failed_percent(hours, limits)
