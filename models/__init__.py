"""Memory: the rows, their migrations, and the acts that change them."""

from .accounts import Account, RoleBinding
from .alerts import Alert, AlertCare, AlertOccurrence, AlertRuleDryRun, AlertRuleVersion, DryRunAlert, RuleState, Threshold
from .alerts.policies import AlertPolicy
from .alerts.silences import Silence
from .alerts.sources import AlertSource
from .arrears import (
    ArrearsCase,
    BillDispute,
    CourtFile,
    Instalment,
    InstalmentPlan,
    LateFeeCharge,
    LateFeeTerms,
    Reminder,
    ReminderLadder,
)
from .attempts import Attempt
from .bill_runs.rows import BillRun, BillRunFault, BillRunItem
from .bills.rows import Bill, BillCounter, BillLine, CreditNote, CreditNoteLine
from .budgets import BudgetLine
from .checks import ClockCheck, ClockSlot
from .complaints import ComplaintCluster
from .deadlines import CalendarDay, SlaPolicy, TicketDeadline, TicketPause, WorkingHours
from .duty import DutyRoster, DutyShift
from .events import Event, Reading
from .expenses import Expense, Supplier
from .facilities import Device, Facility, FacilityStatusChange, Zone, ZoneCamera
from .facts import Fact
from .fees.rows import FeeAssignment, FeeItem, FeePrice, Meter, MeterReading, SharedCost
from .figures import CompoundFigures
from .files import File
from .fire_drills import FireDrill
from .fire_pacts import FirePact
from .fire_reports import FireReport
from .handovers import MandateHandover
from .hazards import Hazard
from .idempotency import IdempotencyKey
from .identities import AccountIdentity
from .invitations import Invitation
from .jobs import Job
from .joint_offices import JointOffice
from .keys import IntakeKey
from .ledger import Book, JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from .modules import ModuleSwitch
from .notices import Channel, Notice, NoticeAttempt, NoticeTemplate
from .notices.hosts import DeliveryHost
from .offices import Election, Office
from .organisations import Mandate, Organisation
from .papers import Paper
from .passes import VisitorPass
from .payments import (
    Allocation,
    BankFile,
    InvoiceRequest,
    Payment,
    PaymentFailure,
    PaymentMerchant,
    PaymentMessage,
    PaymentOrder,
    Receipt,
    ReceiptCounter,
    Reconciliation,
    Refund,
)
from .posts import Post, PostStint
from .rounds import Round, RoundPlan, RoundPoint, RoundScan
from .sessions import AccountSession, RefreshToken
from .sheets import SheetImport
from .statements import Statement, StatementEntry, StatementLine, StatementQuestion
from .stations import (
    Station,
    StationClosure,
    StationEquipment,
    StationItem,
    StationLoan,
    StationMovement,
    StationPoint,
    StationService,
    StationVisit,
)
from .territory import Building, Compound, Home, Place, Unit
from .tickets import CallBack, Ticket, TicketComment, TicketLink, TicketParty, TicketRating, TicketRoute, TicketWatcher
from .tokens import ApiToken
from .unmasking import Unmasking
from .upkeep import Inspection, Suspension, UpkeepDue, UpkeepPlan, WorkOrder, WorkOrderItem, WorkOrderPart
from .work import Work

__all__ = [
    "Account",
    "AccountIdentity",
    "AccountSession",
    "Alert",
    "AlertCare",
    "AlertOccurrence",
    "AlertPolicy",
    "AlertRuleDryRun",
    "AlertRuleVersion",
    "AlertSource",
    "Allocation",
    "ApiToken",
    "ArrearsCase",
    "Attempt",
    "BankFile",
    "Bill",
    "BillCounter",
    "BillDispute",
    "BillLine",
    "BillRun",
    "BillRunFault",
    "BillRunItem",
    "Book",
    "BudgetLine",
    "Building",
    "CalendarDay",
    "CallBack",
    "Channel",
    "ClockCheck",
    "ClockSlot",
    "ComplaintCluster",
    "Compound",
    "CompoundFigures",
    "CourtFile",
    "CreditNote",
    "CreditNoteLine",
    "DeliveryHost",
    "Device",
    "DryRunAlert",
    "DutyRoster",
    "DutyShift",
    "Election",
    "Event",
    "Expense",
    "Facility",
    "FacilityStatusChange",
    "Fact",
    "FeeAssignment",
    "FeeItem",
    "FeePrice",
    "File",
    "FireDrill",
    "FirePact",
    "FireReport",
    "Hazard",
    "Home",
    "IdempotencyKey",
    "Inspection",
    "Instalment",
    "InstalmentPlan",
    "IntakeKey",
    "Invitation",
    "InvoiceRequest",
    "Job",
    "JointOffice",
    "JournalEntry",
    "JournalLine",
    "LateFeeCharge",
    "LateFeeTerms",
    "LedgerAccount",
    "LedgerPeriod",
    "Mandate",
    "MandateHandover",
    "Meter",
    "MeterReading",
    "ModuleSwitch",
    "Notice",
    "NoticeAttempt",
    "NoticeTemplate",
    "Office",
    "Organisation",
    "Paper",
    "Payment",
    "PaymentFailure",
    "PaymentMerchant",
    "PaymentMessage",
    "PaymentOrder",
    "Place",
    "Post",
    "PostStint",
    "Reading",
    "Receipt",
    "ReceiptCounter",
    "Reconciliation",
    "RefreshToken",
    "Refund",
    "Reminder",
    "ReminderLadder",
    "RoleBinding",
    "Round",
    "RoundPlan",
    "RoundPoint",
    "RoundScan",
    "RuleState",
    "SharedCost",
    "SheetImport",
    "Silence",
    "SlaPolicy",
    "Statement",
    "StatementEntry",
    "StatementLine",
    "StatementQuestion",
    "Station",
    "StationClosure",
    "StationEquipment",
    "StationItem",
    "StationLoan",
    "StationMovement",
    "StationPoint",
    "StationService",
    "StationVisit",
    "Supplier",
    "Suspension",
    "Threshold",
    "Ticket",
    "TicketComment",
    "TicketDeadline",
    "TicketLink",
    "TicketParty",
    "TicketPause",
    "TicketRating",
    "TicketRoute",
    "TicketWatcher",
    "Unit",
    "Unmasking",
    "UpkeepDue",
    "UpkeepPlan",
    "VisitorPass",
    "Work",
    "WorkOrder",
    "WorkOrderItem",
    "WorkOrderPart",
    "WorkingHours",
    "Zone",
    "ZoneCamera",
]
