"""Upkeep of facilities: plans, what is due, work orders with their checklists and parts, inspections, suspensions of lifts."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.facilities.words import FacilityKind
from domain.upkeep.words import (
    CadenceMeasure,
    DueState,
    InspectionResult,
    ItemResult,
    PlanSource,
    UpkeepKind,
    WorkOrderSource,
    WorkOrderState,
)

_OF_ORDERS = ("work_order_item", "work_order_part")
_PLACED = "FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id)"
_OF_FACILITIES = ("upkeep_due", "work_order", "inspection", "suspension")

#: A range of one number, made of the facility's id, stands for it in the exclusion, which so needs no extension.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD {_PLACED};" for table in (*_OF_FACILITIES, *_OF_ORDERS))}
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (facility_id) REFERENCES facility (id);" for table in _OF_FACILITIES)}
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (work_order_id) REFERENCES work_order (id) ON DELETE CASCADE;" for table in _OF_ORDERS)}
ALTER TABLE upkeep_plan ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD FOREIGN KEY (facility_id) REFERENCES facility (id),
    ADD {_PLACED}, ADD CHECK (every >= 0), ADD CHECK (ahead_days >= 0), ADD CHECK (warn_days >= 0),
    ADD CHECK (facility_id IS NULL OR compound_id IS NOT NULL), ADD CHECK (measure NOT IN ('DAYS', 'MONTHS') OR every > 0);
ALTER TABLE upkeep_due ADD CHECK ((state = 'RUNNING') = (due_on IS NOT NULL)), ADD CHECK (next_of_id = facility_id),
    ADD CHECK (next_of_id IS NULL OR due_on IS NOT NULL), ADD CHECK (apply_by <= due_on);
ALTER TABLE work_order ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (assignee_id) REFERENCES account (id), ADD FOREIGN KEY (opened_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (done_by_id) REFERENCES account (id), ADD FOREIGN KEY (signed_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (ticket_id) REFERENCES ticket (id), ADD FOREIGN KEY (fault_ticket_id) REFERENCES ticket (id),
    ADD CHECK (state NOT IN ('DONE', 'COUNTERSIGNED') OR done_at IS NOT NULL),
    ADD CHECK ((state = 'COUNTERSIGNED') = (signed_at IS NOT NULL)), ADD CHECK (signed_by_id <> done_by_id),
    ADD CHECK (rejections >= 0), ADD CHECK (faults >= 0), ADD CHECK (distance_m >= 0);
ALTER TABLE work_order_item ADD UNIQUE (work_order_id, code), ADD CHECK (result <> 'FAULT' OR note <> '');
ALTER TABLE work_order_part ADD CHECK (quantity > 0), ADD CHECK (unit_price >= 0);
ALTER TABLE inspection ADD FOREIGN KEY (recorded_by_id) REFERENCES account (id), ADD CHECK (until > done_on),
    ADD CHECK (result <> 'FAILED' OR until IS NULL);
ALTER TABLE suspension ADD CHECK (ends_on > starts_on), ADD CONSTRAINT suspension_one_at_a_time EXCLUDE USING gist (
    int8range(hashtextextended(facility_id, 0), hashtextextended(facility_id, 0), '[]') WITH &&,
    daterange(starts_on, ends_on) WITH &&
);
"""

