"""What can be asked, and the application."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from typing import Any, cast

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from tortoise import connections

import models
import settings
from domain.alerts import AlertState
from domain.tickets import TicketKind, TicketState
from models import database

from .loading import LOADERS
from .nodes import Alerts, Compound, Compounds, Page, PageInfo, Ticket, Tickets, TicketStats

STREET = {"street_id": os.environ.get("STREET", "")}


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
        return cast("Compounds", Page(await models.Compound.filter(**STREET).order_by("code", "id").limit(first)))

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
        chosen = models.Ticket.filter(**STREET, **{name: value for name, value in asked.items() if value is not None})
        rows = await chosen.order_by("-opened_at", "-id").limit(first + 1)
        return cast("Tickets", Page(rows[:first], PageInfo(has_next_page=len(rows) > first)))

    @strawberry.field
    async def alerts(self, filter: AlertFilter, first: int = 20, sort: AlertSort = AlertSort.SEVERITY_RANK_ASC) -> Alerts:
        assert sort is AlertSort.SEVERITY_RANK_ASC
        assert filter.state
        chosen = models.Alert.filter(**STREET, state=filter.state.eq)
        return cast("Alerts", Page(await chosen.order_by("severity_rank", "id").limit(first)))

    @strawberry.field
    async def ticket_stats(self, filter: TicketFilter, group_by: list[TicketGroup]) -> list[TicketStats]:
        assert group_by == list(TicketGroup)
        assert filter.opened_at
        rows = await connections.get("default").execute_query_dict(_MONTHLY, [STREET["street_id"], filter.opened_at.gte])
        return [TicketStats(**row) for row in rows]


class Endpoint(GraphQL[Any, None]):
    async def get_context(self, request: Any, response: Any) -> Any:  # noqa: ARG002
        return {name: DataLoader(load) for name, load in LOADERS.items()}


def create_app() -> Starlette:
    """The application, over DATABASE_URL."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await database.connect(settings.load())
        yield
        await database.disconnect()

    endpoint = Endpoint(strawberry.Schema(Query), graphql_ide=None)
    return Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)
