"""Files: what people attach to tickets."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

CHECKS = """
ALTER TABLE file ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (uploaded_by_id) REFERENCES account (id), ADD FOREIGN KEY (audience_id) REFERENCES account (id),
    ADD CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
    ADD CHECK (size > 0), ADD CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    ADD CHECK (removed_at IS NULL OR name = ''), ADD CHECK (cleared_at IS NULL OR removed_at IS NOT NULL);
"""

INDEXES = """
CREATE UNIQUE INDEX file_once ON file (subject_id, sha256, uploaded_by_id) WHERE removed_at IS NULL;
CREATE INDEX file_subject ON file (subject_id, uploaded_at, id);
CREATE INDEX file_to_clear ON file (removed_at) WHERE removed_at IS NOT NULL AND cleared_at IS NULL;
CREATE INDEX file_uploaded_by ON file (uploaded_by_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0007_inside")]

    initial = False

    operations = [
        ops.CreateModel(
            name="File",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("subject_id", fields.CharField(max_length=30)),
                ("name", fields.CharField(max_length=120)),
                ("media_type", fields.CharField(max_length=40)),
                ("size", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("uploaded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("cleared_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("uploaded_by_id", fields.CharField(null=True, max_length=30)),
                ("audience_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "file",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something attached to a subject, a ticket for now. Its content is in the store, under its id.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
