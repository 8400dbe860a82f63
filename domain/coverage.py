"""Coverage (覆盖): what stands behind a compound on a day, told from its mandates and from the joint offices declared for it.

What counts is said here, once. Party organisation (党的组织覆盖): a Party branch guides the compound, be it a joint one of
several; three full members form one (Party constitution, art. 30). Party work (党的工作覆盖): where they are fewer, an office of
street, community or grid sends an instructor or liaison (党建指导员、联络员), and it is recorded that this office guides the
compound; whatever a branch guides is covered as well.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .organisations import HOLDS, OFFICES, MandateRole, MandateService, OrganisationKind
from .words import Word


class CoverageAspect(Word):
    """What a compound may have."""

    PARTY_ORGANISATION = "PARTY_ORGANISATION", "党的组织覆盖", "A Party branch guides it."
    PARTY_WORK = "PARTY_WORK", "党的工作覆盖", "A Party branch guides it, or an office by an instructor or liaison."
    OWNERS_BODY = "OWNERS_BODY", "业主组织覆盖", "A committee of owners, property management or self-governance is there."
    COMPANY = "COMPANY", "物业服务覆盖", "A property company serves it."
    JOINT_OFFICE = "JOINT_OFFICE", "合署办公覆盖", "Branch, owners' body and company work in one office, as was declared."


class CoverageBy(Word):
    """What coverage is told apart by."""

    STREET = "STREET", "街道", "By street."
    COMMUNITY = "COMMUNITY", "社区、村", "By community or village."
    KIND = "KIND", "小区类别", "By kind of compound."


_K, _R = OrganisationKind, MandateRole
_BODIES = (_K.OWNERS_COMMITTEE, _K.PROPERTY_MANAGEMENT_COMMITTEE, _K.SELF_GOVERNANCE_COMMITTEE)

#: Which mandates cover a compound: in what role, of an organisation of what kind. A joint office is declared and no mandate.
COVERED_BY: Mapping[CoverageAspect, frozenset[tuple[MandateRole, OrganisationKind]]] = {
    CoverageAspect.PARTY_ORGANISATION: frozenset({(_R.GUIDES, _K.PARTY_BRANCH)}),
    CoverageAspect.PARTY_WORK: frozenset((_R.GUIDES, kind) for kind in OFFICES),
    CoverageAspect.OWNERS_BODY: frozenset((role, kind) for role in (_R.REPRESENTS, _R.GOVERNS) for kind in _BODIES),
    CoverageAspect.COMPANY: frozenset({(_R.SERVES, _K.PROPERTY_COMPANY)}),
    CoverageAspect.JOINT_OFFICE: frozenset(),
}
#: Of whoever serves: the services that are property service, in whole or in part; to look after lifts alone covers nothing.
SERVICES = frozenset({MandateService.FULL, *HOLDS[MandateService.FULL]})


def covers(aspect: CoverageAspect, role: MandateRole, kind: OrganisationKind, service: MandateService | None) -> bool:
    """Whether a mandate covers a compound: its role, the kind of its organisation, and the service of whoever serves."""
    return (role, kind) in COVERED_BY[aspect] and (service is None or service in SERVICES)


def percent(covered: int, total: int) -> Decimal:
    """How many of a hundred are covered, to one place; 0 of none."""
    return (Decimal(100 * covered) / (total or 1)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def month_ends(until: date, months: int) -> list[date]:
    """The last days of so many months, in order; of the last month ``until`` itself."""
    days = [until]
    while len(days) < months and (days[-1].year, days[-1].month) > (1, 1):
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]
