"""The one policy table: who sees which rows, how each field is shown, who may do which act.

Everything that answers asks here: the read engine compiles READ and FIELDS into its statements, acts ask ACTS, and
docs/who-sees-what.md is printed from it. What is not here is for nobody.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from .access import Reach, Role
from .words import Word

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
#: The same, but what is said inside only to those who work for the street or the compound.
_REMARK = {**_DUTY, **_rules(((_R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.OUTSIDE,)), ((_R.RESIDENT,), (Reach.ACCOUNT,)))}
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
        **_rules(((*_LOCAL, *_COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.COMPOUND, Reach.ORGANISATION))),
        **_rules(((_R.RESIDENT,), (Reach.COMPOUND,)), ((_R.ADMINISTRATOR,), (Reach.STREET,))),
    },
    "Mandate": _COMPOUND,
    "Facility": _COMPOUND,
    "FacilityStatusChange": _COMPOUND,
    "Device": _DUTY,
    "Event": _DUTY,
    "Alert": _DUTY,
    "AlertOccurrence": _DUTY,
    "Ticket": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "TicketComment": _REMARK,
    "File": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "Fact": _REMARK,
    "Account": _rules(
        ((*_STREET_WIDE, _R.ADMINISTRATOR), (Reach.STREET, Reach.ACCOUNT)),
        ((*_LOCAL, *_COMPANY, _R.COMMITTEE_MEMBER), (Reach.ORGANISATION, Reach.ACCOUNT)),
        ((_R.RESIDENT, _R.INTEGRATION), (Reach.ACCOUNT,)),
    ),
    "RoleBinding": _rules((tuple(Role), (Reach.ACCOUNT,)), ((*_STREET_WIDE, _R.ADMINISTRATOR), (Reach.STREET, Reach.ACCOUNT))),
    "Invitation": {**_DUTY, _R.ADMINISTRATOR: (Reach.STREET,)},
    "ApiToken": _rules(((_R.ADMINISTRATOR, _R.AUDITOR), (Reach.STREET,))),
    "IntakeKey": _rules(((_R.ADMINISTRATOR, _R.AUDITOR), (Reach.STREET,))),
    "Channel": _DESK,
    "Notice": _DESK,
}

_HANDLERS = frozenset(_STAFF)
_KEEPERS = frozenset({_R.ADMINISTRATOR})

#: Per act: the roles that may do it on a row they see. An act that is not here is done by nobody.
ACTS: Mapping[str, frozenset[Role]] = {
    "accountCreate": _KEEPERS,
    "accountDisable": _KEEPERS,
    "accountEnable": _KEEPERS,
    "accountErase": _KEEPERS,
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
    "fileAttach": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "fileRemove": _HANDLERS,
    "findByPhone": _HANDLERS,
    "invitationRevoke": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "keyCreate": _KEEPERS,
    "keyRevoke": _KEEPERS,
    "keyRotate": _KEEPERS,
    "mandateEnd": frozenset({_R.STREET_OFFICER}),
    "mandateStart": frozenset({_R.STREET_OFFICER}),
    "residentInvite": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "roleEnd": _KEEPERS,
    "roleGrant": _KEEPERS,
    "serviceAccountCreate": _KEEPERS,
    "thresholdSet": frozenset({_R.STREET_OFFICER}),
    "ticketOpen": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketAccept": _HANDLERS,
    "ticketAssign": _HANDLERS,
    "ticketStart": _HANDLERS,
    "ticketResolve": _HANDLERS,
    "ticketConfirm": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketReopen": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketCancel": _HANDLERS | {_R.RESIDENT},
    "ticketComment": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "unmask": _HANDLERS,
}

#: Types whose rows are the viewer themselves where they are reached as one's own: to be read; what one does to oneself is in
#: OWN_ACTS.
ONESELF = frozenset({"Account", "RoleBinding"})
#: Acts that every account does on itself, whatever its roles.
OWN_ACTS = frozenset({"logOut", "logOutEverywhere", "passwordChange", "phoneChange", "sessionRevoke"})
#: Of ACTS, those that every account may also do to itself; the acts see to that.
TO_ONESELF = frozenset({"accountErase", "unmask"})
#: Acts of those who are not logged in: what they prove stands in their input.
OPEN_ACTS = frozenset({"logIn", "registerResident", "sessionRefresh"})


class DataClass(Word):
    """What kind of thing a field tells; decides how it is shown to whom."""

    OPEN = "OPEN", "一般信息", "Places, things, states and times: plain to all who see the row."
    NAME = "NAME", "姓名", "The name of a person."
    CONTACT = "CONTACT", "联系方式", "How to reach a person: stored encrypted, shown masked, unmasked by an act of its own."
    HOUSEHOLD = "HOUSEHOLD", "住户信息", "How a household lives."
    WRITTEN = "WRITTEN", "填写内容", "What people wrote in their own words; it may speak of persons."
    INSIDE = "INSIDE", "内部记录", "Working remarks among those on duty."
    TECHNICAL = "TECHNICAL", "技术信息", "Sources, targets and faults of machines."
    ACCESS = "ACCESS", "登录信息", "Log-in names and hints of keys."
    OWN = "OWN", "本人信息", "What is told to the person or machine whom it is about, and to nobody else."


class Shown(StrEnum):
    """How a field is shown, the most first: as it is, masked, or not at all (null)."""

    VISIBLE = "VISIBLE"
    MASKED = "MASKED"
    HIDDEN = "HIDDEN"


class Mask(StrEnum):
    """How a text is masked."""

    #: The first character, then ``**``: 王小明 → 王**.
    FIRST = "FIRST"
    #: Stored masked in a column of its own (138****0000); what is stored encrypted is never read here.
    STORED = "STORED"


#: The classes that can be masked, and how.
MASKS: Mapping[DataClass, Mask] = {DataClass.NAME: Mask.FIRST, DataClass.CONTACT: Mask.STORED}

#: A row that is reached in one of these ways is the viewer's own: about them, by them, or where they live.
OWN_WAYS = frozenset({Reach.ACCOUNT, Reach.HOME})


def _disclosure(
    visible: tuple[Role, ...] = (), masked: tuple[Role, ...] = (), *, own: Shown = Shown.VISIBLE
) -> tuple[Mapping[Role, Shown], Shown]:
    """How a class is shown to roles, hidden from all others; and on the viewer's own rows."""
    return {**dict.fromkeys(visible, Shown.VISIBLE), **dict.fromkeys(masked, Shown.MASKED)}, own


