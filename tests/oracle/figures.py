"""Joint offices that are over, open or to come, and days of figures at the ends of what numbers can be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import models
from domain.money import MOST

from .hostile import Making

_BIG = 2147483647
_AMOUNTS = [Decimal(0), Decimal("0.10"), MOST]
_DAYS = [date(2024, 2, 29), date(2024, 3, 1), date(1970, 1, 1), date(2999, 12, 31)]


async def fill_figures(m: Making, compounds: list[models.Compound]) -> None:
    """In every compound."""
    for compound in compounds:
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        for starts_on, ends_on in ((date(2020, 2, 29), date(2020, 2, 29)), (date(2021, 1, 1), m.maybe([date(2023, 1, 1)]))):
            days = {"starts_on": starts_on, "ends_on": ends_on, "address": m.text(200)}
            await models.JointOffice.create(id=m.id(models.JointOffice), **days, **place)
        for day in _DAYS[: m.of([1, 3, 4])]:
            counts = {
                name: m.of([0, 1, _BIG]) for name in ("open_tickets", "overdue_tickets", "closed_tickets", "facilities_out")
            }
            counts |= {f"{name}_alerts": m.of([0, 7, 500_000_000]) for name in ("critical", "major", "minor", "warning")}
            due = m.of(_AMOUNTS)
            counts |= {"overdue_fees": m.maybe(_AMOUNTS), "fees_due": due, "fees_paid": m.of([Decimal(0), due])}
            rated = m.of([{"ratings": 0, "score_sum": 0}, {"ratings": 2, "score_sum": 9}])
            has = {
                f"has_{name}": m.of([True, False])
                for name in ("party_organisation", "party_work", "owners_body", "company", "joint_office")
            }
            columns = {"day": day, "taken_at": m.moment(), **counts, **rated, **has, **place}
            await models.CompoundFigures.create(id=m.id(models.CompoundFigures), **columns)
