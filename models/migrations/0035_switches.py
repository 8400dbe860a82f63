"""Modules of the steward that are switched off in compounds."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

CHECKS = """
CREATE UNIQUE INDEX module_switch_compound ON module_switch (compound_id, module);
ALTER TABLE module_switch ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0034_upkeep")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ModuleSwitch",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("module", fields.CharField(max_length=40)),
                ("reason", fields.CharField(max_length=500)),
                ("switched_off_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "module_switch",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A module is switched off in a compound: the row goes when it is switched on again. Its history are the compound's facts.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
    ]
