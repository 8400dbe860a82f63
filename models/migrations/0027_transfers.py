"""When a ticket was last handed on to another organisation."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0026_territory")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Ticket",
            name="transferred_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
