"""Rows of bill runs: the run, what it does per item, and where it could not."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.bill_runs import BillRunState
from domain.charges import ChargeFault
from models.rows import MoneyField, Row

_BELONGING = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}


class BillRun(Row):
    """A bill run (出账批次) of a book, for a month (its first day). One of a book is at work at a time.

    ``homes``, ``bills``, ``faults`` and ``total``: so many were looked at, would be or were issued, could not be charged; what
    they ask for. ``after_home_id``: the last home that was looked at. ``examples``: some bills as they would be.
    """

    prefix = "brn"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    month = fields.DateField()
    state = fields.CharEnumField(BillRunState, max_length=40)
    item_ids: fields.JSONField[list[str]] = fields.JSONField()
    issued_on = fields.DateField()
    due_on = fields.DateField()
    homes = fields.IntField(db_default=0)
    bills = fields.IntField(db_default=0)
    faults = fields.IntField(db_default=0)
    total = MoneyField(db_default=0)
    after_home_id = fields.CharField(max_length=30, db_default="")
    examples: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(db_default="[]")
    why = fields.CharField(max_length=500, db_default="")
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    started_by = fields.CharField(max_length=60)
    job_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bill_run"


class BillRunItem(Row):
    """What a run bills of an item: its period, how many homes, how much; and how many pay nothing."""

    prefix = "bri"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    period_from = fields.DateField()
    period_to = fields.DateField()
    homes = fields.IntField(db_default=0)
    exempt = fields.IntField(db_default=0)
    already = fields.IntField(db_default=0)
    faults = fields.IntField(db_default=0)
    amount = MoneyField(db_default=0)
    run_id = fields.CharField(max_length=30)
    fee_item_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bill_run_item"


class BillRunFault(Row):
    """An item that a run could not charge to a home, and why."""

    prefix = "brf"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    fault = fields.CharEnumField(ChargeFault, max_length=40)
    run_id = fields.CharField(max_length=30)
    fee_item_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "bill_run_fault"
