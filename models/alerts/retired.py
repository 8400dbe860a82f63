"""Alerts of devices that were taken out of service: nothing will ever end them, so they are over."""

from datetime import datetime

from models.connection import query
from models.facts import Actor

from .caring import leave
from .raising import Gone, clear_gone

_SYSTEM = Actor("system:alerts")

_RETIRED = """
SELECT a.rule, a.subject_id, d.retired_at FROM alert a JOIN device d ON d.id = a.subject_id AND d.retired_at IS NOT NULL
WHERE a.state = 'OPEN' ORDER BY a.rule, a.subject_id LIMIT $1
"""
_FORGET = "DELETE FROM rule_state WHERE subject_id = ANY($1::text[])"


async def clear_retired(moment: datetime, at_once: int) -> int:
    """Clear alerts of retired devices, as many as ``at_once``, and forget what rules remember of these; how many there were.

    Call it inside a transaction, within ``ringing()``.
    """
    rows = await query(_RETIRED, at_once)
    if rows:
        gone = [Gone(row["rule"], row["subject_id"], moment, {"retired_at": row["retired_at"].isoformat()}) for row in rows]
        await leave([told.alert for told in await clear_gone(_SYSTEM, gone)])
        await query(_FORGET, sorted({row["subject_id"] for row in rows}))
    return len(rows)