INDEXES = """
CREATE UNIQUE INDEX upkeep_plan_once
    ON upkeep_plan (street_id, facility_kind, kind, coalesce(compound_id, ''), coalesce(facility_id, ''));
CREATE INDEX upkeep_plan_street ON upkeep_plan (street_id, facility_kind, id) INCLUDE (kind, compound_id, facility_id);
CREATE UNIQUE INDEX upkeep_due_once ON upkeep_due (facility_id, kind);
CREATE UNIQUE INDEX upkeep_due_next ON upkeep_due (next_of_id) WHERE next_of_id IS NOT NULL;
CREATE INDEX upkeep_due_look ON upkeep_due (look_on) WHERE look_on IS NOT NULL;
CREATE INDEX upkeep_due_street ON upkeep_due (street_id, due_on, id) INCLUDE (kind, state, compound_id);
CREATE INDEX upkeep_due_compound ON upkeep_due (compound_id, due_on, id) INCLUDE (street_id, kind, state);
CREATE INDEX upkeep_due_facility ON upkeep_due (facility_id, due_on, id);
CREATE UNIQUE INDEX work_order_one_open ON work_order (facility_id, kind)
    WHERE state IN ('PLANNED', 'ASSIGNED', 'IN_PROGRESS', 'REJECTED');
CREATE UNIQUE INDEX work_order_done_once ON work_order (facility_id, kind, done_at) WHERE state IN ('DONE', 'COUNTERSIGNED');
CREATE INDEX work_order_street ON work_order (street_id, opened_at, id)
    INCLUDE (state, kind, compound_id, facility_id, organisation_id);
CREATE INDEX work_order_compound ON work_order (compound_id, opened_at, id) INCLUDE (state, kind, organisation_id);
CREATE INDEX work_order_due ON work_order (street_id, due_on, id) INCLUDE (state, kind, compound_id);
CREATE INDEX work_order_done ON work_order (street_id, done_at, id) INCLUDE (state, kind, compound_id);
CREATE INDEX work_order_organisation ON work_order (organisation_id, opened_at, id);
CREATE INDEX work_order_facility ON work_order (facility_id, opened_at, id) INCLUDE (state, kind);
CREATE INDEX work_order_item_order ON work_order_item (work_order_id, place, id);
CREATE INDEX work_order_part_order ON work_order_part (work_order_id, place, id);
CREATE UNIQUE INDEX inspection_once ON inspection (facility_id, kind, report_number);
CREATE INDEX inspection_street ON inspection (street_id, done_on, id) INCLUDE (kind, result, compound_id, facility_id);
CREATE INDEX inspection_compound ON inspection (compound_id, done_on, id) INCLUDE (kind, result);
CREATE INDEX inspection_facility ON inspection (facility_id, done_on, id);
CREATE INDEX suspension_street ON suspension (street_id, starts_on, id) INCLUDE (compound_id, facility_id);
CREATE INDEX suspension_compound ON suspension (compound_id, starts_on, id);
CREATE INDEX suspension_facility ON suspension (facility_id, starts_on, id);
"""

