"""Rows of hazards."""

from datetime import datetime

from tortoise import fields

from domain.access import Reach
from domain.deadlines import DeadlineLevel
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState
from models.rows import Row


class Hazard(Row):
    """Something that can start a fire, feed it, or keep people from getting out; and how it was put right.

    ``topic``: what it is about, for machines; of a compound and topic at most one is open. ``spot``: where, in words.
    ``organisation_id``: who puts it right. ``assigned_at``: since when that is with them, or with them again. ``recheck_by``: by
    when it is looked at again, once it was put right. ``level``: to whom it has climbed; null: it is not late. ``climbs_at``:
    when it climbs next. ``remedy``: how it was put right. ``objection``: why it was not, or why it was dismissed.
    """

    prefix = "haz"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    grade = fields.CharEnumField(HazardGrade, max_length=40)
    state = fields.CharEnumField(HazardState, max_length=40)
    source = fields.CharEnumField(HazardSource, max_length=40)
    outcome = fields.CharEnumField(HazardOutcome, max_length=40, null=True)
    level = fields.CharEnumField(DeadlineLevel, max_length=40, null=True)
    topic = fields.CharField(max_length=120, null=True)
    what = fields.CharField(max_length=500)
    spot = fields.CharField(max_length=200, db_default="")
    interim_measure = fields.CharField(max_length=500, db_default="")
    remedy = fields.CharField(max_length=500, db_default="")
    objection = fields.CharField(max_length=500, db_default="")
    found_count = fields.IntField(db_default=1)
    reopened_count = fields.IntField(db_default=0)
    found_at = fields.DatetimeField()
    last_found_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    recheck_by = fields.DatetimeField(null=True)
    climbs_at = fields.DatetimeField(null=True)
    assigned_at = fields.DatetimeField(null=True)
    rectified_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    facility_id = fields.CharField(max_length=30, null=True)
    building_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    assignee_id = fields.CharField(max_length=30, null=True)
    found_by_id = fields.CharField(max_length=30, null=True)
    rectified_by_id = fields.CharField(max_length=30, null=True)
    closed_by_id = fields.CharField(max_length=30, null=True)
    alert_id = fields.CharField(max_length=30, null=True)
    scan_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "hazard"

    @property
    def waits_until(self) -> datetime:
        """By when the next thing must be done: it is put right; once it was, it is looked at again."""
        return self.recheck_by if self.state is HazardState.RECTIFIED and self.recheck_by else self.due_at
