"""Rows of rounds: plans with their points, and rounds with what was scanned on them."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.rounds import (
    Plan,
    RoundBasis,
    RoundKind,
    RoundMeasure,
    RoundSource,
    RoundState,
    ScanFault,
    ScanSource,
)
from models.rows import Row

_PLACED = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}


class RoundPlan(Row):
    """What is gone round in a compound, from ``starts_on`` to ``ends_on`` (both included; null: open), and how often.

    ``basis``: the rule of the fire code by which it was made; one of each in a compound, also once it has ended.
    ``organisation_id``: who goes; null, and where that organisation serves the compound no more: whoever does such work there.
    ``made_until``: rounds that open before this are made.
    """

    prefix = "rpl"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(RoundKind, max_length=40)
    name = fields.CharField(max_length=60)
    basis = fields.CharEnumField(RoundBasis, max_length=40, null=True)
    measure = fields.CharEnumField(RoundMeasure, max_length=40)
    every = fields.IntField()
    times: fields.JSONField[list[str]] = fields.JSONField()
    window_minutes = fields.IntField()
    ordered = fields.BooleanField(db_default=False)
    asks_photo = fields.BooleanField(db_default=False)
    within_m = fields.IntField(null=True)
    clause = fields.CharField(max_length=120)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    made_at = fields.DatetimeField()
    made_until = fields.DatetimeField()
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "round_plan"

    @property
    def plan(self) -> Plan:
        """Its figures."""
        return Plan(
            self.measure,
            self.every,
            tuple(self.times),
            self.window_minutes,
            self.clause,
            self.ordered,
            self.asks_photo,
            self.within_m,
        )


class RoundPoint(Row):
    """A point of a plan: ``number`` says in which order it is gone, ``place`` where it is, ``items`` what is asked there.

    ``code``: what its QR code holds; nobody is shown it but who prints it. ``basis``: the fire code asks for the point, and for
    one of each building. It counts for rounds that open from ``added_at`` on, until ``ended_at``. ``fault``: why a scan that was
    told by an event did not count last, at ``fault_at``.
    """

    prefix = "rpt"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    name = fields.CharField(max_length=60)
    place = fields.CharField(max_length=120, db_default="")
    code = fields.CharField(max_length=26, unique=True)
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)
    items: fields.JSONField[list[dict[str, str]]] = fields.JSONField(db_default="[]")
    basis = fields.CharEnumField(RoundBasis, max_length=40, null=True)
    added_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    fault = fields.CharEnumField(ScanFault, max_length=40, null=True)
    fault_at = fields.DatetimeField(null=True)
    building_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)
    plan_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "round_point"


class Round(Row):
    """A round to be gone from ``opens_at`` to ``closes_at`` (not included), and what came of it. No two of a plan overlap.

    ``points``, ``scanned``, ``not_ok``: how many points it had once it was over, how many were scanned, and how many answers
    told of something wrong. ``left_out``: why points were left out, or why it was cancelled. ``organisation_id``: who goes.
    """

    prefix = "rnd"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(RoundKind, max_length=40)
    state = fields.CharEnumField(RoundState, max_length=40)
    source = fields.CharEnumField(RoundSource, max_length=40)
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    points = fields.IntField(db_default=0)
    scanned = fields.IntField(db_default=0)
    not_ok = fields.IntField(db_default=0)
    left_out = fields.CharField(max_length=500, db_default="")
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30, null=True)
    started_by_id = fields.CharField(max_length=30, null=True)
    ended_by_id = fields.CharField(max_length=30, null=True)
    plan_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "round"


class RoundScan(Row):
    """A point that was scanned on a round, once. Who scanned is not kept with it, nor where they stood: only ``distance_m``.

    ``answers``: what was answered to the point's checklist. ``not_ok``: how many of these tell of something wrong.
    """

    prefix = "rsc"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    scanned_at = fields.DatetimeField()
    source = fields.CharEnumField(ScanSource, max_length=40)
    answers: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(db_default="[]")
    not_ok = fields.IntField(db_default=0)
    distance_m = fields.IntField(null=True)
    photo_id = fields.CharField(max_length=30, null=True)
    point_id = fields.CharField(max_length=30)
    round_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "round_scan"
