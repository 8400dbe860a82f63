"""Whoever watches is told of what they see at that moment, and of nothing else: also when that changes while they watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson
import pytest

import models
from api.feed import Change, Subscription
from models.facts import Actor, record
from models.notices.inboxes import tell_inbox
from tests.api.doors import Closed, Wire, a_wire
from tests.waiting import until

from .people import PEOPLE
from .shape import FIELDS, ROOTS, SUBSCRIPTIONS
from .story import Hat, Person, Told
from .town import Town, Towns
from .walk import Document, edges, part

#: What is asked of the changed row. Its history grows with every change.
_PARTS = {type_: part(type_, [way for way in edges(type_) if way != "history"]) for type_ in SUBSCRIPTIONS.values()}
_SYSTEM = Actor("system:test")


class Watched(AsyncIterator[list[Change]]):
    """A subscription to the feed that says whether all it was given has been dealt with."""

    def __init__(self, inner: Subscription) -> None:
        self._inner = inner
        self.idle = False

    async def __anext__(self) -> Sequence[Change]:  # pyright: ignore[reportIncompatibleMethodOverride]
        self.idle = True
        given = await self._inner.__anext__()
        self.idle = False
        return given

    def close(self) -> None:
        self._inner.close()


@dataclass
class Ear:
    """What one person hears on one WebSocket."""

    person: Person
    wire: Wire
    heard: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    closed: int = 0

    async def listen(self) -> None:
        try:
            while True:
                message = await self.wire.hear()
                if message["type"] == "next":
                    self.heard.append((message["id"], orjson.dumps(message["payload"]["data"]).decode()))
        except Closed as closed:
            self.closed = closed.code
        except TimeoutError:
            await self.listen()

    def told(self, operation: str) -> list[str]:
        """The ids of the rows that were told of."""
        return [next(iter(orjson.loads(body).values()))["id"] for name, body in self.heard if name == operation]


class Listening:
    """Everybody at their WebSockets, watching all that can be watched."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ears: dict[str, Ear] = {}
        self._watched: list[Watched] = []
        self._open = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        feed = self.town.app.state.door.feed
        subscribe = feed.subscribe

        def watched(*given: Any) -> Watched:
            self._watched.append(Watched(subscribe(*given)))
            return self._watched[-1]

        feed.subscribe = watched
        (elsewhere,) = (row for row in self.town.story.of_type["Compound"] if row.compounds == {"S"})
        for person in PEOPLE:
            wire = await self._open.enter_async_context(a_wire(self.town.app, {"accept-language": "en"}))
            await wire.introduce(self.town.headers[person.name].get("authorization"))
            for name, type_ in SUBSCRIPTIONS.items():
                wire.subscribe(name, f"subscription {{ {name} {{ {_PARTS[type_].text} }} }}")
                filtered = f"subscription ($id: ID!) {{ {name}(filter: {{compound: {{eq: $id}}}}) {{ id }} }}"
                wire.subscribe(f"{name} elsewhere", filtered, id=elsewhere.id)
            ear = self.ears[person.name] = Ear(person, wire)
            self._tasks.append(asyncio.create_task(ear.listen()))
        await until(lambda: len(self._watched) == 2 * len(SUBSCRIPTIONS) * len(PEOPLE) and self._idle())

    def _idle(self) -> bool:
        return all(each.idle for each in self._watched)

    async def change(self, rows: Sequence[Told]) -> None:
        """Something happens to each of the rows; returns when everybody was told of it who is told at all."""
        for ear in self.ears.values():
            ear.heard.clear()
        for row in rows:
            if row.type == "Notice":
                await tell_inbox(row.id)
                continue
            if row.type == "Job":
                await models.Job.filter(id=row.id).update(errors=row.values["errors"])
                continue
            model: Any = getattr(models, row.type)
            await record(_SYSTEM, "ticketComment" if row.type == "Ticket" else "alertWorsen", await model.get(id=row.id))
        last: dict[str, Told] = {row.type: row for row in rows}
        south_and_north = [self.ears["auditor"], self.ears["officer of the south"]]
        for name, type_ in ((name, type_) for name, type_ in SUBSCRIPTIONS.items() if type_ in last):
            await until(lambda name=name, id_=last[type_].id: any(id_ in ear.told(name) for ear in south_and_north))
        for _ in range(20):
            await asyncio.sleep(0)
        await until(self._idle)
        for _ in range(20):
            await asyncio.sleep(0)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._open.aclose()


def _compounds(row: Told) -> frozenset[str]:
    """Those that it belongs to, or is about."""
    about = row.links.get("compound")
    return row.compounds | (about.compounds if about else frozenset())


@pytest.fixture
def watching(towns: Towns) -> Town:
    """A town in which people watch."""
    return towns.at("watching")


