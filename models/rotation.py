"""Sealing anew, under the current key, whatever an older one sealed; blind indexes go along.

Goes through each table by id, a few hundred rows a transaction, and takes only what another key sealed: so it can be
stopped anywhere and begun again, several may run at once, and the programs go on meanwhile (every key of the ring opens).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from settings import Settings

from .secrets import NotOpened, blind_index, key_names, open_sealed, seal

#: Rows that one transaction seals anew.
_BATCH = 250

#: Called with the table, the values sealed anew so far, and those there are to seal.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Sealed:
    """A sealed column. ``place``: what follows the id in what it was sealed for. ``index``: its blind index, and of what."""

    table: str
    column: str
    place: str
    index: tuple[str, str] | None = None


#: Everything that is sealed.
SEALED = (
    Sealed("channel", "target", "target"),
    Sealed("channel", "secret", "secret"),
    Sealed("channel", "old_secret", "old_secret"),
    Sealed("payment_merchant", "secret", "secret"),
    Sealed("account", "phone_sealed", "phone", ("phone_index", "Account.phone")),
    Sealed("ticket", "contact_phone_sealed", "contact_phone", ("contact_phone_index", "Ticket.contact_phone")),
)


@dataclass
class Rotated:
    """What came of a rotation. ``left``: per key name, the values that it still seals; the current key's are not among them.

    ``unopened``: values that no key opens, or that are damaged; they stay as they are.
    """

    done: int = 0
    unopened: int = 0
    left: dict[bytes, int] = field(default_factory=dict[bytes, int])


def _name(column: str) -> str:
    return f"substring({column} FROM 2 FOR 4)"


async def rotate(connection: asyncpg.Connection[Any], settings: Settings, progress: Progress | None = None) -> Rotated:
    """Seal anew what is not sealed with ``settings.secret_key``. Use a connection outside any transaction.

    Raises NoSecretKey, and whatever asyncpg and ``progress`` raise.
    """
    current, found = key_names(settings)[0], Rotated()
    for sealed in SEALED:
        others = f"{sealed.column} IS NOT NULL AND {_name(sealed.column)} <> $1"
        total = await connection.fetchval(f"SELECT count(*) FROM {sealed.table} WHERE {others}", current)
        done, last = 0, ""
        while last is not None:
            last, opened, unopened = await _batch(connection, sealed, settings, others, current, last)
            done, found.unopened = done + opened, found.unopened + unopened
            if progress and total:
                progress(f"{sealed.table}.{sealed.place}", done, max(done, total))
        found.done += done
    for sealed in SEALED:
        rows = await connection.fetch(
            f"SELECT {_name(sealed.column)} AS key, count(*) AS count FROM {sealed.table}"
            f" WHERE {sealed.column} IS NOT NULL AND {_name(sealed.column)} <> $1 GROUP BY 1",
            current,
        )
        for row in rows:
            found.left[row["key"]] = found.left.get(row["key"], 0) + row["count"]
    return found


async def _batch(
    connection: asyncpg.Connection[Any], sealed: Sealed, settings: Settings, others: str, current: bytes, after: str
) -> tuple[str | None, int, int]:
    """Seal the next rows anew: the last of their ids (None: there were none), how many were opened, how many not."""
    async with connection.transaction():
        rows = await connection.fetch(
            f"SELECT id, {sealed.column} AS value FROM {sealed.table} WHERE {others} AND id > $2"
            f" ORDER BY id LIMIT {_BATCH} FOR NO KEY UPDATE",
            *(current, after),
        )
        values: list[tuple[str, bytes, bytes]] = []
        for row in rows:
            place = f"{row['id']}.{sealed.place}"
            try:
                text = open_sealed(row["value"], settings, of=place)
            except NotOpened:
                continue
            index = blind_index(text, settings, of=sealed.index[1]) if sealed.index else b""
            values.append((row["id"], seal(text, settings, of=place), index))
        indexed = f", {sealed.index[0]} = anew.index" if sealed.index else ""
        await connection.execute(
            f"UPDATE {sealed.table} AS old SET {sealed.column} = anew.value{indexed}"
            " FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS anew (id, value, index) WHERE old.id = anew.id",
            *map(list, zip(*values, strict=True) if values else ((), (), ())),
        )
    return (rows[-1]["id"] if rows else None), len(values), len(rows) - len(values)
