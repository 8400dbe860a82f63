"""Bills, their lines and credit notes: what is open follows from what was paid and credited, and nothing else ever changes."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.bills import BillKind, BillState, CreditKind, FeeUnit
from domain.ledger import AccountCode
from models.migrations import Declared
from models.rows import MoneyField

#: What of a bill never changes after issue; and of its lines.
_BILL = (
    *("id", "number", "kind", "period_from", "period_to", "issued_on", "due_on", "total", "run_id", "corrects_id"),
    *("book_id", "home_id", "compound_id", "organisation_id", "street_id"),
)
_LINE = (
    *("id", "number", "account", "description", "period_from", "period_to", "quantity", "unit", "unit_price", "factor", "amount"),
    *("tier", "bill_id", "fee_item_id", "home_id", "compound_id", "organisation_id", "street_id"),
)
#: With one reference a row is of the compound, organisation and street of its book.
_BOOK = """ADD FOREIGN KEY (book_id, compound_id, organisation_id, street_id)
    REFERENCES book (id, compound_id, organisation_id, street_id)"""

CHECKS = f"""
CREATE UNIQUE INDEX book_whose ON book (id, compound_id, organisation_id, street_id);
ALTER TABLE bill {_BOOK}, ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD FOREIGN KEY (corrects_id) REFERENCES bill (id),
    ADD UNIQUE (book_id, number), ADD CHECK (number > 0), ADD CHECK (period_to >= period_from), ADD CHECK (due_on >= issued_on),
    ADD CHECK (total > 0), ADD CHECK (paid >= 0), ADD CHECK (credited >= 0),
    ADD COLUMN open numeric(14, 2) NOT NULL GENERATED ALWAYS AS (total - paid - credited) STORED,
    ADD CONSTRAINT bill_never_overpaid CHECK (open >= 0),
    ADD COLUMN state varchar(40) NOT NULL GENERATED ALWAYS AS (
        CASE WHEN credited = total THEN 'CREDITED' WHEN paid + credited = total THEN 'PAID' WHEN paid > 0 THEN 'PART_PAID'
            ELSE 'OPEN' END
    ) STORED;
ALTER TABLE bill_line ADD FOREIGN KEY (bill_id) REFERENCES bill (id) ON DELETE CASCADE, ADD UNIQUE (bill_id, number),
    ADD CHECK (number > 0), ADD CHECK (amount > 0), ADD CHECK (credited BETWEEN 0 AND amount), ADD CHECK (period_to >= period_from),
    ADD CHECK (NOT withdrawn OR credited = amount), ADD CHECK (quantity >= 0), ADD CHECK (unit_price >= 0), ADD CHECK (tier >= 0),
    ADD CHECK (jsonb_typeof(description) = 'object');
ALTER TABLE credit_note {_BOOK}, ADD FOREIGN KEY (bill_id) REFERENCES bill (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD UNIQUE (book_id, number), ADD CHECK (number > 0), ADD CHECK (amount > 0);
ALTER TABLE credit_note_line ADD FOREIGN KEY (credit_note_id) REFERENCES credit_note (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (bill_line_id) REFERENCES bill_line (id) ON DELETE CASCADE, ADD UNIQUE (credit_note_id, bill_line_id),
    ADD CHECK (amount > 0);
ALTER TABLE bill_counter ADD FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE CASCADE, ADD CHECK (bills >= 0),
    ADD CHECK (credit_notes >= 0);
"""


def _same(columns: tuple[str, ...]) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


#: All lines of a bill come in one statement, and add up to it. What follows a bill goes with it, ten years after its year.
FROZEN = f"""
CREATE FUNCTION bill_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a bill never changes after issue: credit it, and issue another' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION bill_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME <> 'bill' THEN
        IF pg_trigger_depth() < 2 THEN
            RAISE EXCEPTION 'what was billed and credited goes with its bill only' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF make_date(extract(year FROM OLD.issued_on)::int + 11, 1, 1) > current_date THEN
        RAISE EXCEPTION 'a bill is kept for ten years' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION bill_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT bill_id, sum(amount) AS total FROM made GROUP BY bill_id) AS lines
        JOIN bill ON bill.id = lines.bill_id WHERE bill.total <> lines.total
    ) THEN
        RAISE EXCEPTION 'the lines of a bill come at once, and add up to it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bill_frozen BEFORE UPDATE ON bill FOR EACH ROW WHEN ({_same(_BILL)} OR NEW.credited < OLD.credited)
    EXECUTE FUNCTION bill_is_issued();
CREATE TRIGGER bill_line_frozen BEFORE UPDATE ON bill_line FOR EACH ROW WHEN ({
    _same(_LINE)
} OR NEW.credited < OLD.credited OR (OLD.withdrawn AND NOT NEW.withdrawn))
    EXECUTE FUNCTION bill_is_issued();
