"""Coverage counted in SQL is what one counts by hand: over the whole street with its true figures, on any day."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from domain.access import Reach, Role, Viewer
from domain.coverage import CoverageAspect, CoverageBy, covers
from domain.territory import CompoundKind, PlaceKind
from models import Mandate
from models.coverage import Among, count_covered, lacking
from models.figures import take_figures
from settings import Settings
from steward.demo import figures, organisations, territory
from steward.demo.organisations import Bodies
from steward.demo.plans import CompoundPlan, StreetPlan
from steward.demo.street import plan
from tests.builders import a_community, a_compound, a_mandate, a_street, an_organisation

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
DAYS = [date(2015, 1, 1), date(2023, 1, 11), date(2023, 1, 12), date(2024, 2, 29), NOW.date(), date(2027, 1, 1)]


async def a_whole_street(database: Settings) -> tuple[StreetPlan, Bodies, figures.Figures]:
    """Places, compounds, organisations, mandates and joint offices of the street as it is; no homes."""
    street = plan("street")
    bodies = organisations.bodies(street, NOW.date())
    noted = figures.Figures(street, bodies, NOW)
    connection = await asyncpg.connect(database.database_url)
    try:
        for table, columns, rows in (
            ("place", territory.PLACE, territory.places(street)),
            ("compound", territory.COMPOUND, territory.compounds(street)),
            ("organisation", organisations.ORGANISATION, organisations.organisations(street, bodies)),
            ("mandate", organisations.MANDATE, organisations.mandates(street, bodies)),
            ("joint_office", figures.JOINT_OFFICE, noted.joint_office_rows()),
        ):
            await connection.copy_records_to_table(table, columns=columns, records=list(rows))
    finally:
        await connection.close()
    return street, bodies, noted


def by_hand(
    bodies: Bodies, noted: figures.Figures, compounds: Sequence[CompoundPlan], aspect: CoverageAspect, on: date
) -> set[str]:
    """The ids of the compounds that have it on a day."""
    if aspect is CoverageAspect.JOINT_OFFICE:
        found = {id_ for id_, office in noted.offices.items() if office[2] <= on}
    else:
        found = {
            term.compound.id
            for term in bodies.terms
            if term.current(on) and covers(aspect, term.role, term.organisation.kind, term.service)
        }
    return found & {compound.id for compound in compounds}


def an_officer(street_id: str) -> Viewer:
    return Viewer("acc_officer", "", {Role.STREET_OFFICER: {Reach.STREET: (street_id,)}})


async def test_212_412_and_11_compounds_in_16_communities_and_6_villages_are_counted_on_any_day(database: Settings) -> None:
    street, bodies, noted = await a_whole_street(database)
    officer, among = an_officer(street.street.id), Among()
    kinds = Counter(compound.kind for compound in street.compounds)
    assert kinds == {CompoundKind.PROPERTY_MANAGED: 212, CompoundKind.UNMANAGED: 412, CompoundKind.RESETTLEMENT: 11}
    places = {place.id: place for place in street.communities}
    for day in await count_covered(officer, DAYS, (CoverageBy.KIND,)):
        compounds = [compound for compound in street.compounds if compound.kind is day.kind]
        assert day.compounds == len(compounds)
        assert day.covered == {a: len(by_hand(bodies, noted, compounds, a, day.on)) for a in CoverageAspect}
    counted = await count_covered(officer, DAYS, (CoverageBy.COMMUNITY,))
    assert Counter(places[str(day.community_id)].kind for day in counted) == {
        PlaceKind.COMMUNITY: 16 * len(DAYS),
        PlaceKind.VILLAGE: 6 * len(DAYS),
    }
    for day in counted:
        compounds = [compound for compound in street.compounds if compound.community.id == day.community_id]
        assert (day.community_name, day.compounds) == (places[str(day.community_id)].name, len(compounds))
        assert day.covered == {a: len(by_hand(bodies, noted, compounds, a, day.on)) for a in CoverageAspect}
    assert [day.compounds for day in await count_covered(officer, DAYS, (CoverageBy.STREET,))] == [635] * len(DAYS)

    # Those that lack it, page by page.
    managed = [compound for compound in street.compounds if compound.kind is CompoundKind.PROPERTY_MANAGED]
    among = Among(kind=CompoundKind.PROPERTY_MANAGED)
    for aspect in CoverageAspect:
        found, after = list[str](), None
        while True:
            page, total = await lacking(officer, aspect, NOW.date(), among, first=60, after=after)
            found += [each.compound_id for each in page]
            after = page[-1].code if page else None
            if len(page) < 60:
                break
        have = by_hand(bodies, noted, managed, aspect, NOW.date())
        assert (len(found), total) == (len(set(found)), len(found))
        assert set(found) == {compound.id for compound in managed} - have

    # And what the night notes is the same.
    assert await take_figures(NOW) == 635
    connection = await asyncpg.connect(database.database_url)
    try:
        day = NOW.date() - timedelta(days=1)
        for aspect in CoverageAspect:
            has = f"SELECT compound_id FROM compound_figures WHERE has_{aspect.lower()} AND day = $1"
            rows = await connection.fetch(has, day)
            assert {row["compound_id"] for row in rows} == by_hand(bodies, noted, street.compounds, aspect, day)
    finally:
        await connection.close()


async def test_the_last_day_of_a_mandate_counts_and_the_day_after_does_not(database: Settings) -> None:
    compound = await a_compound(await a_community(await a_street()))
    company = await an_organisation(street_id=compound.street_id)
    await a_mandate(company, compound, starts_on=date(2024, 2, 1), ends_on=date(2024, 2, 29))
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)]
    counted = await count_covered(an_officer(compound.street_id), days)
    assert [day.covered[CoverageAspect.COMPANY] for day in counted] == [0, 1, 1, 0]
    # Two of them on one day are one compound.
    await a_mandate(await an_organisation(street_id=compound.street_id), compound, starts_on=date(2024, 2, 29), role="GOVERNS")
    await Mandate.filter(organisation_id=company.id).update(ends_on=None)
    (day,) = await count_covered(an_officer(compound.street_id), [date(2024, 2, 29)])
    assert (day.compounds, day.covered[CoverageAspect.COMPANY]) == (1, 1)


@pytest.mark.usefixtures("database")
async def test_nobody_counts_what_they_do_not_see() -> None:
    near = await a_compound(await a_community(await a_street()))
    await a_compound(await a_community(await a_street()))
    neighbour = Viewer("acc_x", "", {Role.COMPANY_STAFF: {Reach.COMPOUND: (near.id,), Reach.STREET: (near.street_id,)}})
    (day,) = await count_covered(neighbour, [NOW.date()])
    assert day.compounds == 1
    assert await count_covered(Viewer(), [NOW.date()]) == []
    assert await lacking(Viewer(), CoverageAspect.COMPANY, NOW.date(), Among(), first=9) == ([], 0)
