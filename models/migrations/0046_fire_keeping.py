"""Fire drills, fire pacts, and monthly fire reports as they are kept."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.fire_drills import FireDrillKind, FireDrillState

_TABLES = ("fire_drill", "fire_pact", "fire_report")

#: A range of one number, made of the compound's id, stands for it in the exclusion, which so needs no extension.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);" for table in _TABLES)}
ALTER TABLE fire_drill ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD CHECK ((state = 'HELD') = (held_on IS NOT NULL)), ADD CHECK ((held_on IS NULL) = (participants IS NULL)),
    ADD CHECK ((held_on IS NULL) = (minutes IS NULL)), ADD CHECK (participants > 0), ADD CHECK (minutes > 0),
    ADD CHECK (residents BETWEEN 0 AND participants);
ALTER TABLE fire_pact ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD CHECK (ends_on >= signed_on),
    ADD CHECK (homes_joined >= 0), ADD CHECK (jsonb_typeof(duties) = 'array'), ADD CONSTRAINT fire_pact_one_at_a_time EXCLUDE
    USING gist (
        int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
        daterange(signed_on, ends_on, '[]') WITH &&
    );
ALTER TABLE fire_report ADD CHECK (extract(day FROM month) = 1), ADD CHECK (jsonb_typeof(figures) = 'object');
"""

INDEXES = """
CREATE INDEX fire_drill_street ON fire_drill (street_id, planned_on, id)
    INCLUDE (kind, state, held_on, compound_id, organisation_id);
CREATE INDEX fire_drill_compound ON fire_drill (compound_id, planned_on, id) INCLUDE (kind, state, held_on, organisation_id);
CREATE INDEX fire_drill_held ON fire_drill (compound_id, kind, held_on) WHERE state = 'HELD';
CREATE INDEX fire_pact_street ON fire_pact (street_id, signed_on, id) INCLUDE (ends_on, compound_id, organisation_id);
CREATE INDEX fire_pact_compound ON fire_pact (compound_id, signed_on, id) INCLUDE (ends_on, organisation_id);
CREATE UNIQUE INDEX fire_report_once ON fire_report (compound_id, month);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0045_complained")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FireDrill",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=FireDrillKind, max_length=40)),
                ("state", fields.CharEnumField(enum_type=FireDrillState, max_length=40)),
                ("planned_on", fields.DateField()),
                ("held_on", fields.DateField(null=True)),
                ("participants", fields.IntField(null=True)),
                ("residents", fields.IntField(null=True)),
                ("minutes", fields.IntField(null=True)),
                ("lessons", fields.CharField(db_default="", max_length=1000)),
                ("planned_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "fire_drill",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A fire drill or training of a compound. ``participants``: heads, of which ``residents`` live there.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="FirePact",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("signed_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("duties", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("homes_joined", fields.IntField()),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "fire_pact",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A fire pact of a compound with its community's office, from ``signed_on`` to ``ends_on`` (both included; null: open).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="FireReport",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("month", fields.DateField()),
                ("figures", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("kept_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "fire_report",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What was counted of a compound in the month that begins on ``month``, and never changes. Unique on both.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