CREATE TRIGGER credit_note_frozen BEFORE UPDATE ON credit_note FOR EACH ROW EXECUTE FUNCTION bill_is_issued();
CREATE TRIGGER credit_note_line_frozen BEFORE UPDATE ON credit_note_line FOR EACH ROW EXECUTE FUNCTION bill_is_issued();
{
    "".join(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION bill_is_kept();"
        for table in ("bill", "bill_line", "credit_note", "credit_note_line")
    )
}
CREATE TRIGGER bill_line_sum AFTER INSERT ON bill_line REFERENCING NEW TABLE AS made FOR EACH STATEMENT
    EXECUTE FUNCTION bill_adds_up();
"""

INDEXES = """
CREATE INDEX bill_home ON bill (home_id, issued_on, id) INCLUDE (state, kind, due_on);
CREATE INDEX bill_organisation ON bill (organisation_id, issued_on, id) INCLUDE (state, kind, due_on, compound_id, home_id);
CREATE INDEX bill_street ON bill (street_id, issued_on, id) INCLUDE (state, kind, due_on);
CREATE INDEX bill_due ON bill (book_id, due_on, home_id) INCLUDE (open) WHERE open > 0;
CREATE INDEX bill_open ON bill (home_id, due_on, id) WHERE open > 0;
CREATE INDEX bill_run_bills ON bill (run_id, id) WHERE run_id IS NOT NULL;
CREATE INDEX bill_corrects ON bill (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE UNIQUE INDEX bill_line_once ON bill_line (home_id, fee_item_id, period_from, tier)
    WHERE fee_item_id IS NOT NULL AND NOT withdrawn;
CREATE INDEX credit_note_bill ON credit_note (bill_id, issued_on, id);
CREATE INDEX credit_note_home ON credit_note (home_id, issued_on, id);
CREATE INDEX credit_note_organisation ON credit_note (organisation_id, issued_on, id) INCLUDE (kind);
CREATE INDEX credit_note_street ON credit_note (street_id, issued_on, id);
CREATE INDEX credit_note_line_of ON credit_note_line (bill_line_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0048_ledger")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Bill",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("kind", fields.CharEnumField(enum_type=BillKind, max_length=40)),
                ("period_from", fields.DateField()),
                ("period_to", fields.DateField()),
                ("issued_on", fields.DateField()),
                ("due_on", fields.DateField()),
                ("total", MoneyField()),
                ("paid", MoneyField(db_default=0)),
                ("credited", MoneyField(db_default=0)),
                ("run_id", fields.CharField(null=True, max_length=30)),
                ("corrects_id", fields.CharField(null=True, max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bill",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a home is asked to pay. After issue the database lets nothing change but ``paid`` and ``credited``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BillCounter",
            fields=[
                ("book_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("bills", fields.IntField(db_default=0)),
                ("credit_notes", fields.IntField(db_default=0)),
            ],
            options={
                "table": "bill_counter",
                "app": "models",
                "pk_attr": "book_id",
                "table_description": "The numbers that a book gave its bills and credit notes last.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BillLine",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("account", fields.CharEnumField(enum_type=AccountCode, max_length=40)),
                ("description", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("period_from", fields.DateField()),
                ("period_to", fields.DateField()),
                ("quantity", fields.DecimalField(max_digits=14, decimal_places=4)),
                ("unit", fields.CharEnumField(enum_type=FeeUnit, max_length=40)),
                ("unit_price", fields.DecimalField(max_digits=14, decimal_places=6)),
                ("factor", fields.DecimalField(db_default=1, max_digits=10, decimal_places=6)),
                ("amount", MoneyField()),
                ("credited", MoneyField(db_default=0)),
                ("tier", fields.IntField(db_default=0)),
                ("withdrawn", fields.BooleanField(db_default=False)),
                ("bill_id", fields.CharField(max_length=30)),
                ("fee_item_id", fields.CharField(null=True, max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bill_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A line of a bill: what for, how much of it, at what price. The days are both included.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="CreditNote",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("kind", fields.CharEnumField(enum_type=CreditKind, max_length=40)),
                ("amount", MoneyField()),
                ("why", fields.CharField(max_length=500)),
                ("issued_on", fields.DateField()),
                ("bill_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "credit_note",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What was taken back of a bill, and why. ``number``: without gaps per book. It never changes.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="CreditNoteLine",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("amount", MoneyField()),
                ("credit_note_id", fields.CharField(max_length=30)),
                ("bill_line_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "credit_note_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How much of a bill's line a credit note takes back.",
            },
            bases=["Row"],
        ),
        Declared("Bill", "open", MoneyField(generated=True)),
        Declared("Bill", "state", fields.CharEnumField(BillState, max_length=40, generated=True)),
        ops.RunSQL(CHECKS),
        ops.RunSQL(FROZEN),
        ops.RunSQL(INDEXES),
    ]
