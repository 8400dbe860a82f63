"""Who sees which rows."""

from collections.abc import Mapping

from domain.access import Reach, Role

from .groups import COMPANY, LOCAL, STREET_WIDE

_R = Role

Rules = Mapping[Role, tuple[Reach, ...]]


def _rules(*parts: tuple[tuple[Role, ...], tuple[Reach, ...]]) -> Rules:
    return {role: reach for roles, reach in parts for role in roles}


#: Seen by everyone who has a role in the street: what a notice board would say.
_PUBLIC = _rules((tuple(Role), (Reach.STREET,)))
#: A compound and what stands in it: by street or by compound.
_COMPOUND = _rules(
    (STREET_WIDE, (Reach.STREET,)),
    ((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.RESIDENT, _R.INTEGRATION), (Reach.COMPOUND,)),
    ((_R.ADMINISTRATOR,), (Reach.STREET,)),
)
#: What only those on duty for a compound see.
_DUTY = _rules(
    (STREET_WIDE, (Reach.STREET,)),
    ((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.COMPOUND,)),
)
#: The same, but what is said inside only to those who work for the street or the compound.
_REMARK = {**_DUTY, **_rules(((_R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.OUTSIDE,)), ((_R.RESIDENT,), (Reach.ACCOUNT,)))}
#: What belongs to an organisation's own desk.
_DESK = _rules((STREET_WIDE, (Reach.STREET,)), (COMPANY, (Reach.ORGANISATION,)), (LOCAL, (Reach.ORGANISATION,)))
#: The same, and what is a person's own: nobody else sees it, whoever they are.
_OWN_DESK = {role: (*_DESK.get(role, ()), Reach.ACCOUNT) for role in Role if role is not _R.INTEGRATION}
#: Whoever keeps something that stands in no compound: who runs it, and the office that looks after it.
_KEPT = _rules((STREET_WIDE, (Reach.STREET,)), ((*LOCAL, *COMPANY, _R.INTEGRATION), (Reach.ORGANISATION, Reach.OFFICE)))
#: The same, read by everyone in the street.
_BOARD = {role: tuple(dict.fromkeys((Reach.STREET, *_KEPT.get(role, ())))) for role in Role}

#: The books of a compound: of the organisation that keeps them, and of nobody else who is on duty there.
_BOOKS = _rules(
    (STREET_WIDE, (Reach.STREET,)),
    ((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.ORGANISATION,)),
)
#: What a home owes and pays: told to who keeps the books, to who lives there, and to auditors. To nobody else: officers and
#: committees see sums, and never a home's debt.
_HOMES_MONEY = _rules(
    ((_R.AUDITOR,), (Reach.STREET,)),
    ((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.ORGANISATION,)),
)
_HOME_MONEY = {**_HOMES_MONEY, _R.RESIDENT: (Reach.HOME,)}
#: What is asked of everybody: told to who keeps the books, and to whoever lives in the compound.
_PRICE_LIST = {**_BOOKS, _R.RESIDENT: (Reach.COMPOUND,)}

#: What one home owes and was told: of who keeps the book, and of the home. No officer, and no machine: no gate or lift can learn
#: who is behind.
_ARREARS = _rules(
    ((_R.AUDITOR,), (Reach.STREET,)),
    ((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER), (Reach.ORGANISATION,)),
    ((_R.RESIDENT,), (Reach.HOME,)),
)
#: The same; and what is the owners' money, also for those who speak for them, and for the community.
_OWNERS_MONEY = {**_BOOKS, **_rules(((*LOCAL, _R.COMMITTEE_MEMBER), (Reach.ORGANISATION, Reach.OUTSIDE)))}

#: What is told to owners of the books: those who keep them; those who review it, once it is theirs to; and then everybody who
#: lives there.
_TOLD = _rules(
    (STREET_WIDE, (Reach.STREET,)),
    ((*LOCAL, _R.COMMITTEE_MEMBER), (Reach.ORGANISATION, Reach.COMPOUND)),
    ((*COMPANY, _R.INTEGRATION), (Reach.ORGANISATION,)),
    ((_R.RESIDENT,), (Reach.OUTSIDE,)),
)

