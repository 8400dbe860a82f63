"""Hazards: what was found, who puts it right, and who looks again."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.deadlines.words import DeadlineLevel
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState

_PEOPLE = ("assignee_id", "found_by_id", "rectified_by_id", "closed_by_id")

CHECKS = f"""
{"".join(f"ALTER TABLE hazard ADD FOREIGN KEY ({column}) REFERENCES account (id);" for column in _PEOPLE)}
ALTER TABLE hazard ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (facility_id) REFERENCES facility (id), ADD FOREIGN KEY (building_id) REFERENCES building (id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (alert_id) REFERENCES alert (id),
    ADD CHECK (what <> ''), ADD CHECK (found_count > 0), ADD CHECK (reopened_count >= 0),
    ADD CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)), ADD CHECK ((state = 'CLOSED') = (outcome IS NOT NULL)),
    ADD CHECK (state NOT IN ('ASSIGNED', 'RECTIFIED') OR (assigned_at IS NOT NULL AND organisation_id IS NOT NULL)),
    ADD CHECK ((state = 'RECTIFIED') = (recheck_by IS NOT NULL)),
    ADD CHECK (state <> 'RECTIFIED' OR (rectified_at IS NOT NULL AND rectified_by_id IS NOT NULL)),
    ADD CHECK (outcome <> 'RECTIFIED' OR (rectified_at IS NOT NULL AND closed_by_id <> rectified_by_id)),
    ADD CHECK (grade <> 'MAJOR' OR state IN ('REPORTED', 'CLOSED') OR interim_measure <> ''),
    ADD CHECK (state <> 'CLOSED' OR climbs_at IS NULL);
"""

INDEXES = """
CREATE UNIQUE INDEX hazard_one_open ON hazard (compound_id, topic) WHERE state <> 'CLOSED' AND topic IS NOT NULL;
CREATE INDEX hazard_open ON hazard (due_at) WHERE state <> 'CLOSED';
CREATE INDEX hazard_climbs ON hazard (climbs_at, id) WHERE climbs_at IS NOT NULL;
CREATE INDEX hazard_street ON hazard (street_id, found_at, id)
    INCLUDE (grade, state, source, level, outcome, compound_id, organisation_id, facility_id, due_at);
CREATE INDEX hazard_compound ON hazard (compound_id, found_at, id)
    INCLUDE (grade, state, source, level, outcome, organisation_id, facility_id, due_at);
CREATE INDEX hazard_street_due ON hazard (street_id, due_at, id) INCLUDE (grade, state, level, compound_id, organisation_id);
CREATE INDEX hazard_compound_due ON hazard (compound_id, due_at, id) INCLUDE (grade, state, level, organisation_id);
CREATE INDEX hazard_organisation ON hazard (organisation_id, found_at, id) INCLUDE (state, grade);
CREATE INDEX hazard_facility ON hazard (facility_id, found_at, id) INCLUDE (state, grade);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0037_desk")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Hazard",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("grade", fields.CharEnumField(enum_type=HazardGrade, max_length=40)),
                ("state", fields.CharEnumField(enum_type=HazardState, max_length=40)),
                ("source", fields.CharEnumField(enum_type=HazardSource, max_length=40)),
                ("outcome", fields.CharEnumField(null=True, enum_type=HazardOutcome, max_length=40)),
                ("level", fields.CharEnumField(null=True, enum_type=DeadlineLevel, max_length=40)),
                ("topic", fields.CharField(null=True, max_length=120)),
                ("what", fields.CharField(max_length=500)),
                ("spot", fields.CharField(db_default="", max_length=200)),
                ("interim_measure", fields.CharField(db_default="", max_length=500)),
                ("remedy", fields.CharField(db_default="", max_length=500)),
                ("objection", fields.CharField(db_default="", max_length=500)),
                ("found_count", fields.IntField(db_default=1)),
                ("reopened_count", fields.IntField(db_default=0)),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("recheck_by", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("climbs_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("assigned_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("rectified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("facility_id", fields.CharField(null=True, max_length=30)),
                ("building_id", fields.CharField(null=True, max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("assignee_id", fields.CharField(null=True, max_length=30)),
                ("found_by_id", fields.CharField(null=True, max_length=30)),
                ("rectified_by_id", fields.CharField(null=True, max_length=30)),
                ("closed_by_id", fields.CharField(null=True, max_length=30)),
                ("alert_id", fields.CharField(null=True, max_length=30)),
                ("scan_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "hazard",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something that can start a fire, feed it, or keep people from getting out; and how it was put right.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
