"""Rows of rectification lists."""

from tortoise import fields

from domain.access import Reach
from domain.rectification import EvidencePhase, RectificationSource, RectificationState
from models.rows import Row


class RectificationList(Row):
    """What is to be put right in a compound, as it was drawn up on ``made_on``. ``closed_at``: null while it goes on."""

    prefix = "rcl"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    title = fields.CharField(max_length=120)
    source = fields.CharEnumField(RectificationSource, max_length=40)
    made_on = fields.DateField()
    made_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "rectification_list"


class RectificationItem(Row):
    """A thing of a list that is to be put right by ``due_on``, that day included.

    ``organisation_id``: who claimed it. ``remedy``: how it was put right. ``objection``: why it was refused, opened again or
    dropped. ``extension_until``: the deadline that is asked for, and yet to be granted. ``ended_at``: when it was accepted, or
    dropped. ``resolution_id``: the resolution of a meeting that it comes from.
    """

    prefix = "rci"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    state = fields.CharEnumField(RectificationState, max_length=40)
    what = fields.CharField(max_length=500)
    place = fields.CharField(max_length=200, db_default="")
    due_on = fields.DateField()
    asks_evidence = fields.BooleanField(db_default=True)
    added_at = fields.DatetimeField()
    claimed_at = fields.DatetimeField(null=True)
    reported_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    remedy = fields.CharField(max_length=500, db_default="")
    objection = fields.CharField(max_length=500, db_default="")
    extension_until = fields.DateField(null=True)
    extension_reason = fields.CharField(max_length=500, db_default="")
    extended_count = fields.IntField(db_default=0)
    refused_count = fields.IntField(db_default=0)
    reopened_count = fields.IntField(db_default=0)
    version = fields.IntField(db_default=1)
    list_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30, null=True)
    claimed_by_id = fields.CharField(max_length=30, null=True)
    reported_by_id = fields.CharField(max_length=30, null=True)
    judged_by_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)
    resolution_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "rectification_item"


class RectificationEvidence(Row):
    """A file attached to an item, and whether it shows how it was or how it is since."""

    prefix = "rce"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    phase = fields.CharEnumField(EvidencePhase, max_length=40)
    added_at = fields.DatetimeField()
    file_id = fields.CharField(max_length=30)
    item_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "rectification_evidence"
