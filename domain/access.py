"""Who may see which row and do which act: one table for reads, one for acts.

A viewer holds roles; each role reaches a set of places, compounds, homes, organisations or an account.
A row belongs to some of these. The viewer sees the row when one of the viewer's roles reaches it in a
way that the table allows for the row's type. What is not seen answers exactly as what is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .words import Word


class Role(Word):
    """What an account may be in a street."""

    STREET_OFFICER = "STREET_OFFICER", "街道干部", "Works for the street office; sees the whole street."
    COMMUNITY_STAFF = "COMMUNITY_STAFF", "社区工作者", "Works for a community or village."
    GRID_WORKER = "GRID_WORKER", "网格员", "Looks after a grid."
    COMPANY_MANAGER = "COMPANY_MANAGER", "物业项目经理", "Runs a property company's work."
    COMPANY_STAFF = "COMPANY_STAFF", "物业员工", "Works for a property company."
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", "业委会成员", "Sits in a body that speaks for a compound's owners."
    RESIDENT = "RESIDENT", "居民", "Lives in a home."
    INTEGRATION = "INTEGRATION", "系统集成", "A machine acting for an organisation."
    AUDITOR = "AUDITOR", "审计员", "Reads all, changes nothing."
    ADMINISTRATOR = "ADMINISTRATOR", "系统管理员", "Keeps accounts and settings; sees no personal data."


class Scope(Word):
    """What a token is good for, whatever its account may do."""

    WRITE = "WRITE", "读写", "All that its account may see and do."
    READ = "READ", "只读", "All that its account may see."
    PASSWORD = "PASSWORD", "仅限改密", "Choosing a new password, and nothing else."


class Reach(StrEnum):
    """The ways in which a row can belong to a viewer."""

    STREET = "street"
    PLACE = "place"
    COMPOUND = "compound"
    HOME = "home"
    ORGANISATION = "organisation"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Via:
    """A row that belongs through another table: ``table.key`` is the row's id, ``table.column`` the reached id."""

    table: str
    key: str
    column: str


#: How rows of one type belong: the column compared with the viewer's set, or the table in between.
Belonging = Mapping[Reach, "str | Via"]


@dataclass(frozen=True)
class Viewer:
    """Who is asking. ``reach`` maps each role held now to the ids it reaches.

    ``session_id``: the session whose token they sent; None for other tokens. ``scope``: what the token is good for.
    """

    account_id: str | None = None
    name: str = ""
    reach: Mapping[Role, Mapping[Reach, tuple[str, ...]]] = field(default_factory=dict[Role, Mapping[Reach, tuple[str, ...]]])
    session_id: str | None = None
    scope: Scope = Scope.WRITE

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.reach)

    def ids(self, role: Role, reach: Reach) -> tuple[str, ...]:
        return self.reach.get(role, {}).get(reach, ())


ANONYMOUS = Viewer()

_R = Role
_STREET_WIDE = (_R.STREET_OFFICER, _R.AUDITOR)
_LOCAL = (_R.COMMUNITY_STAFF, _R.GRID_WORKER)
_COMPANY = (_R.COMPANY_MANAGER, _R.COMPANY_STAFF)
_STAFF = (_R.STREET_OFFICER, *_LOCAL, *_COMPANY)

Rules = Mapping[Role, tuple[Reach, ...]]


def _rules(*parts: tuple[tuple[Role, ...], tuple[Reach, ...]]) -> Rules:
    return {role: reach for roles, reach in parts for role in roles}


#: Seen by everyone who has a role in the street: what a notice board would say.
_PUBLIC = _rules((tuple(Role), (Reach.STREET,)))
#: A compound and what stands in it: by street or by compound.
_COMPOUND = _rules(
    (_STREET_WIDE, (Reach.STREET,)),
    ((*_LOCAL, *_COMPANY, _R.COMMITTEE_MEMBER, _R.RESIDENT, _R.INTEGRATION), (Reach.COMPOUND,)),
    ((_R.ADMINISTRATOR,), (Reach.STREET,)),
)
#: What only those on duty for a compound see.
_DUTY = _rules(
    (_STREET_WIDE, (Reach.STREET,)),
    ((*_LOCAL, *_COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.COMPOUND,)),
)
#: What belongs to an organisation's own desk.
_DESK = _rules((_STREET_WIDE, (Reach.STREET,)), (_COMPANY, (Reach.ORGANISATION,)), (_LOCAL, (Reach.ORGANISATION,)))

