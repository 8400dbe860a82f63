"""Who may see and do what, written by hand.

Nothing here is taken from the program. Whoever adds a type, a field, a filter or a mutation says here what it means for
every role; the tests compare that with what the program does.
"""

from __future__ import annotations

from collections.abc import Mapping

ROLES = (
    *("STREET_OFFICER", "AUDITOR", "ADMINISTRATOR", "COMMUNITY_STAFF", "GRID_WORKER"),
    *("COMPANY_MANAGER", "COMPANY_STAFF", "COMMITTEE_MEMBER", "RESIDENT", "INTEGRATION"),
)

#: street: what lies in the street that the role is bound to (or works in). area: what lies in a compound that the role looks
#: after. outside: the same, but not what is said among those on duty. home: the home that the role lives in. desk: what belongs
#: to the organisation that the role works for. own: what was made by or for the person. "-": nothing. Several, any of which
#: will do, are joined by a plus sign. now: as area, but nothing of a compound that the role may only look at.
#: kept: what the role's organisation runs, or looks after as the office in charge. board: the same, and what hangs on the notice
#: board of the street, which is to be read only.
_ROWS = """
                     officer   auditor   admin     community grid      manager   staff     committee resident  integration
Place                street    street    street    street    street    street    street    street    street    street
Compound             street    street    street    area      area      area      area      area      area      area
Building             street    street    street    area      area      area      area      area      area      area
Unit                 street    street    street    area      area      area      area      area      area      area
Home                 street    street    -         area      area      area      area      area      home      area
Organisation         street    street    street    area+desk area+desk area+desk area+desk area+desk area+desk area+desk
Office               street    street    street    area+desk area+desk area+desk area+desk area+desk area+desk area+desk
Election             street    street    street    area+desk area+desk area+desk area+desk area+desk area+desk area+desk
Paper                street    street    street    area+desk area+desk area+desk area+desk area+desk area+desk area+desk
MandateHandover      street    street    -         area+kept area+kept area+kept area+kept area+kept -         area+kept
Mandate              street    street    street    area      area      area      area      area      area      area
JointOffice          street    street    street    area      area      area      area      area      area      area
CompoundFigures      street    street    -         area      area      area      area      area      -         area
Facility             street    street    street    area      area      area      area      area      area      area
FacilityStatusChange street    street    street    area      area      area      area      area      area      area
Device               street    street    -         area      area      area      area      area      -         area
Job                  street+own street+own own     desk+own  desk+own  desk+own  desk+own  desk+own  own       desk+own
SheetImport          street    street    -         area+desk area+desk area+desk area+desk area+desk -         area
Zone                 street    street    -         area      area      area      area      area      -         area
ZoneCamera           street    street    -         area      area      area      area      area      -         area
Event                street    street    -         area      area      area      area      area      -         area
Alert                street    street    -         area      area      area      area      area      -         area
AlertOccurrence      street    street    -         area      area      area      area      area      -         area
Threshold            street    street    -         area      area      area      area      area      -         area
AlertRuleVersion     street    street    -         -         -         -         -         -         -         -
AlertRuleDryRun      street    street    -         -         -         -         -         -         -         -
DryRunAlert          street    street    -         -         -         -         -         -         -         -
AlertCare            street    street    -         area      area      area      area      area      -         area
AlertSource          street    street    -         area      area      area      area      area      -         area
Silence              street    street    -         area      area      area      area      area      -         area
AlertPolicy          street    street    -         street    street    street    street    -         -         -
Ticket               street    street    -         area      area      area      area      area      own       area
TicketDeadline       street    street    -         area      area      area      area      area      own       area
TicketPause          street    street    -         area      area      area      area      area      own       area
SlaPolicy            street    street    street    street    street    street    street    street    street    street
WorkingHours         street    street    street    street    street    street    street    street    street    street
CalendarDay          street    street    street    street    street    street    street    street    street    street
File                 street    street    -         area+desk area+desk area+desk area+desk area+desk own       area
TicketComment        street    street    -         area      area      area      area      outside   own       outside
TicketParty          street    street    -         area      area      area      area      area      own       area
TicketWatcher        street    street    -         area      area      area      area      area      -         area
TicketLink           street    street    -         area      area      area      area      area      own       area
TicketRating         street    street    -         area      area      area      area      area      own       area
ComplaintCluster     street    street    -         area      area      area      area      area      -         area
CallBack             street    street    -         area      area      area      area      area      -         area
TicketRoute          street    street    -         street    street    street    street    -         -         -
Fact                 street    street    -         area      area      area      area      outside   own       outside
Account              own+street own+street own+street own+desk  own+desk  own+desk  own+desk  own+desk  own       own
RoleBinding          own+street own+street own+street own       own       own       own       own       own       own
Invitation           street    street    street    area      area      area      area      area      -         area
ApiToken             -         street    street    -         -         -         -         -         -         -
IntakeKey            -         street    street    -         -         -         -         -         -         -
Channel              street+own street+own own     desk+own  desk+own  desk+own  desk+own  own       own       -
Notice               street+own street+own own     desk+own  desk+own  desk+own  desk+own  own       own       -
NoticeTemplate       street    street    street    -         -         -         -         -         -         -
DutyRoster           street    street    -         desk      desk      desk      desk      -         -         -
DutyShift            street    street    -         desk      desk      desk      desk      -         -         -
NoticeAttempt        street+own street+own own     desk+own  desk+own  desk+own  desk+own  own       own       -
UpkeepDue            street    street    street    area      area      area      area      area      area      area
WorkOrder            street    street    -         area      area      area      area      area      -         area
WorkOrderItem        street    street    -         area      area      area      area      area      -         area
WorkOrderPart        street    street    -         area      area      area      area      area      -         area
Inspection           street    street    street    area      area      area      area      area      area      area
Hazard               street    street    -         area      area      area      area      area      -         area
FireDrill            street    street    street    area      area      area      area      area      area      area
FirePact             street    street    street    area      area      area      area      area      area      area
ReminderLadder       street    street    -         desk      desk      desk      desk      desk      -         desk
LateFeeTerms         street    street    -         desk      desk      desk      desk      desk      -         desk
ArrearsCase          -         street    -         desk      desk      desk      desk      desk      home      -
Reminder             -         street    -         desk      desk      desk      desk      desk      home      -
InstalmentPlan       -         street    -         desk      desk      desk      desk      desk      home      -
Instalment           -         street    -         desk      desk      desk      desk      desk      home      -
BillDispute          -         street    -         desk      desk      desk      desk      desk      home      -
LateFeeCharge        -         street    -         desk      desk      desk      desk      desk      home      -
CourtFile            -         street    -         desk      desk      desk      desk      desk      home      -
FeeItem              street    street    -         desk      desk      desk      desk      desk      area      desk
FeePrice             street    street    -         desk      desk      desk      desk      desk      area      desk
SharedCost           street    street    -         desk      desk      desk      desk      desk      area      desk
FeeAssignment        -         street    -         desk      desk      desk      desk      desk      home      desk
Meter                -         street    -         desk      desk      desk      desk      desk      home      desk
MeterReading         -         street    -         desk      desk      desk      desk      desk      home      desk
BillRun              -         street    -         desk      desk      desk      desk      desk      -         desk
BillRunItem          -         street    -         desk      desk      desk      desk      desk      -         desk
BillRunFault         -         street    -         desk      desk      desk      desk      desk      -         desk
Payment              -         street    -         desk      desk      desk      desk      desk      home      desk
Allocation           -         street    -         desk      desk      desk      desk      desk      home      desk
Receipt              -         street    -         desk      desk      desk      desk      desk      home      desk
Refund               -         street    -         desk      desk      desk      desk      desk      home      desk
PaymentOrder         -         street    -         desk      desk      desk      desk      desk      home      desk
InvoiceRequest       -         street    -         desk      desk      desk      desk      desk      home      desk
PaymentMerchant      -         street    -         desk      desk      desk      desk      desk      -         desk
Reconciliation       -         street    -         desk      desk      desk      desk      desk      -         desk
BankFile             -         street    -         desk      desk      desk      desk      desk      -         desk
Bill                 -         street    -         desk      desk      desk      desk      desk      home      desk
BillLine             -         street    -         desk      desk      desk      desk      desk      home      desk
CreditNote           -         street    -         desk      desk      desk      desk      desk      home      desk
CreditNoteLine       -         street    -         desk      desk      desk      desk      desk      home      desk
Suspension           street    street    street    area      area      area      area      area      area      area
UpkeepPlan           street    street    -         street    street    street    street    -         -         -
RoundPlan            street    street    -         area      area      area      area      area      -         area
RoundPoint           street    street    -         area      area      area      area      area      -         area
Round                street    street    -         area      area      area      area      area      -         area
RoundScan            street    street    -         area      area      area      area      area      -         area
Post                 street    street    -         area      area      area      area      area      -         area
PostStint            street    street    -         area      area      area      area      -         -         -
VisitorPass          -         street    -         now+own   now+own   now+own   now+own   -         own       now
Book                 street    street    -         desk      desk      desk      desk      desk      -         desk
LedgerAccount        street    street    -         desk      desk      desk      desk      desk      -         desk
Supplier             street    street    -         desk      desk      desk      desk      desk      -         desk
Expense              street    street    -         desk      desk      desk      desk      desk      -         desk
LedgerPeriod         street    street    -         desk      desk      desk      desk      desk      -         desk
JournalEntry         street    street    -         desk      desk      desk      desk      desk      -         desk
JournalLine          street    street    -         desk+outside desk+outside desk   desk      desk+outside -      desk
BudgetLine           street    street    -         desk+outside desk+outside desk   desk      desk+outside -      desk
Statement            street    street    -         desk+area desk+area desk      desk      desk+area outside   desk
StatementLine        street    street    -         desk+area desk+area desk      desk      desk+area outside   desk
StatementEntry       street    street    -         desk+outside desk+outside desk      desk      desk+outside -         desk
StatementQuestion    street    street    -         desk+area desk+area desk      desk      desk+area outside+own desk
Station              street    street    street    board     board     board     board     street    street    board
StationClosure       street    street    street    board     board     board     board     street    street    board
StationEquipment     street    street    street    board     board     board     board     street    street    board
StationItem          street    street    street    board     board     board     board     street    street    board
StationService       street    street    street    board     board     board     board     street    street    board
StationPoint         street    street    street    board     board     board     board     street    street    board
StationLoan          street    street    -         kept      kept      kept      kept      -         -         kept
StationMovement      street    street    -         kept      kept      kept      kept      -         -         kept
StationVisit         street    street    -         kept      kept      kept      kept      -         -         kept
"""  # fmt: skip

