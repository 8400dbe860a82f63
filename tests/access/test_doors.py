"""The doors beside GraphQL tell as little: events, files, links, health and figures."""

from __future__ import annotations

import struct
import zlib

import orjson
import pytest

from .acts import absent, state
from .people import KEYS, PEOPLE
from .story import Person, Told
from .table import ACTS, ROWS
from .town import Town, Towns

everybody = pytest.mark.parametrize("person", PEOPLE, ids=str)
#: The compound that each company's machines speak for today.
_SERVED = {"Evergreen": {"K"}, "Bluewave": {"K", "M"}, "Redstone": {"P"}, "Southgate": {"S"}}


@pytest.fixture
def acting(towns: Towns) -> Town:
    """A town in which things are done."""
    return towns.at("doors")


def _png(shade: int) -> bytes:
    """A picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("company", _SERVED)
def test_a_machine_learns_nothing_of_devices_that_its_organisation_does_not_serve(acting: Town, company: str) -> None:
    (key,) = (row for row in acting.story.of_type["IntakeKey"] if (of := row.links["organisation"]) and of.desk == company)

    async def send() -> None:
        for number, device in enumerate(acting.story.of_type["Device"]):
            said: dict[str, str] = {}
            for code in (str(device.values["code"]), "NO-SUCH-DEVICE"):
                event = {
                    "specversion": "1.0",
                    "id": f"{company}-{number}",
                    "source": f"{key.values['sourcePrefix']}/gateway",
                    "type": "steward.device.reading.v1",
                    "subject": code,
                    "data": {"readings": {"battery_percent": 50}},
                }
                headers = {"authorization": f"Bearer {KEYS[company]}", "content-type": "application/cloudevents+json"}
                answer = await acting.client.post("/events", content=orjson.dumps(event), headers=headers)
                said[code] = f"{answer.status_code} {answer.text.replace(code, 'CODE')}"
            mine = bool(device.compounds & _SERVED[company])
            assert (said[str(device.values["code"])] != said["NO-SUCH-DEVICE"]) == mine, said

    acting.run(send())


@everybody
def test_files_are_taken_for_tickets_in_hand_and_given_to_whoever_sees_them(acting: Town, person: Person) -> None:
    story, headers = acting.story, acting.headers[person.name]

    async def post(ticket: str) -> tuple[int, str]:
        content = _png(PEOPLE.index(person))
        params = {"subject": ticket, "name": "dot.png"}
        answer = await acting.client.post("/files", params=params, content=content, headers={**headers, "accept-language": "en"})
        return answer.status_code, answer.text.replace(ticket, "ID")

    async def send() -> None:
        before = await state(acting)
        refused = await post(absent(story.of_type["Ticket"][0]))
        assert refused[0] == (401 if person.token == "none" else 404 if person.acts else 403)
        for ticket in story.foreign(person, "Ticket")[:3]:
            assert await post(ticket.id) == refused
        assert await state(acting) == before
        for ticket in story.visible(person, "Ticket")[:2] if person.acts else ():
            may = any(hat.role in _ATTACHING and ticket.ways(hat, person, acting=True) for hat in person.hats)
            status, body = await post(ticket.id)
            assert status == (201 if may else 403), body
            if may:
                await _given(acting, person, orjson.loads(body)["id"], ticket)

    acting.run(send())


#: Whoever handles tickets, and whoever opens them.
_ATTACHING = ACTS["ticketAccept"] | {"COMMITTEE_MEMBER", "RESIDENT"}


async def _given(town: Town, uploader: Person, file: str, ticket: Told) -> None:
    """The file goes to whoever sees the ticket; a link is of no use to others, nor changed in any part."""
    query = "query ($id: ID!) { fileLinks(ids: [$id]) { url } }"
    for person in PEOPLE[PEOPLE.index(uploader) % 5 :: 5]:
        (link,) = orjson.loads(await town.ask(person, query, {"id": file}))["data"]["fileLinks"]
        sees = ticket.id in town.story.seen_by(person)
        assert (link is not None) == sees, f"{person} is given a link"
        if link is None:
            continue
        nothing = await town.client.get(f"/files/{absent(file)}?account=x&expires=1&signature=0")
        got = await town.client.get(link["url"])
        assert (got.status_code, got.headers["content-type"]) == (200, "image/png")
        me = town.own(person)[0]
        for other in (town.own(PEOPLE[0])[0], town.own(PEOPLE[-5])[0]):
            if other != me:
                changed = await town.client.get(link["url"].replace(me, other))
                assert (changed.status_code, changed.text) == (404, nothing.text)


def _about(town: Town, person: Person) -> set[str]:
    """What is held about a person: themselves, their roles and what these are held over, what they wrote and what they did."""
    (me,) = (row for row in town.story.of_type["Account"] if row.person == person.name)
    theirs = [row for row in town.story.rows.values() if me in (row.links.get(way) for way in ("account", "actor"))]
    own = [
        row
        for type_ in ("Ticket", "TicketRating", "Channel", "Notice", "VisitorPass", "BillDispute", "StatementQuestion")
        for row in town.story.of_type[type_]
    ]
    theirs += [row for row in own if row.person == person.name]
    theirs += [row for row in town.story.of_type["TicketComment"] if row.links["author"] is me]
    theirs += [row for row in town.story.of_type["PaymentOrder"] if row.links["openedBy"] is me]
    theirs += [row for row in town.story.of_type["File"] if row.links["uploadedBy"] is me]
    above = {"place", "organisation", "compound", "home", "unit", "building", "subject", "bill", "statement"}
    found: set[str] = {me.id, *town.own(person)}
    while theirs:
        row = theirs.pop()
        found.add(row.id)
        theirs += [other for way in above if (other := row.links.get(way)) is not None and row.type not in {"Alert", "Facility"}]
    return found


@everybody
def test_everybody_takes_home_what_is_about_them_and_nothing_else(town: Town, person: Person) -> None:
    async def take() -> None:
        answer = await town.client.get("/export/me", headers=town.headers[person.name])
        if person.token != "session":
            assert answer.status_code == (401 if person.token == "none" else 403)
            return
        assert answer.status_code == 200
        strange = {id_ for id_ in town.story.traced(answer.text) - _about(town, person) if id_ in town.story.rows}
        assert strange == set()
        numbers = {number for number in town.story.phones if number in answer.text}
        assert [town.story.has_phone[number] for number in numbers] == [[_me(town, person)]]
        again = await town.client.get("/export/me", headers=town.headers[person.name])
        assert (again.status_code, town.story.traced(again.text)) == (429, set())

    town.run(take())


def _me(town: Town, person: Person) -> str:
    return next(row.id for row in town.story.of_type["Account"] if row.person == person.name)


def test_health_and_figures_tell_of_nobody(acting: Town) -> None:
    async def look() -> None:
        for path in ("/metrics", "/healthz", "/readyz", "/", "/graphql"):
            body = (await acting.client.get(path)).text
            assert not [id_ for id_ in acting.story.rows if id_ in body]
            assert not [phone for phone in acting.story.phones if phone in body]
            assert "~1" not in body

    acting.run(look())


def test_the_files_of_a_ticket_are_seen_by_whoever_sees_the_ticket() -> None:
    """A desk sees besides what hangs on its own organisation, the scans of its papers: no ticket's file does."""
    assert {role: ways - {"desk"} for role, ways in ROWS["File"].items()} == ROWS["Ticket"]