#: Per type and role: through which belongings a row is seen. A type that is not here is seen by nobody.
READ: Mapping[str, Rules] = {
    "Place": _PUBLIC,
    "Compound": _COMPOUND,
    "Building": _COMPOUND,
    "Unit": _COMPOUND,
    "Home": {**_DUTY, _R.RESIDENT: (Reach.HOME,)},
    "Organisation": {
        **_rules((_STREET_WIDE, (Reach.STREET,))),
        **_rules(((*_LOCAL, *_COMPANY, _R.COMMITTEE_MEMBER, _R.RESIDENT, _R.INTEGRATION), (Reach.COMPOUND, Reach.ORGANISATION))),
        _R.ADMINISTRATOR: (Reach.STREET,),
    },
    "Mandate": _COMPOUND,
    "Facility": _COMPOUND,
    "FacilityStatusChange": _COMPOUND,
    "Device": _DUTY,
    "Event": _DUTY,
    "Alert": _DUTY,
    "AlertOccurrence": _DUTY,
    "Ticket": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "TicketComment": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "Fact": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "Account": {
        **_rules((tuple(Role), (Reach.ACCOUNT, Reach.ORGANISATION))),
        **_rules(((*_STREET_WIDE, _R.ADMINISTRATOR), (Reach.STREET,))),
    },
    "ApiToken": _rules(((_R.ADMINISTRATOR, _R.AUDITOR), (Reach.STREET,))),
    "IntakeKey": _rules(((_R.ADMINISTRATOR, _R.AUDITOR), (Reach.STREET,))),
    "Channel": _DESK,
    "Notice": _DESK,
}

_HANDLERS = frozenset(_STAFF)
_KEEPERS = frozenset({_R.ADMINISTRATOR})

#: Per act: the roles that may do it on a row they see. An act that is not here is done by nobody.
ACTS: Mapping[str, frozenset[Role]] = {
    "accountDisable": _KEEPERS,
    "accountEnable": _KEEPERS,
    "accountLinkIdentity": _KEEPERS,
    "accountResetPassword": _KEEPERS,
    "accountUnlinkIdentity": _KEEPERS,
    "alertAcknowledge": _HANDLERS,
    "alertClear": _HANDLERS,
    "apiTokenCreate": _KEEPERS,
    "apiTokenRevoke": _KEEPERS,
    "apiTokenRotate": _KEEPERS,
    "channelAdd": frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF, _R.COMPANY_MANAGER}),
    "channelRemove": frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF, _R.COMPANY_MANAGER}),
    "facilityReportStatus": _HANDLERS,
    "keyCreate": _KEEPERS,
    "keyRevoke": _KEEPERS,
    "keyRotate": _KEEPERS,
    "residentInvite": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "serviceAccountCreate": _KEEPERS,
    "ticketOpen": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketAccept": _HANDLERS,
    "ticketAssign": _HANDLERS,
    "ticketStart": _HANDLERS,
    "ticketResolve": _HANDLERS,
    "ticketConfirm": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketReopen": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketCancel": _HANDLERS | {_R.RESIDENT},
    "ticketComment": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
}

#: Acts that every account does on itself, whatever its roles.
OWN_ACTS = frozenset({"logOut", "logOutEverywhere", "passwordChange", "sessionRevoke"})
#: Acts of those who are not logged in: what they prove stands in their input.
OPEN_ACTS = frozenset({"logIn", "registerResident", "sessionRefresh"})


def reaches(type_name: str, roles: frozenset[Role]) -> list[tuple[Role, Reach]]:
    """Every way in which a holder of ``roles`` can see rows of the type, in a stable order."""
    rules = READ.get(type_name, {})
    return [(role, reach) for role in Role if role in roles for reach in rules.get(role, ())]


def sees(viewer: Viewer, type_name: str, row: Mapping[Reach, str | None], roles: frozenset[Role] | None = None) -> bool:
    """Whether the viewer (under any of ``roles``, default all held) sees a row that belongs to ``row``'s ids."""
    held = viewer.roles if roles is None else viewer.roles & roles
    return any(row.get(reach) in viewer.ids(role, reach) for role, reach in reaches(type_name, held) if row.get(reach))


def allowing(viewer: Viewer, act: str, type_name: str, row: Mapping[Reach, str | None]) -> tuple[Role, ...]:
    """The viewer's roles that allow ``act`` on a row: those that the act names and that see the row."""
    named = ACTS.get(act, frozenset())
    return tuple(role for role in Role if role in named and sees(viewer, type_name, row, frozenset({role})))


def may(viewer: Viewer, act: str, type_name: str, row: Mapping[Reach, str | None]) -> bool:
    """Whether the viewer may do ``act`` on a row: a role that the act names must see the row."""
    return bool(allowing(viewer, act, type_name, row))