_READERS = (*_STAFF, _R.AUDITOR)

#: Per class: how it is shown to whom. An administrator knows accounts by their log-in names, and of their people the
#: first character: so it need not be asked of each account whether it is a resident's or an officer's.
DISCLOSURE: Mapping[DataClass, tuple[Mapping[Role, Shown], Shown]] = {
    DataClass.OPEN: _disclosure(tuple(Role)),
    DataClass.NAME: _disclosure((*_READERS, _R.COMMITTEE_MEMBER), (_R.RESIDENT, _R.INTEGRATION, _R.ADMINISTRATOR)),
    DataClass.CONTACT: _disclosure((), _READERS, own=Shown.MASKED),
    DataClass.HOUSEHOLD: _disclosure(_READERS),
    DataClass.WRITTEN: _disclosure((*_READERS, _R.COMMITTEE_MEMBER, _R.RESIDENT, _R.INTEGRATION)),
    DataClass.INSIDE: _disclosure(_READERS, own=Shown.HIDDEN),
    DataClass.TECHNICAL: _disclosure((*_READERS, _R.INTEGRATION, _R.ADMINISTRATOR), own=Shown.HIDDEN),
    DataClass.ACCESS: _disclosure((_R.AUDITOR, _R.ADMINISTRATOR)),
    DataClass.OWN: _disclosure(),
}

Fields = Mapping[str, DataClass]


def _fields(**classes: str) -> Fields:
    """Fields by their class: ``_fields(open="id number", written="title")``."""
    return {name: DataClass[key.upper()] for key, names in classes.items() for name in names.split()}


