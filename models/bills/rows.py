"""Rows of bills: bills, their lines, credit notes and theirs. Amounts are yuan."""

from tortoise import fields

from domain.access import Reach
from domain.bills import BillKind, BillState, CreditKind, FeeUnit
from domain.ledger import AccountCode
from models.rows import MoneyField, Row

_BELONGING = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.HOME: "home_id"}


class Bill(Row):
    """What a home is asked to pay. After issue the database lets nothing change but ``paid`` and ``credited``.

    ``number``: without gaps per book. ``total`` is what its lines add up to, and what is paid, credited and open. ``open`` and
    ``state`` are made by the database.
    """

    prefix = "bil"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    kind = fields.CharEnumField(BillKind, max_length=40)
    state = fields.CharEnumField(BillState, max_length=40, generated=True)
    period_from = fields.DateField()
    period_to = fields.DateField()
    issued_on = fields.DateField()
    due_on = fields.DateField()
    total = MoneyField()
    paid = MoneyField(db_default=0)
    credited = MoneyField(db_default=0)
    open = MoneyField(generated=True)
    run_id = fields.CharField(max_length=30, null=True)
    corrects_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bill"


class BillLine(Row):
    """A line of a bill: what for, how much of it, at what price. The days are both included.

    ``factor``: for how many months, less the discount; the amount is quantity × price × factor, rounded as the item says.
    ``credited``: what of it was taken back. ``withdrawn``: its period can be billed again; of those that are not, there is one
    per home, item, first day and ``tier``. The database lets nothing else change.
    """

    prefix = "bln"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    account = fields.CharEnumField(AccountCode, max_length=40)
    description: fields.JSONField[dict[str, str]] = fields.JSONField()
    period_from = fields.DateField()
    period_to = fields.DateField()
    quantity = fields.DecimalField(max_digits=14, decimal_places=4)
    unit = fields.CharEnumField(FeeUnit, max_length=40)
    unit_price = fields.DecimalField(max_digits=14, decimal_places=6)
    factor = fields.DecimalField(max_digits=10, decimal_places=6, db_default=1)
    amount = MoneyField()
    credited = MoneyField(db_default=0)
    tier = fields.IntField(db_default=0)
    withdrawn = fields.BooleanField(db_default=False)
    bill_id = fields.CharField(max_length=30)
    fee_item_id = fields.CharField(max_length=30, null=True)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bill_line"


class CreditNote(Row):
    """What was taken back of a bill, and why. ``number``: without gaps per book. It never changes.

    A written-off amount has no lines: what was charged stands, and is lost.
    """

    prefix = "crn"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    kind = fields.CharEnumField(CreditKind, max_length=40)
    amount = MoneyField()
    why = fields.CharField(max_length=500)
    issued_on = fields.DateField()
    bill_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "credit_note"


class CreditNoteLine(Row):
    """How much of a bill's line a credit note takes back."""

    prefix = "cnl"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    amount = MoneyField()
    credit_note_id = fields.CharField(max_length=30)
    bill_line_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "credit_note_line"


class BillCounter(Row):
    """The numbers that a book gave its bills and credit notes last."""

    book_id = fields.CharField(max_length=30, primary_key=True)
    bills = fields.IntField(db_default=0)
    credit_notes = fields.IntField(db_default=0)

    class Meta:
        table = "bill_counter"
