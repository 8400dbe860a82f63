"""Organisations of the demo street and their mandates: who serves, governs, represents, supervises and guides which compound."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from domain.organisations import MandateBasis, MandateRole, MandateService, OrganisationKind
from domain.territory import CompoundKind, GovernanceMode, PlaceKind

from . import names
from .ids import Ids, lots
from .plans import CompoundPlan, StreetPlan

ORGANISATION = ("id", "code", "kind", "name", "street_id", "place_id")
MANDATE = (
    *("id", "role", "service", "basis", "basis_number", "basis_on", "starts_on", "ends_on"),
    *("organisation_id", "compound_id", "street_id"),
)

_COUNCIL = {PlaceKind.COMMUNITY: "居民委员会", PlaceKind.VILLAGE: "村民委员会"}
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class OrganisationPlan:
    """An organisation; ``place_id`` where it belongs to one place."""

    id: str
    code: str
    kind: OrganisationKind
    name: str
    place_id: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """One mandate of ``organisation`` for ``compound``; both dates included, no end: open."""

    role: MandateRole
    organisation: OrganisationPlan
    compound: CompoundPlan
    starts_on: date
    ends_on: date | None = None
    special: MandateService | None = None

    @property
    def service(self) -> MandateService | None:
        return (self.special or MandateService.FULL) if self.role is MandateRole.SERVES else None

    def current(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Bodies:
    """The street's organisations by code and its mandates, as of ``today``."""

    street: OrganisationPlan
    by_code: Mapping[str, OrganisationPlan]
    terms: Sequence[Term]
    today: date

    def serving(self, compound: CompoundPlan) -> OrganisationPlan:
        """The company that serves the compound today. KeyError where none does."""
        return self._serving[compound.id]

    @cached_property
    def _serving(self) -> Mapping[str, OrganisationPlan]:
        return {
            term.compound.id: term.organisation
            for term in self.terms
            if term.service is MandateService.FULL and term.current(self.today)
        }

    @cached_property
    def handling(self) -> Mapping[str, OrganisationPlan]:
        """Who handles a compound's tickets today, by the compound's id: its company, else its community's office."""
        offices = {term.compound.id: term.organisation for term in self.terms if term.role is MandateRole.SUPERVISES}
        return {**offices, **self._serving}


def bodies(plan: StreetPlan, today: date) -> Bodies:
    """Organisations and mandates; those of Kangqiao have the dates of its story, the rest lie around ``today``."""
    return _Founding(plan, today).found()


def organisations(plan: StreetPlan, of_street: Bodies) -> Iterator[tuple[Any, ...]]:
    """Rows of organisations."""
    for body in of_street.by_code.values():
        yield body.id, body.code, body.kind, body.name, plan.street.id, body.place_id


def mandates(plan: StreetPlan, of_street: Bodies) -> Iterator[tuple[Any, ...]]:
    """Rows of mandates."""
    new = Ids(plan.seed, "mandates").new
    for term in of_street.terms:
        yield (
            *(new("mnd"), term.role, term.service, *_ground(term), term.starts_on, term.ends_on),
            *(term.organisation.id, term.compound.id, plan.street.id),
        )


def _ground(term: Term) -> tuple[MandateBasis, str, date]:
    """The ground of a mandate, its number and its date."""
    kind, day = term.organisation.kind, term.starts_on
    word, basis = {
        MandateRole.SERVES: ("物服合", MandateBasis.CONTRACT),
        MandateRole.REPRESENTS: ("业委备", MandateBasis.FILING),
        MandateRole.GOVERNS: ("自治选", MandateBasis.ELECTION),
        MandateRole.SUPERVISES: ("街办", MandateBasis.APPOINTMENT),
        MandateRole.GUIDES: ("街工委", MandateBasis.APPOINTMENT),
    }[term.role]
    if kind is OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE:
        word, basis = "物管委组", MandateBasis.APPOINTMENT
    return basis, f"{word}〔{day.year}〕{term.compound.ordinal + 1}号", day - timedelta(days=10)


