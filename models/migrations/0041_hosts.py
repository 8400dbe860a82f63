"""Hosts, as the channels of one organisation call them."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.notices.delivery import Breaker

CHECKS = """
CREATE UNIQUE INDEX delivery_host_once ON delivery_host (owner_id, host);
CREATE INDEX delivery_host_called ON delivery_host (called_at);
ALTER TABLE delivery_host ADD CHECK ((breaker = 'CLOSED') = (breaker_until IS NULL)), ADD CHECK (failures >= 0);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0040_closing")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DeliveryHost",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("owner_id", fields.CharField(max_length=30)),
                ("host", fields.CharField(max_length=300)),
                (
                    "breaker",
                    fields.CharEnumField(
                        description="CLOSED: CLOSED\nOPEN: OPEN\nPROBING: PROBING",
                        db_default="CLOSED",
                        enum_type=Breaker,
                        max_length=40,
                    ),
                ),
                ("failures", fields.IntField(db_default=0)),
                ("breaker_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failing_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reserved_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("called_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delivery_host",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A host as the channels of one organisation (``owner_id``; empty: the operator) call it. Unique on both.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="Channel",
            name="host",
            field=fields.CharField(null=True, max_length=300),
        ),
        ops.RunSQL(CHECKS),
    ]
