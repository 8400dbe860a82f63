"""What the compounds of the story have, and what was noted of them day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import models
from models.calendar import today

from .desk import Desk
from .story import plant, planted

#: What holds today, as the story has it: who is served by a company, who has a committee, whose joint office is open.
_SERVED, _SPOKEN_FOR, _JOINT = "KMPS", "K", "KLS"
_HAS = ("has_party_organisation", "has_party_work", "has_owners_body", "has_company", "has_joint_office")


async def figures(world: Desk) -> None:
    """In each compound: a joint office that is over, another perhaps, and the figures of two days."""
    for compound in "KLMPS":
        told = world.told[compound].values
        told |= {"hasPartyOrganisation": False, "hasPartyWork": False, "hasOwnersBody": compound in _SPOKEN_FOR}
        told |= {"hasCompany": compound in _SERVED, "hasJointOffice": compound in _JOINT}
        await _figures(world, compound)


async def _figures(world: Desk, compound: str) -> None:
    row, street, links = world.stored[compound], world.told[compound].street, {"compound": world.told[compound]}
    place = {"compound_id": row.id, "street_id": row.street_id}
    for n, ends in enumerate([date(2020, 12, 31), *([today() + timedelta(days=9)] if compound in _JOINT else [])]):
        columns = {"starts_on": date(2020 + n, 1, 1), "ends_on": ends, **place}
        office = await models.JointOffice.create(**planted(models.JointOffice, columns))
        world.keep(f"{compound} joint office {n}", office, street, compound, links=links)
        await world.done(f"{compound} joint office {n}", compound, "officer of the north")
    for n in (1, 2):
        columns: dict[str, Any] = {name: bool(n % 2) for name in _HAS} | {"day": date(2024, 1, n), **place}
        columns |= {name: Decimal(plant()) / 100 for name in ("overdue_fees", "fees_paid")}
        columns["fees_due"] = columns["fees_paid"] + 1
        noted = await models.CompoundFigures.create(**planted(models.CompoundFigures, columns))
        world.keep(f"{compound} figures {n}", noted, street, compound, links=links)
        alerts = noted.critical_alerts + noted.major_alerts + noted.minor_alerts + noted.warning_alerts
        world.told[f"{compound} figures {n}"].values["openAlerts"] = alerts
