"""The figures as a page."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from .measuring import CONNECTIONS, Measured, Plan, Results
from .queries import Query
from .servers import BY_HAND, PLAIN, POST, POSTGRAPHILE, STEWARD


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows), ""]


def report(results: Results, queries: Sequence[Query], servers: Sequence[str], plan: Plan) -> str:
    """Markdown."""

    def of(query: Query, server: str) -> Measured:
        return results[query.name, server]

    def ratio(query: Query, other: str, of_one: Callable[[Measured], float]) -> str:
        return f"**{of_one(of(query, STEWARD)) / of_one(of(query, other)):.2f}**" if other in servers else "not installed"

    def each(form: Callable[[Measured], str]) -> list[list[str]]:
        return [[query.name, *(form(of(query, server)) for server in servers)] for query in queries]

    head = ["", *(f"{server} {POSTGRAPHILE}" if server == POST else server for server in servers)]
    ratios = [
        [
            query.name,
            query.title,
            ratio(query, POST, lambda m: m.rate),
            ratio(query, BY_HAND, lambda m: m.rate),
            ratio(query, PLAIN, lambda m: m.rate),
            ratio(query, POST, lambda m: m.cpu_ms),
            f"**{of(query, STEWARD).percentile(0.99) / of(query, STEWARD).percentile(0.5):.1f}**",
        ]
        for query in queries
    ]
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}; medians of {plan.rounds}"
        f" interleaved rounds of {plan.seconds:g} s. `python -m benchmarks.reads` makes this page again;"
    )
    return "\n".join(
        [
            "# Reads beside PostGraphile, SQL by hand and plain strawberry",
            "",
            about,
            "`benchmarks/README.md` says what was measured and how.",
            "",
            "## Steward's ratios",
            "",
            f"Rates and processor time at {CONNECTIONS} connections; p99 and p50 at one.",
            "",
            *_table(
                ["", "query", "rate ÷ PostGraphile", "rate ÷ by hand", "rate ÷ plain", "CPU ÷ PostGraphile", "p99 ÷ p50"], ratios
            ),
            f"## Requests a second at {CONNECTIONS} connections",
            "",
            *_table(head, each(lambda m: f"{m.rate:,.0f}" if m.rate >= 10 else f"{m.rate:.1f}")),
            "## Processor time of the server per request, ms",
            "",
            *_table(head, each(lambda m: f"{m.cpu_ms:.2f}")),
            "## Latency at one connection, ms: p50 / p99",
            "",
            *_table(head, each(lambda m: f"{m.percentile(0.5):.2f} / {m.percentile(0.99):.2f}")),
        ]
    )
