"""Joint offices of the demo street, and a year of key figures: the ends of twelve months and yesterday, slowly getting better."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any

from domain.coverage import CoverageAspect, covers, month_ends
from domain.money import FEN
from domain.organisations import OrganisationKind
from domain.territory import CompoundKind

from .ids import Ids, lots
from .organisations import Bodies, Term
from .plans import CompoundPlan, StreetPlan

JOINT_OFFICE = ("id", "address", "starts_on", "ends_on", "compound_id", "street_id")
FIGURES = (
    *("id", "day", "open_tickets", "overdue_tickets", "closed_tickets", "ratings", "score_sum", "critical_alerts"),
    *("major_alerts", "minor_alerts", "warning_alerts", "facilities_out", "overdue_fees", "fees_due", "fees_paid"),
    *("has_party_organisation", "has_party_work"),
    *("has_owners_body", "has_company", "has_joint_office", "taken_at", "compound_id", "street_id"),
)
_MONTHS = 12


class Figures:
    """The rows of both tables, as of ``now``, which is in the street's time zone."""

    def __init__(self, plan: StreetPlan, bodies: Bodies, now: datetime) -> None:
        self.plan, self.now = plan, now
        self.terms: dict[str, list[Term]] = {compound.id: [] for compound in plan.compounds}
        for term in bodies.terms:
            self.terms[term.compound.id].append(term)

    @cached_property
    def offices(self) -> dict[str, tuple[Any, ...]]:
        """Rows of joint offices by compound: where a branch guides a compound that a company serves, in every other."""
        ids, random, made = (
            Ids(self.plan.seed, "joint offices"),
            lots(self.plan.seed, "joint offices"),
            dict[str, tuple[Any, ...]](),
        )
        for compound in self.plan.compounds:
            guided = [t.starts_on for t in self.terms[compound.id] if t.organisation.kind is OrganisationKind.PARTY_BRANCH]
            chosen = compound is self.plan.kangqiao or random.random() < 0.5
            if guided and chosen and compound.kind is CompoundKind.PROPERTY_MANAGED:
                starts = max(guided) + timedelta(days=random.randint(10, 60))
                place = f"{compound.name}党群服务站"
                made[compound.id] = (ids.new("jof"), place, starts, None, compound.id, self.plan.street.id)
        return made

    def joint_office_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of joint offices."""
        yield from self.offices.values()

    def figure_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of key figures."""
        new, random = Ids(self.plan.seed, "figures").new, lots(self.plan.seed, "figures")
        days = month_ends(self.now.date() - timedelta(days=1), _MONTHS + 1)
        for age, day in zip(range(_MONTHS, -1, -1), days, strict=True):
            taken = datetime.combine(day + timedelta(days=1), time(0, 5), self.now.tzinfo)
            for compound in self.plan.compounds:
                has = self._has(compound, day)
                yield new("cfg"), day, *_counts(random, compound, age), *has, taken, compound.id, self.plan.street.id

    def _has(self, compound: CompoundPlan, day: date) -> list[bool]:
        terms = [term for term in self.terms[compound.id] if term.current(day)]
        office = self.offices.get(compound.id)
        held = [any(covers(aspect, t.role, t.organisation.kind, t.service) for t in terms) for aspect in CoverageAspect]
        return [
            has or (aspect is CoverageAspect.JOINT_OFFICE and office is not None and office[2] <= day)
            for aspect, has in zip(CoverageAspect, held, strict=True)
        ]


def _counts(random: Random, compound: CompoundPlan, age: int) -> tuple[int | Decimal, ...]:
    """What is counted, ``age`` months ago: from open tickets to what was paid of fees."""
    weight = compound.homes / 250 * (1 + age / 12)
    opened, closed = round(random.uniform(0.4, 1.6) * weight), round(random.uniform(0, 0.6) * weight)
    late, ratings = round(opened * random.uniform(0, 0.1 + age / 40)), random.randint(0, min(closed, 4))
    score = sum(min(5, max(1, round(random.gauss(4.3 - age / 20, 0.7)))) for _ in range(ratings))
    alerts = [int(random.random() < weight / share) for share in (60, 20, 8, 5)]
    return opened, late, closed, ratings, score, *alerts, int(random.random() < weight / 12), *_fees(random, compound, age)


def _fees(random: Random, compound: CompoundPlan, age: int) -> tuple[Decimal, ...]:
    """What is overdue, and what of a year's fees was due and paid: where a company charges them."""
    if compound.kind is not CompoundKind.PROPERTY_MANAGED:
        return Decimal(0), Decimal(0), Decimal(0)
    due = Decimal(compound.homes * 12 * random.randint(130, 190))
    paid = due * (random.randint(78, 92) - age) / 100
    return (due - paid).quantize(FEN), due, paid.quantize(FEN)
