"""Duty: rosters of organisations, and their shifts, of which no two of a roster overlap."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.duty import DutyLevel

#: A range of one number, made of the roster's id, stands for it: so the exclusion needs no extension.
CHECKS = """
ALTER TABLE duty_roster ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD CHECK (level IN ('DUTY', 'MANAGER')), ADD CHECK (jsonb_typeof(compound_ids) = 'array');
ALTER TABLE duty_shift ADD FOREIGN KEY (account_id) REFERENCES account (id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD CHECK (ends_at > starts_at),
    ADD CONSTRAINT duty_shift_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(roster_id, 0), hashtextextended(roster_id, 0), '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    );
"""

INDEXES = """
CREATE INDEX duty_roster_organisation ON duty_roster (organisation_id, created_at, id) INCLUDE (level);
CREATE INDEX duty_roster_street ON duty_roster (street_id, created_at, id) INCLUDE (level, organisation_id);
CREATE INDEX duty_shift_roster ON duty_shift (roster_id, starts_at, id) INCLUDE (ends_at, account_id);
CREATE INDEX duty_shift_street ON duty_shift (street_id, starts_at, id) INCLUDE (ends_at, account_id, organisation_id);
CREATE INDEX duty_shift_organisation ON duty_shift (organisation_id, starts_at, id) INCLUDE (ends_at, account_id);
CREATE INDEX duty_shift_account ON duty_shift (account_id, starts_at, id) INCLUDE (ends_at);
CREATE INDEX duty_shift_ends ON duty_shift (ends_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0012_checks")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DutyRoster",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("name", fields.CharField(max_length=60)),
                ("level", fields.CharEnumField(description="DUTY: DUTY\nMANAGER: MANAGER", enum_type=DutyLevel, max_length=40)),
                ("compound_ids", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "duty_roster",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A post of an organisation that somebody holds at a time. ``compound_ids``: the compounds it is for; none: all of its.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="DutyShift",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "roster",
                    fields.ForeignKeyField(
                        "models.DutyRoster",
                        source_field="roster_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("account_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "duty_shift",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody's time on a roster, ``ends_at`` not included. No two of a roster overlap: the database sees to it.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
