"""A small and nasty database: two streets, four compounds, every table filled, hostile strings, ties and nulls."""

from __future__ import annotations

from datetime import date

import models
from domain.access import Viewer
from domain.organisations import MandateBasis, MandateRole, OrganisationKind
from domain.territory import CompoundKind, GovernanceMode, HomeUse, PlaceKind
from tests import builders as build

from .arrears import fill_arrears
from .bodies import bodies
from .cares import fill_cares
from .clocks import fill_clocks
from .complaints import fill_complaints
from .desk import fill_desk
from .fees import fill_fees
from .figures import fill_figures
from .fire import fill_fire
from .hostile import Making
from .keys import duty, invitations, keys_and_facts
from .ledger import fill_ledger
from .notices import fill_notices, fill_own_notices
from .payments import fill_payments
from .people import people
from .posts import fill_posts
from .registers import fill_registers
from .rounds import fill_rounds
from .rulings import fill_rulings
from .sensing import sensing
from .statements import fill_statements
from .stations import stations
from .tickets import fill_tickets
from .upkeep import fill_upkeep

#: Numbers that JSON writes in several ways, and text around them.
_OUTLINE = {"coordinates": [[[1e-7, -0.0], [105, 29.123456789], [1.5e1, 0], [1e-7, -0.0]]], "type": "Polygon", '\u2028"': None}


async def fill() -> dict[str, Viewer]:
    """Fill the connected database; gives the viewers by name."""
    m = Making()
    streets = [await build.a_street(id=m.id(models.Place), code=m.code(), name=m.text(120)) for _ in range(2)]
    communities = [
        await build.a_community(street, id=m.id(models.Place), code=m.code(), name=m.text(120), kind=kind, outline=_OUTLINE)
        for street, kind in (
            (streets[0], PlaceKind.COMMUNITY),
            (streets[0], PlaceKind.VILLAGE),
            (streets[1], PlaceKind.COMMUNITY),
        )
    ]
    grids = [await build.a_grid(c, id=m.id(models.Place), code=m.code(), name="Same name") for c in communities[:2]]
    ends = {"ended_on": date(2024, 2, 29), "became_id": grids[0].id, "split_from_id": grids[0].id}
    await build.a_grid(communities[0], id=m.id(models.Place), code=m.code(), name="Same name", **ends)
    compounds = [
        await build.a_compound(
            community,
            id=m.id(models.Compound),
            code=m.code(),
            name=name,
            kind=m.of(CompoundKind),
            governance=m.of(GovernanceMode),
            address=m.text(200),
            latitude=m.maybe([29.123456789, -90.0, 1e-7]),
            longitude=m.maybe([105.0, -0.0, 180.0]),
            handed_over_year=m.maybe([1999, 2147483647]),
            home_count=m.of([0, 1, 7]),
            resident_count=m.of([0, 2147483647]),
            grid_id=grid and grid.id,
            outline=m.maybe([_OUTLINE]),
        )
        for community, grid, name in (
            (communities[0], grids[0], "\x1f"),
            (communities[0], None, "Same name"),
            (communities[1], grids[1], "Same name"),
            (communities[2], None, '"\\\x1e小区'),
        )
    ]
    homes = await _buildings(m, compounds)
    organisations = await _organisations(m, streets, communities, compounds)
    viewers = await people(m, streets, communities, grids, compounds, organisations, homes)
    await sensing(m, compounds, organisations)
    await fill_tickets(m, compounds, organisations, homes)
    await fill_notices(m, organisations)
    await keys_and_facts(m, streets, organisations)
    await invitations(m, homes)
    await fill_desk(m, organisations)
    await duty(m, organisations)
    await fill_clocks(m, streets, organisations)
    await fill_rulings(m, streets)
    await fill_own_notices(m, streets)
    await fill_cares(m, streets)
    await fill_registers(m)
    await stations(m, communities, organisations)
    await fill_figures(m, compounds)
    await bodies(m, organisations, compounds)
    await fill_upkeep(m, streets, organisations)
    await fill_complaints(m, compounds)
    await fill_fire(m, organisations)
    await fill_rounds(m, organisations)
    await fill_posts(m, compounds, homes)
    await fill_ledger(m, compounds, homes)
    await fill_fees(m, homes)
    await fill_payments(m)
    await fill_arrears(m)
    await fill_statements(m)
    return viewers


async def _buildings(m: Making, compounds: list[models.Compound]) -> list[models.Home]:
    homes: list[models.Home] = []
    for compound in compounds[:3]:
        for _ in range(2):
            high = {"height_m": m.maybe(["54.00", "0.01", "9999.99"]), "storeys": m.of([1, 33])}
            building = await build.a_building(compound, id=m.id(models.Building), code=m.code(), name=m.text(), **high)
            unit = await build.a_unit(building, id=m.id(models.Unit), code=m.code(), name=m.text())
            for floor in (-2, 3):
                area = {"area_m2": m.of(["89.50", "100000.00", "0.10"]), "floor": floor, "use": m.of(HomeUse)}
                homes.append(await build.a_home(unit, id=m.id(models.Home), code=m.code(), name=m.text(), **area))
    return homes


async def _organisations(
    m: Making, streets: list[models.Place], communities: list[models.Place], compounds: list[models.Compound]
) -> list[models.Organisation]:
    """Three companies with overlapping, ended and future mandates; an office; one that serves nobody."""
    kinds = [OrganisationKind.PROPERTY_COMPANY] * 3 + [OrganisationKind.COMMUNITY_OFFICE, OrganisationKind.OWNERS_COMMITTEE]
    made = [
        await build.an_organisation(
            streets[n == 2],
            id=m.id(models.Organisation),
            code=m.code(),
            name=m.of(["Same name", m.text(120)]),
            kind=kind,
            place_id=m.maybe([c.id for c in communities]),
        )
        for n, kind in enumerate(kinds)
    ]
    first, second, third, office, _ = made
    ended, future = {"starts_on": date(2020, 1, 1), "ends_on": date(2023, 12, 31)}, {"starts_on": date(2099, 1, 1)}
    for organisation, compound, columns in (
        (first, compounds[0], {"basis": MandateBasis.CONTRACT, "basis_number": m.text(), "basis_on": date(2024, 2, 29)}),
        (first, compounds[1], {}),
        (first, compounds[2], ended),
        (second, compounds[1], {"role": MandateRole.SUPERVISES}),
        (second, compounds[2], {}),
        (second, compounds[2], {"role": MandateRole.GUIDES, "starts_on": date(2020, 1, 1)}),
        (third, compounds[3], ended),
        (third, compounds[0], future | {"role": MandateRole.GOVERNS}),
        (office, compounds[0], {"role": MandateRole.GUIDES}),
    ):
        await build.a_mandate(organisation, compound, id=m.id(models.Mandate), **columns)
    return made
