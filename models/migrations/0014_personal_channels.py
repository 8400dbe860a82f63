"""Channels of persons besides those of organisations, what a channel wants to be told and when, and templates of streets.

What is of one person has no ``office_street_id``: nobody sees it who sees the street.
"""

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.alerts import Severity
from domain.notices.kinds import ChannelKind, Digest, Language, NoticeLanguage, NoticeState
from models.migrations import Declared

COLUMNS = """
ALTER TABLE channel ADD office_street_id varchar(30) GENERATED ALWAYS AS (CASE WHEN account_id IS NULL THEN street_id END) STORED;
ALTER TABLE notice ADD office_street_id varchar(30) GENERATED ALWAYS AS (CASE WHEN account_id IS NULL THEN street_id END) STORED;
"""

CHECKS = """
ALTER TABLE channel ADD FOREIGN KEY (account_id) REFERENCES account (id),
    ADD CHECK (num_nonnulls(organisation_id, account_id) = 1), ADD CHECK (kind <> 'WEBHOOK' OR account_id IS NULL),
    ADD CHECK (kind IN ('LIVE', 'SMS') OR target IS NOT NULL),
    ADD CHECK (least_severity IN ('CRITICAL', 'MAJOR', 'MINOR', 'WARNING')), ADD CHECK (digest IN ('NONE', 'HOURLY', 'DAILY')),
    ADD CHECK (language IN ('ZH', 'EN', 'BOTH')), ADD CHECK (cardinality(types) > 0), ADD CHECK (cardinality(compound_ids) > 0),
    ADD CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)), ADD CHECK (quiet_from <> quiet_to),
    ADD CHECK (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), ADD CHECK (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    ADD CHECK (digest_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$');
ALTER TABLE notice DROP CONSTRAINT notice_state_check,
    ADD CONSTRAINT notice_state_check CHECK (state IN ('HELD', 'GATHERED', 'PENDING', 'SENT', 'DEAD')),
    ADD FOREIGN KEY (account_id) REFERENCES account (id), ADD FOREIGN KEY (compound_id) REFERENCES compound (id),
    ADD FOREIGN KEY (digest_id) REFERENCES notice (id) ON DELETE SET NULL,
    ADD CHECK (num_nonnulls(organisation_id, account_id) = 1), ADD CHECK (state <> 'HELD' OR due_at IS NOT NULL),
    ADD CHECK (severity IN ('CRITICAL', 'MAJOR', 'MINOR', 'WARNING'));
ALTER TABLE notice_template ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD CHECK (language IN ('ZH', 'EN'));
"""

