"""What is run together in the demo street: an area-wide service with a quarter's cost, duties, and who runs each compound."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from json import dumps
from typing import Any

from domain.area_services import Stay, parts_of
from domain.compound_duties import CompoundDutyState
from domain.organisations import OrganisationKind
from domain.territory import CompoundKind

from .ids import Ids, lots
from .organisations import Bodies
from .plans import CompoundPlan, StreetPlan

SERVICE = ("id", "name", "services", "contract_number", "starts_on", "organisation_id", "street_id")
MEMBER = ("id", "area_m2", "joins_on", "area_service_id", "compound_id", "street_id")
COST = ("id", "title", "total", "period_from", "period_to", "shared_at", "area_service_id", "street_id")
SHARE = ("id", "area_m2", "days", "amount", "cost_id", "compound_id", "street_id")
DUTY = ("id", "state", "what", "note", "due_on", "ended_at", "organisation_id", "compound_id", "street_id")
TERM = ("id", "mode", "starts_on", "ends_on", "compound_id", "street_id")
_DAY = timedelta(days=1)
#: How many compounds one company serves together.
_TOGETHER = 8
_DUTIES = (
    (-40, "每月入户巡查独居老人并登记", "已完成当月巡查"),
    (20, "牵头召开居民议事会，商定物业服务事项", ""),
    (-3, "督促完成楼道堆物清理", ""),
)


class Marks:
    """As of ``now``."""

    def __init__(self, plan: StreetPlan, of_street: Bodies, now: datetime) -> None:
        self._plan, self._of_street, self._now = plan, of_street, now
        self._offices = {
            body.place_id: body.id for body in of_street.by_code.values() if body.kind is OrganisationKind.COMMUNITY_OFFICE
        }
        self._service = Ids(plan.seed, "area services").new("ars")
        self._cost = Ids(plan.seed, "area service costs").new("acs")

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """Tables with their columns and rows."""
        yield "area_service", SERVICE, self.service_rows()
        yield "area_service_member", MEMBER, self.member_rows()
        yield "area_service_cost", COST, self.cost_rows()
        yield "area_service_share", SHARE, self.share_rows()
        yield "compound_duty", DUTY, self.duty_rows()
        yield "governance_term", TERM, self.term_rows()

    def _of_kind(self, kind: CompoundKind) -> list[CompoundPlan]:
        return [each for each in self._plan.compounds if each.kind is kind]

    def _together(self) -> list[CompoundPlan]:
        """The unmanaged compounds of one community that are served together."""
        compounds = [each for each in self._of_kind(CompoundKind.UNMANAGED) if each is not self._plan.shuren]
        first = compounds[0].community.id if compounds else ""
        return [each for each in compounds if each.community.id == first][:_TOGETHER]

    @property
    def _since(self) -> date:
        return date(self._now.year - 1, 1, 1)

    def _stays(self) -> list[Stay]:
        return [Stay(each.id, Decimal(each.homes * 85), self._since) for each in self._together()]

    def service_rows(self) -> Iterator[tuple[Any, ...]]:
        """One, by the company that serves Kangqiao."""
        company = self._of_street.handling[self._plan.kangqiao.id].id
        row = (dumps(["CLEANING", "SECURITY"]), "ZSL-QYH-001", self._since, company, self._plan.street.id)
        if self._together():
            yield self._service, "老旧小区区域化物业服务", *row

    def member_rows(self) -> Iterator[tuple[Any, ...]]:
        """The compounds in it."""
        new = Ids(self._plan.seed, "area service members").new
        for stay in self._stays():
            yield new("arm"), stay.area_m2, stay.joins_on, self._service, stay.compound_id, self._plan.street.id

    @property
    def _quarter(self) -> tuple[date, date]:
        return date(self._now.year - 1, 10, 1), date(self._now.year - 1, 12, 31)

    def cost_rows(self) -> Iterator[tuple[Any, ...]]:
        """What the last quarter of the year before came to."""
        row = (self._now - 20 * _DAY, self._service, self._plan.street.id)
        if self._together():
            yield self._cost, "四季度保洁与秩序维护", Decimal("28650.00"), *self._quarter, *row

    def share_rows(self) -> Iterator[tuple[Any, ...]]:
        """Shared exactly."""
        new, stays = Ids(self._plan.seed, "area service shares").new, self._stays()
        for part in parts_of(Decimal("28650.00"), stays, *self._quarter) if stays else ():
            stay = part.stay
            yield new("ash"), stay.area_m2, part.days, part.amount, self._cost, stay.compound_id, self._plan.street.id

    def duty_rows(self) -> Iterator[tuple[Any, ...]]:
        """Of the communities, for each resettlement compound."""
        new = Ids(self._plan.seed, "compound duties").new
        for compound in self._of_kind(CompoundKind.RESETTLEMENT):
            for days, what, note in _DUTIES:
                state, ended = (CompoundDutyState.DONE, self._now + (days - 2) * _DAY) if note else (CompoundDutyState.OPEN, None)
                due, office = self._now.date() + days * _DAY, self._offices[compound.community.id]
                yield new("cdu"), state, what, note, due, ended, office, compound.id, self._plan.street.id

    def term_rows(self) -> Iterator[tuple[Any, ...]]:
        """Of every compound the mode of today; of every fourth resettlement compound another before."""
        new, draw = Ids(self._plan.seed, "governance terms").new, lots(self._plan.seed, "governance terms")
        for compound in self._plan.compounds:
            begun = None
            if compound.kind is CompoundKind.RESETTLEMENT and draw.random() < 0.25:
                begun = self._now.date() - draw.randint(200, 900) * _DAY
                yield new("gvt"), "COMPANY", None, begun - _DAY, compound.id, self._plan.street.id
            yield new("gvt"), compound.governance, begun, None, compound.id, self._plan.street.id