class _Founding:
    """Builds the bodies; draws do not depend on the date."""

    def __init__(self, plan: StreetPlan, today: date) -> None:
        self.plan, self.today = plan, today
        self.random = lots(plan.seed, "organisations")
        self.ids = Ids(plan.seed, "organisations")
        self.bodies: dict[str, OrganisationPlan] = {}
        self.terms: list[Term] = []

    def found(self) -> Bodies:
        plan, kinds = self.plan, OrganisationKind
        street = self._body(plan.street.code, kinds.STREET_OFFICE, f"{plan.street.name}办事处", plan.street.id)
        offices = {
            place.id: self._body(f"{place.code}-OFFICE", kinds.COMMUNITY_OFFICE, f"{place.name}{_COUNCIL[place.kind]}", place.id)
            for place in plan.communities
        }
        for grid in plan.grids:
            self._body(f"{grid.code}-TEAM", kinds.GRID_TEAM, f"{grid.name}工作队", grid.id)
        company_names = names.companies(self.random)
        companies = [
            self._body(f"WY-{n:02}", kinds.PROPERTY_COMPANY, next(company_names), None) for n in range(1, plan.size.companies + 1)
        ]
        for compound in plan.compounds:
            self._term(MandateRole.SUPERVISES, offices[compound.community.id], compound, date(2015, 1, 1))
        self._kangqiao(companies[0])
        self._shuren()
        weights = [1 / (n + 4) for n in range(len(companies))]
        for compound in plan.compounds[2:]:
            match compound.kind:
                case CompoundKind.PROPERTY_MANAGED:
                    self._served(compound, companies, weights)
                case CompoundKind.UNMANAGED:
                    self._unmanaged(compound)
                case CompoundKind.RESETTLEMENT:
                    self._resettled(compound)
        return Bodies(street, self.bodies, self.terms, self.today)

    def _body(self, code: str, kind: OrganisationKind, name: str, place_id: str | None) -> OrganisationPlan:
        self.bodies[code] = body = OrganisationPlan(self.ids.new("org"), code, kind, name, place_id)
        return body

    def _own(self, compound: CompoundPlan, suffix: str, kind: OrganisationKind, name: str) -> OrganisationPlan:
        """A body of one compound."""
        return self._body(f"{compound.code}-{suffix}", kind, compound.name + name, compound.community.id)

    def _term(
        self,
        role: MandateRole,
        body: OrganisationPlan,
        compound: CompoundPlan,
        starts_on: date,
        ends_on: date | None = None,
    ) -> None:
        self.terms.append(Term(role, body, compound, starts_on, ends_on))

    def _days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.random.randint(least, most))

    def _kangqiao(self, company: OrganisationPlan) -> None:
        """The developer's own company left after a tender; branch, owners' committee and company work as three."""
        kinds, compound = OrganisationKind, self.plan.kangqiao
        former = self._body("KQ-DEV", kinds.PROPERTY_COMPANY, "康桥生活公园开发单位物业部", None)
        self._term(MandateRole.SERVES, former, compound, date(2008, 6, 1), date(2023, 5, 31))
        self._term(MandateRole.SERVES, company, compound, date(2023, 6, 1))
        branch = self._own(compound, "PB", kinds.PARTY_BRANCH, "小区功能型党支部")
        self._term(MandateRole.GUIDES, branch, compound, date(2023, 1, 12))
        committee = self._own(compound, "OC", kinds.OWNERS_COMMITTEE, "业主委员会")
        starts, ends = date(2023, 3, 15), date(2028, 3, 14)
        while True:
            self._term(MandateRole.REPRESENTS, committee, compound, starts, ends)
            if ends >= self.today:
                return
            starts, ends = ends + timedelta(days=1), ends.replace(year=ends.year + 5)

    def _shuren(self) -> None:
        """Neighbours who meet under the trees."""
        kinds, compound = OrganisationKind, self.plan.shuren
        committee = self._own(compound, "SG", kinds.SELF_GOVERNANCE_COMMITTEE, "居民自治委员会")
        self._term(MandateRole.GOVERNS, committee, compound, date(2020, 9, 6))
        branch = self._own(compound, "PB", kinds.PARTY_BRANCH, "党支部")
        self._term(MandateRole.GUIDES, branch, compound, date(2021, 7, 1))

    def _served(self, compound: CompoundPlan, companies: Sequence[OrganisationPlan], weights: Sequence[float]) -> None:
        """A company under contract, perhaps one before and one to come; a branch and an owners' body in most."""
        random, kinds = self.random, OrganisationKind
        company, other = random.choices(companies, weights, k=2)
        starts = self.today - self._days(40, 4 * 365)
        fate, ahead, before = random.random(), self._days(20, 170), self._days(2 * 365, 5 * 365)
        if fate < 0.06 and other is not company:
            self._term(MandateRole.SERVES, company, compound, starts, self.today + ahead)
            self._term(MandateRole.SERVES, other, compound, self.today + ahead + timedelta(days=1))
        elif fate < 0.5:
            self._term(MandateRole.SERVES, company, compound, starts, max(starts + 3 * _YEAR, self.today + ahead))
        else:
            self._term(MandateRole.SERVES, company, compound, starts)
        if random.random() < 0.2 and other is not company:
            self._term(MandateRole.SERVES, other, compound, starts - before, starts - timedelta(days=1))
        if random.random() < 0.8:
            branch = self._own(compound, "PB", kinds.PARTY_BRANCH, "小区功能型党支部")
            self._term(MandateRole.GUIDES, branch, compound, self.today - self._days(100, 1_400))
        self._owners_body(compound)

    def _owners_body(self, compound: CompoundPlan) -> None:
        fate, elected, left = self.random.random(), self._days(30, 1_700), self._days(30, 700)
        if fate < 0.7:
            committee = self._own(compound, "OC", OrganisationKind.OWNERS_COMMITTEE, "业主委员会")
            starts = self.today - elected
            self._term(MandateRole.REPRESENTS, committee, compound, starts, starts + 5 * _YEAR)
        elif fate < 0.85:
            self._management_committee(compound, left)

    def _management_committee(self, compound: CompoundPlan, left: timedelta) -> None:
        """A property management committee sits for three years at most; ``left`` of them are still to come."""
        body = self._own(compound, "MC", OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE, "物业管理委员会")
        ends = self.today + left
        self._term(MandateRole.REPRESENTS, body, compound, ends - 3 * _YEAR, ends)

    def _unmanaged(self, compound: CompoundPlan) -> None:
        since = self.today - self._days(60, 1_800)
        if compound.governance is GovernanceMode.SELF_RUN:
            body = self._own(compound, "SG", OrganisationKind.SELF_GOVERNANCE_COMMITTEE, "居民自治委员会")
            self._term(MandateRole.GOVERNS, body, compound, since)
        if self.random.random() < 0.15:
            branch = self._own(compound, "PB", OrganisationKind.PARTY_BRANCH, "党支部")
            self._term(MandateRole.GUIDES, branch, compound, since)

    def _resettled(self, compound: CompoundPlan) -> None:
        self._management_committee(compound, self._days(60, 900))
        branch = self._own(compound, "PB", OrganisationKind.PARTY_BRANCH, "小区党支部")
        self._term(MandateRole.GUIDES, branch, compound, self.today - self._days(200, 1_500))
        if compound.governance is GovernanceMode.SELF_RUN:
            body = self._own(compound, "SG", OrganisationKind.SELF_GOVERNANCE_COMMITTEE, "居民自治委员会")
            self._term(MandateRole.GOVERNS, body, compound, self.today - self._days(60, 1_200))
