"""What is said inside, among those on duty, and what is recorded of it, is told by a column of its own: who else looks after
the compound sees by that what is outside.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrations import Declared

COLUMNS = """
ALTER TABLE ticket_comment ADD outside_compound_id varchar(30)
    GENERATED ALWAYS AS (CASE WHEN NOT internal THEN compound_id END) STORED;
ALTER TABLE fact ADD outside_compound_id varchar(30)
    GENERATED ALWAYS AS (CASE WHEN NOT coalesce(after @> '{"internal": true}', false) THEN compound_id END) STORED;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0006_privacy")]

    initial = False

    operations = [
        Declared("TicketComment", "outside_compound_id", fields.CharField(max_length=30, null=True, generated=True)),
        Declared("Fact", "outside_compound_id", fields.CharField(max_length=30, null=True, generated=True)),
        ops.RunSQL(COLUMNS),
    ]
