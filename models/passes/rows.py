"""The row of visitor passes."""

from tortoise import fields

from domain.access import Reach
from domain.passes import PassState
from models.rows import Row


class VisitorPass(Row):
    """Leave for some people to come in once, between ``valid_from`` and ``valid_until``. Who they are is written nowhere.

    ``digest``: the SHA-256 of its code. ``home_id``: who expects them, ``home`` in words; null for a pass that a post handed out.
    ``place``: where to, as far as the gate must know: building and unit. ``gate_compound_id``: the compound, while the pass is of
    today and its gates need to see it, and of nobody's business else: whoever served the compound before sees none.
    """

    prefix = "vps"
    belonging = {Reach.STREET: "street_id", Reach.PRESENT: "gate_compound_id", Reach.ACCOUNT: "issued_by_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    state = fields.CharEnumField(PassState, max_length=40)
    people = fields.IntField()
    by_vehicle = fields.BooleanField()
    valid_from = fields.DatetimeField()
    valid_until = fields.DatetimeField()
    issued_at = fields.DatetimeField()
    admitted_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField(null=True)
    place = fields.CharField(max_length=260, db_default="")
    home = fields.CharField(max_length=60, db_default="")
    home_id = fields.CharField(max_length=30, null=True)
    post_id = fields.CharField(max_length=30, null=True)
    issued_by_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    gate_compound_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "visitor_pass"
