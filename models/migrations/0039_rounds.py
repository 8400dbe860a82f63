"""Rounds: plans with their points, rounds made ahead of their time, and what is scanned on them."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.rounds.words import RoundBasis, RoundKind, RoundMeasure, RoundSource, RoundState, ScanFault, ScanSource

_PLACED = "FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id)"

#: A range of one number, made of the plan's id, stands for it in the exclusion, which so needs no extension.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD {_PLACED};" for table in ("round_plan", "round_point", "round", "round_scan"))}
ALTER TABLE round_plan ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD CHECK (every > 0),
    ADD CHECK (window_minutes > 0), ADD CHECK (within_m > 0), ADD CHECK (ends_on >= starts_on - 1),
    ADD CHECK (jsonb_typeof(times) = 'array');
ALTER TABLE round_point ADD FOREIGN KEY (plan_id) REFERENCES round_plan (id), ADD FOREIGN KEY (building_id) REFERENCES building (id),
    ADD FOREIGN KEY (facility_id) REFERENCES facility (id), ADD CHECK ((latitude IS NULL) = (longitude IS NULL)),
    ADD CHECK (jsonb_typeof(items) = 'array');
ALTER TABLE round ADD FOREIGN KEY (plan_id) REFERENCES round_plan (id), ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (started_by_id) REFERENCES account (id), ADD FOREIGN KEY (ended_by_id) REFERENCES account (id),
    ADD CHECK (closes_at > opens_at), ADD CHECK (points >= 0), ADD CHECK (scanned >= 0), ADD CHECK (not_ok >= 0),
    ADD CHECK (state <> 'UNDER_WAY' OR started_at IS NOT NULL),
    ADD CONSTRAINT round_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(plan_id, 0), hashtextextended(plan_id, 0), '[]') WITH &&, tstzrange(opens_at, closes_at) WITH &&
    ) WHERE (state IN ('PLANNED', 'UNDER_WAY'));
ALTER TABLE round_scan ADD FOREIGN KEY (round_id) REFERENCES round (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (point_id) REFERENCES round_point (id), ADD FOREIGN KEY (photo_id) REFERENCES file (id),
    ADD CHECK (not_ok >= 0), ADD CHECK (distance_m >= 0);
"""

INDEXES = """
CREATE UNIQUE INDEX round_plan_of_the_code ON round_plan (compound_id, basis) WHERE basis IS NOT NULL;
CREATE INDEX round_plan_street ON round_plan (street_id, starts_on, id) INCLUDE (kind, basis, compound_id, organisation_id);
CREATE INDEX round_plan_compound ON round_plan (compound_id, starts_on, id) INCLUDE (kind, basis, organisation_id);
CREATE INDEX round_plan_organisation ON round_plan (organisation_id, starts_on, id);
CREATE INDEX round_plan_made ON round_plan (made_until) INCLUDE (ends_on);
CREATE UNIQUE INDEX round_point_of_the_code ON round_point (plan_id, coalesce(building_id, '')) WHERE basis IS NOT NULL;
CREATE INDEX round_point_plan ON round_point (plan_id, number, id) INCLUDE (added_at, ended_at);
CREATE INDEX round_point_building ON round_point (building_id);
CREATE INDEX round_point_facility ON round_point (facility_id);
CREATE UNIQUE INDEX round_once ON round (plan_id, opens_at);
CREATE INDEX round_street ON round (street_id, opens_at, id) INCLUDE (state, kind, compound_id, plan_id, organisation_id);
CREATE INDEX round_compound ON round (compound_id, opens_at, id) INCLUDE (state, kind, plan_id, organisation_id);
CREATE INDEX round_plan_opens ON round (plan_id, opens_at, id) INCLUDE (state, source, closes_at);
CREATE INDEX round_organisation ON round (organisation_id, opens_at, id) INCLUDE (state, kind);
CREATE INDEX round_closes ON round (closes_at) INCLUDE (state);
CREATE UNIQUE INDEX round_scan_once ON round_scan (round_id, point_id);
CREATE UNIQUE INDEX round_scan_photo ON round_scan (photo_id) WHERE photo_id IS NOT NULL;
CREATE INDEX round_scan_round ON round_scan (round_id, scanned_at, id);
CREATE INDEX round_scan_point ON round_scan (point_id, scanned_at, id);
"""

#: What the fire code asks for is planned by the workers, not only by the check of the coming night.
WORK = """
INSERT INTO work (kind, payload)
SELECT 'rounds.fire', jsonb_build_object('compounds', jsonb_agg(id ORDER BY id))
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 50 AS part FROM compound) parts GROUP BY part
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0038_hazards")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Round",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=RoundKind, max_length=40)),
                ("state", fields.CharEnumField(enum_type=RoundState, max_length=40)),
                ("source", fields.CharEnumField(enum_type=RoundSource, max_length=40)),
                ("opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("started_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("points", fields.IntField(db_default=0)),
                ("scanned", fields.IntField(db_default=0)),
                ("not_ok", fields.IntField(db_default=0)),
                ("left_out", fields.CharField(db_default="", max_length=500)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("started_by_id", fields.CharField(null=True, max_length=30)),
                ("ended_by_id", fields.CharField(null=True, max_length=30)),
                ("plan_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "round",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A round to be gone from ``opens_at`` to ``closes_at`` (not included), and what came of it. No two of a plan overlap.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RoundPlan",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=RoundKind, max_length=40)),
                ("name", fields.CharField(max_length=60)),
                ("basis", fields.CharEnumField(null=True, enum_type=RoundBasis, max_length=40)),
                ("measure", fields.CharEnumField(enum_type=RoundMeasure, max_length=40)),
                ("every", fields.IntField()),
                ("times", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("window_minutes", fields.IntField()),
                ("ordered", fields.BooleanField(db_default=False)),
                ("asks_photo", fields.BooleanField(db_default=False)),
                ("within_m", fields.IntField(null=True)),
                ("clause", fields.CharField(max_length=120)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("made_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "round_plan",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What is gone round in a compound, from ``starts_on`` to ``ends_on`` (both included; null: open), and how often.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RoundPoint",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("name", fields.CharField(max_length=60)),
                ("place", fields.CharField(db_default="", max_length=120)),
                ("code", fields.CharField(unique=True, max_length=26)),
                ("latitude", fields.FloatField(null=True)),
                ("longitude", fields.FloatField(null=True)),
                ("items", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("basis", fields.CharEnumField(null=True, enum_type=RoundBasis, max_length=40)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("fault", fields.CharEnumField(null=True, enum_type=ScanFault, max_length=40)),
                ("fault_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("building_id", fields.CharField(null=True, max_length=30)),
                ("facility_id", fields.CharField(null=True, max_length=30)),
                ("plan_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "round_point",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A point of a plan: ``number`` says in which order it is gone, ``place`` where it is, ``items`` what is asked there.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RoundScan",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("scanned_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("source", fields.CharEnumField(enum_type=ScanSource, max_length=40)),
                ("answers", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("not_ok", fields.IntField(db_default=0)),
                ("distance_m", fields.IntField(null=True)),
                ("photo_id", fields.CharField(null=True, max_length=30)),
                ("point_id", fields.CharField(max_length=30)),
                ("round_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "round_scan",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A point that was scanned on a round, once. Who scanned is not kept with it, nor where they stood: only ``distance_m``.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
        ops.RunSQL(WORK),
    ]