#: Type → role → the ways in which its rows are seen.
ROWS: Mapping[str, Mapping[str, frozenset[str]]] = {
    line.split()[0]: {role: frozenset(cell.split("+")) - {"-"} for role, cell in zip(ROLES, line.split()[1:], strict=True)}
    for line in _ROWS.strip().splitlines()[1:]
}

#: plain: as it is. desk: as it is where the row belongs to the organisation that the role works for, and else not at all.
# masked: so that nobody is reached or known by it. "-": not at all. The last column is for rows that are
#: one's own: about oneself, by oneself, or of the home one lives in. Fields that are not here are plain for whoever sees the row.
_SHOWN = """
                          officer auditor admin  community grid   manager staff  committee resident integration own
Account.login             -       plain   plain  -         -      -       -      -         -        -           plain
Account.name              plain   plain   masked plain     plain  plain   plain  plain     masked   masked      plain
Account.phone             masked  masked  -      masked    masked masked  masked -         -        -           masked
Office.holder             plain   plain   masked plain     plain  plain   plain  plain     masked   masked      plain
Office.endNote            plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
MandateHandover.openPoints plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Home.residents            plain   plain   -      plain     plain  plain   plain  -         -        -           plain
FacilityStatusChange.note plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Event.source              plain   plain   plain  plain     plain  plain   plain  -         -        plain       -
Event.data                plain   plain   plain  plain     plain  plain   plain  -         -        plain       -
Alert.outcomeNote         plain   plain   -      plain     plain  plain   plain  -         -        -           -
AlertCare.shelveReason    plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Silence.why               plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Ticket.title              plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Ticket.description        plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Ticket.contactPhone       masked  masked  -      masked    masked masked  masked -         -        -           masked
File.name                 plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
TicketPause.note          plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
CalendarDay.note          plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
TicketComment.body        plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
TicketRating.note         plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
CallBack.note             plain   plain   -      plain     plain  plain   plain  -         -        -           -
ApiToken.hint             -       plain   plain  -         -      -       -      -         -        -           -
IntakeKey.hint            -       plain   plain  -         -      -       -      -         -        -           -
IntakeKey.sourcePrefix    plain   plain   plain  plain     plain  plain   plain  -         -        plain       -
WorkOrder.objection       plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
WorkOrder.note            plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
WorkOrderItem.note        plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
BillDispute.text          plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
BillDispute.answer        plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
SharedCost.note           plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
BillRun.why               plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
CreditNote.why            plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Payment.voidReason        plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Allocation.undoneWhy      plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Receipt.voidReason        plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Refund.why                plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Refund.answer             plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
InvoiceRequest.problem    plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Hazard.what               plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Hazard.spot               plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Hazard.interimMeasure     plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Hazard.remedy             plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Hazard.objection          plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Round.leftOut             plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
RoundScan.answers         plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
FireDrill.lessons         plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Suspension.cause          plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
JournalEntry.text         plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Expense.what              plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Expense.said              plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
LedgerPeriod.reopenedWhy  plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
BudgetLine.resolution     plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
JournalLine.home          -       plain   -      desk      desk   desk    desk   desk      -        desk        plain
PostStint.note            plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
VisitorPass.home          -       -       -      -         -      -       -      -         -        -           plain
Statement.remarks         plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
Statement.correctedWhy    plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
StatementQuestion.body    plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
StatementQuestion.answer  plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
StatementQuestion.hiddenWhy plain  plain   -      plain     plain  plain   plain  plain     plain    plain       plain
StationClosure.note       plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
StationEquipment.note     plain   plain   -      plain     plain  plain   plain  plain     plain    plain       plain
"""  # fmt: skip
_STATE = {"plain": "visible", "masked": "masked", "-": "hidden", "desk": "desk"}