#: Facilities that stand already get their clocks from the workers, not only from the check of the coming morning.
WORK = """
INSERT INTO work (kind, payload)
SELECT DISTINCT 'upkeep.all', jsonb_build_object('street', street_id, 'kind', kind) FROM facility
WHERE kind IN ('LIFT', 'PUMP', 'TANK', 'HYDRANT', 'EXTINGUISHER', 'FIRE_PANEL', 'DISTRIBUTION_BOX')
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0033_succession")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Inspection",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=UpkeepKind, max_length=40)),
                ("result", fields.CharEnumField(enum_type=InspectionResult, max_length=40)),
                ("done_on", fields.DateField()),
                ("until", fields.DateField(null=True)),
                ("body", fields.CharField(max_length=120)),
                ("report_number", fields.CharField(max_length=60)),
                ("recorded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("recorded_by_id", fields.CharField(null=True, max_length=30)),
                ("facility_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "inspection",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What came of an inspection, test or assessment. ``until``: until when it holds; ``body``: who inspected, an institution.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Suspension",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("filed_on", fields.DateField()),
                ("filing", fields.CharField(max_length=60)),
                ("cause", fields.CharField(db_default="", max_length=500)),
                ("facility_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "suspension",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A lift reported to its registrar as suspended (报停), from ``starts_on`` to ``ends_on`` (not included; None: it stands).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="UpkeepDue",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=UpkeepKind, max_length=40)),
                ("state", fields.CharEnumField(enum_type=DueState, max_length=40)),
                ("source", fields.CharEnumField(enum_type=PlanSource, max_length=40)),
                ("cadence", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("why", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("clause", fields.CharField(max_length=120)),
                ("due_on", fields.DateField(null=True)),
                ("apply_by", fields.DateField(null=True)),
                ("last_on", fields.DateField(null=True)),
                ("since", fields.DateField()),
                ("warned_for", fields.DateField(null=True)),
                ("told_for", fields.DateField(null=True)),
                ("look_on", fields.DateField(null=True)),
                ("facility_id", fields.CharField(max_length=30)),
                ("next_of_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "upkeep_due",
                "app": "models",
                "pk_attr": "id",
                "table_description": "When one kind of upkeep of a facility is due next. Unique on (facility, kind). Made anew from plan and records.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="UpkeepPlan",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("facility_kind", fields.CharEnumField(enum_type=FacilityKind, max_length=40)),
                ("kind", fields.CharEnumField(enum_type=UpkeepKind, max_length=40)),
                ("measure", fields.CharEnumField(enum_type=CadenceMeasure, max_length=40)),
                ("every", fields.IntField()),
                ("numbers", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("months", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("ahead_days", fields.IntField()),
                ("warn_days", fields.IntField()),
                ("asks_location", fields.BooleanField(db_default=False)),
                ("off", fields.BooleanField(db_default=False)),
                ("clause", fields.CharField(max_length=120)),
                ("compound_id", fields.CharField(null=True, max_length=30)),
                ("facility_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "upkeep_plan",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How often something is done to facilities of a kind, by the word of a street: everywhere, in one compound, of one facility.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=UpkeepKind, max_length=40)),
                ("state", fields.CharEnumField(enum_type=WorkOrderState, max_length=40)),
                ("source", fields.CharEnumField(enum_type=WorkOrderSource, max_length=40)),
                ("planned_on", fields.DateField()),
                ("due_on", fields.DateField(null=True)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("started_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("rejections", fields.IntField(db_default=0)),
                ("faults", fields.IntField(db_default=0)),
                ("objection", fields.CharField(db_default="", max_length=500)),
                ("note", fields.CharField(db_default="", max_length=1000)),
                ("asks_location", fields.BooleanField(db_default=False)),
                ("distance_m", fields.IntField(null=True)),
                ("version", fields.IntField(db_default=1)),
                ("facility_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("assignee_id", fields.CharField(null=True, max_length=30)),
                ("opened_by_id", fields.CharField(null=True, max_length=30)),
                ("done_by_id", fields.CharField(null=True, max_length=30)),
                ("signed_by_id", fields.CharField(null=True, max_length=30)),
                ("ticket_id", fields.CharField(null=True, max_length=30)),
                ("fault_ticket_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "work_order",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Work to be done on a facility, and what was done. Of a facility and kind at most one is still to be done.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="WorkOrderItem",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("place", fields.IntField()),
                ("code", fields.CharField(max_length=40)),
                ("words", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("unit", fields.CharField(db_default="", max_length=20)),
                ("result", fields.CharEnumField(null=True, enum_type=ItemResult, max_length=40)),
                ("reading", fields.DecimalField(null=True, max_digits=12, decimal_places=3)),
                ("note", fields.CharField(db_default="", max_length=500)),
                ("work_order_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "work_order_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": 'One item of a work order\'s checklist. ``result``: None until it was looked at. ``unit``: of the reading, "" for none.',
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="WorkOrderPart",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("place", fields.IntField()),
                ("name", fields.CharField(max_length=120)),
                ("quantity", fields.DecimalField(max_digits=12, decimal_places=3)),
                ("unit", fields.CharField(max_length=20)),
                ("unit_price", fields.DecimalField(max_digits=12, decimal_places=3)),
                ("work_order_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "work_order_part",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A part that was used up by a work order. ``unit_price``: in yuan.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
        ops.RunSQL(WORK),
    ]
