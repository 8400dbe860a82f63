"""Rows of imports."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.facilities import FacilityKind
from domain.sheets import ImportState
from models.rows import Row


class SheetImport(Row):
    """A sheet that is checked and then entered, all of it or nothing.

    ``rows``: how many it has; ``bad_rows``: how many of them are wrong. ``faults``: the first of ``fault_count`` faults.
    """

    prefix = "imp"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(ImportState, max_length=40, db_default=ImportState.CHECKING)
    kind = fields.CharEnumField(FacilityKind, max_length=40)
    rows = fields.IntField(db_default=0)
    bad_rows = fields.IntField(db_default=0)
    fault_count = fields.IntField(db_default=0)
    faults: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(db_default="[]")
    started_at = fields.DatetimeField()
    checked_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    file_id = fields.CharField(max_length=30)
    started_by_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "sheet_import"
