"""The ways between rows: to one, to many, and how many."""

from __future__ import annotations

from collections.abc import Mapping

#: Fields that lead to one row → the type of that row. It is null for whoever does not see that row.
LINKS: Mapping[str, str] = {
    **dict.fromkeys(
        (*("Place.parent", "Compound.street", "Compound.community", "Compound.grid", "Organisation.place", "Station.grid"),),
        "Place",
    ),
    **dict.fromkeys(
        (
            *("Building.compound", "Home.compound", "Mandate.compound", "Facility.compound", "Device.compound"),
            *("Event.compound", "Alert.compound", "Ticket.compound", "TicketDeadline.compound"),
            *("AlertCare.compound", "Silence.compound", "AlertSource.compound", "JointOffice.compound"),
            "CompoundFigures.compound",
        ),
        "Compound",
    ),
    "Facility.building": "Building",
    "Zone.compound": "Compound",
    "ZoneCamera.zone": "Zone",
    "ZoneCamera.facility": "Facility",
    "ZoneCamera.compound": "Compound",
    "SheetImport.file": "File",
    "SheetImport.compound": "Compound",
    "SheetImport.startedBy": "Account",
    "Facility.unit": "Unit",
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
            *("Station.organisation", "Station.office"),
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
    **{
        f"{name}.station": "Station"
        for name in (
            *("StationClosure", "StationEquipment", "StationItem", "StationLoan", "StationMovement", "StationService"),
            *("StationPoint", "StationVisit"),
        )
    },
    "StationLoan.item": "StationItem",
    "StationMovement.item": "StationItem",
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
    **dict.fromkeys(("Organisation.compound", "Office.compound", "MandateHandover.compound"), "Compound"),
    **dict.fromkeys(
        (
            *("Office.organisation", "Election.organisation", "Paper.organisation"),
            *("MandateHandover.fromOrganisation", "MandateHandover.toOrganisation"),
        ),
        "Organisation",
    ),
    "Office.election": "Election",
    "Mandate.handover": "MandateHandover",
    "MandateHandover.mandate": "Mandate",
    **dict.fromkeys(("Office.account", "MandateHandover.fromSignedBy", "MandateHandover.toSignedBy"), "Account"),
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
    "Fact.subject": (
        "Place",
        "Compound",
        "Facility",
        "Alert",
        "Ticket",
        "AlertRuleVersion",
        "Station",
        "JointOffice",
        "Organisation",
    ),
}

#: Fields that list rows → the type of the rows, and the field of theirs that leads back ("" stands for one they do not show).
LISTS: Mapping[str, tuple[str, str]] = {
    "Place.places": ("Place", "parent"),
    "Place.compounds": ("Compound", "community"),
    "Place.gridCompounds": ("Compound", "grid"),
    "Place.history": ("Fact", "subject"),
    "Compound.history": ("Fact", "subject"),
    "Compound.buildings": ("Building", "compound"),
    "Compound.homes": ("Home", "compound"),
    "Compound.mandates": ("Mandate", "compound"),
    "Compound.facilities": ("Facility", "compound"),
    "Compound.devices": ("Device", "compound"),
    "Compound.tickets": ("Ticket", "compound"),
    "Compound.alerts": ("Alert", "compound"),
    "Compound.jointOffices": ("JointOffice", "compound"),
    "Compound.figures": ("CompoundFigures", "compound"),
    "JointOffice.history": ("Fact", "subject"),
    "Building.units": ("Unit", "building"),
    "Building.facilities": ("Facility", "building"),
    "Unit.homes": ("Home", "unit"),
    "Organisation.mandates": ("Mandate", "organisation"),
    "Organisation.offices": ("Office", "organisation"),
    "Organisation.elections": ("Election", "organisation"),
    "Organisation.papers": ("Paper", "organisation"),
    "Organisation.history": ("Fact", "subject"),
    "Election.offices": ("Office", "election"),
    "Paper.files": ("File", "of"),
    "Facility.devices": ("Device", "facility"),
    "Facility.statusHistory": ("FacilityStatusChange", "facility"),
    "Facility.tickets": ("Ticket", "facility"),
    "Facility.alerts": ("Alert", "facility"),
    "Facility.history": ("Fact", "subject"),
    "Facility.zones": ("ZoneCamera", "facility"),
    "Compound.zones": ("Zone", "compound"),
    "Zone.cameras": ("ZoneCamera", "zone"),
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
    **{
        f"Station.{name}": (type_, "station")
        for name, type_ in {
            "closures": "StationClosure",
            "equipment": "StationEquipment",
            "items": "StationItem",
            "services": "StationService",
            "points": "StationPoint",
            "loans": "StationLoan",
            "movements": "StationMovement",
            "visits": "StationVisit",
        }.items()
    },
    "Station.history": ("Fact", "subject"),
    "StationItem.loans": ("StationLoan", "item"),
    "StationItem.movements": ("StationMovement", "item"),
    "Channel.notices": ("Notice", "channel"),
    "Notice.deliveries": ("NoticeAttempt", "notice"),
}

#: Fields that count rows → the list they count in, and the states that count (none: all).
COUNTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "Compound.facilityCount": ("Compound.facilities", frozenset()),
    "Compound.facilitiesOutCount": ("Compound.facilities", frozenset({"OUT_OF_SERVICE"})),
    # Of the tickets of the story every deadline is past.
    "Compound.overdueTicketCount": ("Compound.tickets", frozenset({"OPEN", "ACCEPTED", "ASSIGNED", "IN_PROGRESS"})),
    # In the story, every zone is covered.
    "Compound.zoneCount": ("Compound.zones", frozenset()),
    "Compound.coveredZoneCount": ("Compound.zones", frozenset()),
    "Compound.openAlertCount": ("Compound.alerts", frozenset({"OPEN"})),
    "Compound.openTicketCount": (
        "Compound.tickets",
        frozenset({"OPEN", "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "RESOLVED"}),
    ),
}