INDEXES = """
CREATE UNIQUE INDEX channel_one_inbox ON channel (coalesce(account_id, organisation_id)) WHERE kind = 'LIVE' AND removed_at IS NULL;
CREATE UNIQUE INDEX notice_template_once ON notice_template (street_id, type, language);
CREATE INDEX channel_account ON channel (account_id, created_at, id) INCLUDE (kind) WHERE account_id IS NOT NULL;
CREATE INDEX channel_office ON channel (office_street_id, created_at, id) INCLUDE (kind, organisation_id);
DROP INDEX notice_street;
CREATE INDEX notice_office ON notice (office_street_id, created_at, id) INCLUDE (state, type, channel_id);
CREATE INDEX notice_account ON notice (account_id, created_at, id) INCLUDE (state, type, channel_id) WHERE account_id IS NOT NULL;
CREATE INDEX notice_held ON notice (channel_id, due_at) WHERE state = 'HELD';
CREATE INDEX notice_digest ON notice (digest_id) WHERE digest_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_duty")]

    initial = False

    operations = [
        ops.CreateModel(
            name="NoticeTemplate",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("type", fields.CharField(max_length=60)),
                ("language", fields.CharEnumField(description="ZH: ZH\nEN: EN", enum_type=Language, max_length=40)),
                ("title", fields.CharField(max_length=120)),
                ("body", fields.TextField(unique=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "notice_template",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Words that a street writes itself for one type of notice in one language, in place of those in domain/notices.",
            },
            bases=["Row"],
        ),
        ops.AlterModelOptions(
            name="Channel",
            options={
                "table": "channel",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A way to reach an organisation, or a person (one of both is set).",
            },
        ),
        ops.AlterField(
            model_name="Channel",
            name="kind",
            field=fields.CharEnumField(
                description="WEBHOOK: WEBHOOK\nMAIL: MAIL\nWECOM: WECOM\nDINGTALK: DINGTALK\nFEISHU: FEISHU\nSMS: SMS\nLIVE: LIVE",
                enum_type=ChannelKind,
                max_length=40,
            ),
        ),
        ops.AlterField(model_name="Channel", name="target", field=fields.BinaryField(null=True)),
        ops.AlterField(model_name="Channel", name="organisation_id", field=fields.CharField(null=True, max_length=30)),
        ops.AddField(model_name="Channel", name="account_id", field=fields.CharField(null=True, max_length=30)),
        ops.AddField(model_name="Channel", name="compound_ids", field=ArrayField(null=True, element_type="TEXT")),
        ops.AddField(
            model_name="Channel",
            name="digest",
            field=fields.CharEnumField(
                description="NONE: NONE\nHOURLY: HOURLY\nDAILY: DAILY", db_default="NONE", enum_type=Digest, max_length=40
            ),
        ),
        ops.AddField(model_name="Channel", name="digest_at", field=fields.CharField(db_default="08:00", max_length=5)),
        ops.AddField(
            model_name="Channel",
            name="language",
            field=fields.CharEnumField(
                description="ZH: ZH\nEN: EN\nBOTH: BOTH", db_default="BOTH", enum_type=NoticeLanguage, max_length=40
            ),
        ),
        ops.AddField(
            model_name="Channel",
            name="least_severity",
            field=fields.CharEnumField(
                description="CRITICAL: CRITICAL\nMAJOR: MAJOR\nMINOR: MINOR\nWARNING: WARNING",
                db_default="MAJOR",
                enum_type=Severity,
                max_length=40,
            ),
        ),
        ops.AddField(model_name="Channel", name="quiet_from", field=fields.CharField(null=True, max_length=5)),
        ops.AddField(model_name="Channel", name="quiet_to", field=fields.CharField(null=True, max_length=5)),
        ops.AddField(model_name="Channel", name="types", field=ArrayField(null=True, element_type="TEXT")),
        ops.AddField(model_name="Channel", name="version", field=fields.IntField(db_default=1)),
        ops.AlterField(model_name="Notice", name="organisation_id", field=fields.CharField(null=True, max_length=30)),
        ops.AlterField(
            model_name="Notice",
            name="state",
            field=fields.CharEnumField(
                description="HELD: HELD\nGATHERED: GATHERED\nPENDING: PENDING\nSENT: SENT\nDEAD: DEAD",
                enum_type=NoticeState,
                max_length=40,
            ),
        ),
        ops.AddField(model_name="Notice", name="account_id", field=fields.CharField(null=True, max_length=30)),
        ops.AddField(
            model_name="Notice", name="body", field=fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads)
        ),
        ops.AddField(model_name="Notice", name="compound_id", field=fields.CharField(null=True, max_length=30)),
        ops.AddField(model_name="Notice", name="digest_id", field=fields.CharField(null=True, max_length=30)),
        ops.AddField(
            model_name="Notice", name="due_at", field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)
        ),
        ops.AddField(
            model_name="Notice", name="read_at", field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)
        ),
        ops.AddField(
            model_name="Notice",
            name="severity",
            field=fields.CharEnumField(
                null=True,
                description="CRITICAL: CRITICAL\nMAJOR: MAJOR\nMINOR: MINOR\nWARNING: WARNING",
                enum_type=Severity,
                max_length=40,
            ),
        ),
        ops.AddField(
            model_name="Notice", name="title", field=fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads)
        ),
        Declared("Channel", "office_street_id", fields.CharField(max_length=30, null=True, generated=True)),
        Declared("Notice", "office_street_id", fields.CharField(max_length=30, null=True, generated=True)),
        ops.RunSQL(COLUMNS),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
