"""The ways in: lists, look-ups, counts and what can be watched."""

from __future__ import annotations

from collections.abc import Mapping

#: Fields of the root that list all rows → the type of the rows.
ROOTS: Mapping[str, str] = {
    "places": "Place",
    "compounds": "Compound",
    "organisations": "Organisation",
    "mandates": "Mandate",
    "mandateHandovers": "MandateHandover",
    "offices": "Office",
    "elections": "Election",
    "papers": "Paper",
    "facilities": "Facility",
    "sheetImports": "SheetImport",
    "jobs": "Job",
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
    "roundPlans": "RoundPlan",
    "rounds": "Round",
    "upkeepDues": "UpkeepDue",
    "workOrders": "WorkOrder",
    "inspections": "Inspection",
    "suspensions": "Suspension",
    "books": "Book",
    "suppliers": "Supplier",
    "expenses": "Expense",
    "journalEntries": "JournalEntry",
    "journalLines": "JournalLine",
    "feeItems": "FeeItem",
    "feeAssignments": "FeeAssignment",
    "meters": "Meter",
    "billRuns": "BillRun",
    "bills": "Bill",
    "creditNotes": "CreditNote",
    "fireDrills": "FireDrill",
    "firePacts": "FirePact",
    "hazards": "Hazard",
    "upkeepPlans": "UpkeepPlan",
    "posts": "Post",
    "postStints": "PostStint",
    "visitorPasses": "VisitorPass",
    "stations": "Station",
    "stationItems": "StationItem",
    "stationPoints": "StationPoint",
    "stationLoans": "StationLoan",
    "stationMovements": "StationMovement",
    "stationVisits": "StationVisit",
    "notices": "Notice",
    "jointOffices": "JointOffice",
}

#: Fields of the root that find a row by what is unique to it → (type, field).
LOOKUPS: Mapping[str, tuple[str, str]] = {
    "compound": ("Compound", "code"),
    "facility": ("Facility", "code"),
    "device": ("Device", "code"),
    "station": ("Station", "code"),
    "job": ("Job", "id"),
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
    "Compound.homeStats": ("Home", "Compound.homes"),
    "Compound.alertStats": ("Alert", "Compound.alerts"),
    "AlertRuleDryRun.alertStats": ("DryRunAlert", "AlertRuleDryRun.alerts"),
    "Query.roundStats": ("Round", ""),
    "Query.upkeepDueStats": ("UpkeepDue", ""),
    "Query.workOrderStats": ("WorkOrder", ""),
    "Query.hazardStats": ("Hazard", ""),
    "Compound.hazardStats": ("Hazard", "Compound.hazards"),
    "Query.billStats": ("Bill", ""),
    "Query.stationVisitStats": ("StationVisit", ""),
    "Query.stationMovementStats": ("StationMovement", ""),
    "Station.visitStats": ("StationVisit", "Station.visits"),
}

#: Type → what its rows may be counted by: the name in groupBy → the field of the count.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "TicketRating": {"SCORE": "scoreGroup", "RATED_MONTH": "ratedMonth", "ORGANISATION": "organisation", "COMPOUND": "compound"},
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
    "Round": {
        "KIND": "kind",
        "STATE": "state",
        "OPENS_MONTH": "opensMonth",
        "COMPOUND": "compound",
        "ORGANISATION": "organisation",
    },
    "Bill": {"STATE": "state", "BOOK": "book", "COMPOUND": "compound"},
    "UpkeepDue": {"KIND": "kind", "STATE": "state", "COMPOUND": "compound"},
    "WorkOrder": {"KIND": "kind", "STATE": "state", "COMPOUND": "compound", "ORGANISATION": "organisation"},
    "Hazard": {
        "GRADE": "grade",
        "STATE": "state",
        "SOURCE": "source",
        "OUTCOME": "outcome",
        "LEVEL": "level",
        "COMPOUND": "compound",
        "ORGANISATION": "organisation",
    },
    "StationVisit": {"HOUR_MONTH": "hourMonth", "VISITORS": "visitors", "STATION": "station"},
    "StationMovement": {"KIND": "kind", "AT_MONTH": "atMonth", "STATION": "station"},
    "Compound": {"KIND": "kind", "GOVERNANCE": "governance", "COMMUNITY": "community"},
    "Home": {"USE": "use"},
}

#: Type → what percentages are told over its rows.
SHARES: Mapping[str, tuple[str, ...]] = {"AlertSource": ("falsePercent",)}

#: Type → what is added up over its rows.
SUMS: Mapping[str, tuple[str, ...]] = {
    "Compound": ("homeCount", "residentCount"),
    "TicketRating": ("score",),
    "AlertSource": ("raised", "seen", "confirmed", "falseAlarms", "tests", "duplicates", "unknown"),
    "Bill": ("total", "paid", "credited", "open"),
    "StationVisit": ("visits",),
    "StationMovement": ("amount",),
}

#: What can be watched: the type of the rows.
SUBSCRIPTIONS: Mapping[str, str] = {
    "alertChanged": "Alert",
    "noticeChanged": "Notice",
    "ticketChanged": "Ticket",
    "jobChanged": "Job",
}
