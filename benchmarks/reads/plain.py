"""What good practice gives in Python: strawberry types over Tortoise rows, a DataLoader for each relation, granian.

It answers the documents of ``queries`` and no others. It looks up no viewer; root fields are of the one street named by
``STREET``. To-many relations are loaded by one LATERAL query for all parents, which is more than most write.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from tortoise import Model, connections

import models
import settings
from domain.alerts import AlertState
from domain.tickets import TicketKind, TicketState
from models import database

_STREET = {"street_id": os.environ.get("STREET", "")}

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


_LOADERS: dict[str, Loaded] = {
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

Info = strawberry.Info[dict[str, DataLoader[Any, Any]], None]


@dataclass
class Page:
    """Rows of a connection."""

    nodes: Sequence[Any]
    page_info: Any = None


def _field(resolve: Callable[..., Any], type_: str, **arguments: Any) -> Any:
    resolve.__annotations__ = {"root": Any, "info": Info, **arguments, "return": type_}
    return strawberry.field(resolver=resolve)


def _to_one(type_: str, loader: str, key: str) -> Any:
    async def resolve(root: Any, info: Any) -> Any:
        value = getattr(root, key)
        return None if value is None else await info.context[loader].load(value)

    return _field(resolve, f"{type_} | None")


def _to_many(type_: str, loader: str) -> Any:
    async def resolve(root: Any, info: Any, first: Any = 20) -> Any:
        return Page(await info.context[loader].load((root.id, first)))

    return _field(resolve, type_, first=int)


def _counted(loader: str) -> Any:
    async def resolve(root: Any, info: Any) -> Any:
        return await info.context[loader].load(root.id)

    return _field(resolve, "int")


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Named:
    """A place, organisation or account."""

    id: strawberry.ID
    code: str
    name: str
    kind: str


@strawberry.type
class Account:
    id: strawberry.ID
    name: str


@strawberry.type
class Mandate:
    role: str
    starts_on: date
    organisation: Named | None = _to_one("Named", "organisation", "organisation_id")


@strawberry.type
class Mandates:
    nodes: list[Mandate]


@strawberry.type
class Event:
    type: str
    time: datetime


@strawberry.type
class Events:
    nodes: list[Event]


@strawberry.type
class Device:
    code: str
    name: str
    last_seen_at: datetime | None
    events: Events = _to_many("Events", "events")


@strawberry.type
class Devices:
    nodes: list[Device]


@strawberry.type
class Facility:
    id: strawberry.ID
    code: str
    kind: str
    name: str
    status: str
    status_since: datetime
    devices: Devices = _to_many("Devices", "devices_of_facility")


@strawberry.type
class Facilities:
    nodes: list[Facility]


@strawberry.type
class Comment:
    body: str
    at: datetime
    internal: bool
    author: Account | None = _to_one("Account", "account", "author_id")


@strawberry.type
class Comments:
    nodes: list[Comment]


@strawberry.type
class Ticket:
    id: strawberry.ID
    number: str
    title: str
    description: str
    kind: str
    priority: str
    state: str
    opened_at: datetime
    due_at: datetime
    version: int
    compound: Compound | None = _to_one("Compound", "compound", "compound_id")
    facility: Facility | None = _to_one("Facility", "facility", "facility_id")
    organisation: Named | None = _to_one("Named", "organisation", "organisation_id")
    assignee: Account | None = _to_one("Account", "account", "assignee_id")
    comments: Comments = _to_many("Comments", "comments")


@strawberry.type
class Tickets:
    nodes: list[Ticket]
    page_info: PageInfo


@strawberry.type
class Alert:
    id: strawberry.ID
    rule: str
    severity: str
    state: str
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    device: Device | None = _to_one("Device", "device", "device_id")
    facility: Facility | None = _to_one("Facility", "facility", "facility_id")
    compound: Compound | None = _to_one("Compound", "compound", "compound_id")
    ticket: Ticket | None = _to_one("Ticket", "ticket_of_alert", "id")

    @strawberry.field
    def message(root: Any) -> str:  # noqa: N805 # pyright: ignore[reportGeneralTypeIssues,reportSelfClsParameterName]
        return root.message["zh-CN"]


@strawberry.type
class Alerts:
    nodes: list[Alert]


@strawberry.type
class Compound:
    id: strawberry.ID
    code: str
    name: str
    kind: str
    governance: str
    address: str
    home_count: int
    resident_count: int
    community: Named | None = _to_one("Named", "place", "community_id")
    grid: Named | None = _to_one("Named", "place", "grid_id")
    facility_count: int = _counted("facility_count")
    open_alert_count: int = _counted("open_alert_count")
    open_ticket_count: int = _counted("open_ticket_count")
    mandates: Mandates = _to_many("Mandates", "mandates")
    facilities: Facilities = _to_many("Facilities", "facilities")
    tickets: Tickets = _to_many("Tickets", "tickets")
    alerts: Alerts = _to_many("Alerts", "alerts")
    devices: Devices = _to_many("Devices", "devices")


@strawberry.type
class Compounds:
    nodes: list[Compound]


@strawberry.type
class TicketStats:
    opened_month: date
    state: str
    count: int


@strawberry.input
class TicketKindFilter:
    eq: strawberry.enum(TicketKind) | None = None  # pyright: ignore[reportInvalidTypeForm]


@strawberry.input
class TicketStateFilter:
    eq: strawberry.enum(TicketState) | None = None  # pyright: ignore[reportInvalidTypeForm]


@strawberry.input
class AlertStateFilter:
    eq: strawberry.enum(AlertState) | None = None  # pyright: ignore[reportInvalidTypeForm]


@strawberry.input
class IDFilter:
    eq: strawberry.ID | None = None


@strawberry.input
class DateTimeFilter:
    gte: datetime | None = None


@strawberry.input
class TicketFilter:
    kind: TicketKindFilter | None = None
    state: TicketStateFilter | None = None
    compound: IDFilter | None = None
    assignee: IDFilter | None = None
    opened_at: DateTimeFilter | None = None


@strawberry.input
class AlertFilter:
    state: AlertStateFilter | None = None


@strawberry.enum
class TicketSort(Enum):
    OPENED_DESC = "OPENED_DESC"


@strawberry.enum
class AlertSort(Enum):
    SEVERITY_RANK_ASC = "SEVERITY_RANK_ASC"


@strawberry.enum
class TicketGroup(Enum):
    OPENED_MONTH = "OPENED_MONTH"
    STATE = "STATE"


_MONTHLY = """
SELECT date_trunc('month', opened_at AT TIME ZONE 'Asia/Shanghai')::date AS opened_month, state, count(*) AS count
FROM ticket WHERE street_id = $1 AND opened_at >= $2 GROUP BY 1, 2 ORDER BY 1, 2
"""


@strawberry.type
class Query:
    @strawberry.field
    async def compounds(self, first: int = 20) -> Compounds:
        return cast("Compounds", Page(await models.Compound.filter(**_STREET).order_by("code", "id").limit(first)))

    @strawberry.field
    async def compound(self, code: str) -> Compound | None:
        return cast("Compound | None", await models.Compound.get_or_none(code=code))

    @strawberry.field
    async def node(self, id: strawberry.ID) -> Ticket | None:
        return cast("Ticket | None", await models.Ticket.get_or_none(id=id))

    @strawberry.field
    async def tickets(self, filter: TicketFilter, first: int = 20, sort: TicketSort = TicketSort.OPENED_DESC) -> Tickets:
        assert sort is TicketSort.OPENED_DESC
        asked = {
            "kind": filter.kind and filter.kind.eq,
            "state": filter.state and filter.state.eq,
            "compound_id": filter.compound and filter.compound.eq,
            "assignee_id": filter.assignee and filter.assignee.eq,
        }
        chosen = models.Ticket.filter(**_STREET, **{name: value for name, value in asked.items() if value is not None})
        rows = await chosen.order_by("-opened_at", "-id").limit(first + 1)
        return cast("Tickets", Page(rows[:first], PageInfo(has_next_page=len(rows) > first)))

    @strawberry.field
    async def alerts(self, filter: AlertFilter, first: int = 20, sort: AlertSort = AlertSort.SEVERITY_RANK_ASC) -> Alerts:
        assert sort is AlertSort.SEVERITY_RANK_ASC
        assert filter.state
        chosen = models.Alert.filter(**_STREET, state=filter.state.eq)
        return cast("Alerts", Page(await chosen.order_by("severity_rank", "id").limit(first)))

    @strawberry.field
    async def ticket_stats(self, filter: TicketFilter, group_by: list[TicketGroup]) -> list[TicketStats]:
        assert group_by == list(TicketGroup)
        assert filter.opened_at
        rows = await connections.get("default").execute_query_dict(_MONTHLY, [_STREET["street_id"], filter.opened_at.gte])
        return [TicketStats(**row) for row in rows]


class _Endpoint(GraphQL[Any, None]):
    async def get_context(self, request: Any, response: Any) -> Any:  # noqa: ARG002
        return {name: DataLoader(load) for name, load in _LOADERS.items()}


def create_app() -> Starlette:
    """The application, over DATABASE_URL."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await database.connect(settings.load())
        yield
        await database.disconnect()

    endpoint = _Endpoint(strawberry.Schema(Query), graphql_ide=None)
    return Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)
