"""Complaints of residents who name no home count for their own: the index of what many complain of holds them too."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEX = """
DROP INDEX ticket_complained;
CREATE INDEX ticket_complained ON ticket (opened_at) INCLUDE (compound_id, street_id, category, home_id, opened_by_id, source)
    WHERE kind = 'COMPLAINT' AND state NOT IN ('CLOSED', 'CANCELLED') AND category IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0044_device_kinds")]

    initial = False

    operations = [ops.RunSQL(INDEX)]