def test_everybody_is_told_of_what_they_see_and_of_nothing_else_even_when_that_changes(watching: Town) -> None:
    story, listening = watching.story, Listening(watching)

    async def watch() -> None:
        await listening.begin()
        try:
            await _first(listening)
            await _rearranged(watching)
            await _then(listening)
        finally:
            await listening.end()

    async def _first(listening: Listening) -> None:
        await listening.change([row for type_ in SUBSCRIPTIONS.values() for row in story.of_type[type_]])
        for ear in listening.ears.values():
            for name, type_ in SUBSCRIPTIONS.items():
                wanted = {row.id: row for row in story.visible(ear.person, type_)}
                assert sorted(ear.told(name)) == sorted(wanted), f"{ear.person} watches {name}"
                elsewhere = sorted(id_ for id_, row in wanted.items() if "S" in _compounds(row))
                assert sorted(ear.told(f"{name} elsewhere")) == elsewhere
                for body in (body for operation, body in ear.heard if operation == name):
                    assert not story.mentions(body, ear.person, own=watching.own(ear.person))
                    row = orjson.loads(body)[name]
                    _PARTS[type_].check(story, ear.person, wanted[row["id"]], row)

    async def _then(listening: Listening) -> None:
        in_k = [row for type_ in SUBSCRIPTIONS.values() for row in story.of_type[type_] if "K" in row.compounds]
        await listening.change(in_k)
        ids = sorted(row.id for row in in_k)
        for name, hears in {
            "auditor": True,
            "worker of grid two": True,
            "clerk of Lakeside": True,
            "manager of Bluewave": True,
            "officer of the south": False,
            "worker of grid one": False,
            "manager of Evergreen": False,
            "fitter of Evergreen": False,
            "Evergreen's machine": False,
            "committee member of K": False,
            "officer of the north": False,
            "nobody": False,
        }.items():
            told = sorted(id_ for operation in SUBSCRIPTIONS for id_ in listening.ears[name].told(operation))
            assert told == (ids if hears else []), f"{name} hears of {len(told)} changes"
        assert listening.ears["officer of the north"].closed == 4403
        assert [name for name, ear in listening.ears.items() if ear.closed] == ["officer of the north"]

    watching.run(watch())


def test_the_next_request_obeys_when_mandates_terms_and_grids_change(towns: Towns) -> None:
    town = towns.at("changing")

    async def look(person: Person) -> None:
        for type_ in FIELDS:
            await walk_along(town, person, Document("nodes", part(type_, [])))
            for root in (root for root, of in ROOTS.items() if of == type_):
                await walk_along(town, person, Document(root, part(type_, [])))

    async def ask() -> None:
        for name in _CHANGED:
            await look(town.story.people[name])
        await _rearranged(town)
        for name, hats in _CHANGED.items():
            await look(replace(town.story.people[name], hats=hats))
        officer = await town.ask(town.story.people["officer of the north"], "{ viewer { id } }")
        assert orjson.loads(officer)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

    town.run(ask())


#: What some people's roles reach when things have been rearranged.
_CHANGED = {
    "manager of Evergreen": (Hat("COMPANY_MANAGER", "north", desk="Evergreen"),),
    "fitter of Evergreen": (Hat("COMPANY_STAFF", "north", desk="Evergreen"),),
    "Evergreen's machine": (Hat("INTEGRATION", "north", desk="Evergreen"),),
    "committee member of K": (),
    "worker of grid one": (Hat("GRID_WORKER", "north"),),
    "worker of grid two": (Hat("GRID_WORKER", "north", ("K", "L")),),
    "manager of Bluewave": (Hat("COMPANY_MANAGER", "north", ("K", "M"), desk="Bluewave"),),
}


async def walk_along(town: Town, person: Person, document: Document) -> None:
    variables = document.variables(town.story, None)
    data = await town.data(person, document.text, variables)
    shown = data[document.root]
    visible = {row.id for row in town.story.visible(person, document.part.type)}
    if document.root == "nodes":
        assert {row["id"] for row in shown if row} == visible & set(variables["ids"]), (
            f"{person} sees other {document.part.type} rows"
        )
    else:
        assert {row["id"] for row in shown["nodes"]} == visible
        assert shown["totalCount"] == len(visible)


async def _rearranged(town: Town) -> None:
    """Evergreen's mandate and a term have ended, K belongs to another grid, and an officer logs out: all from now on."""
    people = {row.person: row.id for row in town.story.of_type["Account"]}
    over = {"starts_on": date(2010, 1, 1), "ends_on": date(2010, 12, 31)}
    (k,) = (row.id for row in town.story.of_type["Compound"] if row.compounds == {"K"})
    (evergreen,) = (row.id for row in town.story.of_type["Organisation"] if row.desk == "Evergreen")
    await models.Mandate.filter(compound_id=k, organisation_id=evergreen, ends_on=None).update(**over)
    await models.RoleBinding.filter(account_id=people["committee member of K"]).update(**over)
    grids = await models.Compound.filter(grid_id__isnull=False).order_by("code").values_list("grid_id", flat=True)
    await models.Compound.filter(id=k).update(grid_id=list(grids)[1])
    officer = town.story.people["officer of the north"]
    answer = await town.ask(officer, "mutation { logOutEverywhere(input: {}) { ended errors { code } } }")
    assert orjson.loads(answer)["data"]["logOutEverywhere"] == {"ended": 1, "errors": []}
