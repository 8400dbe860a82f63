"""Who looks at the nasty database: every role on its own, several at once, none, nobody."""

from __future__ import annotations

from typing import Any

import models
from domain.access import ANONYMOUS, Reach, Role, Viewer
from models.viewers import viewer_of
from tests import builders as build

from .hostile import HOSTILE, Making


async def people(
    m: Making,
    streets: list[models.Place],
    communities: list[models.Place],
    grids: list[models.Place],
    compounds: list[models.Compound],
    organisations: list[models.Organisation],
    homes: list[models.Home],
) -> dict[str, Viewer]:
    """Every role on its own, several at once, none, nobody."""
    first, second, third, office, committee = organisations
    roles: dict[str, list[tuple[Role, dict[str, Any]]]] = {
        "nobody's": [],
        "officer": [(Role.STREET_OFFICER, {"place": streets[0]})],
        "auditor": [(Role.AUDITOR, {"place": streets[1]})],
        "administrator": [(Role.ADMINISTRATOR, {"place": streets[0]})],
        "community staff": [(Role.COMMUNITY_STAFF, {"place": communities[0]})],
        "grid worker": [(Role.GRID_WORKER, {"place": grids[1]})],
        "manager": [(Role.COMPANY_MANAGER, {"organisation": first})],
        "staff": [(Role.COMPANY_STAFF, {"organisation": second})],
        "staff without a mandate": [(Role.COMPANY_STAFF, {"organisation": third})],
        "office staff": [(Role.COMMUNITY_STAFF, {"organisation": office})],
        "committee member": [(Role.COMMITTEE_MEMBER, {"compound": compounds[0]})],
        "integration": [(Role.INTEGRATION, {"organisation": first})],
        "resident": [(Role.RESIDENT, {"home": homes[0]})],
        "neighbour": [(Role.RESIDENT, {"home": homes[1]})],
        "everything": [
            (Role.STREET_OFFICER, {"place": streets[1]}),
            (Role.COMPANY_MANAGER, {"organisation": second}),
            (Role.COMMITTEE_MEMBER, {"organisation": committee}),
            (Role.RESIDENT, {"home": homes[2]}),
            (Role.RESIDENT, {"home": homes[5]}),
            (Role.GRID_WORKER, {"place": grids[0]}),
        ],
    }
    viewers = {"anonymous": ANONYMOUS}
    for name, held in roles.items():
        columns = {"street_id": streets[0].id, "organisation_id": m.maybe([o.id for o in organisations])}
        columns |= m.phone("phone")
        account = await build.an_account(id=m.id(models.Account), login=m.code(), name=m.text(), **columns)
        for role, bound in held:
            await build.a_role(account, role, **bound)
        viewer = await viewer_of(account.id)
        assert viewer is not None
        viewers[name] = viewer
    everywhere = tuple(street.id for street in streets)
    viewers["both streets"] = Viewer("acc_both", HOSTILE[0], {Role.STREET_OFFICER: {Reach.STREET: everywhere}})
    viewers["reaching nothing"] = Viewer(
        "acc_none", HOSTILE[9], {Role.COMPANY_STAFF: {Reach.COMPOUND: (), Reach.STREET: ("'; --",)}}
    )
    return viewers
