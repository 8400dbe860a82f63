"""Key figures of fees: what is overdue of a compound, what of a year's fees was due, and what was paid."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.rows import MoneyField

CHECKS = "ALTER TABLE compound_figures ADD CHECK (overdue_fees >= 0), ADD CHECK (fees_paid BETWEEN 0 AND fees_due)"


class Migration(migrations.Migration):
    dependencies = [("models", "0051_sheets")]

    initial = False

    operations = [
        *(
            ops.AddField(model_name="CompoundFigures", name=name, field=MoneyField(db_default=0))
            for name in ("overdue_fees", "fees_due", "fees_paid")
        ),
        ops.RunSQL(CHECKS),
    ]
