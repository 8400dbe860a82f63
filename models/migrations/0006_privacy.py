"""Privacy: telephone numbers, why they were told, and what marks that nothing personal is left."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.phones import UnmaskReason

CHECKS = """
ALTER TABLE account ADD CHECK (num_nonnulls(phone_masked, phone_sealed, phone_index) IN (0, 3)),
    ADD CHECK (erased_at IS NULL OR disabled_at IS NOT NULL AND password_hash IS NULL AND phone_sealed IS NULL);
ALTER TABLE ticket ADD CHECK (num_nonnulls(contact_phone_masked, contact_phone_sealed, contact_phone_index) IN (0, 3)),
    ADD CHECK (cleared_at IS NULL OR contact_phone_sealed IS NULL);
ALTER TABLE unmasking ADD FOREIGN KEY (actor_id) REFERENCES account (id), ADD FOREIGN KEY (street_id) REFERENCES place (id);
"""

#: To find by number, to export by actor, and to find what has been kept long enough.
INDEXES = """
CREATE INDEX account_phone ON account (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX ticket_contact_phone ON ticket (contact_phone_index) WHERE contact_phone_index IS NOT NULL;
CREATE INDEX fact_actor ON fact (actor, seq);
CREATE INDEX unmasking_at ON unmasking (at);
CREATE INDEX unmasking_subject ON unmasking (subject_id);
CREATE INDEX unmasking_actor ON unmasking (actor_id);
CREATE INDEX ticket_to_clear ON ticket ((coalesce(closed_at, opened_at)))
    WHERE cleared_at IS NULL AND opened_by_id IS NOT NULL AND state IN ('CLOSED', 'CANCELLED');
CREATE INDEX notice_ended ON notice (created_at) WHERE state <> 'PENDING';
CREATE INDEX invitation_over ON invitation (expires_at);
CREATE INDEX role_binding_moved_out ON role_binding (ends_on) WHERE role = 'RESIDENT' AND ends_on IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0005_access_changes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Unmasking",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("actor_id", fields.CharField(max_length=30)),
                ("subject_id", fields.CharField(max_length=30)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="CALL_BACK: CALL_BACK\nEMERGENCY: EMERGENCY\nON_SITE: ON_SITE\nCOMPLAINT: COMPLAINT\nOTHER: OTHER",
                        enum_type=UnmaskReason,
                        max_length=40,
                    ),
                ),
                ("note", fields.CharField(db_default="", max_length=500)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "unmasking",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Why ``actor_id`` was told the number of ``subject_id``; the subject is the actor where numbers were looked for.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="Account",
            name="erased_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Account",
            name="phone_index",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Account",
            name="phone_masked",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="Account",
            name="phone_sealed",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Ticket",
            name="cleared_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Ticket",
            name="contact_phone_index",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Ticket",
            name="contact_phone_masked",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="Ticket",
            name="contact_phone_sealed",
            field=fields.BinaryField(null=True),
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
