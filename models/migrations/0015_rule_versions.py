"""A street's own versions of rules; figures of a facility; every threshold says where it belongs."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.alerts.versions import RuleVersionState
from models.migrations import Declared, DeclaredAs

THRESHOLDS = """
DROP INDEX threshold_once;
ALTER TABLE threshold DROP CONSTRAINT threshold_check;
ALTER TABLE threshold ADD facility_id varchar(30) REFERENCES facility (id);
UPDATE threshold t SET compound_id = d.compound_id, street_id = d.street_id FROM device d WHERE d.id = t.device_id;
UPDATE threshold t SET street_id = c.street_id FROM compound c WHERE c.id = t.compound_id;
ALTER TABLE threshold ALTER street_id SET NOT NULL,
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD CHECK (num_nonnulls(facility_id, device_id) <= 1),
    ADD CHECK (compound_id IS NOT NULL OR num_nonnulls(facility_id, device_id) = 0);
CREATE UNIQUE INDEX threshold_once ON threshold (rule, coalesce(device_id, facility_id, compound_id, street_id));
CREATE INDEX threshold_street ON threshold (street_id, rule, id) INCLUDE (compound_id, facility_id, device_id);
CREATE INDEX threshold_compound ON threshold (compound_id, rule, id) INCLUDE (street_id, facility_id, device_id);
"""

VERSIONS = """
ALTER TABLE alert_rule_version ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD CHECK (number > 100),
    ADD CHECK (state IN ('DRAFT', 'LIVE', 'RETIRED')),
    ADD CHECK ((state = 'RETIRED') = (retired_at IS NOT NULL)),
    ADD CHECK (published_at IS NOT NULL OR state <> 'LIVE'),
    ADD CHECK (published_at IS NULL OR state <> 'DRAFT');
CREATE UNIQUE INDEX alert_rule_version_number ON alert_rule_version (street_id, rule, number);
CREATE UNIQUE INDEX alert_rule_version_draft ON alert_rule_version (street_id, rule) WHERE state = 'DRAFT';
CREATE UNIQUE INDEX alert_rule_version_live ON alert_rule_version (street_id, rule) WHERE state = 'LIVE';
CREATE INDEX alert_rule_version_street ON alert_rule_version (street_id, drafted_at, id) INCLUDE (rule, module, state);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0014_personal_channels")]

    initial = False

    operations = [
        Declared("Threshold", "facility_id", fields.CharField(null=True, max_length=30)),
        DeclaredAs(model_name="Threshold", name="street_id", field=fields.CharField(max_length=30)),
        ops.RunSQL(THRESHOLDS),
        ops.CreateModel(
            name="AlertRuleVersion",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("rule", fields.CharField(max_length=60)),
                ("module", fields.CharField(max_length=40)),
                ("number", fields.IntField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="DRAFT: DRAFT\nLIVE: LIVE\nRETIRED: RETIRED", enum_type=RuleVersionState, max_length=40
                    ),
                ),
                ("definition", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("drafted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("retired_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "alert_rule_version",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A street's own version of a rule. ``definition``: all of it, as"
                " domain/steward/definitions writes it; it never changes.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(VERSIONS),
    ]
