"""What each role is held over: a street officer's is a street, a committee member's a compound or the committee itself."""

from collections.abc import Mapping

from .access import Role
from .organisations import OrganisationKind
from .territory import PlaceKind
from .words import Word


class Bound(Word):
    """What a role may be held over besides places and organisations of some kind."""

    COMPOUND = "COMPOUND", "小区", "One compound."
    HOME = "HOME", "房屋", "One home."


#: Kind of what a role is held over.
Over = PlaceKind | OrganisationKind | Bound

_STREET = frozenset[Over]({PlaceKind.STREET})
_COMPANY = frozenset[Over]({OrganisationKind.PROPERTY_COMPANY})

#: Per role: what it may be held over.
HELD_OVER: Mapping[Role, frozenset[Over]] = {
    Role.STREET_OFFICER: _STREET,
    Role.AUDITOR: _STREET,
    Role.ADMINISTRATOR: _STREET,
    Role.COMMUNITY_STAFF: frozenset({PlaceKind.COMMUNITY, PlaceKind.VILLAGE}),
    Role.GRID_WORKER: frozenset({PlaceKind.GRID, PlaceKind.BUSINESS_GRID}),
    Role.COMPANY_MANAGER: _COMPANY,
    Role.COMPANY_STAFF: _COMPANY,
    Role.COMMITTEE_MEMBER: frozenset(
        {
            Bound.COMPOUND,
            OrganisationKind.OWNERS_COMMITTEE,
            OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE,
            OrganisationKind.SELF_GOVERNANCE_COMMITTEE,
        }
    ),
    Role.RESIDENT: frozenset({Bound.HOME}),
    Role.INTEGRATION: frozenset(OrganisationKind),
}
