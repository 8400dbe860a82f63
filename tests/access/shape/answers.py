"""What is told besides rows."""

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
        "FacilityKindInfo": "kind words attributes",
        "FacilityAttributeKind": "key words type unit least most choices required norm clause",
        "FacilityChoice": "value words",
        "FacilitySpell": "status startsAt endsAt seconds goingOn",
        "FacilityDowntime": "knownSeconds downSeconds outSeconds"
        " maintenanceSeconds degradedSeconds availability longestDownSeconds spells",
        "FacilityAvailability": "key name facilities everDown knownSeconds downSeconds outSeconds"
        " maintenanceSeconds degradedSeconds availability",
        "FacilityAttribute": "key words value text unit belowNorm",
        "OpenNearby": "stationId pointId kind name address latitude longitude distanceMetres until",
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
