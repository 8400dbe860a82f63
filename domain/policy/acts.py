"""Who may do which act."""

from collections.abc import Mapping

from domain.access import Role

from .groups import LOCAL, STAFF

_R = Role

_HANDLERS = frozenset(STAFF)
_KEEPERS = frozenset({_R.ADMINISTRATOR})
#: Those who look after how companies do their work.
_OFFICES = frozenset({_R.STREET_OFFICER, *LOCAL})
#: Those who say who is on duty.
_LEADERS = frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF, _R.COMPANY_MANAGER})
#: Who decides how an organisation is told.
_DESKS = frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF, _R.COMPANY_MANAGER})

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
    "alertRuleDraft": frozenset({_R.STREET_OFFICER}),
    "alertRuleDryRun": frozenset({_R.STREET_OFFICER}),
    "alertRulePublish": frozenset({_R.STREET_OFFICER}),
    "alertRuleRetire": frozenset({_R.STREET_OFFICER}),
    "alertPolicySet": frozenset({_R.STREET_OFFICER}),
    "alertShelve": _HANDLERS,
    "alertUnshelve": _HANDLERS,
    "apiTokenCreate": _KEEPERS,
    "apiTokenRevoke": _KEEPERS,
    "apiTokenRotate": _KEEPERS,
    "calendarDaySet": frozenset({_R.STREET_OFFICER}),
    "checkRun": frozenset({_R.STREET_OFFICER, _R.ADMINISTRATOR}),
    **dict.fromkeys(
        ("placeAdd", "placeRename", "placeSetPoint", "placeSetOutline", "gridMerge", "gridSplit"), frozenset({_R.STREET_OFFICER})
    ),
    **dict.fromkeys(("compoundAdd", "compoundSetGrid"), frozenset({_R.STREET_OFFICER})),
    **dict.fromkeys(
        (
            *("compoundRename", "compoundSetAddress", "compoundSetKind", "compoundSetGovernance", "compoundSetYear"),
            *("compoundSetCounts", "compoundSetPoint", "compoundSetOutline"),
            *("buildingAdd", "unitAdd", "homesAdd", "homeSetUse", "homeSetArea"),
        ),
        frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF}),
    ),
    "homeSetResidents": _OFFICES,
    "deviceAttach": _LEADERS,
    "deviceSetMaker": _LEADERS,
    "dutyRosterCreate": _LEADERS,
    "dutyRosterEnd": _LEADERS,
    "dutyShiftAdd": _LEADERS,
    "dutyShiftRemove": _LEADERS,
    "dutyShiftSwap": _LEADERS,
    "channelAdd": _DESKS,
    "channelPause": _DESKS,
    "channelRemove": _DESKS,
    "channelResend": _DESKS,
    "channelResume": _DESKS,
    "channelSet": _DESKS,
    "channelTest": _DESKS,
    "facilityAdd": _LEADERS,
    "cameraCover": _LEADERS,
    "facilityAmend": _LEADERS,
    "facilityImportCheck": _LEADERS,
    "facilityImportCommit": _LEADERS,
    "facilityMove": _LEADERS,
    "facilityReportStatus": _HANDLERS,
    "facilityRetire": _LEADERS,
    "fileAttach": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "fileRemove": _HANDLERS,
    "findByPhone": _HANDLERS,
    "invitationRevoke": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "jointOfficeDeclare": frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF}),
    "jointOfficeEnd": frozenset({_R.STREET_OFFICER, _R.COMMUNITY_STAFF}),
    "keyCreate": _KEEPERS,
    "keyRevoke": _KEEPERS,
    "keyRotate": _KEEPERS,
    "electionHold": frozenset({_R.STREET_OFFICER}),
    "handoverAmend": frozenset({_R.STREET_OFFICER}),
    "handoverSign": _LEADERS,
    "mandateEnd": frozenset({_R.STREET_OFFICER}),
    "mandateHandOver": frozenset({_R.STREET_OFFICER}),
    "mandateStart": frozenset({_R.STREET_OFFICER}),
    "noticeRead": _HANDLERS,
    "officeEnd": frozenset({_R.STREET_OFFICER}),
    "officeFill": frozenset({_R.STREET_OFFICER}),
    "organisationCreate": frozenset({_R.STREET_OFFICER}),
    "organisationEnd": frozenset({_R.STREET_OFFICER}),
    "organisationRename": frozenset({_R.STREET_OFFICER}),
    "organisationSetContact": _DESKS,
    "paperAdd": _DESKS,
    "paperWithdraw": _DESKS,
    "noticeResend": _DESKS,
    "noticeTemplateReset": frozenset({_R.STREET_OFFICER}),
    "noticeTemplateSet": frozenset({_R.STREET_OFFICER}),
    "residentInvite": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "roleEnd": _KEEPERS,
    "roleGrant": _KEEPERS,
    "serviceAccountCreate": _KEEPERS,
    "slaPolicySet": frozenset({_R.STREET_OFFICER}),
    "silenceCreate": _LEADERS,
    "silenceEnd": _LEADERS,
    "stationClose": _HANDLERS,
    "stationEnd": frozenset({_R.STREET_OFFICER}),
    "stationEquipmentRemove": _HANDLERS,
    "stationEquipmentReport": _HANDLERS,
    "stationFurnish": _HANDLERS,
    "stationHandOver": frozenset({_R.STREET_OFFICER}),
    "stationItemAdd": _HANDLERS,
    "stationItemCount": _HANDLERS,
    "stationItemGive": _HANDLERS,
    "stationItemLend": _HANDLERS,
    "stationItemRemove": _HANDLERS,
    "stationItemRestock": _HANDLERS,
    "stationItemSetMinimum": _HANDLERS,
    "stationLoanReturn": _HANDLERS,
    "stationLoanWriteOff": _HANDLERS,
    "stationOpen": frozenset({_R.STREET_OFFICER}),
    "stationPointEnd": _HANDLERS,
    "stationPointOpen": _HANDLERS,
    "stationReopen": _HANDLERS,
    "stationServiceEnd": _HANDLERS,
    "stationServiceOffer": _HANDLERS,
    "stationSetHours": _HANDLERS,
    "stationSetPolicePoint": _HANDLERS,
    "stationVisitsAdd": _HANDLERS | {_R.INTEGRATION},
    "stationVisitsSet": _HANDLERS,
    "thresholdSet": frozenset({_R.STREET_OFFICER}),
    "ticketOpen": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT, _R.INTEGRATION},
    "ticketAccept": _HANDLERS,
    "ticketArrive": _HANDLERS,
    "ticketAssign": _HANDLERS,
    "ticketPause": _HANDLERS,
    "ticketResume": _HANDLERS,
    "ticketSetPriority": _HANDLERS,
    "ticketStart": _HANDLERS,
    "ticketResolve": _HANDLERS,
    "ticketConfirm": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketReopen": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketCancel": _HANDLERS | {_R.RESIDENT},
    "ticketComment": _HANDLERS | {_R.COMMITTEE_MEMBER, _R.RESIDENT},
    "ticketClassify": _HANDLERS,
    "ticketPartyAdd": _HANDLERS,
    "ticketPartyRemove": _OFFICES,
    "ticketSignOff": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "ticketTransfer": _HANDLERS,
    "ticketWatch": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "ticketUnwatch": _HANDLERS | {_R.COMMITTEE_MEMBER},
    "ticketLink": _HANDLERS,
    "ticketUnlink": _HANDLERS,
    "ticketRate": frozenset({_R.RESIDENT}),
    "callBackRecord": _OFFICES,
    "ticketRouteSet": frozenset({_R.STREET_OFFICER}),
    "ticketRouteRemove": frozenset({_R.STREET_OFFICER}),
    "unmask": _HANDLERS,
    "webhookReplay": _DESKS,
    "webhookRotateSecret": _DESKS,
    "workingHoursSet": frozenset({_R.STREET_OFFICER}),
    "zoneDeclare": _LEADERS,
    "zoneWithdraw": _LEADERS,
}

#: Acts that every account does on itself, whatever its roles.
OWN_ACTS = frozenset({"logOut", "logOutEverywhere", "passwordChange", "phoneChange", "sessionRevoke"})
#: Of ACTS, those that every account may also do to itself; the acts see to that.
TO_ONESELF = frozenset(
    {
        *("accountErase", "channelAdd", "channelPause", "channelRemove", "channelResend", "channelResume", "channelSet"),
        *("channelTest", "noticeRead", "noticeResend", "unmask"),
    }
)
#: Acts of those who are not logged in: what they prove stands in their input.
OPEN_ACTS = frozenset({"logIn", "registerResident", "sessionRefresh"})
