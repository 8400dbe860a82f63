"""What is counted over compounds counts those that somebody sees, and no others."""

from __future__ import annotations

import pytest

from .people import PEOPLE
from .story import Person
from .town import Town

_COUNTED = """
query ($of: ID!) {
  coverage { compounds aspects { aspect covered lacking } } coverageTrend(months: 2) { compounds }
  lacking(aspect: PARTY_ORGANISATION, first: 100) { total compounds { compoundId code name communityName } }
  trend(of: $of, figure: CLOSED_TICKETS, until: "2024-02-01") { value compounds }
}
"""


@pytest.mark.parametrize("person", PEOPLE, ids=str)
def test_coverage_and_trends_count_what_is_seen(town: Town, person: Person) -> None:
    story = town.story
    compounds, noted = story.visible(person, "Compound"), story.visible(person, "CompoundFigures")

    async def look() -> None:
        for street in (row for row in story.of_type["Place"] if row.values["kind"].value == "STREET"):
            data = await town.data(person, _COUNTED, {"of": street.id})
            total = len(compounds)
            covered = {each["aspect"]: each["covered"] for day in data["coverage"] for each in day["aspects"]}
            assert [day["compounds"] for day in data["coverage"]] == ([total] if total else [])
            assert [day["compounds"] for day in data["coverageTrend"]] == ([total] * 2 if total else [])
            for aspect, field in (
                ("OWNERS_BODY", "hasOwnersBody"),
                ("COMPANY", "hasCompany"),
                ("JOINT_OFFICE", "hasJointOffice"),
            ):
                assert covered.get(aspect, 0) == sum(row.values[field] for row in compounds)
            assert data["lacking"]["total"] == total
            told = {(each["compoundId"], each["code"], each["name"]) for each in data["lacking"]["compounds"]}
            assert told == {(row.id, row.values["code"], row.values["name"]) for row in compounds}
            there = [row for row in noted if row.street == street.street]
            closed = sum(row.values["closedTickets"] for row in there)
            wanted = [{"value": str(closed), "compounds": len({row.compounds for row in there})}] if there else []
            assert data["trend"] == wanted

    town.run(look())
