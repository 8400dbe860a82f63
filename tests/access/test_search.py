"""What is found is what somebody sees: nothing foreign, and nothing of their own left out."""

from __future__ import annotations

import pytest

from models.connection import query
from tasks.search import words

from .people import PEOPLE
from .story import Person
from .town import Town, Towns

#: Every name in the story is a number that begins with one.
_FOUND = """
query {
  Compound: search(text: "1", kinds: [COMPOUND], first: 50) { ...what }
  Place: search(text: "1", kinds: [PLACE], first: 50) { ...what }
  Organisation: search(text: "1", kinds: [ORGANISATION], first: 50) { ...what }
  Building: search(text: "24栋", kinds: [BUILDING], first: 50) { ...what }
  Home: search(text: "24栋3-1", kinds: [HOME], first: 50) { ...what }
  other: search(text: "24栋3-1", first: 50) { ...what }
}
fragment what on SearchHit { subjectId compoundId compoundName address name }
"""


@pytest.fixture
def town(towns: Towns) -> Town:
    return towns.at("searching")


@pytest.mark.parametrize("person", PEOPLE, ids=str)
def test_everybody_finds_what_they_see(town: Town, person: Person) -> None:
    story = town.story

    async def look() -> None:
        if await query("SELECT FROM search_stale LIMIT 1"):
            await words(None)  # pyright: ignore[reportArgumentType]
            await query("UPDATE building SET name = '24幢'")
            await query("UPDATE home SET name = '3-1'")
        found = await town.data(person, _FOUND)
        found.pop("other")
        for type_, hits in found.items():
            seen = {row.id for row in story.visible(person, type_) if type_ != "Place" or row.values["living"]}
            assert len(seen) < 50
            assert {hit["subjectId"] for hit in hits} == seen, f"{person} looked for every {type_}"

    town.run(look())
