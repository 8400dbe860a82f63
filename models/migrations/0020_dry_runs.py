"""Dry runs of a street's versions of rules, and the alerts that would have been."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.alerts import Severity
from domain.alerts.versions import DryRunState

CHECKS = """
ALTER TABLE alert_rule_dry_run ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD CHECK (since < until),
    ADD CHECK (state IN ('RUNNING', 'DONE', 'FAILED')),
    ADD CHECK ((state = 'RUNNING') = (finished_at IS NULL)),
    ADD CHECK (devices_done <= devices);
CREATE UNIQUE INDEX alert_rule_dry_run_one ON alert_rule_dry_run (version_id) WHERE state = 'RUNNING';
CREATE INDEX alert_rule_dry_run_version ON alert_rule_dry_run (version_id, started_at, id);
CREATE INDEX alert_rule_dry_run_started ON alert_rule_dry_run (started_at);
ALTER TABLE dry_run_alert ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (device_id) REFERENCES device (id),
    ADD CHECK (last_seen_at >= first_seen_at AND count > 0);
CREATE INDEX dry_run_alert_run ON dry_run_alert (dry_run_id, first_seen_at, id) INCLUDE (severity, compound_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0019_tickets")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AlertRuleDryRun",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="RUNNING: RUNNING\nDONE: DONE\nFAILED: FAILED", enum_type=DryRunState, max_length=40
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("devices", fields.IntField()),
                ("devices_done", fields.IntField(db_default=0)),
                ("readings", fields.IntField(db_default=0)),
                ("alert_count", fields.IntField(db_default=0)),
                ("current_count", fields.IntField(db_default=0)),
                ("cursor", fields.CharField(db_default="", max_length=30)),
                ("work_id", fields.BigIntField(null=True)),
                (
                    "version",
                    fields.ForeignKeyField(
                        "models.AlertRuleVersion",
                        source_field="version_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "alert_rule_dry_run",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A version tried on the stored readings of ``since``..``until``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="DryRunAlert",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "severity",
                    fields.CharEnumField(
                        description="CRITICAL: CRITICAL\nMAJOR: MAJOR\nMINOR: MINOR\nWARNING: WARNING",
                        enum_type=Severity,
                        max_length=40,
                    ),
                ),
                ("first_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("cleared_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("count", fields.IntField()),
                ("message", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("device_id", fields.CharField(max_length=30)),
                (
                    "dry_run",
                    fields.ForeignKeyField(
                        "models.AlertRuleDryRun",
                        source_field="dry_run_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "dry_run_alert",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An alert that a dry run found: it never was, and nobody is told of it.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
    ]
