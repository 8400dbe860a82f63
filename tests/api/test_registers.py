"""What people print: a code that opens a facility, and sheets to fill in."""

from collections.abc import AsyncGenerator

import httpx2
import pytest

from api.asgi import create_app
from models import Facility
from models.ids import new_id
from settings import Settings


def asked(settings: Settings) -> httpx2.AsyncClient:
    """A client of the app, which opens nothing: none of these answers asks the database."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(create_app(settings)), base_url="http://steward.example")


@pytest.fixture
async def http(settings: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    async with asked(settings) as client:
        yield client


async def test_a_code_is_kept_by_caches_only_where_the_address_is_set(settings: Settings) -> None:
    path, pictures = f"/facilities/{new_id(Facility.prefix)}/qr.svg", list[bytes]()
    for public_url, kept in (("", "no-store"), ("https://steward.example", "public, max-age=86400")):
        async with asked(settings.model_copy(update={"public_url": public_url})) as client:
            answers = [await client.get(path, headers={"host": host}) for host in ("steward.example", "elsewhere.example")]
            assert {answer.headers["cache-control"] for answer in answers} == {kept}
            assert len({answer.content for answer in answers}) == (1 if public_url else 2)
            assert answers[0].headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            pictures.append(answers[0].content)
    assert pictures[0] != pictures[1]


async def test_what_makes_no_code_is_refused(http: httpx2.AsyncClient) -> None:
    id_ = new_id(Facility.prefix)
    for path, status in (
        (f"/facilities/{new_id('cmp')}/qr.svg", 404),
        (f"/facilities/{id_}%0A/qr.svg", 404),
        (f"/facilities/{id_}%22/qr.svg", 404),
        (f"/facilities/{id_}%0A", 404),
        ("/sheets/facilities.exe", 404),
        ("/sheets/nothing.csv", 404),
        (f"/facilities/{id_}", 307),
        ("/sheets/facilities.csv", 400),
        ("/sheets/homes.csv", 200),
        ("/sheets/facilities.xlsx?kind=lift", 200),
    ):
        assert (await http.get(path)).status_code == status, path
    answer = await http.get(f"/facilities/{id_}/qr.svg", headers={"host": "a" * 5_000})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
