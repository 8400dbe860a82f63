"""What is said inside, among those on duty, and what is recorded of it, is told by a column of its own: who else looks after
the compound sees by that what is outside.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Declared(ops.AddField):
    """A column that the SQL below adds: known to the migration state, not added by the ORM."""

    async def database_forward(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: see COLUMNS."""


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