#: Per type and field: what kind of thing it tells. Every type has an ``id``, which is OPEN. What a connection, a count or a
#: relation leads to is decided by the rows there; a root field by its rows.
FIELDS: Mapping[str, Fields] = {
    "Place": _fields(open="code kind name parent places compounds"),
    "Compound": _fields(
        open="code name kind governance address latitude longitude handed_over_year home_count resident_count street community"
        " grid buildings homes mandates facilities devices tickets alerts ticket_stats facility_count open_alert_count"
        " open_ticket_count"
    ),
    "Building": _fields(open="code name storeys height_m compound units facilities"),
    "Unit": _fields(open="code name building homes"),
    "Home": _fields(open="code name floor area_m2 unit compound", household="residents"),
    "Organisation": _fields(open="code kind name place mandates"),
    "Mandate": _fields(open="role starts_on ends_on organisation compound"),
    "Facility": _fields(
        open="code kind name status status_since version compound building devices status_history tickets alerts history"
    ),
    "FacilityStatusChange": _fields(open="status since facility", written="note"),
    "Device": _fields(open="code kind name last_seen_at last_reading facility compound alerts events"),
    "Event": _fields(open="event_id type subject time received_at device facility compound", technical="source data"),
    "Alert": _fields(
        open="rule rule_version module severity severity_rank state count first_seen_at last_seen_at acknowledged_at"
        " acknowledged_by cleared_at outcome message reading version subject device facility compound ticket occurrences history",
        inside="outcome_note",
    ),
    "AlertOccurrence": _fields(open="kind at severity reading"),
    "Ticket": _fields(
        open="number kind priority state opened_at due_at accepted_at resolved_at closed_at version overdue compound home"
        " facility alert organisation assignee comments files history",
        written="title description",
        contact="contact_phone",
    ),
    "TicketComment": _fields(open="internal at author", written="body"),
    "File": _fields(open="media_type size sha256 uploaded_at removed_at uploaded_by", written="name"),
    "FileLink": _fields(own="file_id url expires_at"),
    "Fact": _fields(open="at action words subject actor role door before after"),
    "Account": _fields(open="kind disabled_at organisation roles tokens", name="name", contact="phone", access="login"),
    "RoleBinding": _fields(open="role starts_on ends_on account place organisation compound home"),
    "Invitation": _fields(open="created_at expires_at used_at home invited_by"),
    "ApiToken": _fields(open="scope created_at expires_at revoked_at last_used_at account", access="hint"),
    "IntakeKey": _fields(
        open="created_at expires_at revoked_at last_used_at organisation", access="hint", technical="source_prefix"
    ),
    "Channel": _fields(open="kind created_at removed_at organisation notices", technical="hint"),
    "Notice": _fields(open="type state attempts created_at sent_at channel alert ticket", technical="last_error"),
    "Query": _fields(
        open="node nodes places compounds compound compound_stats organisations mandates facilities facility_stats devices device"
        " tickets ticket_stats alerts alert_stats events invitations intake_keys api_tokens channels notices",
        own="viewer file_links",
    ),
    "Subscription": _fields(open="alert_changed ticket_changed"),
    "ViewerNode": _fields(own="id name phone roles scope sessions identities"),
    "ViewerIdentity": _fields(own="issuer subject linked_at"),
    "ViewerRole": _fields(own="role compound_count"),
    "ViewerSession": _fields(own="id client created_at last_used_at expires_at current"),
    "UserError": _fields(own="code field message hint"),
    # What acts answer besides the rows that they made or changed, and besides errors.
    "LogInPayload": _fields(own="token expires_at refresh_token session_expires_at password_change_required"),
    "SessionRefreshPayload": _fields(own="token expires_at refresh_token session_expires_at"),
    "LogOutEverywherePayload": _fields(own="ended"),
    "PasswordChangePayload": _fields(own="done"),
    "PhoneChangePayload": _fields(own="phone"),
    "UnmaskPayload": _fields(own="phone"),
    "FindByPhonePayload": _fields(own="ids"),
    "RegisterResidentPayload": _fields(own="done"),
    "ResidentInvitePayload": _fields(own="code expires_at"),
    "AccountCreatePayload": _fields(own="secret"),
    "AccountResetPasswordPayload": _fields(own="secret"),
    "ApiTokenCreatePayload": _fields(own="secret"),
    "ApiTokenRotatePayload": _fields(own="secret"),
    "KeyCreatePayload": _fields(own="secret"),
    "KeyRotatePayload": _fields(own="secret"),
    "ChannelAddPayload": _fields(own="secret"),
}


def class_of(type_name: str, field: str) -> DataClass | None:
    """The class of a field; None where the table does not know it."""
    return DataClass.OPEN if field == "id" and type_name in READ else FIELDS.get(type_name, {}).get(field)


def disclosed(data: DataClass, role: Role, way: Reach) -> Shown:
    """How data of a class is shown to a holder of ``role`` on a row that the role reaches in this ``way``."""
    roles, own = DISCLOSURE[data]
    return best([roles.get(role, Shown.HIDDEN), own if way in OWN_WAYS else Shown.HIDDEN])


def best(shown: Iterable[Shown]) -> Shown:
    """The most that one of them shows; HIDDEN where there is none."""
    return min(shown, key=list(Shown).index, default=Shown.HIDDEN)
