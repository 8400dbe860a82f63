"""A loader for each relation. To-many relations are loaded by one LATERAL query for all parents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tortoise import Model, connections

import models

Loaded = Callable[[list[Any]], Awaitable[Sequence[Any]]]


async def _rows(model: type[Model], sql: str, *values: Any) -> list[Any]:
    found = await connections.get("default").execute_query_dict(sql, list(values))
    return [model._init_from_db(**row) for row in found]  # pyright: ignore[reportPrivateUsage]


def _one(model: type[Model], key: str = "id") -> Loaded:
    async def load(keys: list[str]) -> list[Any]:
        found = {getattr(row, key): row for row in await model.filter(**{f"{key}__in": keys})}
        return [found.get(one) for one in keys]

    return load


def _many(model: type[Model], key: str, order: str) -> Loaded:
    """The first rows of each parent; the loader's keys are pairs of parent and number."""

    async def load(keys: list[tuple[str, int]]) -> list[list[Any]]:
        lists: dict[tuple[str, int], list[Any]] = {pair: [] for pair in keys}
        for first in {number for _, number in keys}:
            parents = [parent for parent, number in keys if number == first]
            sql = (
                f"SELECT r.* FROM unnest($1::text[]) AS p (id) JOIN LATERAL (SELECT * FROM {model._meta.db_table}"  # pyright: ignore[reportPrivateUsage]
                f" WHERE {key} = p.id ORDER BY {order} LIMIT $2) r ON true"
            )
            for row in await _rows(model, sql, parents, first):
                lists[getattr(row, key), first].append(row)
        return [lists[pair] for pair in keys]

    return load


def _count(table: str, where: str = "true") -> Loaded:
    async def load(keys: list[str]) -> list[int]:
        sql = f"SELECT compound_id, count(*) AS n FROM {table} WHERE compound_id = ANY($1::text[]) AND {where} GROUP BY 1"
        found = {row["compound_id"]: row["n"] for row in await connections.get("default").execute_query_dict(sql, [keys])}
        return [found.get(key, 0) for key in keys]

    return load


LOADERS: dict[str, Loaded] = {
    "place": _one(models.Place),
    "compound": _one(models.Compound),
    "facility": _one(models.Facility),
    "organisation": _one(models.Organisation),
    "account": _one(models.Account),
    "device": _one(models.Device),
    "ticket_of_alert": _one(models.Ticket, "alert_id"),
    "mandates": _many(models.Mandate, "compound_id", "starts_on, id"),
    "facilities": _many(models.Facility, "compound_id", "code, id"),
    "devices": _many(models.Device, "compound_id", "code, id"),
    "devices_of_facility": _many(models.Device, "facility_id", "code, id"),
    "tickets": _many(models.Ticket, "compound_id", "opened_at DESC, id DESC"),
    "alerts": _many(models.Alert, "compound_id", "last_seen_at DESC, id DESC"),
    "comments": _many(models.TicketComment, "ticket_id", "at, id"),
    "events": _many(models.Event, "device_id", "received_at DESC, id DESC"),
    "facility_count": _count("facility"),
    "open_alert_count": _count("alert", "state = 'OPEN'"),
    "open_ticket_count": _count("ticket", "state NOT IN ('CLOSED', 'CANCELLED')"),
}
