"""Rows of suppliers and of expenses."""

from tortoise import fields

from domain.access import Reach
from domain.expenses import ExpenseCategory, ExpenseState
from domain.ledger import AccountCode, Fund
from models.rows import MoneyField, Row

_BELONGS = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}


class Supplier(Row):
    """A body from which an organisation buys: no person. One that goes on has its name and its code once in the organisation."""

    prefix = "sup"
    belonging = _BELONGS

    id = fields.CharField(max_length=30, primary_key=True)
    name = fields.CharField(max_length=120)
    credit_code = fields.CharField(max_length=18, null=True)
    added_at = fields.DatetimeField(auto_now_add=True)
    ended_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "supplier"


class Expense(Row):
    """Something spent, out of a fund of a book. What was approved is posted, and not changed any more.

    ``spent_on``: the day of the books. ``basis``: the vote or resolution by which the owners' money is spent. ``alike_id``: one
    of the same supplier and amount, that it may be. ``paid_from``: the account that paid. ``approved_by_id``: null where
    nobody had to. An invoice is in one expense of an organisation that stands: the database sees to it.
    """

    prefix = "exp"
    belonging = _BELONGS

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(ExpenseState, max_length=40, db_default=ExpenseState.DRAFT)
    category = fields.CharEnumField(ExpenseCategory, max_length=40)
    fund = fields.CharEnumField(Fund, max_length=40)
    amount = MoneyField()
    what = fields.CharField(max_length=200)
    spent_on = fields.DateField()
    invoice_number = fields.CharField(max_length=40, db_default="")
    invoice_on = fields.DateField(null=True)
    basis = fields.CharField(max_length=120, db_default="")
    drafted_at = fields.DatetimeField(auto_now_add=True)
    submitted_at = fields.DatetimeField(null=True)
    approved_at = fields.DatetimeField(null=True)
    paid_on = fields.DateField(null=True)
    paid_from = fields.CharEnumField(AccountCode, max_length=40, null=True)
    said = fields.CharField(max_length=200, db_default="")
    version = fields.IntField(db_default=1)
    supplier_id = fields.CharField(max_length=30, null=True)
    alike_id = fields.CharField(max_length=30, null=True)
    ticket_id = fields.CharField(max_length=30, null=True)
    work_order_id = fields.CharField(max_length=30, null=True)
    drafted_by_id = fields.CharField(max_length=30)
    submitted_by_id = fields.CharField(max_length=30, null=True)
    approved_by_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "expense"