#: Field → role, or "own" → visible, masked, hidden, or (visible at the) desk.
STATES: Mapping[str, Mapping[str, str]] = {
    line.split()[0]: {role: _STATE[cell] for role, cell in zip((*ROLES, "own"), line.split()[1:], strict=True)}
    for line in _SHOWN.strip().splitlines()[1:]
}

#: yes: on rows that the role sees. A row that is seen under no such role answers FORBIDDEN; one that is not seen, NOT_FOUND.
_ACTS = """
                      officer auditor admin community grid manager staff committee resident integration
accountResetPassword  no      no      yes   no        no   no      no    no        no       no
reminderLadderSet     no      no      no    yes       no   yes     no    yes       no       no
lateFeeTermsSet       no      no      no    yes       no   yes     no    yes       no       no
lateFeeTermsEnd       no      no      no    yes       no   yes     no    yes       no       no
lateFeesCharge        no      no      no    yes       no   yes     no    yes       no       no
arrearsHandOver       no      no      no    yes       no   yes     no    yes       no       no
billWriteOff          no      no      no    yes       no   yes     no    yes       no       no
billDisputeUphold     no      no      no    yes       no   yes     no    yes       no       no
billDisputeReject     no      no      no    yes       no   yes     no    yes       no       no
reminderRecordDelivery no      no      no    yes       no   yes     yes   yes       no       no
instalmentPlanAgree   no      no      no    yes       no   yes     yes   yes       no       no
instalmentPlanCancel  no      no      no    yes       no   yes     yes   yes       no       no
billDisputeAnswer     no      no      no    yes       no   yes     yes   yes       no       no
billDisputeOpen       no      no      no    yes       no   yes     yes   yes       yes      no
billDisputeWithdraw   no      no      no    yes       no   yes     yes   yes       yes      no
bookOpen              no      no      no    yes       no   yes     no    yes       no       no
supplierAdd           no      no      no    yes       no   yes     yes   yes       no       no
supplierAmend         no      no      no    yes       no   yes     yes   yes       no       no
supplierEnd           no      no      no    yes       no   yes     yes   yes       no       no
expenseDraft          no      no      no    yes       no   yes     yes   yes       no       no
expenseAmend          no      no      no    yes       no   yes     yes   yes       no       no
expenseSubmit         no      no      no    yes       no   yes     yes   yes       no       no
expenseWithdraw       no      no      no    yes       no   yes     yes   yes       no       no
expenseApprove        no      no      no    yes       no   yes     no    yes       no       no
expenseReject         no      no      no    yes       no   yes     no    yes       no       no
expensePay            no      no      no    yes       no   yes     yes   yes       no       no
expenseReverse        no      no      no    yes       no   yes     no    yes       no       no
budgetSet             no      no      no    yes       no   yes     no    yes       no       no
budgetDraw            no      no      no    yes       no   yes     no    yes       no       no
budgetRemove          no      no      no    yes       no   yes     no    yes       no       no
statementDraft          no       no       no       yes      no       yes      no       yes      no       no
statementRedraft        no       no       no       yes      no       yes      no       yes      no       no
statementSubmit         no       no       no       yes      no       yes      no       yes      no       no
statementPublish        no       no       no       yes      no       yes      no       yes      no       no
statementCorrect        no       no       no       yes      no       yes      no       yes      no       no
statementDiscard        no       no       no       yes      no       yes      no       yes      no       no
statementApprove        no       no       no       yes      no       no       no       yes      no       no
statementReturn         no       no       no       yes      no       no       no       yes      no       no
statementAsk            no       no       no       no       no       no       no       no       yes      no
statementQuestionAnswer no       no       no       yes      no       yes      yes      yes      no       no
statementQuestionHide   yes      no       no       yes      no       no       no       no       no       no
statementQuestionShow   yes      no       no       yes      no       no       no       no       no       no
bookClose             no      no      no    yes       no   yes     no    yes       no       no
bookSetLimit          no      no      no    yes       no   yes     no    yes       no       no
balancesOpen          no      no      no    yes       no   yes     no    yes       no       no
journalPost           no      no      no    yes       no   yes     yes   yes       no       no
journalReverse        no      no      no    yes       no   yes     no    yes       no       no
monthClose            no      no      no    yes       no   yes     no    yes       no       no
monthReopen           no      no      no    yes       no   yes     no    yes       no       no
postAdd               yes     no      no    yes       no   yes     no    no        no       no
postSetHours          yes     no      no    yes       no   yes     no    no        no       no
postSetStaff          yes     no      no    yes       no   yes     no    no        no       no
postEnd               yes     no      no    yes       no   yes     no    no        no       no
postStintBegin        no      no      no    yes       yes  yes     yes   no        no       no
postStintHandOver     no      no      no    yes       yes  yes     yes   no        no       no
postStintEnd          no      no      no    yes       yes  yes     yes   no        no       no
visitorPassIssue      no      no      no    no        no   no      no    no        yes      no
visitorPassHandOut    no      no      no    yes       yes  yes     yes   no        no       no
visitorPassCancel     no      no      no    yes       yes  yes     yes   no        yes      no
visitorPassClose      no      no      no    yes       yes  yes     yes   no        yes      no
visitorPassAdmit      no      no      no    yes       yes  yes     yes   no        no       yes
visitorPassLeave      no      no      no    yes       yes  yes     yes   no        no       yes
accountDisable        no      no      yes   no        no   no      no    no        no       no
accountEnable         no      no      yes   no        no   no      no    no        no       no
accountErase          no      no      yes   no        no   no      no    no        no       no
accountLinkIdentity   no      no      yes   no        no   no      no    no        no       no
accountUnlinkIdentity no      no      yes   no        no   no      no    no        no       no
accountCreate         no      no      yes   no        no   no      no    no        no       no
roleGrant             no      no      yes   no        no   no      no    no        no       no
roleEnd               no      no      yes   no        no   no      no    no        no       no
gridMerge             yes     no      no    no        no   no      no    no        no       no
gridSplit             yes     no      no    no        no   no      no    no        no       no
placeAdd              yes     no      no    no        no   no      no    no        no       no
placeRename           yes     no      no    no        no   no      no    no        no       no
placeSetPoint         yes     no      no    no        no   no      no    no        no       no
placeSetOutline       yes     no      no    no        no   no      no    no        no       no
compoundAdd           yes     no      no    no        no   no      no    no        no       no
compoundSetGrid       yes     no      no    no        no   no      no    no        no       no
compoundRename        yes     no      no    yes       no   no      no    no        no       no
compoundSetAddress    yes     no      no    yes       no   no      no    no        no       no
compoundSetKind       yes     no      no    yes       no   no      no    no        no       no
compoundSetGovernance yes     no      no    yes       no   no      no    no        no       no
compoundSetYear       yes     no      no    yes       no   no      no    no        no       no
compoundSetCounts     yes     no      no    yes       no   no      no    no        no       no
compoundSetPoint      yes     no      no    yes       no   no      no    no        no       no
compoundSetOutline    yes     no      no    yes       no   no      no    no        no       no
buildingAdd           yes     no      no    yes       no   no      no    no        no       no
unitAdd               yes     no      no    yes       no   no      no    no        no       no
homesAdd              yes     no      no    yes       no   no      no    no        no       no
homeSetUse            yes     no      no    yes       no   no      no    no        no       no
homeSetArea           yes     no      no    yes       no   no      no    no        no       no
homeSetResidents      yes     no      no    yes       yes  no      no    no        no       no
mandateStart          yes     no      no    no        no   no      no    no        no       no
mandateEnd            yes     no      no    no        no   no      no    no        no       no
jointOfficeDeclare    yes     no      no    yes       no   no      no    no        no       no
jointOfficeEnd        yes     no      no    yes       no   no      no    no        no       no
mandateHandOver       yes     no      no    no        no   no      no    no        no       no
handoverAmend         yes     no      no    no        no   no      no    no        no       no
handoverSign          yes     no      no    yes       no   yes     no    no        no       no
organisationCreate    yes     no      no    no        no   no      no    no        no       no
organisationRename    yes     no      no    no        no   no      no    no        no       no
organisationSetContact yes     no      no    yes       no   yes     no    no        no       no
organisationEnd       yes     no      no    no        no   no      no    no        no       no
electionHold          yes     no      no    no        no   no      no    no        no       no
officeFill            yes     no      no    no        no   no      no    no        no       no
officeEnd             yes     no      no    no        no   no      no    no        no       no
paperAdd              yes     no      no    yes       no   yes     no    no        no       no
paperWithdraw         yes     no      no    yes       no   yes     no    no        no       no
invitationRevoke      yes     no      no    yes       yes  yes     yes   yes       no       no
serviceAccountCreate  no      no      yes   no        no   no      no    no        no       no
apiTokenCreate        no      no      yes   no        no   no      no    no        no       no
apiTokenRotate        no      no      yes   no        no   no      no    no        no       no
apiTokenRevoke        no      no      yes   no        no   no      no    no        no       no
brokerAdmit           no      no      yes   no        no   no      no    no        no       no
keyCreate             no      no      yes   no        no   no      no    no        no       no
keyRotate             no      no      yes   no        no   no      no    no        no       no
keyRevoke             no      no      yes   no        no   no      no    no        no       no
residentInvite        yes     no      no    yes       yes  yes     yes   yes       no       no
unmask                yes     no      no    yes       yes  yes     yes   no        no       no
alertAcknowledge      yes     no      no    yes       yes  yes     yes   no        no       no
alertClear            yes     no      no    yes       yes  yes     yes   no        no       no
alertShelve           yes     no      no    yes       yes  yes     yes   no        no       no
alertUnshelve         yes     no      no    yes       yes  yes     yes   no        no       no
alertPolicySet        yes     no      no    no        no   no      no    no        no       no
silenceCreate         yes     no      no    yes       no   yes     no    no        no       no
silenceEnd            yes     no      no    yes       no   yes     no    no        no       no
deviceAttach          yes     no      no    yes       no   yes     no    no        no       no
deviceSetMaker        yes     no      no    yes       no   yes     no    no        no       no
ticketOpen            yes     no      no    yes       yes  yes     yes   yes       yes      yes
ticketAccept          yes     no      no    yes       yes  yes     yes   no        no       no
ticketAssign          yes     no      no    yes       yes  yes     yes   no        no       no
ticketStart           yes     no      no    yes       yes  yes     yes   no        no       no
ticketResolve         yes     no      no    yes       yes  yes     yes   no        no       no
ticketConfirm         yes     no      no    yes       yes  yes     yes   yes       yes      no
ticketReopen          yes     no      no    yes       yes  yes     yes   yes       yes      no
ticketCancel          yes     no      no    yes       yes  yes     yes   no        yes      no
ticketComment         yes     no      no    yes       yes  yes     yes   yes       yes      no
ticketClassify        yes     no      no    yes       yes  yes     yes   no        no       no
ticketTransfer        yes     no      no    yes       yes  yes     yes   no        no       no
ticketPartyAdd        yes     no      no    yes       yes  yes     yes   no        no       no
ticketPartyRemove     yes     no      no    yes       yes  no      no    no        no       no
ticketSignOff         yes     no      no    yes       yes  yes     yes   yes       no       no
ticketWatch           yes     no      no    yes       yes  yes     yes   yes       no       no
ticketUnwatch         yes     no      no    yes       yes  yes     yes   yes       no       no
ticketLink            yes     no      no    yes       yes  yes     yes   no        no       no
ticketUnlink          yes     no      no    yes       yes  yes     yes   no        no       no
ticketRate            no      no      no    no        no   no      no    no        yes      no
callBackRecord        yes     no      no    yes       yes  no      no    no        no       no
ticketRouteSet        yes     no      no    no        no   no      no    no        no       no
ticketRouteRemove     yes     no      no    no        no   no      no    no        no       no
facilityAdd           yes     no      no    yes       no   yes     no    no        no       no
cameraCover           yes     no      no    yes       no   yes     no    no        no       no
sheetImportCheck      yes     no      no    yes       no   yes     no    no        no       no
sheetImportCommit     yes     no      no    yes       no   yes     no    no        no       no
bookImportCheck       no      no      no    yes       no   yes     yes   yes       no       no
bookImportCommit      no      no      no    yes       no   yes     yes   yes       no       no
zoneDeclare           yes     no      no    yes       no   yes     no    no        no       no
zoneWithdraw          yes     no      no    yes       no   yes     no    no        no       no
facilityAmend         yes     no      no    yes       no   yes     no    no        no       no
facilityMove          yes     no      no    yes       no   yes     no    no        no       no
facilityRetire        yes     no      no    yes       no   yes     no    no        no       no
facilityReportStatus  yes     no      no    yes       yes  yes     yes   no        no       no
ticketPause           yes     no      no    yes       yes  yes     yes   no        no       no
ticketResume          yes     no      no    yes       yes  yes     yes   no        no       no
ticketArrive          yes     no      no    yes       yes  yes     yes   no        no       no
ticketSetPriority     yes     no      no    yes       yes  yes     yes   no        no       no
slaPolicySet          yes     no      no    no        no   no      no    no        no       no
workingHoursSet       yes     no      no    no        no   no      no    no        no       no
calendarDaySet        yes     no      no    no        no   no      no    no        no       no
alertRuleDraft        yes     no      no    no        no   no      no    no        no       no
alertRuleDryRun       yes     no      no    no        no   no      no    no        no       no
alertRulePublish      yes     no      no    no        no   no      no    no        no       no
alertRuleRetire       yes     no      no    no        no   no      no    no        no       no
moduleSwitchOff       yes     no      no    no        no   no      no    no        no       no
moduleSwitchOn        yes     no      no    no        no   no      no    no        no       no
thresholdSet          yes     no      no    no        no   no      no    no        no       no
fileRemove            yes     no      no    yes       yes  yes     yes   no        no       no
dutyRosterCreate      yes     no      no    yes       no   yes     no    no        no       no
dutyRosterEnd         yes     no      no    yes       no   yes     no    no        no       no
dutyShiftAdd          yes     no      no    yes       no   yes     no    no        no       no
dutyShiftRemove       yes     no      no    yes       no   yes     no    no        no       no
dutyShiftSwap         yes     no      no    yes       no   yes     no    no        no       no
upkeepPlanSet         yes     no      no    no        no   no      no    no        no       no
workOrderOpen         yes     no      no    yes       yes  yes     yes   no        no       no
workOrderAssign       yes     no      no    yes       no   yes     no    no        no       no
workOrderStart        yes     no      no    yes       yes  yes     yes   no        no       no
workOrderFinish       yes     no      no    yes       yes  yes     yes   no        no       no
workOrderCountersign  yes     no      no    yes       no   yes     no    no        no       no
workOrderReject       yes     no      no    yes       no   yes     no    no        no       no
workOrderCancel       yes     no      no    yes       no   yes     no    no        no       no
hazardReport          yes     no      no    yes       yes  yes     yes   no        no       no
hazardAssign          yes     no      no    yes       yes  yes     yes   no        no       no
hazardSetGrade        yes     no      no    yes       yes  yes     yes   no        no       no
hazardRectify         yes     no      no    yes       yes  yes     yes   no        no       no
hazardRecheck         yes     no      no    yes       yes  yes     yes   no        no       no
hazardDismiss         yes     no      no    yes       no   no      no    no        no       no
fireDrillPlan         yes     no      no    yes       no   yes     no    no        no       no
fireDrillHold         yes     no      no    yes       no   yes     no    no        no       no
fireDrillCancel       yes     no      no    yes       no   yes     no    no        no       no
firePactSign          yes     no      no    yes       no   no      no    no        no       no
firePactSetHomes      yes     no      no    yes       no   no      no    no        no       no
firePactEnd           yes     no      no    yes       no   no      no    no        no       no
feeAssign             no      no      no    yes       no   yes     yes   yes       no       no
feeAssignAll          no      no      no    yes       no   yes     yes   yes       no       no
feeAssignmentEnd      no      no      no    yes       no   yes     yes   yes       no       no
meterAdd              no      no      no    yes       no   yes     yes   yes       no       no
meterRead             no      no      no    yes       no   yes     yes   yes       no       no
meterEstimate         no      no      no    yes       no   yes     yes   yes       no       no
meterReplace          no      no      no    yes       no   yes     yes   yes       no       no
billRunPreview        no      no      no    yes       no   yes     yes   yes       no       no
billRunCancel         no      no      no    yes       no   yes     yes   yes       no       no
paymentReceive        no      no      no    yes       no   yes     yes   yes       no       no
paymentMatch          no      no      no    yes       no   yes     yes   yes       no       no
paymentAllocate       no      no      no    yes       no   yes     yes   yes       no       no
paymentChargeBack     no      no      no    yes       no   yes     yes   yes       no       no
refundRequest         no      no      no    yes       no   yes     yes   yes       no       no
bankFileEnter         no      no      no    yes       no   yes     yes   yes       no       no
invoiceExport         no      no      no    yes       no   yes     yes   yes       no       no
invoiceReport         no      no      no    yes       no   yes     yes   yes       no       no
reconciliationRun     no      no      no    yes       no   yes     yes   yes       no       no
paymentAllocationUndo  no      no      no    yes       no   yes     no    yes       no       no
paymentVoid           no      no      no    yes       no   yes     no    yes       no       no
paymentUnmatch        no      no      no    yes       no   yes     no    yes       no       no
refundApprove         no      no      no    yes       no   yes     no    yes       no       no
refundReject          no      no      no    yes       no   yes     no    yes       no       no
merchantSet           no      no      no    yes       no   yes     no    yes       no       no
merchantEnd           no      no      no    yes       no   yes     no    yes       no       no
paymentOrderOpen      no      no      no    yes       no   yes     yes   yes       yes      no
paymentOrderClose     no      no      no    yes       no   yes     yes   yes       yes      no
invoiceRequest        no      no      no    yes       no   yes     yes   yes       yes      no
billIssue             no      no      no    yes       no   yes     yes   yes       no       no
feeItemAdd            no      no      no    yes       no   yes     no    yes       no       no
feeItemEnd            no      no      no    yes       no   yes     no    yes       no       no
feePriceSet           no      no      no    yes       no   yes     no    yes       no       no
feePriceWithdraw      no      no      no    yes       no   yes     no    yes       no       no
sharedCostSet         no      no      no    yes       no   yes     no    yes       no       no
billRunStart          no      no      no    yes       no   yes     no    yes       no       no
billRunReverse        no      no      no    yes       no   yes     no    yes       no       no
billCredit            no      no      no    yes       no   yes     no    yes       no       no
billCorrect           no      no      no    yes       no   yes     no    yes       no       no
inspectionRecord      yes     no      no    yes       yes  yes     yes   no        no       no
roundPlanMake         yes     no      no    yes       no   yes     no    no        no       no
roundPlanAmend        yes     no      no    yes       no   yes     no    no        no       no
roundPlanEnd          yes     no      no    yes       no   yes     no    no        no       no
roundPointAdd         yes     no      no    yes       no   yes     no    no        no       no
roundPointEnd         yes     no      no    yes       no   yes     no    no        no       no
roundPointPrint       yes     no      no    yes       no   yes     no    no        no       no
roundPointRenew       yes     no      no    yes       no   yes     no    no        no       no
roundOpen             yes     no      no    yes       yes  yes     yes   no        no       no
roundStart            yes     no      no    yes       yes  yes     yes   no        no       no
roundScan             yes     no      no    yes       yes  yes     yes   no        no       no
roundFinish           yes     no      no    yes       yes  yes     yes   no        no       no
roundCancel           yes     no      no    yes       no   no      no    no        no       no
facilitySuspend       yes     no      no    yes       no   yes     no    no        no       no
facilityResume        yes     no      no    yes       no   yes     no    no        no       no
stationOpen           yes     no      no    no        no   no      no    no        no       no
stationHandOver       yes     no      no    no        no   no      no    no        no       no
stationEnd            yes     no      no    no        no   no      no    no        no       no
stationSetHours       yes     no      no    yes       yes  yes     yes   no        no       no
stationSetPolicePoint yes     no      no    yes       yes  yes     yes   no        no       no
stationClose          yes     no      no    yes       yes  yes     yes   no        no       no
stationReopen         yes     no      no    yes       yes  yes     yes   no        no       no
stationFurnish        yes     no      no    yes       yes  yes     yes   no        no       no
stationEquipmentReport yes     no      no    yes       yes  yes     yes   no        no       no
stationEquipmentRemove yes     no      no    yes       yes  yes     yes   no        no       no
stationItemAdd        yes     no      no    yes       yes  yes     yes   no        no       no
stationItemRestock    yes     no      no    yes       yes  yes     yes   no        no       no
stationItemGive       yes     no      no    yes       yes  yes     yes   no        no       no
stationItemCount      yes     no      no    yes       yes  yes     yes   no        no       no
stationItemSetMinimum yes     no      no    yes       yes  yes     yes   no        no       no
stationItemRemove     yes     no      no    yes       yes  yes     yes   no        no       no
stationItemLend       yes     no      no    yes       yes  yes     yes   no        no       no
stationLoanReturn     yes     no      no    yes       yes  yes     yes   no        no       no
stationLoanWriteOff   yes     no      no    yes       yes  yes     yes   no        no       no
stationServiceOffer   yes     no      no    yes       yes  yes     yes   no        no       no
stationServiceEnd     yes     no      no    yes       yes  yes     yes   no        no       no
stationPointOpen      yes     no      no    yes       yes  yes     yes   no        no       no
stationPointEnd       yes     no      no    yes       yes  yes     yes   no        no       no
stationVisitsSet      yes     no      no    yes       yes  yes     yes   no        no       no
stationVisitsAdd      yes     no      no    yes       yes  yes     yes   no        no       yes
channelAdd            yes     no      no    yes       no   yes     no    no        no       no
channelRemove         yes     no      no    yes       no   yes     no    no        no       no
channelTest           yes     no      no    yes       no   yes     no    no        no       no
channelPause          yes     no      no    yes       no   yes     no    no        no       no
channelResume         yes     no      no    yes       no   yes     no    no        no       no
channelResend         yes     no      no    yes       no   yes     no    no        no       no
noticeResend          yes     no      no    yes       no   yes     no    no        no       no
webhookReplay         yes     no      no    yes       no   yes     no    no        no       no
webhookRotateSecret   yes     no      no    yes       no   yes     no    no        no       no
channelSet            yes     no      no    yes       no   yes     no    no        no       no
noticeRead            yes     no      no    yes       yes  yes     yes   no        no       no
noticeTemplateSet     yes     no      no    no        no   no      no    no        no       no
noticeTemplateReset   yes     no      no    no        no   no      no    no        no       no
"""  # fmt: skip

