"""Whether the database can serve what is declared: every filter and sort wants an index that holds its column."""

from __future__ import annotations

from typing import Any

import asyncpg

from .declare import NODES, DeclarationError

_INDEXED = """
SELECT c.relname AS table_name, array_agg(DISTINCT a.attname) AS columns FROM pg_class c
LEFT JOIN pg_index i ON i.indrelid = c.oid LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1) GROUP BY c.relname
"""


async def verify(connection: asyncpg.Connection[Any]) -> None:
    """Raise DeclarationError when a declared type has no table, or a filter or sort no index behind it."""
    rows = await connection.fetch(_INDEXED, [node.table for node in NODES.values()])
    indexed = {row["table_name"]: set(row["columns"]) for row in rows}
    missing = sorted({node.table for node in NODES.values()} - indexed.keys())
    if missing:
        raise DeclarationError(f"The database has no table {', '.join(missing)}: run `steward migrate`.")
    bare = [
        f"{node.name} is filtered or sorted by {node.table}.{column}"
        for node in NODES.values()
        for column in sorted({*node.filters.values(), *node.sorts.values()} - indexed[node.table])
    ]
    if bare:
        raise DeclarationError(f"{'; '.join(bare)}: no index holds the column; add one in a migration, or drop filter= or sort=.")
