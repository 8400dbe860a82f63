"""Intake keys for the broker: without a secret, one of each organisation at a time."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.events import EventDoor

ONE = """
ALTER TABLE intake_key ADD CHECK (door IN ('HTTP', 'MQTT'));
CREATE UNIQUE INDEX intake_key_admitted ON intake_key (organisation_id) WHERE door = 'MQTT' AND revoked_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0035_switches")]

    initial = False

    operations = [
        ops.AddField(
            model_name="IntakeKey",
            name="door",
            field=fields.CharEnumField(db_default="HTTP", enum_type=EventDoor, max_length=10),
        ),
        ops.RunSQL(ONE),
    ]
