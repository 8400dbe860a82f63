"""Suppliers, and what is spent: what was approved is not changed, and an invoice is entered once."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.expenses import ExpenseCategory, ExpenseState
from domain.ledger.accounts import AccountCode, Fund
from models.rows import MoneyField

CHECKS = """
ALTER TABLE supplier ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD CHECK (name <> ''), ADD UNIQUE (id, organisation_id);
CREATE UNIQUE INDEX supplier_name ON supplier (organisation_id, name) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX supplier_code ON supplier (organisation_id, credit_code) WHERE ended_at IS NULL AND credit_code IS NOT NULL;
ALTER TABLE expense ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (book_id, compound_id, organisation_id) REFERENCES book (id, compound_id, organisation_id),
    ADD FOREIGN KEY (supplier_id, organisation_id) REFERENCES supplier (id, organisation_id),
    ADD FOREIGN KEY (alike_id) REFERENCES expense (id) ON DELETE SET NULL,
    ADD FOREIGN KEY (drafted_by_id) REFERENCES account (id), ADD FOREIGN KEY (submitted_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (approved_by_id) REFERENCES account (id), ADD CHECK (amount > 0), ADD CHECK (alike_id <> id),
    ADD CHECK (fund = 'COMPANY' OR basis <> ''), ADD CHECK ((paid_on IS NULL) = (paid_from IS NULL)),
    ADD CHECK (state NOT IN ('SUBMITTED', 'APPROVED', 'PAID') OR submitted_at IS NOT NULL),
    ADD CHECK ((state IN ('APPROVED', 'PAID', 'REVERSED')) = (approved_at IS NOT NULL)),
    ADD CHECK (state <> 'PAID' OR paid_on IS NOT NULL),
    ADD CONSTRAINT expense_approved_by_another CHECK (approved_by_id NOT IN (drafted_by_id, submitted_by_id));
CREATE UNIQUE INDEX expense_invoice ON expense (organisation_id, supplier_id, invoice_number) NULLS NOT DISTINCT
    WHERE invoice_number <> '' AND state NOT IN ('REJECTED', 'REVERSED');
CREATE FUNCTION expense_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_at IS NOT NULL AND (NEW.amount, NEW.category, NEW.fund, NEW.book_id, NEW.supplier_id, NEW.invoice_number,
        NEW.invoice_on, NEW.spent_on, NEW.what, NEW.basis, NEW.approved_at, NEW.approved_by_id, NEW.drafted_by_id)
        IS DISTINCT FROM (OLD.amount, OLD.category, OLD.fund, OLD.book_id, OLD.supplier_id, OLD.invoice_number,
        OLD.invoice_on, OLD.spent_on, OLD.what, OLD.basis, OLD.approved_at, OLD.approved_by_id, OLD.drafted_by_id) THEN
        RAISE EXCEPTION 'what is approved is not changed: reverse it' USING ERRCODE = '23514', CONSTRAINT = 'expense_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER expense_kept BEFORE UPDATE ON expense FOR EACH ROW EXECUTE FUNCTION expense_is_kept();
"""

INDEXES = """
CREATE INDEX supplier_organisation ON supplier (organisation_id, name, id) INCLUDE (ended_at);
CREATE INDEX supplier_street ON supplier (street_id, name, id) INCLUDE (ended_at);
CREATE INDEX expense_street ON expense (street_id, spent_on, id) INCLUDE (state, category, fund, book_id, compound_id);
CREATE INDEX expense_organisation ON expense (organisation_id, spent_on, id) INCLUDE (state, category, fund, book_id, compound_id);
CREATE INDEX expense_book ON expense (book_id, spent_on, id) INCLUDE (state, category, fund, amount);
CREATE INDEX expense_supplier ON expense (supplier_id, spent_on, id) INCLUDE (state, amount);
CREATE INDEX expense_alike ON expense (alike_id) WHERE alike_id IS NOT NULL;
CREATE INDEX expense_compound ON expense (compound_id, spent_on);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0052_fee_figures")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Expense",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(db_default=ExpenseState.DRAFT, enum_type=ExpenseState, max_length=40)),
                ("category", fields.CharEnumField(enum_type=ExpenseCategory, max_length=40)),
                ("fund", fields.CharEnumField(enum_type=Fund, max_length=40)),
                ("amount", MoneyField()),
                ("what", fields.CharField(max_length=200)),
                ("spent_on", fields.DateField()),
                ("invoice_number", fields.CharField(db_default="", max_length=40)),
                ("invoice_on", fields.DateField(null=True)),
                ("basis", fields.CharField(db_default="", max_length=120)),
                ("drafted_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("submitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("approved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("paid_on", fields.DateField(null=True)),
                ("paid_from", fields.CharEnumField(null=True, enum_type=AccountCode, max_length=40)),
                ("said", fields.CharField(db_default="", max_length=200)),
                ("version", fields.IntField(db_default=1)),
                ("supplier_id", fields.CharField(null=True, max_length=30)),
                ("alike_id", fields.CharField(null=True, max_length=30)),
                ("ticket_id", fields.CharField(null=True, max_length=30)),
                ("work_order_id", fields.CharField(null=True, max_length=30)),
                ("drafted_by_id", fields.CharField(max_length=30)),
                ("submitted_by_id", fields.CharField(null=True, max_length=30)),
                ("approved_by_id", fields.CharField(null=True, max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "expense",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something spent, out of a fund of a book. What was approved is posted, and not changed any more.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Supplier",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("name", fields.CharField(max_length=120)),
                ("credit_code", fields.CharField(null=True, max_length=18)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "supplier",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A body from which an organisation buys: no person. One that goes on has its name and its code once in the organisation.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
