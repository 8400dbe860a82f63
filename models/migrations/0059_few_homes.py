"""Figures of fees are null where they would be of so few homes that they told what one of them owes."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.rows import MoneyField


class Migration(migrations.Migration):
    dependencies = [("models", "0058_book_days")]

    initial = False

    operations = [
        ops.AlterField("CompoundFigures", name, MoneyField(null=True)) for name in ("overdue_fees", "fees_due", "fees_paid")
    ]
