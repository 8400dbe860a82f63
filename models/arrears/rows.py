"""The rows of arrears: ladders, cases, reminders, plans, disputes, terms of late fees, and files for courts.

What tells of one home belongs to the organisation that keeps the book, and to the home.
"""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.arrears.cases import CaseState, DeliveryWay
from domain.arrears.disputes import DisputeReason, DisputeState
from domain.arrears.instalments import PlanState
from domain.arrears.ladder import LadderStep, ReminderKind
from models.rows import MoneyField, Row

#: Of a book as a whole.
_BOOK = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}
#: Of one home's money.
_HOME = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.HOME: "home_id"}


class ReminderLadder(Row):
    """How homes that are behind are reminded by the book's keeper; unique on the book.

    ``steps``: each with ``kind``, ``after_days`` and ``period_days``. ``running``: whether reminders are sent.
    """

    prefix = "rld"
    belonging = _BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    steps: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    running = fields.BooleanField()
    set_at = fields.DatetimeField()
    version = fields.IntField(db_default=1)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "reminder_ladder"

    @property
    def ladder(self) -> tuple[LadderStep, ...]:
        """The steps, in order."""
        return tuple(LadderStep(ReminderKind(each["kind"]), each["after_days"], each["period_days"]) for each in self.steps)


class LateFeeTerms(Row):
    """What a contract says of late fees from ``starts_on`` to ``ends_on`` (both included; null: open). Never two on one day."""

    prefix = "lft"
    belonging = _BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    contract_number = fields.CharField(max_length=60)
    per_day = fields.DecimalField(max_digits=9, decimal_places=8)
    cap = fields.DecimalField(max_digits=5, decimal_places=4)
    grace_days = fields.IntField()
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    version = fields.IntField(db_default=1)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "late_fee_terms"


class ArrearsCase(Row):
    """A home that is behind, from its first reminder until nothing is past due; one of a book and home is not closed.

    ``step``: of the ladder, sent last, on ``sent_on``; ``pay_by``: by when it asked to pay.
    """

    prefix = "arc"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(CaseState, max_length=40)
    opened_on = fields.DateField()
    closed_on = fields.DateField(null=True)
    step = fields.IntField(db_default=0)
    sent_on = fields.DateField(null=True)
    pay_by = fields.DateField(null=True)
    version = fields.IntField(db_default=1)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "arrears_case"


class Reminder(Row):
    """One reminder of a case; unique on (case, step). ``amount``: what was past due then, of ``bill_count`` bills.

    ``bills``: of each its ``id``, ``number``, ``due_on`` and ``open``. ``message``: its words by language. ``told``: to how many
    channels of residents it went. ``delivered_way``, ``delivered_on``, ``slip``: how and when it came on paper.
    """

    prefix = "rem"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ReminderKind, max_length=40)
    step = fields.IntField()
    amount = MoneyField()
    bill_count = fields.IntField()
    oldest_due_on = fields.DateField()
    pay_by = fields.DateField()
    sent_at = fields.DatetimeField()
    told = fields.IntField(db_default=0)
    message: fields.JSONField[dict[str, str]] = fields.JSONField()
    bills: fields.JSONField[list[dict[str, str]]] = fields.JSONField()
    delivered_way = fields.CharEnumField(DeliveryWay, max_length=40, null=True)
    delivered_on = fields.DateField(null=True)
    slip = fields.CharField(max_length=60, db_default="")
    version = fields.IntField(db_default=1)
    case_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "reminder"


class InstalmentPlan(Row):
    """What a home owes on some bills, in parts; one of a book and home runs. ``bill_ids``: the bills that it covers.

    ``paid``: what was paid or credited of them since, when it was looked at last.
    """

    prefix = "ipl"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(PlanState, max_length=40)
    agreed_on = fields.DateField()
    ended_on = fields.DateField(null=True)
    total = MoneyField()
    paid = MoneyField(db_default=0)
    parts = fields.IntField()
    bill_ids: fields.JSONField[list[str]] = fields.JSONField()
    version = fields.IntField(db_default=1)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "instalment_plan"


class Instalment(Row):
    """One part of a plan: so much by a day. Unique on (plan, number); all of a plan sum to its total."""

    prefix = "isn"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    due_on = fields.DateField()
    amount = MoneyField()
    plan_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "instalment"


class BillDispute(Row):
    """What a home has against a bill; one of a bill is not settled. ``credited``: what an upheld one took off the bill."""

    prefix = "dsp"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    reason = fields.CharEnumField(DisputeReason, max_length=40)
    text = fields.CharField(max_length=1000)
    state = fields.CharEnumField(DisputeState, max_length=40)
    opened_at = fields.DatetimeField()
    answer = fields.CharField(max_length=1000, db_default="")
    answered_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    credited = MoneyField(null=True)
    version = fields.IntField(db_default=1)
    bill_id = fields.CharField(max_length=30)
    opened_by_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bill_dispute"


class LateFeeCharge(Row):
    """What was asked for late payment of a bill, for its days up to ``until``; unique on both.

    ``amount`` stands on ``late_bill_id``, and adds up with the charges before to what the contract allows, no more.
    """

    prefix = "lfc"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    until = fields.DateField()
    days = fields.IntField()
    amount = MoneyField()
    bill_id = fields.CharField(max_length=30)
    late_bill_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "late_fee_charge"


class CourtFile(Row):
    """What a court or an arbitration is given of a case: frozen when it was made. ``document``: HTML; ``sha256``: of it."""

    prefix = "cfl"
    belonging = _HOME

    id = fields.CharField(max_length=30, primary_key=True)
    made_at = fields.DatetimeField()
    amount = MoneyField()
    bill_count = fields.IntField()
    document = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    case_id = fields.CharField(max_length=30)
    made_by_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "court_file"
