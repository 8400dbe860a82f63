"""Lines of the journal by their days, so that the homes of old ones are found in the night."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0057_statements")]

    initial = False

    operations = [ops.RunSQL("CREATE INDEX journal_line_days ON journal_line USING brin (booked_on)")]
