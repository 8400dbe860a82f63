"""The three servers that benchmarks/intake.py compares."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

import settings
from api.events import Intake
from api.events.judge import Window, judge
from api.rates import Rates
from models import Device, Event, Mandate, Work, database
from models.events import Incoming
from models.keys import IntakePass, find_intake_key


def intake() -> Starlette:
    """This product's intake."""
    here = settings.load().model_copy(update={"rate_events": 0})
    served_here = Intake(here, Rates(here))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await served_here.start()
        yield
        await served_here.stop()

    return Starlette(routes=served_here.routes(), lifespan=lifespan)


@asynccontextmanager
async def orm(_: Starlette) -> AsyncIterator[None]:
    await database.connect(settings.load())
    yield
    await database.disconnect()


def bare() -> Starlette:
    """One insert by the ORM for each event, and nothing else."""

    async def post(request: Request) -> JSONResponse:
        body = orjson.loads(await request.body())
        for event in body if isinstance(body, list) else [body]:
            await Event.create(
                source=event["source"],
                event_id=event["id"],
                type=event["type"],
                subject=event["subject"],
                time=datetime.fromisoformat(event["time"]),
                received_at=datetime.now(UTC),
                data=event["data"],
                organisation_id="org",
                street_id="plc",
                compound_id="cmp",
                device_id="dev",
            )
        return JSONResponse({"accepted": True}, 202)

    return Starlette(routes=[Route("/events", post, methods=["POST"])], lifespan=orm)


def plain() -> Starlette:
    """What the intake promises, by the ORM and event by event."""
    chosen = settings.load()

    async def post(request: Request) -> JSONResponse:
        key = await find_intake_key(request.headers["authorization"].removeprefix("Bearer "))
        if key is None:
            return JSONResponse({"accepted": False}, 401)
        known = IntakePass(key.id, key.digest, key.source_prefix)
        window, today = Window.of(chosen), datetime.now(chosen.zone).date()
        body = orjson.loads(await request.body())
        for raw in body if isinstance(body, list) else [body]:
            event = judge(raw, known, window)
            assert isinstance(event, Incoming)
            device = await Device.get(code=event.subject, retired_at=None)
            current = Q(ends_on=None) | Q(ends_on__gte=today)
            mandates = Mandate.filter(current, organisation_id=key.organisation_id, compound_id=device.compound_id)
            assert await mandates.filter(starts_on__lte=today).exists()
            async with in_transaction() as connection:
                new, _ = await connection.execute_query(
                    "INSERT INTO event_receipt (organisation_id, source, event_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    [key.organisation_id, event.source, event.event_id],
                )
                if new:
                    await Event.create(
                        id=event.id,
                        source=event.source,
                        event_id=event.event_id,
                        type=event.type,
                        subject=event.subject,
                        time=event.time,
                        received_at=window.now,
                        data=orjson.loads(event.data),
                        organisation_id=key.organisation_id,
                        street_id=device.street_id,
                        compound_id=device.compound_id,
                        device_id=device.id,
                        facility_id=device.facility_id,
                    )
                    await Work.create(kind="events", payload={"events": [event.id]})
        return JSONResponse({"accepted": True}, 202)

    return Starlette(routes=[Route("/events", post, methods=["POST"])], lifespan=orm)
