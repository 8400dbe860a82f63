"""What a mutation tells of the rows that it changed is what a query tells of them afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any

import pytest
from graphql import parse

from api.context import Context
from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import Viewer
from domain.alerts import AlertOutcome
from domain.facilities import FacilityStatus
from models.viewers import viewer_of
from settings import Settings

from . import SEED
from .arguments import BYTES
from .documents import Writer
from .executor import Oracle
from .hostile import HOSTILE, Making
from .house import UNLIMITED, differences, read
from .rows import Store, load
from .world import fill

#: How often each act is done, under a document of its own.
TIMES = 3


def _input(name: str, store: Store, m: Making, seen_by: Viewer | None) -> dict[str, Any]:
    """What the act is told; about rows that somebody sees, or about any."""

    def id_of(type_: str, **wanted: str | None) -> str:
        rows = [row for row in store.rows[type_] if all(row.columns[key] == value for key, value in wanted.items())]
        seen = [row for row in rows if seen_by and store.sees(seen_by, row)]
        return m.of(seen or rows or store.rows[type_]).id

    match name:
        case "ticketComment":
            return {
                "id": id_of("Ticket"),
                "body": m.of([text for text in HOSTILE if text.strip()]),
                "internal": m.of([True, False]),
            }
        case "ticketOpen":
            return {"compoundId": id_of("Compound"), "kind": "REPAIR", "title": m.of([text for text in HOSTILE if text.strip()])}
        case "ticketAccept":
            return {"id": id_of("Ticket", state="OPEN")}
        case "ticketCancel":
            return {"id": id_of("Ticket", state="OPEN"), "note": "They agreed on the phone."}
        case "alertAcknowledge":
            return {"id": id_of("Alert", state="OPEN")}
        case "alertClear":
            return {"id": id_of("Alert", state="OPEN", outcome=None), "outcome": m.of(AlertOutcome), "note": m.text()}
        case "facilityReportStatus":
            return {"id": id_of("Facility"), "status": m.of(FacilityStatus), "note": m.text()}
        case _:
            return {"id": id_of("Channel")}


ACTS = (
    *("ticketComment", "ticketOpen", "ticketAccept", "ticketCancel"),
    *("alertAcknowledge", "alertClear", "facilityReportStatus", "channelRemove"),
)


@pytest.fixture
async def engine(database: Settings) -> AsyncGenerator[Engine]:
    engine = Engine(SCHEMA, database.model_copy(update=UNLIMITED))
    await engine.start()
    yield engine
    await engine.stop()


async def test_what_an_act_answers_is_read_alike(engine: Engine, database: Settings) -> None:
    viewers = {name: viewer.account_id for name, viewer in (await fill()).items() if viewer.account_id}
    store = await load(database)
    oracle = Oracle(SCHEMA, store, database.zone)
    m = Making(SEED)
    done: set[str] = set()
    for name in ACTS * TIMES:
        acted = Writer(BytesIO(m.random.randbytes(BYTES)), oracle).act(name)
        for number, variables in enumerate(acted.variables * 2):
            able = number > 1
            viewer = await viewer_of(m.of([viewers["officer"], viewers["everything"]] if able else viewers.values()))
            if viewer is None:
                continue
            asked = variables | {"input": _input(name, oracle.store, m, viewer if able else None)}
            response = read(
                (await engine.execute(Request(acted.mutation, asked), Context(viewer, "en", database, engine, "192.0.2.1"))).body
            )
            payload = response["data"][name]
            oracle.store = await load(database)
            paths: list[list[str | int]] = []
            for key, query in acted.queries.items():
                row = payload[f"{key}_id"]
                truth = {key: None}
                if row is not None:
                    answer = oracle.answer(parse(query), variables | row, None, viewer, "en")
                    truth, found = answer.data, [[name, *path] for path in answer.paths]
                    paths += found
                    done.add(name)
                problems = differences(truth, {key: payload[key]})
                assert not problems, "\n".join([acted.mutation, repr(asked), repr(viewer), *problems])
            assert sorted(paths) == sorted(error["path"] for error in response.get("errors", [])), response
    assert done == set(ACTS)