#: Organisations, and what is their own: seen through their mandates, and by whoever works for them.
_BODY = {
    **_rules((STREET_WIDE, (Reach.STREET,))),
    **_rules(((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.COMPOUND, Reach.ORGANISATION))),
    **_rules(((_R.RESIDENT,), (Reach.COMPOUND,)), ((_R.ADMINISTRATOR,), (Reach.STREET,))),
}

#: Per type and role: through which belongings a row is seen. A type that is not here is seen by nobody.
READ: Mapping[str, Rules] = {
    "Place": _PUBLIC,
    "Compound": _COMPOUND,
    "Building": _COMPOUND,
    "Unit": _COMPOUND,
    "Home": {**_DUTY, _R.RESIDENT: (Reach.HOME,)},
    "Organisation": _BODY,
    "Office": _BODY,
    "Election": _BODY,
    "Paper": _BODY,
    "Mandate": _COMPOUND,
    "JointOffice": _COMPOUND,
    "CompoundFigures": _DUTY,
    "MandateHandover": _rules(
        (STREET_WIDE, (Reach.STREET,)),
        (
            (*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION),
            (Reach.COMPOUND, Reach.ORGANISATION, Reach.OFFICE),
        ),
    ),
    "Facility": _COMPOUND,
    "FacilityStatusChange": _COMPOUND,
    "Device": _DUTY,
    # Of a book: those of the organisation that keeps it.
    "SheetImport": {
        **_DUTY,
        **_rules(((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER), (Reach.COMPOUND, Reach.ORGANISATION))),
    },
    # Whoever asked for it, and the organisation whose it is.
    "Job": {**_OWN_DESK, **_rules(((_R.COMMITTEE_MEMBER, _R.INTEGRATION), (Reach.ORGANISATION, Reach.ACCOUNT)))},
    "Zone": _DUTY,
    "ZoneCamera": _DUTY,
    "Event": _DUTY,
    "Alert": _DUTY,
    "AlertCare": _DUTY,
    "AlertPolicy": _rules(((*STREET_WIDE, *LOCAL, *COMPANY), (Reach.STREET,))),
    "AlertSource": _DUTY,
    "Silence": _DUTY,
    "AlertOccurrence": _DUTY,
    "Threshold": _DUTY,
    "AlertRuleVersion": _rules((STREET_WIDE, (Reach.STREET,))),
    "AlertRuleDryRun": _rules((STREET_WIDE, (Reach.STREET,))),
    "DryRunAlert": _rules((STREET_WIDE, (Reach.STREET,))),
    "Ticket": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "TicketComment": _REMARK,
    "TicketDeadline": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "TicketPause": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "SlaPolicy": _PUBLIC,
    "WorkingHours": _PUBLIC,
    "CalendarDay": _PUBLIC,
    "TicketParty": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "TicketWatcher": _DUTY,
    "TicketLink": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "TicketRating": {**_DUTY, _R.RESIDENT: (Reach.ACCOUNT,)},
    "CallBack": _DUTY,
    "ComplaintCluster": _DUTY,
    "TicketRoute": _rules(((*STREET_WIDE, *LOCAL, *COMPANY), (Reach.STREET,))),
    "File": {
        **_DUTY,
        **_rules(((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER), (Reach.COMPOUND, Reach.ORGANISATION))),
        _R.RESIDENT: (Reach.ACCOUNT,),
    },
    "Fact": _REMARK,
    "Account": _rules(
        ((*STREET_WIDE, _R.ADMINISTRATOR), (Reach.STREET, Reach.ACCOUNT)),
        ((*LOCAL, *COMPANY, _R.COMMITTEE_MEMBER), (Reach.ORGANISATION, Reach.ACCOUNT)),
        ((_R.RESIDENT, _R.INTEGRATION), (Reach.ACCOUNT,)),
    ),
    "RoleBinding": _rules((tuple(Role), (Reach.ACCOUNT,)), ((*STREET_WIDE, _R.ADMINISTRATOR), (Reach.STREET, Reach.ACCOUNT))),
    "Invitation": {**_DUTY, _R.ADMINISTRATOR: (Reach.STREET,)},
    "ApiToken": _rules(((_R.ADMINISTRATOR, _R.AUDITOR), (Reach.STREET,))),
    "IntakeKey": _rules(((_R.ADMINISTRATOR, _R.AUDITOR), (Reach.STREET,))),
    "Channel": _OWN_DESK,
    "Notice": _OWN_DESK,
    "NoticeTemplate": _rules(((*STREET_WIDE, _R.ADMINISTRATOR), (Reach.STREET,))),
    "DutyRoster": _DESK,
    "DutyShift": _DESK,
    "NoticeAttempt": _OWN_DESK,
    "UpkeepDue": _COMPOUND,
    "WorkOrder": _DUTY,
    "WorkOrderItem": _DUTY,
    "WorkOrderPart": _DUTY,
    "Inspection": _COMPOUND,
    "Hazard": _DUTY,
    "FireDrill": _COMPOUND,
    "FirePact": _COMPOUND,
    "Suspension": _COMPOUND,
    "UpkeepPlan": _rules(((*STREET_WIDE, *LOCAL, *COMPANY), (Reach.STREET,))),
    "RoundPlan": _DUTY,
    "RoundPoint": _DUTY,
    "Round": _DUTY,
    "RoundScan": _DUTY,
    "Post": _DUTY,
    "PostStint": _rules((STREET_WIDE, (Reach.STREET,)), ((*LOCAL, *COMPANY), (Reach.COMPOUND,))),
    # No officer: it is nobody's business in the street who is visited; nor whoever has left, though they still read the rest.
    "VisitorPass": _rules(
        ((_R.AUDITOR,), (Reach.STREET,)),
        ((*LOCAL, *COMPANY), (Reach.PRESENT, Reach.ACCOUNT)),
        ((_R.INTEGRATION,), (Reach.PRESENT,)),
        ((_R.RESIDENT,), (Reach.ACCOUNT,)),
    ),
    **dict.fromkeys(("Book", "LedgerAccount", "LedgerPeriod", "JournalEntry", "Supplier", "Expense"), _BOOKS),
    **dict.fromkeys(("ReminderLadder", "LateFeeTerms"), _BOOKS),
    **dict.fromkeys(
        ("ArrearsCase", "Reminder", "InstalmentPlan", "Instalment", "BillDispute", "LateFeeCharge", "CourtFile"), _ARREARS
    ),
    **dict.fromkeys(("FeeItem", "FeePrice", "SharedCost"), _PRICE_LIST),
    **dict.fromkeys(("FeeAssignment", "Meter", "MeterReading"), _HOME_MONEY),
    **dict.fromkeys(("Bill", "BillLine", "CreditNote", "CreditNoteLine"), _HOME_MONEY),
    **dict.fromkeys(("BillRun", "BillRunItem", "BillRunFault"), _HOMES_MONEY),
    **dict.fromkeys(("JournalLine", "BudgetLine", "StatementEntry"), _OWNERS_MONEY),
    **dict.fromkeys(("Payment", "Allocation", "Receipt", "Refund", "PaymentOrder", "InvoiceRequest"), _HOME_MONEY),
    **dict.fromkeys(("PaymentMerchant", "Reconciliation", "BankFile"), _HOMES_MONEY),
    **dict.fromkeys(("Statement", "StatementLine"), _TOLD),
    "StatementQuestion": {**_TOLD, _R.RESIDENT: (Reach.OUTSIDE, Reach.ACCOUNT)},
    "Station": _BOARD,
    "StationClosure": _BOARD,
    "StationEquipment": _BOARD,
    "StationItem": _BOARD,
    "StationService": _BOARD,
    "StationPoint": _BOARD,
    "StationLoan": _KEPT,
    "StationMovement": _KEPT,
    "StationVisit": _KEPT,
}

#: Types whose rows are the viewer themselves where they are reached as one's own: to be read; what one does to oneself is in
#: OWN_ACTS.
ONESELF = frozenset({"Account", "RoleBinding"})

#: Types that hang on the street's notice board: whoever sees them only because they work or live in the street reads them, and
#: acts on nothing there.
ON_THE_BOARD = frozenset(name for name, rules in READ.items() if rules is _BOARD)

#: What is of the installation as a whole and of no street: the roles that see it.
HOUSE: Mapping[str, frozenset[Role]] = {"Check": frozenset({*STREET_WIDE, _R.ADMINISTRATOR})}