#: Act → the roles that may do it on rows they see.
ACTS: Mapping[str, frozenset[str]] = {
    line.split()[0]: frozenset(role for role, cell in zip(ROLES, line.split()[1:], strict=True) if cell == "yes")
    for line in _ACTS.strip().splitlines()[1:]
}

#: Act → the ids in its input: field → type, or types. The first names the row that the act is done to.
TARGETS: Mapping[str, Mapping[str, str]] = {
    **{
        name: {"id": "Account"}
        for name in (
            *("accountResetPassword", "accountDisable", "accountEnable", "accountErase", "accountLinkIdentity"),
            "accountUnlinkIdentity",
        )
    },
    **{name: {"organisationId": "Organisation"} for name in ("serviceAccountCreate", "keyCreate", "brokerAdmit", "channelAdd")},
    "accountCreate": {"boundId": "Place Organisation Compound Home"},
    "roleGrant": {"accountId": "Account", "boundId": "Place Organisation Compound Home"},
    "roleEnd": {"id": "RoleBinding"},
    "gridMerge": {"id": "Place", "intoId": "Place"},
    "gridSplit": {"id": "Place", "compoundIds": "Compound", "stationIds": "Station"},
    "placeAdd": {"parentId": "Place"},
    **{name: {"id": "Place"} for name in ("placeRename", "placeSetPoint", "placeSetOutline")},
    "compoundAdd": {"placeId": "Place"},
    "compoundSetGrid": {"id": "Compound", "placeId": "Place"},
    **{
        name: {"id": "Compound"}
        for name in (
            *("compoundRename", "compoundSetAddress", "compoundSetKind", "compoundSetGovernance", "compoundSetYear"),
            *("compoundSetCounts", "compoundSetPoint", "compoundSetOutline"),
        )
    },
    "buildingAdd": {"compoundId": "Compound"},
    "unitAdd": {"buildingId": "Building"},
    "homesAdd": {"unitId": "Unit"},
    **{name: {"id": "Home"} for name in ("homeSetUse", "homeSetArea", "homeSetResidents")},
    "mandateStart": {"compoundId": "Compound", "organisationId": "Organisation"},
    "mandateEnd": {"id": "Mandate"},
    "jointOfficeDeclare": {"compoundId": "Compound"},
    "jointOfficeEnd": {"id": "JointOffice"},
    "mandateHandOver": {"id": "Mandate", "toOrganisationId": "Organisation"},
    **{name: {"id": "MandateHandover"} for name in ("handoverAmend", "handoverSign")},
    "organisationCreate": {"placeId": "Place", "compoundId": "Compound"},
    **{name: {"id": "Organisation"} for name in ("organisationRename", "organisationSetContact", "organisationEnd")},
    **{name: {"organisationId": "Organisation"} for name in ("electionHold", "paperAdd")},
    "officeFill": {
        "organisationId": "Organisation",
        "compoundId": "Compound",
        "accountId": "Account",
        "succeedsId": "Office",
    },
    "officeEnd": {"id": "Office"},
    "paperWithdraw": {"id": "Paper"},
    "invitationRevoke": {"id": "Invitation"},
    "apiTokenCreate": {"accountId": "Account"},
    **{name: {"id": "ApiToken"} for name in ("apiTokenRotate", "apiTokenRevoke")},
    **{name: {"id": "IntakeKey"} for name in ("keyRotate", "keyRevoke")},
    "residentInvite": {"homeId": "Home"},
    "unmask": {"id": "Ticket Account"},
    **{name: {"id": "Alert"} for name in ("alertAcknowledge", "alertClear", "alertShelve", "alertUnshelve")},
    "ticketOpen": {"compoundId": "Compound", "facilityId": "Facility", "homeId": "Home"},
    "ticketAssign": {"id": "Ticket", "assigneeId": "Account"},
    **{
        name: {"id": "Ticket", "organisationId": "Organisation"}
        for name in ("ticketPartyAdd", "ticketPartyRemove", "ticketTransfer")
    },
    **{name: {"id": "Ticket", "otherId": "Ticket"} for name in ("ticketLink", "ticketUnlink")},
    **{name: {"id": "Ticket"} for name in ("ticketClassify", "ticketSignOff", "ticketWatch", "ticketUnwatch", "ticketRate")},
    "callBackRecord": {"id": "CallBack"},
    "ticketRouteSet": {"overId": "Place Compound", "organisationId": "Organisation"},
    "ticketRouteRemove": {"id": "TicketRoute"},
    **{
        name: {"id": "Ticket"}
        for name in (
            *("ticketAccept", "ticketStart", "ticketResolve", "ticketConfirm", "ticketReopen", "ticketCancel", "ticketComment"),
            *("ticketPause", "ticketResume", "ticketArrive", "ticketSetPriority"),
        )
    },
    "facilityAdd": {"compoundId": "Compound", "buildingId": "Building", "unitId": "Unit"},
    "facilityAmend": {"id": "Facility"},
    "cameraCover": {"id": "Facility", "zoneIds": "Zone"},
    "sheetImportCheck": {"fileId": "File"},
    "sheetImportCommit": {"id": "SheetImport"},
    "bookImportCheck": {"fileId": "File"},
    "bookImportCommit": {"id": "SheetImport"},
    "zoneDeclare": {"compoundId": "Compound"},
    "zoneWithdraw": {"id": "Zone"},
    "facilityMove": {"id": "Facility", "compoundId": "Compound", "buildingId": "Building", "unitId": "Unit"},
    "facilityRetire": {"id": "Facility"},
    **{name: {"id": "Facility"} for name in ("facilityReportStatus", "facilitySuspend")},
    "facilityResume": {"id": "Suspension"},
    "inspectionRecord": {"facilityId": "Facility"},
    **{name: {"compoundId": "Compound", "organisationId": "Organisation"} for name in ("fireDrillPlan", "firePactSign")},
    **{name: {"id": "Book"} for name in ("bookClose", "bookSetLimit")},
    **{name: {"bookId": "Book"} for name in ("balancesOpen", "journalPost", "monthClose", "monthReopen")},
    "supplierAdd": {"organisationId": "Organisation"},
    **{name: {"id": "Supplier"} for name in ("supplierAmend", "supplierEnd")},
    "expenseDraft": {"bookId": "Book"},
    **{
        name: {"id": "Expense"}
        for name in (
            *("expenseAmend", "expenseSubmit", "expenseWithdraw", "expenseApprove", "expenseReject", "expensePay"),
            "expenseReverse",
        )
    },
    "journalReverse": {"id": "JournalEntry"},
    **{name: {"bookId": "Book"} for name in ("budgetSet", "budgetDraw", "budgetRemove")},
    "statementDraft": {"bookId": "Book"},
    "statementAsk": {"id": "Statement", "lineId": "StatementLine"},
    **{
        f"statement{name}": {"id": "Statement"}
        for name in ("Redraft", "Submit", "Approve", "Return", "Publish", "Correct", "Discard")
    },
    **{f"statementQuestion{name}": {"id": "StatementQuestion"} for name in ("Answer", "Hide", "Show")},
    "bookOpen": {"organisationId": "Organisation", "compoundId": "Compound"},
    **{name: {"id": "FireDrill"} for name in ("fireDrillHold", "fireDrillCancel")},
    **{name: {"id": "FirePact"} for name in ("firePactSetHomes", "firePactEnd")},
    "hazardReport": {"compoundId": "Compound", "facilityId": "Facility", "buildingId": "Building", "alertId": "Alert"},
    "hazardAssign": {"id": "Hazard", "organisationId": "Organisation", "assigneeId": "Account"},
    **{name: {"id": "Hazard"} for name in ("hazardSetGrade", "hazardRectify", "hazardRecheck", "hazardDismiss")},
    "feeItemAdd": {"bookId": "Book"},
    "billRunPreview": {"bookId": "Book", "itemIds": "FeeItem"},
    "paymentReceive": {"bookId": "Book", "homeId": "Home", "billIds": "Bill"},
    "paymentMatch": {"id": "Payment", "homeId": "Home", "billIds": "Bill"},
    "paymentAllocate": {"id": "Payment", "billIds": "Bill"},
    **{name: {"id": "Payment"} for name in ("paymentVoid", "paymentUnmatch", "paymentChargeBack")},
    "paymentAllocationUndo": {"id": "Allocation"},
    "refundRequest": {"paymentId": "Payment"},
    **{name: {"id": "Refund"} for name in ("refundApprove", "refundReject")},
    **{name: {"bookId": "Book"} for name in ("bankFileEnter", "merchantSet", "invoiceExport")},
    "merchantEnd": {"id": "PaymentMerchant"},
    "reconciliationRun": {"merchantId": "PaymentMerchant"},
    "paymentOrderOpen": {"billIds": "Bill"},
    "paymentOrderClose": {"id": "PaymentOrder"},
    "invoiceRequest": {"receiptId": "Receipt"},
    "invoiceReport": {"id": "InvoiceRequest"},
    "feeItemEnd": {"id": "FeeItem"},
    **{name: {"itemId": "FeeItem"} for name in ("feePriceSet", "sharedCostSet", "feeAssignAll")},
    "feePriceWithdraw": {"id": "FeePrice"},
    "feeAssign": {"itemId": "FeeItem", "homeIds": "Home"},
    "feeAssignmentEnd": {"id": "FeeAssignment"},
    "meterAdd": {"itemId": "FeeItem", "homeId": "Home"},
    **{name: {"id": "Meter"} for name in ("meterRead", "meterEstimate", "meterReplace")},
    **{name: {"id": "BillRun"} for name in ("billRunStart", "billRunCancel", "billRunReverse")},
    "billIssue": {"bookId": "Book", "homeId": "Home"},
    **{name: {"bookId": "Book"} for name in ("reminderLadderSet", "lateFeeTermsSet", "lateFeesCharge")},
    "lateFeeTermsEnd": {"id": "LateFeeTerms"},
    "instalmentPlanAgree": {"bookId": "Book", "homeId": "Home", "billIds": "Bill"},
    "instalmentPlanCancel": {"id": "InstalmentPlan"},
    "reminderRecordDelivery": {"id": "Reminder"},
    "arrearsHandOver": {"id": "ArrearsCase"},
    "billWriteOff": {"id": "Bill"},
    "billDisputeOpen": {"billId": "Bill"},
    **{
        name: {"id": "BillDispute"}
        for name in ("billDisputeAnswer", "billDisputeUphold", "billDisputeReject", "billDisputeWithdraw")
    },
    **{name: {"id": "Bill"} for name in ("billCredit", "billCorrect")},
    "upkeepPlanSet": {"placeId": "Place Compound Facility"},
    "workOrderOpen": {"facilityId": "Facility", "organisationId": "Organisation", "ticketId": "Ticket"},
    "workOrderAssign": {"id": "WorkOrder", "organisationId": "Organisation", "assigneeId": "Account"},
    **{
        name: {"id": "WorkOrder"}
        for name in ("workOrderStart", "workOrderFinish", "workOrderCountersign", "workOrderReject", "workOrderCancel")
    },
    "roundPlanMake": {"compoundId": "Compound", "organisationId": "Organisation"},
    "roundPlanAmend": {"id": "RoundPlan", "organisationId": "Organisation"},
    "roundPlanEnd": {"id": "RoundPlan"},
    **{name: {"planId": "RoundPlan"} for name in ("roundPointAdd", "roundOpen")},
    **{name: {"id": "RoundPoint"} for name in ("roundPointEnd", "roundPointPrint", "roundPointRenew")},
    "roundScan": {"id": "Round", "photoId": "File"},
    **{name: {"id": "Round"} for name in ("roundStart", "roundFinish", "roundCancel")},
    "slaPolicySet": {"ownerId": "Place Organisation"},
    "workingHoursSet": {"ownerId": "Place Organisation"},
    "calendarDaySet": {"streetId": "Place"},
    "alertRuleDraft": {"streetId": "Place", "replaces": "AlertRuleVersion"},
    **{name: {"id": "AlertRuleVersion"} for name in ("alertRuleDryRun", "alertRulePublish", "alertRuleRetire")},
    **{name: {"compoundId": "Compound"} for name in ("moduleSwitchOff", "moduleSwitchOn")},
    "thresholdSet": {"ownerId": "Compound Device Facility Place"},
    "channelSet": {"id": "Channel", "compoundIds": "Compound"},
    "noticeRead": {"id": "Notice"},
    **{name: {"streetId": "Place"} for name in ("noticeTemplateSet", "noticeTemplateReset")},
    "dutyRosterCreate": {"organisationId": "Organisation", "compoundIds": "Compound"},
    "alertPolicySet": {"streetId": "Place"},
    "silenceCreate": {"compoundId": "Compound", "streetId": "Place", "deviceId": "Device"},
    "silenceEnd": {"id": "Silence"},
    "deviceAttach": {"id": "Device", "parentId": "Device"},
    "deviceSetMaker": {"id": "Device"},
    "dutyRosterEnd": {"id": "DutyRoster"},
    "dutyShiftAdd": {"rosterId": "DutyRoster", "accountId": "Account"},
    "dutyShiftRemove": {"id": "DutyShift"},
    "dutyShiftSwap": {"id": "DutyShift", "otherId": "DutyShift"},
    **{
        name: {"id": "Channel"}
        for name in (
            *("channelRemove", "channelTest", "channelPause", "channelResume", "channelResend"),
            *("webhookReplay", "webhookRotateSecret"),
        )
    },
    "noticeResend": {"id": "Notice"},
    "fileRemove": {"id": "File"},
    "stationOpen": {"gridId": "Place", "organisationId": "Organisation"},
    "stationHandOver": {"id": "Station", "organisationId": "Organisation"},
    **{name: {"id": "Station"} for name in ("stationEnd", "stationSetHours", "stationSetPolicePoint")},
    **{
        name: {"stationId": "Station"}
        for name in (
            *("stationClose", "stationFurnish", "stationItemAdd", "stationServiceOffer", "stationPointOpen", "stationVisitsAdd"),
            "stationVisitsSet",
        )
    },
    "postAdd": {"compoundId": "Compound"},
    **{name: {"id": "Post"} for name in ("postSetHours", "postSetStaff", "postEnd")},
    "postStintBegin": {"postId": "Post", "accountId": "Account"},
    "postStintHandOver": {"id": "PostStint", "toAccountId": "Account"},
    "postStintEnd": {"id": "PostStint"},
    "visitorPassIssue": {"homeId": "Home"},
    "visitorPassHandOut": {"postId": "Post"},
    **{name: {"id": "VisitorPass"} for name in ("visitorPassCancel", "visitorPassClose")},
    **{name: {"gateId": "Facility"} for name in ("visitorPassAdmit", "visitorPassLeave")},
    "stationReopen": {"id": "StationClosure"},
    **{name: {"id": "StationEquipment"} for name in ("stationEquipmentReport", "stationEquipmentRemove")},
    **{
        name: {"id": "StationItem"}
        for name in (
            *("stationItemRestock", "stationItemGive", "stationItemCount", "stationItemSetMinimum", "stationItemRemove"),
            "stationItemLend",
        )
    },
    **{name: {"id": "StationLoan"} for name in ("stationLoanReturn", "stationLoanWriteOff")},
    "stationServiceEnd": {"id": "StationService"},
    "stationPointEnd": {"id": "StationPoint"},
}

