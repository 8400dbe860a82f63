"""What holds for a facility: defaults in code, overlaid by what the street set, the nearest last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.upkeep import DEFAULTS, Plan, PlanSource, UpkeepKind, applies
from models.facilities import Facility

from .rows import UpkeepPlan

Figures = Mapping[UpkeepKind, tuple[Plan, PlanSource]]


@dataclass(frozen=True)
class Plans:
    """All that a street set, the wider before the nearer."""

    set_here: Sequence[UpkeepPlan]

    def of(self, facility: Facility) -> Figures:
        """What is done to the facility, and by whose word."""
        purpose = facility.attributes.get("purpose")
        figures = {
            kind: (plan, PlanSource.DEFAULT) for kind, plan in DEFAULTS.get(facility.kind, {}).items() if applies(kind, purpose)
        }
        for row in self.set_here:
            near = row.facility_id == facility.id if row.facility_id else row.compound_id in {None, facility.compound_id}
            if near and row.facility_kind is facility.kind:
                figures[row.kind] = row.plan, row.source
        return {kind: (plan, source) for kind, (plan, source) in figures.items() if not plan.off}


async def plans_of(street_id: str) -> Plans:
    """The plans as they are stored now."""
    rows = await UpkeepPlan.filter(street_id=street_id)
    order = list(PlanSource)
    return Plans(sorted(rows, key=lambda row: order.index(row.source)))
