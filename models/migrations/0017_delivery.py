"""Deliveries are logged one by one; a channel knows how its target fares, and numbers what it tells."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from domain.notices.delivery import Breaker, Outcome, PauseReason
from models.migrations import Declared

CONSTRAINTS = """
ALTER TABLE channel
    ADD CHECK ((breaker = 'CLOSED') = (breaker_until IS NULL)),
    ADD CHECK (failures >= 0),
    ADD CHECK ((paused_at IS NULL) = (pause_reason IS NULL)),
    ADD CHECK (old_secret IS NULL OR old_secret_until IS NOT NULL);
ALTER TABLE notice_attempt
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (account_id) REFERENCES account (id),
    ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD CHECK (num_nonnulls(organisation_id, account_id) = 1),
    ADD CHECK (milliseconds >= 0);
ALTER TABLE notice_attempt
    ADD office_street_id varchar(30) GENERATED ALWAYS AS (CASE WHEN account_id IS NULL THEN street_id END) STORED;
CREATE INDEX notice_attempt_notice ON notice_attempt (notice_id, at, id) INCLUDE (outcome);
CREATE UNIQUE INDEX notice_sequence ON notice (channel_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX notice_channel ON notice (channel_id, created_at, id) INCLUDE (state);
CREATE INDEX notice_unnumbered ON notice (channel_id, created_at, id) WHERE state = 'PENDING' AND sequence IS NULL;
CREATE INDEX notice_waiting ON notice (created_at) WHERE state = 'PENDING';
CREATE INDEX work_notice ON work ((payload ->> 'notice')) WHERE kind = 'notice';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0016_withdrawn")]

    initial = False

    operations = [
        ops.CreateModel(
            name="NoticeAttempt",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("outcome", fields.CharEnumField(enum_type=Outcome, max_length=40)),
                ("status", fields.IntField(null=True)),
                ("milliseconds", fields.IntField()),
                ("problem", fields.CharField(db_default="", max_length=300)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "models.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("account_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={"table": "notice_attempt", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        *(
            ops.AddField(model_name=model, name=name, field=field)
            for model, name, field in (
                ("Channel", "old_secret", fields.BinaryField(null=True)),
                ("Channel", "old_secret_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("Channel", "breaker", fields.CharEnumField(db_default=Breaker.CLOSED, enum_type=Breaker, max_length=40)),
                ("Channel", "failures", fields.IntField(db_default=0)),
                ("Channel", "breaker_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("Channel", "failing_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("Channel", "reserved_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("Channel", "sequence", fields.BigIntField(db_default=0)),
                ("Channel", "paused_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("Channel", "pause_reason", fields.CharEnumField(null=True, enum_type=PauseReason, max_length=40)),
                ("Notice", "sequence", fields.BigIntField(null=True)),
                ("Notice", "turn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("Notice", "taken_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            )
        ),
        Declared("NoticeAttempt", "office_street_id", fields.CharField(max_length=30, null=True, generated=True)),
        ops.RunSQL(CONSTRAINTS),
    ]