#: Acts whose right is that to the rows which they make: the type of these. What is an organisation's own is seen wherever it has
#: a mandate, and changed by its own people alone, as a roster is.
MADE: Mapping[str, str] = {
    "channelAdd": "Channel",
    "supplierAdd": "Supplier",
    "bookOpen": "Book",
    **dict.fromkeys(("dutyRosterCreate", "organisationSetContact", "paperAdd", "paperWithdraw"), "DutyRoster"),
}
#: Types whose rows are people themselves: what is one's own among them is to be read.
ONESELF = frozenset({"Account", "RoleBinding"})
#: Acts that everybody may do on what is their own: the account, the ticket that they opened, their channels and notices.
ON_ONES_OWN = frozenset(
    {
        *("accountErase", "channelPause", "channelRemove", "channelResend", "channelResume", "channelSet", "channelTest"),
        *("noticeRead", "noticeResend", "unmask"),
    }
)
#: What is a ticket's reporter's to say, of tickets that somebody passed on for them too; and the roles that say it for them.
ITS_REPORTERS = frozenset({"ticketConfirm", "ticketCancel"})
FOR_REPORTERS = frozenset({"STREET_OFFICER", "COMMUNITY_STAFF", "GRID_WORKER"})
#: Acts of every account on itself; and acts of whoever knows a secret that stands in the input.
OF_EVERYBODY = frozenset({"logOut", "logOutEverywhere", "sessionRevoke", "passwordChange", "phoneChange"})
OF_ANYBODY = frozenset({"logIn", "sessionRefresh", "registerResident"})
#: Acts that find rows: by what, and the roles that find.
FINDING: Mapping[str, frozenset[str]] = {
    "findByPhone": frozenset({"STREET_OFFICER", "COMMUNITY_STAFF", "GRID_WORKER", "COMPANY_MANAGER", "COMPANY_STAFF"})
}
#: Acts on the installation as a whole, and the roles that do them.
OF_THE_HOUSE: Mapping[str, frozenset[str]] = {"checkRun": frozenset({"STREET_OFFICER", "ADMINISTRATOR"})}
#: Lists of the root that are of the installation as a whole, and the roles that see them.
SEEN_OF_THE_HOUSE: Mapping[str, frozenset[str]] = {"checks": frozenset({"STREET_OFFICER", "AUDITOR", "ADMINISTRATOR"})}
MUTATIONS = frozenset({*ACTS, *OF_EVERYBODY, *OF_ANYBODY, *FINDING, *OF_THE_HOUSE})
