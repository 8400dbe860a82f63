"""Ends of alerts wait a little, to be told together: those that wait in a compound and module are found at once."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.alerts.care import CareStanding
from models.migrations import DeclaredAs

INDEX = "CREATE INDEX alert_care_ending ON alert_care (compound_id, module) WHERE standing = 'ENDING';"

_STANDINGS = "\n".join(f"{standing}: {standing}" for standing in CareStanding)


class Migration(migrations.Migration):
    dependencies = [("models", "0024_mandates")]

    initial = False

    operations = [
        DeclaredAs(
            "AlertCare",
            "standing",
            fields.CharEnumField(description=_STANDINGS, enum_type=CareStanding, max_length=40),
        ),
        ops.RunSQL(INDEX),
    ]
