"""Who is on duty on the demo street, and what was done about its open alerts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from domain.alerts.care import CareRung, CareStanding
from domain.duty import DutyLevel

from .accounts import AccountPlan, People
from .alerts import AlertPlan
from .ids import Ids
from .organisations import Bodies, OrganisationPlan
from .plans import StreetPlan

ROSTER = ("id", "name", "level", "compound_ids", "created_at", "organisation_id", "street_id")
SHIFT = ("id", "starts_at", "ends_at", "roster_id", "account_id", "organisation_id", "street_id")
CARE = (
    *("id", "standing", "raised_at", "told_severity", "said_at", "rung", "climbed_at"),
    *("alert_id", "rule", "subject_id", "module", "compound_id", "street_id"),
)

#: Shifts begin at 8 and at 20 o'clock, from yesterday on.
_FIRST, _LONG, _DAYS = 8, timedelta(hours=12), 9


class Duty:
    """The rosters of the company that serves Kangqiao, of its community's office and of the street office."""

    def __init__(self, plan: StreetPlan, of_street: Bodies, who: People, now: datetime) -> None:
        self._plan, self._now, self._ids = plan, now, Ids(plan.seed, "duty")
        company = of_street.serving(plan.kangqiao)
        staff = who.staff[company.id]
        office = of_street.by_code[f"{plan.kangqiao.community.code}-OFFICE"]
        self._rosters: list[tuple[str, str, DutyLevel, list[str], OrganisationPlan, Sequence[AccountPlan]]] = [
            self._roster("康桥值班", DutyLevel.DUTY, [plan.kangqiao.id], company, staff[1:]),
            self._roster("公司值班", DutyLevel.DUTY, [], company, staff[1:]),
            self._roster("公司带班", DutyLevel.MANAGER, [], company, staff[:1]),
            self._roster("社区值班", DutyLevel.DUTY, [], office, who.staff[office.id]),
            self._roster("街道值班", DutyLevel.DUTY, [], of_street.street, who.staff[of_street.street.id]),
        ]

    def _roster(
        self, name: str, level: DutyLevel, compounds: list[str], body: OrganisationPlan, people: Sequence[AccountPlan]
    ) -> tuple[str, str, DutyLevel, list[str], OrganisationPlan, Sequence[AccountPlan]]:
        return self._ids.new("dro"), name, level, compounds, body, people

    def roster_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of rosters."""
        for id_, name, level, compounds, body, _ in self._rosters:
            yield id_, name, level, orjson.dumps(compounds).decode(), self._now, body.id, self._plan.street.id

    def shift_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of shifts: one person after the other, day and night."""
        new = Ids(self._plan.seed, "shifts").new
        first = (self._now - timedelta(days=1)).replace(hour=_FIRST, minute=0, second=0, microsecond=0)
        for id_, *_, body, people in self._rosters:
            for n in range(2 * _DAYS):
                begins = first + n * _LONG
                yield new("dsh"), begins, begins + _LONG, id_, people[n % len(people)].id, body.id, self._plan.street.id


def cares(plan: StreetPlan, all_alerts: Sequence[AlertPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of care: of what is open, those on duty were told."""
    new = Ids(plan.seed, "cares").new
    for a in all_alerts:
        if a.is_open:
            told, finding = a.finding.sights[0].at, a.finding
            yield (
                *(new("alc"), CareStanding.TOLD, told, finding.severity, told, CareRung.DUTY, told),
                *(a.id, finding.rule.key, a.device.id, finding.module, a.compound.id, plan.street.id),
            )
