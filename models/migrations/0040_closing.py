"""When a ticket is closed whose work nobody has confirmed."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

#: The clock looks for what nobody has confirmed by both moments.
CHECKS = """
ALTER TABLE ticket ADD CONSTRAINT ticket_closes_what_is_done CHECK (closes_at IS NULL OR state = 'RESOLVED');
CREATE INDEX ticket_unconfirmed ON ticket (closes_at, resolved_at, id) WHERE state = 'RESOLVED';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0039_rounds")]

    initial = False

    operations = [
        ops.AddField(model_name="Ticket", name="closes_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(CHECKS),
    ]
