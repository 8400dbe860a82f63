"""Budgets of books: what each month of an account is planned to come to."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.ledger.accounts import AccountCode, Fund
from models.rows import MoneyField

CHECKS = """
ALTER TABLE budget_line ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (book_id, compound_id, organisation_id) REFERENCES book (id, compound_id, organisation_id),
    ADD FOREIGN KEY (book_id, code) REFERENCES ledger_account (book_id, code), ADD UNIQUE (book_id, code, month),
    ADD CHECK (amount >= 0), ADD CHECK (extract(day FROM month) = 1), ADD CHECK (owners_compound_id = compound_id),
    ADD CHECK (fund = 'COMPANY' OR owners_compound_id IS NOT NULL);
CREATE INDEX budget_line_book ON budget_line (book_id, month, id) INCLUDE (code, fund, amount);
CREATE INDEX budget_line_street ON budget_line (street_id, month, id) INCLUDE (code, fund, compound_id);
CREATE INDEX budget_line_organisation ON budget_line (organisation_id, month, id) INCLUDE (code, fund, compound_id);
CREATE INDEX budget_line_owners ON budget_line (owners_compound_id, month, id) INCLUDE (code, fund)
    WHERE owners_compound_id IS NOT NULL;
CREATE INDEX budget_line_month ON budget_line (month);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0054_arrears")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("code", fields.CharEnumField(enum_type=AccountCode, max_length=40)),
                ("fund", fields.CharEnumField(enum_type=Fund, max_length=40)),
                ("month", fields.DateField()),
                ("amount", MoneyField()),
                ("resolution", fields.CharField(db_default="", max_length=120)),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("owners_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "budget_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What one month (its first day) of an account is planned to come to. One of an account, book and month.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
    ]
