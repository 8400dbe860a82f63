"""Fire safety in the demo street: pacts of what no company serves, drills of the last year, and the hazards of two compounds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from json import dumps
from typing import Any

from domain.fire_drills import FireDrillKind, FireDrillState
from domain.fire_pacts import FireDuty
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState
from domain.organisations import OrganisationKind

from .accounts import People
from .ids import Ids, lots
from .organisations import Bodies
from .plans import CompoundPlan, StreetPlan

PACT = ("id", "signed_on", "duties", "homes_joined", "organisation_id", "compound_id", "street_id")
DRILL = (
    *("id", "kind", "state", "planned_on", "held_on", "participants", "residents", "minutes", "planned_at"),
    *("organisation_id", "compound_id", "street_id"),
)
HAZARD = (
    *("id", "grade", "state", "source", "outcome", "what", "spot", "interim_measure", "remedy", "found_at"),
    *("last_found_at", "due_at", "recheck_by", "climbs_at", "assigned_at", "rectified_at", "closed_at"),
    *("organisation_id", "found_by_id", "rectified_by_id", "closed_by_id", "compound_id", "street_id"),
)
_G, _S = HazardGrade, HazardState
_DAY = timedelta(days=1)
#: How many days ago each was found, how bad it is, where it stands, what it is, where, and how it was put right.
_KANGQIAO = (
    (2, _G.GENERAL, _S.REPORTED, "楼道堆放纸箱", "12幢 3 层楼梯间", ""),
    (5, _G.GENERAL, _S.ASSIGNED, "电动自行车停放在门厅", "7幢 1 单元门厅", ""),
    (9, _G.GENERAL, _S.RECTIFIED, "防火门闭门器损坏", "24幢 18 层前室", "已更换闭门器"),
    (40, _G.MAJOR, _S.CLOSED, "高大乔木遮挡消防登高面", "18幢北侧", "乔木已修剪移栽，登高面恢复"),
)
_SHUREN = ((4, _G.GENERAL, _S.ASSIGNED, "老旧线路裸露", "2 单元楼道配电箱旁", ""),)


class Fire:
    """As of ``now``; every share is drawn by lot, always the same."""

    def __init__(self, plan: StreetPlan, of_street: Bodies, who: People, now: datetime) -> None:
        self._plan, self._of_street, self._who, self._now = plan, of_street, who, now
        self._offices = {
            body.place_id: body.id for body in of_street.by_code.values() if body.kind is OrganisationKind.COMMUNITY_OFFICE
        }

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """Tables with their columns and rows."""
        yield "fire_pact", PACT, self.pact_rows()
        yield "fire_drill", DRILL, self.drill_rows()
        yield "hazard", HAZARD, self.hazard_rows()

    def _served(self, compound: CompoundPlan) -> bool:
        return self._of_street.handling[compound.id].kind is OrganisationKind.PROPERTY_COMPANY

    def pact_rows(self) -> Iterator[tuple[Any, ...]]:
        """A pact for all that no company serves but one in forty."""
        new, draw = Ids(self._plan.seed, "fire pacts").new, lots(self._plan.seed, "fire pacts")
        duties = [str(duty) for duty in FireDuty]
        for compound in self._plan.compounds:
            days, share, signed = draw.randint(30, 900), draw.uniform(0.5, 0.95), draw.random() > 1 / 40
            if not self._served(compound) and (signed or compound is self._plan.shuren):
                day, homes = self._now.date() - days * _DAY, round(compound.homes * share)
                office = self._offices[compound.community.id]
                yield new("fpa"), day, dumps(duties), homes, office, compound.id, self._plan.street.id

    def drill_rows(self) -> Iterator[tuple[Any, ...]]:
        """A drill and a training of the last year for all compounds but one in thirty each."""
        new, draw = Ids(self._plan.seed, "fire drills").new, lots(self._plan.seed, "fire drills")
        for compound in self._plan.compounds:
            holder = self._of_street.handling[compound.id].id
            for kind in FireDrillKind:
                ago = draw.randint(10, 340) if draw.random() > 1 / 30 else draw.randint(380, 600)
                heads, day = max(4, round(compound.homes * draw.uniform(0.05, 0.3))), self._now.date() - ago * _DAY
                went = (heads, round(heads * draw.uniform(0.6, 0.95)), draw.randint(8, 50), self._now - ago * _DAY)
                yield new("fdr"), kind, FireDrillState.HELD, day, day, *went, holder, compound.id, self._plan.street.id

    def hazard_rows(self) -> Iterator[tuple[Any, ...]]:
        """What was found in Kangqiao and Shuren."""
        new = Ids(self._plan.seed, "hazards").new
        for compound, found in ((self._plan.kangqiao, _KANGQIAO), (self._plan.shuren, _SHUREN)):
            owner = self._of_street.handling[compound.id]
            finder, doer, checker = (account.id for account in self._who.staff[owner.id][:3])
            for ago, grade, state, what, spot, remedy in found:
                found_at, days = self._now - ago * _DAY, 3 if grade is _G.MAJOR else 7
                due, done = found_at + days * _DAY, found_at + 2 * _DAY
                rectified, closed = state in {_S.RECTIFIED, _S.CLOSED}, state is _S.CLOSED
                again = self._now + 2 * _DAY if state is _S.RECTIFIED else None
                yield (
                    *(new("haz"), grade, state, HazardSource.PERSON, HazardOutcome.RECTIFIED if closed else None),
                    *(what, spot, "设置警示，专人看守" if grade is _G.MAJOR else "", remedy),
                    *(found_at, found_at, due, again, None if closed else again or due),
                    *(None if state is _S.REPORTED else found_at, done if rectified else None, done if closed else None),
                    *(owner.id, finder, doer if rectified else None, checker if closed else None),
                    *(compound.id, self._plan.street.id),
                )
