"""Area-wide services, duties for compounds, and who ran a compound from when to when."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.compound_duties import CompoundDutyState
from domain.territory import GovernanceMode
from models.rows import MoneyField

_OF_A_COMPOUND = ("area_service_member", "area_service_share", "compound_duty", "governance_term")

#: A range of one number, made of the compound's id, stands for it in the exclusion, which so needs no extension.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);" for table in _OF_A_COMPOUND)}
ALTER TABLE area_service ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD CHECK (ends_on >= starts_on),
    ADD CHECK (jsonb_typeof(services) = 'array');
ALTER TABLE area_service_member ADD FOREIGN KEY (area_service_id) REFERENCES area_service (id),
    ADD CHECK (leaves_on >= joins_on), ADD CHECK (area_m2 > 0), ADD CONSTRAINT area_service_member_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
        daterange(joins_on, leaves_on, '[]') WITH &&
    );
ALTER TABLE area_service_cost ADD FOREIGN KEY (area_service_id) REFERENCES area_service (id),
    ADD CHECK (period_to >= period_from), ADD CHECK (total > 0), ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_why = ''));
ALTER TABLE area_service_share ADD FOREIGN KEY (cost_id) REFERENCES area_service_cost (id) ON DELETE CASCADE,
    ADD CHECK (area_m2 > 0), ADD CHECK (days > 0), ADD CHECK (amount >= 0);
ALTER TABLE compound_duty ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD CHECK ((state = 'OPEN') = (ended_at IS NULL));
ALTER TABLE governance_term ADD CHECK (ends_on >= starts_on), ADD CONSTRAINT governance_term_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&
    );
INSERT INTO governance_term (id, mode, compound_id, street_id)
    SELECT 'gvt_' || substr(id, 5), governance, id, street_id FROM compound;
"""

INDEXES = """
CREATE INDEX area_service_street ON area_service (street_id, starts_on, id) INCLUDE (ends_on, organisation_id);
CREATE INDEX area_service_member_street ON area_service_member (street_id, joins_on, id)
    INCLUDE (leaves_on, area_service_id, compound_id);
CREATE INDEX area_service_member_compound ON area_service_member (compound_id, joins_on, id) INCLUDE (leaves_on, area_service_id);
CREATE INDEX area_service_member_service ON area_service_member (area_service_id, joins_on, id) INCLUDE (leaves_on, compound_id);
CREATE INDEX area_service_cost_street ON area_service_cost (street_id, period_from, id) INCLUDE (area_service_id);
CREATE INDEX area_service_cost_service ON area_service_cost (area_service_id, period_from, id);
CREATE INDEX area_service_share_street ON area_service_share (street_id, amount, id) INCLUDE (compound_id, cost_id);
CREATE INDEX area_service_share_compound ON area_service_share (compound_id, amount, id) INCLUDE (cost_id);
CREATE INDEX area_service_share_cost ON area_service_share (cost_id, amount, id) INCLUDE (compound_id);
CREATE INDEX compound_duty_street ON compound_duty (street_id, due_on, id) INCLUDE (state, compound_id, organisation_id);
CREATE INDEX compound_duty_compound ON compound_duty (compound_id, due_on, id) INCLUDE (state, organisation_id);
CREATE INDEX governance_term_street ON governance_term (street_id, starts_on, id) INCLUDE (mode, ends_on, compound_id);
CREATE INDEX governance_term_compound ON governance_term (compound_id, starts_on, id) INCLUDE (mode, ends_on);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0061_tenders")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AreaService",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("name", fields.CharField(max_length=120)),
                ("services", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("contract_number", fields.CharField(db_default="", max_length=60)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "area_service",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An area-wide service by one company, from ``starts_on`` to ``ends_on`` (both included; null: open). ``services``: words of",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="AreaServiceCost",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("title", fields.CharField(max_length=120)),
                ("total", MoneyField()),
                ("period_from", fields.DateField()),
                ("period_to", fields.DateField()),
                ("shared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("withdrawn_why", fields.CharField(db_default="", max_length=500)),
                ("area_service_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "area_service_cost",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What an area-wide service cost in a period (both days included), shared over its compounds. A withdrawn one counts no more.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="AreaServiceMember",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("area_m2", fields.DecimalField(max_digits=12, decimal_places=2)),
                ("joins_on", fields.DateField()),
                ("leaves_on", fields.DateField(null=True)),
                ("area_service_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "area_service_member",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A compound in an area-wide service, from ``joins_on`` to ``leaves_on`` (both included; null: open). No compound is in two on",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="AreaServiceShare",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("area_m2", fields.DecimalField(max_digits=12, decimal_places=2)),
                ("days", fields.IntField()),
                ("amount", MoneyField()),
                ("cost_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "area_service_share",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What one compound bears of such a cost, by its area and the days on which it was in. The shares of a cost add up to it.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="CompoundDuty",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nDONE: DONE\nDROPPED: DROPPED", enum_type=CompoundDutyState, max_length=40
                    ),
                ),
                ("what", fields.CharField(max_length=500)),
                ("note", fields.CharField(db_default="", max_length=500)),
                ("due_on", fields.DateField()),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "compound_duty",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What an organisation has to do for a compound, ``due_on`` being its last day. ``note``: how it was done, or why not.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="GovernanceTerm",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "mode",
                    fields.CharEnumField(
                        description="COMPANY: COMPANY\nCOMMUNITY_RUN: COMMUNITY_RUN\nSELF_RUN: SELF_RUN\nSHARED_RUN: SHARED_RUN",
                        enum_type=GovernanceMode,
                        max_length=40,
                    ),
                ),
                ("starts_on", fields.DateField(null=True)),
                ("ends_on", fields.DateField(null=True)),
                ("basis", fields.CharField(db_default="", max_length=200)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "governance_term",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A compound run in one mode, from ``starts_on`` (null: since before it was recorded) to ``ends_on`` (null: it still is), both",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
