"""What the schema can tell, written by hand: its rows and their fields, the ways between them, and the ways in.

Whoever adds to the schema adds here, and so has it walked; who may see it stands in table.py.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Type → its fields that hold a value. What a row has besides, nobody is ever shown.
FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(names.split())
    for name, names in {
        "Place": "id code kind name",
        "Compound": "id code name kind governance address latitude longitude handedOverYear homeCount residentCount",
        "Building": "id code name storeys heightM",
        "Unit": "id code name",
        "Home": "id code name floor areaM2 residents",
        "Organisation": "id code kind name",
        "Mandate": "id role startsOn endsOn",
        "Facility": "id code kind name status statusSince version",
        "FacilityStatusChange": "id status since note",
        "Device": "id code kind name maker lastSeenAt lastReading",
        "Event": "id source eventId type subject time receivedAt data",
        "Alert": "id rule ruleVersion module severity severityRank state count firstSeenAt lastSeenAt acknowledgedAt clearedAt"
        " outcome outcomeNote message reading version",
        "AlertCare": "id standing raisedAt toldSeverity saidAt lookAt repeats rung groupId shelvedUntil shelveReason",
        "Silence": "id startsAt endsAt why module rule worst createdAt",
        "AlertPolicy": "id severity figures",
        "AlertSource": "id rule module maker raised seen confirmed falseAlarms tests duplicates unknown falsePercent lastSeenAt",
        "AlertOccurrence": "id kind at severity reading",
        "Threshold": "id rule values",
        "AlertRuleVersion": "id rule module number state definition draftedAt publishedAt retiredAt",
        "AlertRuleDryRun": "id state since until startedAt finishedAt devices devicesDone readings alertCount currentCount",
        "DryRunAlert": "id severity firstSeenAt lastSeenAt clearedAt count message",
        "Ticket": "id number kind source caseNumber category priority state title description openedAt dueAt acceptedAt"
        " arrivedAt repliedAt resolvedAt closedAt reopenedCount routing version overdue contactPhone",
        "TicketDeadline": "id goal state level source policy why startedAt due warnAt warnedAt breachedAt metAt paused",
        "TicketPause": "id reason note startedAt endsAt endedAt",
        "SlaPolicy": "id kind priority goal amount measure warnPercent escalateMinutes pauseMinutes",
        "WorkingHours": "id hours days",
        "CalendarDay": "id day works note",
        "TicketParty": "id signOff addedAt signedOffAt",
        "TicketWatcher": "id since",
        "TicketLink": "id kind madeAt",
        "TicketRating": "id score reasons note ratedAt",
        "CallBack": "id state closedOn attempts calledAt outcome score note",
        "TicketRoute": "id kind category target setAt removedAt",
        "TicketComment": "id body internal at",
        "File": "id name mediaType size sha256 uploadedAt removedAt",
        "Fact": "id at action words role door before after",
        "Account": "id login name phone kind disabledAt",
        "RoleBinding": "id role startsOn endsOn",
        "Invitation": "id createdAt expiresAt usedAt",
        "ApiToken": "id hint scope createdAt expiresAt revokedAt lastUsedAt",
        "IntakeKey": "id hint sourcePrefix createdAt expiresAt revokedAt lastUsedAt",
        "DutyRoster": "id name level compoundIds createdAt endedAt",
        "DutyShift": "id startsAt endsAt",
        "Channel": "id kind hint createdAt removedAt pausedAt pauseReason breaker failingSince sequence oldSecretUntil types"
        " compoundIds leastSeverity quietFrom quietTo digest digestAt language version",
        "Notice": "id type title body severity state sequence attempts createdAt nextAttemptAt dueAt sentAt readAt lastError",
        "NoticeAttempt": "id at outcome status milliseconds problem",
        "NoticeTemplate": "id type language title body changedAt",
    }.items()
}

#: Fields that lead to one row → the type of that row. It is null for whoever does not see that row.
LINKS: Mapping[str, str] = {
    **dict.fromkeys(("Place.parent", "Compound.street", "Compound.community", "Compound.grid", "Organisation.place"), "Place"),
    **dict.fromkeys(
        (
            *("Building.compound", "Home.compound", "Mandate.compound", "Facility.compound", "Device.compound"),
            *("Event.compound", "Alert.compound", "Ticket.compound", "TicketDeadline.compound"),
            *("AlertCare.compound", "Silence.compound", "AlertSource.compound"),
        ),
        "Compound",
    ),
    "Facility.building": "Building",
    "Unit.building": "Building",
    "Home.unit": "Unit",
    "Ticket.home": "Home",
    **dict.fromkeys(("TicketRating.compound", "CallBack.compound", "TicketRoute.compound"), "Compound"),
    "TicketRoute.place": "Place",
    **dict.fromkeys(("TicketParty.organisation", "TicketRating.organisation", "TicketRoute.organisation"), "Organisation"),
    **dict.fromkeys(
        (*(f"Ticket{name}.ticket" for name in ("Party", "Watcher", "Link", "Rating")), "CallBack.ticket", "TicketLink.other"),
        "Ticket",
    ),
    **dict.fromkeys(
        ("TicketParty.signedOffBy", "TicketWatcher.account", "CallBack.calledBy", "Ticket.proposedAssignee"), "Account"
    ),
    "Ticket.rating": "TicketRating",
    **dict.fromkeys(
        (
            *("Mandate.organisation", "Ticket.organisation", "Account.organisation", "Channel.organisation"),
            *(
                "SlaPolicy.organisation",
                "WorkingHours.organisation",
                "IntakeKey.organisation",
                "DutyRoster.organisation",
                "DutyShift.organisation",
            ),
        ),
        "Organisation",
    ),
    **dict.fromkeys(
        (*("FacilityStatusChange.facility", "Device.facility", "Event.facility", "Alert.facility", "Ticket.facility"),),
        "Facility",
    ),
    **dict.fromkeys(("Threshold.street", "AlertRuleVersion.street"), "Place"),
    **dict.fromkeys(("Threshold.compound", "DryRunAlert.compound"), "Compound"),
    "Threshold.facility": "Facility",
    **dict.fromkeys(("Threshold.device", "DryRunAlert.device"), "Device"),
    "AlertRuleDryRun.version": "AlertRuleVersion",
    "DryRunAlert.dryRun": "AlertRuleDryRun",
    "Event.device": "Device",
    "Alert.device": "Device",
    "Channel.account": "Account",
    **dict.fromkeys(("Device.parent", "Silence.device", "AlertSource.device"), "Device"),
    "Alert.care": "AlertCare",
    "AlertCare.silence": "Silence",
    **dict.fromkeys(("AlertCare.alert", "AlertCare.parentAlert"), "Alert"),
    **dict.fromkeys(("AlertCare.shelvedBy", "Silence.createdBy"), "Account"),
    "Notice.channel": "Channel",
    "Notice.compound": "Compound",
    "Notice.digest": "Notice",
    "NoticeTemplate.street": "Place",
    "DutyShift.roster": "DutyRoster",
    "DutyShift.account": "Account",
    "Ticket.alert": "Alert",
    "Notice.alert": "Alert",
    "Alert.ticket": "Ticket",
    "Notice.ticket": "Ticket",
    "NoticeAttempt.notice": "Notice",
    "TicketDeadline.ticket": "Ticket",
    "TicketPause.ticket": "Ticket",
    "Ticket.deadline": "TicketDeadline",
    "TicketPause.startedBy": "Account",
    "TicketPause.endedBy": "Account",
    **dict.fromkeys(
        ("Alert.acknowledgedBy", "Ticket.assignee", "TicketComment.author", "File.uploadedBy", "Fact.actor", "ApiToken.account"),
        "Account",
    ),
    "RoleBinding.account": "Account",
    "RoleBinding.place": "Place",
    "RoleBinding.organisation": "Organisation",
    "RoleBinding.compound": "Compound",
    "RoleBinding.home": "Home",
    "Invitation.home": "Home",
    "Invitation.invitedBy": "Account",
}

#: Fields that lead to one row of several types → the types that the story leads to.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "Alert.subject": ("Device", "Facility", "Compound"),
    "Fact.subject": ("Facility", "Alert", "Ticket", "AlertRuleVersion"),
}

#: Fields that list rows → the type of the rows, and the field of theirs that leads back ("" stands for one they do not show).
LISTS: Mapping[str, tuple[str, str]] = {
    "Place.places": ("Place", "parent"),
    "Place.compounds": ("Compound", "community"),
    "Compound.buildings": ("Building", "compound"),
    "Compound.homes": ("Home", "compound"),
    "Compound.mandates": ("Mandate", "compound"),
    "Compound.facilities": ("Facility", "compound"),
    "Compound.devices": ("Device", "compound"),
    "Compound.tickets": ("Ticket", "compound"),
    "Compound.alerts": ("Alert", "compound"),
    "Building.units": ("Unit", "building"),
    "Building.facilities": ("Facility", "building"),
    "Unit.homes": ("Home", "unit"),
    "Organisation.mandates": ("Mandate", "organisation"),
    "Facility.devices": ("Device", "facility"),
    "Facility.statusHistory": ("FacilityStatusChange", "facility"),
    "Facility.tickets": ("Ticket", "facility"),
    "Facility.alerts": ("Alert", "facility"),
    "Facility.history": ("Fact", "subject"),
    "Device.alerts": ("Alert", "device"),
    "Device.children": ("Device", "parent"),
    "Silence.held": ("AlertCare", "silence"),
    "Device.events": ("Event", "device"),
    "Alert.occurrences": ("AlertOccurrence", "of"),
    "Alert.history": ("Fact", "subject"),
    "Ticket.deadlines": ("TicketDeadline", "ticket"),
    "Ticket.pauses": ("TicketPause", "ticket"),
    "Ticket.parties": ("TicketParty", "ticket"),
    "Ticket.watchers": ("TicketWatcher", "ticket"),
    "Ticket.links": ("TicketLink", "ticket"),
    "Ticket.linkedFrom": ("TicketLink", "other"),
    "Ticket.callBacks": ("CallBack", "ticket"),
    "AlertRuleVersion.dryRuns": ("AlertRuleDryRun", "version"),
    "AlertRuleVersion.history": ("Fact", "subject"),
    "AlertRuleDryRun.alerts": ("DryRunAlert", "dryRun"),
    "Ticket.comments": ("TicketComment", "of"),
    "Ticket.files": ("File", "of"),
    "Ticket.history": ("Fact", "subject"),
    "Account.roles": ("RoleBinding", "account"),
    "Account.tokens": ("ApiToken", "account"),
    "DutyRoster.shifts": ("DutyShift", "roster"),
    "Channel.notices": ("Notice", "channel"),
    "Notice.deliveries": ("NoticeAttempt", "notice"),
}

#: Fields that count rows → the list they count in, and the states that count (none: all).
COUNTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "Compound.facilityCount": ("Compound.facilities", frozenset()),
    "Compound.openAlertCount": ("Compound.alerts", frozenset({"OPEN"})),
    "Compound.openTicketCount": (
        "Compound.tickets",
        frozenset({"OPEN", "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "RESOLVED"}),
    ),
}

#: Fields of the root that list all rows → the type of the rows.
ROOTS: Mapping[str, str] = {
    "places": "Place",
    "compounds": "Compound",
    "organisations": "Organisation",
    "mandates": "Mandate",
    "facilities": "Facility",
    "devices": "Device",
    "tickets": "Ticket",
    "ticketDeadlines": "TicketDeadline",
    "slaPolicies": "SlaPolicy",
    "workingHours": "WorkingHours",
    "calendarDays": "CalendarDay",
    "callBacks": "CallBack",
    "ticketRoutes": "TicketRoute",
    "alerts": "Alert",
    "thresholds": "Threshold",
    "alertRuleVersions": "AlertRuleVersion",
    "events": "Event",
    "intakeKeys": "IntakeKey",
    "apiTokens": "ApiToken",
    "invitations": "Invitation",
    "channels": "Channel",
    "noticeTemplates": "NoticeTemplate",
    "dutyRosters": "DutyRoster",
    "alertCares": "AlertCare",
    "silences": "Silence",
    "alertPolicies": "AlertPolicy",
    "alertSources": "AlertSource",
    "dutyShifts": "DutyShift",
    "notices": "Notice",
}

#: Fields of the root that find a row by what is unique to it → (type, field).
LOOKUPS: Mapping[str, tuple[str, str]] = {
    "compound": ("Compound", "code"),
    "facility": ("Facility", "code"),
    "device": ("Device", "code"),
}

#: Fields that count rows by groups → the type counted and the list counted in ("": all rows).
STATS: Mapping[str, tuple[str, str]] = {
    "Query.ticketStats": ("Ticket", ""),
    "Query.ticketDeadlineStats": ("TicketDeadline", ""),
    "Query.ratingStats": ("TicketRating", ""),
    "Query.callBackStats": ("CallBack", ""),
    "Query.compoundStats": ("Compound", ""),
    "Query.alertStats": ("Alert", ""),
    "Query.alertSourceStats": ("AlertSource", ""),
    "Query.facilityStats": ("Facility", ""),
    "Compound.ticketStats": ("Ticket", "Compound.tickets"),
    "AlertRuleDryRun.alertStats": ("DryRunAlert", "AlertRuleDryRun.alerts"),
}

#: Type → what its rows may be counted by: the name in groupBy → the field of the count.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "TicketRating": {"RATED_MONTH": "ratedMonth", "ORGANISATION": "organisation", "COMPOUND": "compound"},
    "CallBack": {"STATE": "state", "OUTCOME": "outcome", "COMPOUND": "compound"},
    "Ticket": {
        "KIND": "kind",
        "SOURCE": "source",
        "CATEGORY": "category",
        "PRIORITY": "priority",
        "STATE": "state",
        "OPENED_MONTH": "openedMonth",
        "COMPOUND": "compound",
        "ORGANISATION": "organisation",
    },
    "Alert": {
        "RULE": "rule",
        "MODULE": "module",
        "SEVERITY": "severity",
        "STATE": "state",
        "FIRST_SEEN_MONTH": "firstSeenMonth",
        "OUTCOME": "outcome",
        "COMPOUND": "compound",
    },
    "TicketDeadline": {"GOAL": "goal", "STATE": "state", "LEVEL": "level", "COMPOUND": "compound"},
    "DryRunAlert": {"SEVERITY": "severity", "COMPOUND": "compound"},
    "AlertSource": {"RULE": "rule", "MODULE": "module", "MAKER": "maker", "DEVICE": "device", "COMPOUND": "compound"},
    "Facility": {"KIND": "kind", "STATUS": "status"},
    "Compound": {"KIND": "kind", "GOVERNANCE": "governance", "COMMUNITY": "community"},
}

#: Type → what is added up over its rows.
SUMS: Mapping[str, tuple[str, ...]] = {
    "Compound": ("homeCount", "residentCount"),
    "TicketRating": ("score",),
    "AlertSource": ("raised", "seen", "confirmed", "falseAlarms", "tests", "duplicates", "unknown"),
}

#: Filter → its fields. What a viewer is not shown, nothing is found by.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "PlaceFilter": ("code", "kind", "name", "parent"),
    "CompoundFilter": ("code", "name", "kind", "community", "grid"),
    "BuildingFilter": ("compound",),
    "HomeFilter": ("code", "compound"),
    "OrganisationFilter": ("code", "kind", "place"),
    "MandateFilter": ("role", "organisation", "compound"),
    "FacilityFilter": ("code", "kind", "status", "compound", "building"),
    "DeviceFilter": ("code", "kind", "facility", "compound"),
    "TicketFilter": (
        *("number", "kind", "source", "caseNumber", "category", "priority", "state", "openedAt", "dueAt"),
        *("compound", "facility", "organisation", "assignee"),
    ),
    "TicketDeadlineFilter": ("goal", "state", "level", "due", "ticket", "compound"),
    "SlaPolicyFilter": ("kind", "priority", "goal", "organisation"),
    "WorkingHoursFilter": ("organisation",),
    "CalendarDayFilter": ("day",),
    "TicketRatingFilter": ("score", "ratedAt", "organisation", "compound"),
    "CallBackFilter": ("state", "closedOn", "outcome", "compound"),
    "AlertFilter": (*("rule", "module", "severity", "state", "lastSeenAt", "outcome", "device", "facility", "compound"),),
    "ThresholdFilter": ("rule", "compound", "facility", "device"),
    "AlertRuleVersionFilter": ("rule", "module", "state"),
    "DryRunAlertFilter": ("severity", "compound"),
    "EventFilter": ("type", "subject", "receivedAt", "device", "facility", "compound"),
    "IntakeKeyFilter": ("organisation",),
    "ApiTokenFilter": ("account",),
    "InvitationFilter": ("home",),
    "AlertCareFilter": ("standing", "silence", "compound"),
    "SilenceFilter": ("endsAt", "module", "rule", "device", "compound"),
    "AlertPolicyFilter": ("severity",),
    "AlertSourceFilter": ("rule", "module", "maker", "device", "compound"),
    "DutyRosterFilter": ("level", "organisation"),
    "DutyShiftFilter": ("startsAt", "endsAt", "roster", "account", "organisation"),
    "ChannelFilter": ("kind", "organisation"),
    "NoticeFilter": ("type", "state", "channel", "alert"),
    "NoticeTemplateFilter": ("type",),
    "ChangedFilter": ("compound",),
}

#: Type → what its rows may be sorted by: the name in the sort → the field.
SORTS: Mapping[str, Mapping[str, str]] = {
    **{name: {"CODE": "code"} for name in ("Place", "Building", "Unit", "Home", "Facility")},
    "Compound": {"CODE": "code", "NAME": "name"},
    "Organisation": {"CODE": "code", "NAME": "name"},
    "Mandate": {"STARTS_ON": "startsOn"},
    "RoleBinding": {"STARTS_ON": "startsOn"},
    "Invitation": {"CREATED": "createdAt"},
    "FacilityStatusChange": {"SINCE": "since"},
    "Device": {"CODE": "code", "LAST_SEEN": "lastSeenAt"},
    "Ticket": {"OPENED": "openedAt", "DUE": "dueAt"},
    "TicketDeadline": {"DUE": "due"},
    "TicketPause": {"STARTED": "startedAt"},
    "SlaPolicy": {"KIND": "kind"},
    "WorkingHours": {"HOURS": "hours"},
    "CalendarDay": {"DAY": "day"},
    "TicketParty": {"ADDED": "addedAt"},
    "TicketWatcher": {"SINCE": "since"},
    "TicketLink": {"MADE": "madeAt"},
    "CallBack": {"CLOSED_ON": "closedOn"},
    "TicketRoute": {"SET": "setAt"},
    "Alert": {"SEVERITY_RANK": "severityRank", "LAST_SEEN": "lastSeenAt"},
    "Threshold": {"RULE": "rule"},
    "AlertRuleVersion": {"DRAFTED": "draftedAt"},
    "AlertRuleDryRun": {"STARTED": "startedAt"},
    "DryRunAlert": {"FIRST_SEEN": "firstSeenAt"},
    "Event": {"RECEIVED": "receivedAt"},
    "File": {"UPLOADED": "uploadedAt"},
    **{name: {"CREATED": "createdAt"} for name in ("ApiToken", "IntakeKey", "Channel", "Notice", "DutyRoster")},
    "NoticeTemplate": {"TYPE": "type"},
    "DutyShift": {"STARTS": "startsAt"},
    "AlertCare": {"RAISED": "raisedAt"},
    "AlertPolicy": {"SEVERITY": "severity"},
    "Silence": {"CREATED": "createdAt"},
    "AlertSource": {"RAISED": "raised", "FALSE_ALARMS": "falseAlarms", "FALSE_PERCENT": "falsePercent"},
    **{name: {"AT": "at"} for name in ("AlertOccurrence", "TicketComment", "Fact", "NoticeAttempt")},
}

#: What can be watched: the type of the rows.
SUBSCRIPTIONS: Mapping[str, str] = {"alertChanged": "Alert", "noticeChanged": "Notice", "ticketChanged": "Ticket"}

#: What is told besides rows: to whoever is meant by it alone, of themselves or of what they have just done.
ANSWERS = frozenset(
    f"{type_}.{name}"
    for type_, names in {
        "ViewerNode": "id name phone roles scope sessions identities",
        "ViewerIdentity": "issuer subject linkedAt",
        "ViewerRole": "role compoundCount",
        "ViewerSession": "id client createdAt lastUsedAt expiresAt current",
        "Check": "name module cadence does lastRun nextRun lastResult lastFound lastProblem",
        "SlaDefault": "kind priority goal amount measure warnPercent escalateMinutes pauseMinutes",
        "AlertRule": "key name module version own severity aboutLife kinds metric figures definition",
        "AlertRuleFigure": "name meaning value kinds unit least most whole clause source",
        "FileLink": "fileId url expiresAt",
        "TicketSuggestion": "kinds categories duplicates organisationId assigneeId why",
        "SuggestedKind": "kind score cues",
        "SuggestedCategory": "category score cues",
        "SuggestedPriority": "priority score cues",
        "SuggestedDuplicate": "ticketId number state score",
        "NoticeType": "type meaning machines asked fields words",
        "NoticeField": "name meaning",
        "NoticeWords": "language title body",
        "UserError": "code field message hint",
        "Aggregate": "sum min max average",
        "LogInPayload": "token expiresAt refreshToken sessionExpiresAt passwordChangeRequired",
        "SessionRefreshPayload": "token expiresAt refreshToken sessionExpiresAt",
        "LogOutEverywherePayload": "ended",
        "PasswordChangePayload": "done",
        "PhoneChangePayload": "phone",
        "UnmaskPayload": "phone",
        "FindByPhonePayload": "ids",
        "RegisterResidentPayload": "done",
        "ResidentInvitePayload": "code expiresAt",
        "AccountCreatePayload": "secret",
        "AccountResetPasswordPayload": "secret",
        "ApiTokenCreatePayload": "secret",
        "ApiTokenRotatePayload": "secret",
        "KeyCreatePayload": "secret",
        "KeyRotatePayload": "secret",
        "ChannelAddPayload": "secret",
        "ChannelResendPayload": "count",
        "WebhookReplayPayload": "count lastSequence",
        "WebhookRotateSecretPayload": "secret",
    }.items()
    for name in names.split()
)
