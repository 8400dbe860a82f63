"""The types that can be read, and how each relation is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader

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
