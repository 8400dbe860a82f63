"""The rows that the schema can tell, and their fields that hold a value."""

from __future__ import annotations

from collections.abc import Mapping

#: Type → its fields that hold a value. What a row has besides, nobody is ever shown.
FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(names.split())
    for name, names in {
        "Place": "id code kind name latitude longitude outline version endedOn living",
        "Compound": "id code name kind governance address latitude longitude outline handedOverYear homeCount residentCount"
        " version hasPartyOrganisation hasPartyWork hasOwnersBody hasCompany hasJointOffice",
        "Building": "id code name storeys heightM",
        "Unit": "id code name",
        "Home": "id code name floor areaM2 use residents version",
        "Organisation": "id code kind name functional creditCode telephone address hours foundedOn endedOn termEndsOn version",
        "Office": "id kind holder startsOn endsOn lastsTo howEnded endNote",
        "Election": "id heldOn termStartsOn termEndsOn",
        "Paper": "id kind number issuer validFrom validTo withdrawnAt expired",
        "MandateHandover": "id handedOverOn handed missing openPoints fromSignedAt toSignedAt",
        "Mandate": "id role service basis basisNumber basisOn startsOn endsOn lastsTo",
        "JointOffice": "id address startsOn endsOn",
        "CompoundFigures": "id day openTickets overdueTickets closedTickets ratings scoreSum openAlerts criticalAlerts"
        " majorAlerts minorAlerts warningAlerts facilitiesOut hasPartyOrganisation hasPartyWork hasOwnersBody hasCompany"
        " hasJointOffice takenAt",
        "Facility": "id code kind name status statusSince version attributes scrapOn qr",
        "Zone": "id kind name declaredAt endedAt covered",
        "ZoneCamera": "id since",
        "Job": "id kind state done total errors message startedAt changedAt endedAt",
        "SheetImport": "id state kind rows badRows faultCount startedAt checkedAt finishedAt",
        "FacilityStatusChange": "id status since note",
        "Device": "id code kind name maker lastSeenAt lastReading",
        "Event": "id source eventId type subject time receivedAt data",
        "Alert": "id rule ruleVersion module severity severityRank state count firstSeenAt lastSeenAt acknowledgedAt clearedAt"
        " outcome outcomeNote message reading version",
        "ComplaintCluster": "id category foundAt",
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
        " transferredAt arrivedAt repliedAt resolvedAt closedAt closesAt reopenedCount routing version overdue contactPhone",
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
        "IntakeKey": "id hint door sourcePrefix createdAt expiresAt revokedAt lastUsedAt",
        "DutyRoster": "id name level compoundIds createdAt endedAt",
        "DutyShift": "id startsAt endsAt",
        "Channel": "id kind hint createdAt removedAt pausedAt pauseReason breaker failingSince sequence oldSecretUntil types"
        " compoundIds leastSeverity quietFrom quietTo digest digestAt language version",
        "Notice": "id type title body severity state sequence attempts createdAt nextAttemptAt dueAt sentAt readAt lastError",
        "NoticeAttempt": "id at outcome status milliseconds problem",
        "NoticeTemplate": "id type language title body changedAt",
        "RoundPlan": "id kind name basis measure every times windowMinutes ordered asksPhoto withinM clause startsOn endsOn"
        " version",
        "RoundPoint": "id number name place latitude longitude items basis addedAt endedAt fault faultAt",
        "Round": "id kind state source opensAt closesAt openNow startedAt endedAt points scanned notOk leftOut version",
        "RoundScan": "id scannedAt source answers notOk distance",
        "Post": "id kind name opens closes leastStaff certified openedAt endedAt shortSince version onNow",
        "PostStint": "id beganAt endedAt lapsed certificateUntil note",
        "VisitorPass": "id state people byVehicle validFrom validUntil issuedAt admittedAt leftAt place home",
        "UpkeepDue": "id what state due why cadence clause source applyBy last overdue",
        "WorkOrder": "id kind state source plannedOn dueOn openedAt startedAt doneAt signedAt rejections faults objection note"
        " asksLocation distance version",
        "WorkOrderItem": "id place code words unit result reading note",
        "WorkOrderPart": "id place name quantity unit unitPrice",
        "Inspection": "id kind result doneOn until body reportNumber recordedAt",
        "Hazard": "id grade state source outcome level what spot interimMeasure remedy objection foundCount reopenedCount foundAt"
        " lastFoundAt dueAt recheckBy assignedAt rectifiedAt closedAt late version",
        "FireDrill": "id kind state plannedOn heldOn participants residents minutes lessons plannedAt version",
        "FirePact": "id signedOn endsOn duties homesJoined version",
        "Suspension": "id startsOn endsOn filedOn filing cause",
        "UpkeepPlan": "id facilityKind kind measure every numbers months aheadDays warnDays asksLocation off clause",
        "Station": "id code name address latitude longitude opens closes policePoint openedAt endedAt version openNow",
        "StationClosure": "id startsAt endsAt reason note",
        "StationEquipment": "id kind name amount state stateSince note removedAt",
        "StationItem": "id kind name unit inStock lent minimum lowSince addedAt removedAt short",
        "StationLoan": "id slip state lentAt dueAt closedAt overdue",
        "StationMovement": "id kind amount inStock at",
        "StationService": "id kind name partner times startsOn endsOn",
        "StationPoint": "id kind name address latitude longitude opens closes openedAt endedAt",
        "StationVisit": "id hour visitors visits",
    }.items()
}
