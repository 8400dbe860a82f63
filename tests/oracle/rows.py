"""Every declared table as plain rows, and who sees which."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import asyncpg

import models
from api.read.declare import NODES, Column, Computed, Count
from domain.access import Belonging, Reach, Role, Via, Viewer
from domain.policy import DISCLOSURE, READ, DataClass
from settings import Settings


@dataclass(frozen=True, eq=False)
class Row:
    """One row of the table of ``type``, by column; ``computed`` holds what SQL expressions over it gave."""

    type: str
    columns: dict[str, Any]
    computed: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        return self.columns["id"]


@dataclass
class Store:
    """All rows by type; the tables through which rows belong; sort keys as PostgreSQL writes them."""

    rows: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    between: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    #: (type, column) → id → the value as text, null where it is null.
    written: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict[tuple[str, str], dict[str, "str | None"]])
    #: (type, SQL condition over ``{row}``) → ids that fulfil it.
    fulfilling: dict[tuple[str, str], set[str]] = field(default_factory=dict[tuple[str, str], set[str]])

    @property
    def types(self) -> list[str]:
        """The types that have rows."""
        return [name for name, rows in self.rows.items() if rows]

    def find(self, type_: str, column: str, value: Any) -> list[Row]:
        """The rows of a type whose column has the value; null equals nothing."""
        return [row for row in self.rows[type_] if value is not None and row.columns[column] == value]

    def sees(self, viewer: Viewer, row: Row) -> bool:
        """Whether one of the viewer's roles reaches the row in a way that READ allows for its type."""
        return any(True for _ in self._ways(viewer, row))

    def shown(self, viewer: Viewer, row: Row, data: DataClass) -> str:
        """VISIBLE, MASKED or HIDDEN: the most that one of those ways allows for a class of data."""
        roles, own = DISCLOSURE[data]
        found = {"HIDDEN"}
        for role, reach in self._ways(viewer, row):
            if not (data is DataClass.PAYER and reach is Reach.OUTSIDE):
                found |= {roles.get(role, "HIDDEN")} | ({own} if reach in {"account", "home"} else set())
        return next(level for level in ("VISIBLE", "MASKED", "HIDDEN") if level in found)

    def _ways(self, viewer: Viewer, row: Row) -> Iterator[tuple[Role, Reach]]:
        belonging: Belonging = getattr(models, row.type).belonging
        for role, reaches in READ.get(row.type, {}).items():
            for reach in reaches:
                ids = set(viewer.reach.get(role, {}).get(_REACHED_AS.get(reach, reach), ()))
                if reach is Reach.PRESENT:
                    ids -= viewer.read_only.get(role, frozenset())
                belongs = belonging.get(reach)
                if isinstance(belongs, Via):
                    links = [link for link in self.between[belongs.table] if link[belongs.key] == row.columns[belongs.own]]
                    if any(link[belongs.column] in ids for link in links):
                        yield role, reach
                elif belongs is not None and row.columns[belongs] in ids:
                    yield role, reach


_REACHED_AS = {Reach.OUTSIDE: Reach.COMPOUND, Reach.PRESENT: Reach.COMPOUND, Reach.OFFICE: Reach.ORGANISATION}


async def load(settings: Settings) -> Store:
    """Read the whole database, in the street's time zone and with JSON numbers exact."""
    connection = await asyncpg.connect(settings.database_url, server_settings={"timezone": settings.timezone})
    try:
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=str, decoder=lambda text: json.loads(text, parse_float=Decimal)
        )
        store = Store()
        for node in NODES.values():
            found = await connection.fetch(f"SELECT * FROM {node.table}")
            store.rows[node.name] = [Row(node.name, dict(row)) for row in found]
            for key, binding in node.bindings.items():
                if isinstance(binding, Computed):
                    values = await connection.fetch(f"SELECT id, {binding.sql.format(row=node.table)} FROM {node.table}")
                    for row in store.rows[node.name]:
                        row.computed[key] = dict(values)[row.id]
                if isinstance(binding, Count) and binding.where:
                    target = NODES[binding.target].table
                    where = binding.where.format(row=target)
                    found = await connection.fetch(f"SELECT id FROM {target} WHERE {where}")
                    store.fulfilling[binding.target, binding.where] = {row["id"] for row in found}
                if isinstance(binding, Column) and binding.sort:
                    texts = await connection.fetch(f"SELECT id, {binding.name}::text FROM {node.table}")
                    store.written[node.name, binding.name] = dict(texts)
            for belongs in node.belonging.values():
                if isinstance(belongs, Via):
                    found = await connection.fetch(f"SELECT * FROM {belongs.table}")
                    store.between[belongs.table] = [dict(row) for row in found]
        return store
    finally:
        await connection.close()
