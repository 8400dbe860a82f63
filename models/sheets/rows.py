"""Rows of imports."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.facilities import FacilityKind
from domain.sheets import ImportState, SheetKind
from models.rows import Row


class SheetImport(Row):
    """A sheet that is checked and then entered, all of it or nothing: into a compound's register, or into a book.

    ``facility_kind``: of a sheet of facilities. ``rows``: how many it has; ``bad_rows``: how many of them are wrong. ``faults``:
    the first of ``fault_count`` faults. ``compound_id`` is of a register's, ``book_id`` and ``organisation_id`` are of a book's:
    what tells of a home's money belongs to those alone who keep it.
    """

    prefix = "imp"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(ImportState, max_length=40, db_default=ImportState.CHECKING)
    kind = fields.CharEnumField(SheetKind, max_length=40)
    facility_kind = fields.CharEnumField(FacilityKind, max_length=40, null=True)
    rows = fields.IntField(db_default=0)
    bad_rows = fields.IntField(db_default=0)
    fault_count = fields.IntField(db_default=0)
    faults: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(db_default="[]")
    started_at = fields.DatetimeField()
    checked_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    file_id = fields.CharField(max_length=30)
    started_by_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "sheet_import"
