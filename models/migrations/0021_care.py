"""What becomes of alerts: care, silences, figures of telling, where alerts come from; the maker and the gateway of a device."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.alerts import Severity
from domain.alerts.care import CareRung, CareStanding
from domain.facilities import DeviceKind
from models.migrations import Declared, DeclaredAs

_KINDS = "\n".join(f"{kind}: {kind}" for kind in DeviceKind)
DEVICE = """
ALTER TABLE device ADD maker varchar(120) NOT NULL DEFAULT '', ADD parent_id varchar(30), ADD UNIQUE (id, compound_id);
ALTER TABLE device ADD FOREIGN KEY (parent_id, compound_id) REFERENCES device (id, compound_id), ADD CHECK (parent_id <> id);
CREATE INDEX device_parent ON device (parent_id, code, id) WHERE parent_id IS NOT NULL;
"""

CHECKS = """
ALTER TABLE alert_care ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (shelved_by_id) REFERENCES account (id), ADD FOREIGN KEY (silence_id) REFERENCES silence (id),
    ADD FOREIGN KEY (parent_alert_id) REFERENCES alert (id) ON DELETE SET NULL, ADD UNIQUE (alert_id),
    ADD CHECK (standing <> 'OVER' OR look_at IS NULL), ADD CHECK (standing <> 'SILENCED' OR silence_id IS NOT NULL),
    ADD CHECK (repeats >= 0 AND climbs >= 0);
ALTER TABLE silence ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (device_id) REFERENCES device (id), ADD FOREIGN KEY (created_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (ended_by_id) REFERENCES account (id),
    ADD CHECK (ends_at >= starts_at), ADD CHECK (why <> ''), ADD CHECK (worst <> 'CRITICAL'),
    ADD CHECK (num_nonnulls(compound_id, device_id, module, rule) > 0);
ALTER TABLE alert_policy ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD UNIQUE (street_id, severity);
ALTER TABLE alert_source ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (device_id) REFERENCES device (id), ADD UNIQUE (rule, subject_id);
"""

INDEXES = """
CREATE INDEX alert_care_due ON alert_care (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX alert_care_waiting ON alert_care (compound_id, module) WHERE standing = 'WAITING';
CREATE INDEX alert_care_street ON alert_care (street_id, raised_at, id) INCLUDE (standing, compound_id);
CREATE INDEX alert_care_compound ON alert_care (compound_id, raised_at, id) INCLUDE (standing);
CREATE INDEX alert_care_silence ON alert_care (silence_id, raised_at, id) WHERE silence_id IS NOT NULL;
CREATE INDEX alert_care_parent ON alert_care (parent_alert_id) WHERE parent_alert_id IS NOT NULL;
CREATE INDEX alert_care_raised ON alert_care (subject_id, rule, raised_at);
CREATE INDEX silence_street ON silence (street_id, created_at, id) INCLUDE (ends_at, module, rule, compound_id, device_id);
CREATE INDEX silence_compound ON silence (compound_id, created_at, id) INCLUDE (ends_at, module, rule, device_id);
CREATE INDEX silence_running ON silence (street_id, ends_at);
CREATE INDEX alert_source_street ON alert_source (street_id, raised, id) INCLUDE (rule, module, maker, compound_id, device_id);
CREATE INDEX alert_source_compound ON alert_source (compound_id, raised, id) INCLUDE (rule, module, maker, device_id);
CREATE INDEX alert_source_false ON alert_source (street_id, false_alarms, id);
CREATE INDEX alert_source_percent ON alert_source (street_id, false_percent, id);
CREATE INDEX alert_source_device ON alert_source (device_id, raised, id);
CREATE INDEX alert_first_seen ON alert (first_seen_at);
CREATE INDEX alert_subject ON alert (subject_id, rule, first_seen_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0020_dry_runs")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AlertCare",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "standing",
                    fields.CharEnumField(
                        description="QUIET: QUIET\nWAITING: WAITING\nDAMPED: DAMPED\nINHIBITED: INHIBITED\nSILENCED: SILENCED\nSHELVED: SHELVED\nTOLD: TOLD\nOVER: OVER",
                        enum_type=CareStanding,
                        max_length=40,
                    ),
                ),
                ("raised_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "told_severity",
                    fields.CharEnumField(
                        null=True,
                        description="CRITICAL: CRITICAL\nMAJOR: MAJOR\nMINOR: MINOR\nWARNING: WARNING",
                        enum_type=Severity,
                        max_length=40,
                    ),
                ),
                ("said_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("look_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("repeats", fields.IntField(db_default=0)),
                (
                    "rung",
                    fields.CharEnumField(
                        null=True,
                        description="DUTY: DUTY\nMANAGER: MANAGER\nCOMMUNITY: COMMUNITY\nSTREET: STREET",
                        enum_type=CareRung,
                        max_length=40,
                    ),
                ),
                ("climbs", fields.IntField(db_default=0)),
                ("climbed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("group_id", fields.CharField(null=True, max_length=30)),
                ("shelved_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("shelved_by_id", fields.CharField(null=True, max_length=30)),
                ("shelve_reason", fields.CharField(db_default="", max_length=500)),
                ("silence_id", fields.CharField(null=True, max_length=30)),
                ("parent_alert_id", fields.CharField(null=True, max_length=30)),
                ("rule", fields.CharField(max_length=60)),
                ("subject_id", fields.CharField(max_length=30)),
                ("module", fields.CharField(max_length=40)),
                (
                    "alert",
                    fields.ForeignKeyField(
                        "models.Alert",
                        source_field="alert_id",
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
                "table": "alert_care",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What is done about an alert after it was raised, one row an alert: see domain/alerts/care.py.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="AlertPolicy",
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
                ("figures", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "alert_policy",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a street has of its own among the figures of domain/alerts/policies.py, for one severity.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="AlertSource",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("rule", fields.CharField(max_length=60)),
                ("module", fields.CharField(max_length=40)),
                ("maker", fields.CharField(max_length=120)),
                ("raised", fields.IntField()),
                ("seen", fields.IntField()),
                ("confirmed", fields.IntField()),
                ("false_alarms", fields.IntField()),
                ("tests", fields.IntField()),
                ("duplicates", fields.IntField()),
                ("unknown", fields.IntField()),
                ("false_percent", fields.IntField()),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("subject_id", fields.CharField(max_length=30)),
                ("device_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "alert_source",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What one rule said of one subject in the last days, and what of it was true. ``subject_id``: mostly a device.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Silence",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("why", fields.CharField(max_length=500)),
                ("module", fields.CharField(null=True, max_length=40)),
                ("rule", fields.CharField(null=True, max_length=60)),
                (
                    "worst",
                    fields.CharEnumField(
                        description="CRITICAL: CRITICAL\nMAJOR: MAJOR\nMINOR: MINOR\nWARNING: WARNING",
                        enum_type=Severity,
                        max_length=40,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("created_by_id", fields.CharField(null=True, max_length=30)),
                ("ended_by_id", fields.CharField(null=True, max_length=30)),
                ("device_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "silence",
                "app": "models",
                "pk_attr": "id",
                "table_description": "From ``starts_at`` until ``ends_at`` (not included; earlier, if somebody ended it) what it names is kept quiet.",
            },
            bases=["Row"],
        ),
        DeclaredAs("Device", "kind", fields.CharEnumField(description=_KINDS, enum_type=DeviceKind, max_length=40)),
        Declared("Device", "maker", fields.CharField(db_default="", max_length=120)),
        Declared("Device", "parent_id", fields.CharField(null=True, max_length=30)),
        ops.RunSQL(DEVICE),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
