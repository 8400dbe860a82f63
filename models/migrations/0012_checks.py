"""Checks are declared by the clocks, for all to read; a slot keeps what its run counted."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0011_told")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ClockCheck",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60)),
                ("module", fields.CharField(max_length=40)),
                ("cadence", fields.CharField(max_length=60)),
                ("does", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("next_run_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "clock_check",
                "app": "models",
                "pk_attr": "name",
                "table_description": "A check as the clocks last declared it. ``cadence``: a cron expression in the street's time zone.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="ClockSlot",
            name="found",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
