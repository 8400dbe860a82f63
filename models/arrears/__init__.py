"""Arrears (欠费): reminders, plans, disputes, late fees, files for courts, write-offs. Nothing here cuts a home off."""

from .ageing import HomeInArrears, ageing, homes_in_arrears
from .cases import close_paid, record_delivery
from .disputes import answer, open_dispute, reject, uphold, withdraw
from .handing_over import hand_over, read_court_file
from .ladders import set_ladder
from .late_fees import charge, charge_bills, owed_of
from .late_terms import end_terms, set_terms
from .plans import agree, cancel, look_after
from .reminding import leave_reminders, remind
from .rows import (
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
from .writing_off import write_off

__all__ = [
    "ArrearsCase",
    "BillDispute",
    "CourtFile",
    "HomeInArrears",
    "Instalment",
    "InstalmentPlan",
    "LateFeeCharge",
    "LateFeeTerms",
    "Reminder",
    "ReminderLadder",
    "ageing",
    "agree",
    "answer",
    "cancel",
    "charge",
    "charge_bills",
    "close_paid",
    "end_terms",
    "hand_over",
    "homes_in_arrears",
    "leave_reminders",
    "look_after",
    "open_dispute",
    "owed_of",
    "read_court_file",
    "record_delivery",
    "reject",
    "remind",
    "set_ladder",
    "set_terms",
    "uphold",
    "withdraw",
    "write_off",
]
