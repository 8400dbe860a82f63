"""Rows of upkeep: plans, what is due, work orders with their checklists and parts, inspections, suspensions of lifts."""

from tortoise import fields

from domain.access import Reach
from domain.facilities import FacilityKind
from domain.upkeep import (
    Cadence,
    CadenceMeasure,
    DueState,
    InspectionResult,
    ItemResult,
    Plan,
    PlanSource,
    Stop,
    UpkeepKind,
    WorkOrderSource,
    WorkOrderState,
)
from models.rows import Row

_PLACED = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}


class UpkeepPlan(Row):
    """How often something is done to facilities of a kind, by the word of a street: everywhere, in one compound, of one facility.

    Unique on place, facility and kind. ``off``: it is not done here.
    """

    prefix = "upl"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    facility_kind = fields.CharEnumField(FacilityKind, max_length=40)
    kind = fields.CharEnumField(UpkeepKind, max_length=40)
    measure = fields.CharEnumField(CadenceMeasure, max_length=40)
    every = fields.IntField()
    numbers: fields.JSONField[list[int]] = fields.JSONField(db_default="[]")
    months: fields.JSONField[list[int]] = fields.JSONField(db_default="[]")
    ahead_days = fields.IntField()
    warn_days = fields.IntField()
    asks_location = fields.BooleanField(db_default=False)
    off = fields.BooleanField(db_default=False)
    clause = fields.CharField(max_length=120)
    compound_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "upkeep_plan"

    @property
    def source(self) -> PlanSource:
        return PlanSource.FACILITY if self.facility_id else PlanSource.COMPOUND if self.compound_id else PlanSource.STREET

    @property
    def plan(self) -> Plan:
        """Its figures."""
        cadence = Cadence(self.measure, self.every, tuple(self.numbers), tuple(self.months))
        return Plan(cadence, self.clause, self.ahead_days, self.warn_days, self.asks_location, self.off)


class UpkeepDue(Row):
    """When one kind of upkeep of a facility is due next. Unique on (facility, kind). Made anew from plan and records.

    ``why`` and ``cadence`` map a language to a sentence. ``since``: from when on account is kept of it. ``next_of_id``: the
    facility, if of all that is due of it this comes first. ``warned_for`` and ``told_for``: the due days of which people were
    warned, and told that they have passed. ``look_on``: when the clock must look at it again.
    """

    prefix = "upd"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(UpkeepKind, max_length=40)
    state = fields.CharEnumField(DueState, max_length=40)
    source = fields.CharEnumField(PlanSource, max_length=40)
    cadence: fields.JSONField[dict[str, str]] = fields.JSONField()
    why: fields.JSONField[dict[str, str]] = fields.JSONField()
    clause = fields.CharField(max_length=120)
    due_on = fields.DateField(null=True)
    apply_by = fields.DateField(null=True)
    last_on = fields.DateField(null=True)
    since = fields.DateField()
    warned_for = fields.DateField(null=True)
    told_for = fields.DateField(null=True)
    look_on = fields.DateField(null=True)
    facility_id = fields.CharField(max_length=30)
    next_of_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "upkeep_due"


class WorkOrder(Row):
    """Work to be done on a facility, and what was done. Of a facility and kind at most one is still to be done.

    ``planned_on``: from when on it may be done; ``due_on``: by when it must be. ``organisation_id``: who does it.
    ``objection``: why it was rejected or cancelled last. ``distance_m``: how far from the compound's point whoever did it stood,
    where the plan asks for that. ``fault_ticket_id``: the ticket that was opened for what was found.
    """

    prefix = "wko"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(UpkeepKind, max_length=40)
    state = fields.CharEnumField(WorkOrderState, max_length=40)
    source = fields.CharEnumField(WorkOrderSource, max_length=40)
    planned_on = fields.DateField()
    due_on = fields.DateField(null=True)
    opened_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    signed_at = fields.DatetimeField(null=True)
    rejections = fields.IntField(db_default=0)
    faults = fields.IntField(db_default=0)
    objection = fields.CharField(max_length=500, db_default="")
    note = fields.CharField(max_length=1000, db_default="")
    asks_location = fields.BooleanField(db_default=False)
    distance_m = fields.IntField(null=True)
    version = fields.IntField(db_default=1)
    facility_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30, null=True)
    assignee_id = fields.CharField(max_length=30, null=True)
    opened_by_id = fields.CharField(max_length=30, null=True)
    done_by_id = fields.CharField(max_length=30, null=True)
    signed_by_id = fields.CharField(max_length=30, null=True)
    ticket_id = fields.CharField(max_length=30, null=True)
    fault_ticket_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "work_order"


class WorkOrderItem(Row):
    """One item of a work order's checklist. ``result``: None until it was looked at. ``unit``: of the reading, "" for none."""

    prefix = "wki"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    place = fields.IntField()
    code = fields.CharField(max_length=40)
    words: fields.JSONField[dict[str, str]] = fields.JSONField()
    unit = fields.CharField(max_length=20, db_default="")
    result = fields.CharEnumField(ItemResult, max_length=40, null=True)
    reading = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    note = fields.CharField(max_length=500, db_default="")
    work_order_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "work_order_item"


class WorkOrderPart(Row):
    """A part that was used up by a work order. ``unit_price``: in yuan."""

    prefix = "wkp"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    place = fields.IntField()
    name = fields.CharField(max_length=120)
    quantity = fields.DecimalField(max_digits=12, decimal_places=3)
    unit = fields.CharField(max_length=20)
    unit_price = fields.DecimalField(max_digits=12, decimal_places=3)
    work_order_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "work_order_part"


class Inspection(Row):
    """What came of an inspection, test or assessment. ``until``: until when it holds; ``body``: who inspected, an institution."""

    prefix = "isp"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(UpkeepKind, max_length=40)
    result = fields.CharEnumField(InspectionResult, max_length=40)
    done_on = fields.DateField()
    until = fields.DateField(null=True)
    body = fields.CharField(max_length=120)
    report_number = fields.CharField(max_length=60)
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "inspection"


class Suspension(Row):
    """A lift reported to its registrar as suspended (报停), from ``starts_on`` to ``ends_on`` (not included; None: it stands).

    ``filing``: the registrar's number of the notice, told on ``filed_on``. No two of a facility overlap.
    """

    prefix = "sus"
    belonging = _PLACED

    id = fields.CharField(max_length=30, primary_key=True)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    filed_on = fields.DateField()
    filing = fields.CharField(max_length=60)
    cause = fields.CharField(max_length=500, db_default="")
    facility_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "suspension"

    @property
    def stop(self) -> Stop:
        """As the clock counts it."""
        return Stop(self.starts_on, self.filed_on, self.filing, self.ends_on)
