"""Arrears: ladders, cases and reminders, plans, disputes, late fees, files for courts."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.arrears.cases import CaseState, DeliveryWay
from domain.arrears.disputes import DisputeReason, DisputeState
from domain.arrears.instalments import PlanState
from domain.arrears.ladder import ReminderKind
from models.rows import MoneyField

_OF_A_BOOK = ("reminder_ladder", "late_fee_terms", "arrears_case", "reminder", "instalment_plan", "bill_dispute", "court_file")
_OF_A_HOME = ("arrears_case", "reminder", "instalment_plan", "instalment", "bill_dispute", "late_fee_charge", "court_file")

#: Whatever is of a book stands where the book does. A range of one number, made of the book's id, stands for it in the exclusion.
CHECKS = f"""
{
    "".join(
        f"ALTER TABLE {table} ADD FOREIGN KEY (book_id, compound_id, organisation_id) REFERENCES book (id, compound_id, organisation_id),"
        " ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);"
        for table in _OF_A_BOOK
    )
}
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (home_id) REFERENCES home (id);" for table in _OF_A_HOME)}
ALTER TABLE reminder_ladder ADD UNIQUE (book_id), ADD CHECK (jsonb_typeof(steps) = 'array');
ALTER TABLE late_fee_terms ADD CHECK (contract_number <> ''), ADD CHECK (per_day > 0 AND per_day < 1), ADD CHECK (cap > 0 AND cap <= 1),
    ADD CHECK (grace_days >= 0), ADD CHECK (ends_on >= starts_on), ADD CONSTRAINT late_fee_terms_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(book_id, 0), hashtextextended(book_id, 0), '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&
    );
ALTER TABLE arrears_case ADD CHECK ((state = 'CLOSED') = (closed_on IS NOT NULL)), ADD CHECK (step >= 0),
    ADD CHECK ((step = 0) = (sent_on IS NULL)), ADD CHECK ((step = 0) = (pay_by IS NULL)), ADD CHECK (pay_by >= sent_on);
CREATE UNIQUE INDEX arrears_case_one_open ON arrears_case (book_id, home_id) WHERE state <> 'CLOSED';
ALTER TABLE reminder ADD FOREIGN KEY (case_id) REFERENCES arrears_case (id) ON DELETE CASCADE, ADD UNIQUE (case_id, step),
    ADD CHECK (step > 0), ADD CHECK (amount > 0), ADD CHECK (bill_count > 0), ADD CHECK (told >= 0),
    ADD CHECK ((delivered_way IS NULL) = (delivered_on IS NULL)), ADD CHECK (delivered_way <> 'REGISTERED_MAIL' OR slip <> '');
ALTER TABLE instalment_plan ADD CHECK ((state = 'RUNNING') = (ended_on IS NULL)), ADD CHECK (total > 0), ADD CHECK (paid >= 0),
    ADD CHECK (parts >= 2), ADD CHECK (jsonb_typeof(bill_ids) = 'array');
CREATE UNIQUE INDEX instalment_plan_one_running ON instalment_plan (book_id, home_id) WHERE state = 'RUNNING';
ALTER TABLE instalment ADD FOREIGN KEY (plan_id) REFERENCES instalment_plan (id) ON DELETE CASCADE, ADD UNIQUE (plan_id, number),
    ADD CHECK (number > 0), ADD CHECK (amount > 0);
ALTER TABLE bill_dispute ADD FOREIGN KEY (bill_id) REFERENCES bill (id) ON DELETE CASCADE,
    ADD CHECK ((state IN ('OPEN', 'ANSWERED')) = (closed_at IS NULL)), ADD CHECK ((state = 'UPHELD') = (credited IS NOT NULL)),
    ADD CHECK (credited > 0);
CREATE UNIQUE INDEX bill_dispute_one_open ON bill_dispute (bill_id) WHERE closed_at IS NULL;
ALTER TABLE late_fee_charge ADD FOREIGN KEY (bill_id) REFERENCES bill (id) ON DELETE CASCADE, ADD UNIQUE (bill_id, until),
    ADD FOREIGN KEY (late_bill_id) REFERENCES bill (id) ON DELETE CASCADE, ADD CHECK (amount > 0), ADD CHECK (days > 0);
ALTER TABLE court_file ADD FOREIGN KEY (case_id) REFERENCES arrears_case (id) ON DELETE CASCADE, ADD CHECK (amount > 0),
    ADD CHECK (bill_count > 0);
CREATE FUNCTION court_file_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a file for a court never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER court_file_frozen BEFORE UPDATE ON court_file FOR EACH ROW EXECUTE FUNCTION court_file_is_made();
"""


def _by(table: str, sort: str, held: str, ways: tuple[str, ...]) -> str:
    """An index for each way in which rows are reached, that holds what they are sorted and filtered by."""
    return "".join(f"CREATE INDEX {table}_by_{way} ON {table} ({way}_id, {sort}, id) INCLUDE ({held});\n" for way in ways)


_BOOKS, _HOMES = ("street", "organisation"), ("street", "organisation", "home")

INDEXES = "".join(
    [
        _by("reminder_ladder", "set_at", "book_id, compound_id", _BOOKS),
        _by("late_fee_terms", "starts_on", "ends_on, book_id, compound_id", (*_BOOKS, "book")),
        _by("arrears_case", "opened_on", "state, step, pay_by, book_id, compound_id", _HOMES),
        _by("reminder", "sent_at", "kind, pay_by, delivered_way, book_id, compound_id", _HOMES),
        _by("instalment_plan", "agreed_on", "state, book_id, compound_id", _HOMES),
        _by("instalment", "due_on", "amount", (*_HOMES, "plan")),
        _by("bill_dispute", "opened_at", "state, reason, book_id, compound_id", (*_HOMES, "bill")),
        _by("late_fee_charge", "until", "book_id", (*_HOMES, "bill")),
        _by("court_file", "made_at", "book_id, compound_id", (*_HOMES, "case")),
        "CREATE INDEX arrears_case_closed ON arrears_case (closed_on) WHERE closed_on IS NOT NULL;",
        "CREATE INDEX instalment_plan_ended ON instalment_plan (ended_on) WHERE ended_on IS NOT NULL;",
        "CREATE INDEX bill_dispute_closed ON bill_dispute (closed_at) WHERE closed_at IS NOT NULL;",
        "CREATE INDEX late_fee_charge_on ON late_fee_charge (late_bill_id);",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("models", "0053_expenses")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ArrearsCase",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nHANDED_OVER: HANDED_OVER\nCLOSED: CLOSED", enum_type=CaseState, max_length=40
                    ),
                ),
                ("opened_on", fields.DateField()),
                ("closed_on", fields.DateField(null=True)),
                ("step", fields.IntField(db_default=0)),
                ("sent_on", fields.DateField(null=True)),
                ("pay_by", fields.DateField(null=True)),
                ("version", fields.IntField(db_default=1)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "arrears_case",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A home that is behind, from its first reminder until nothing is past due; one of a book and home is not closed.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BillDispute",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="AMOUNT: AMOUNT\nPAID: PAID\nNOT_OURS: NOT_OURS\nSERVICE: SERVICE\nOTHER: OTHER",
                        enum_type=DisputeReason,
                        max_length=40,
                    ),
                ),
                ("text", fields.CharField(max_length=1000)),
                (
                    "state",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nANSWERED: ANSWERED\nUPHELD: UPHELD\nREJECTED: REJECTED\nWITHDRAWN: WITHDRAWN",
                        enum_type=DisputeState,
                        max_length=40,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answer", fields.CharField(db_default="", max_length=1000)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("credited", MoneyField(null=True)),
                ("version", fields.IntField(db_default=1)),
                ("bill_id", fields.CharField(max_length=30)),
                ("opened_by_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bill_dispute",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a home has against a bill; one of a bill is not settled. ``credited``: what an upheld one took off the bill.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="CourtFile",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("amount", MoneyField()),
                ("bill_count", fields.IntField()),
                ("document", fields.TextField(unique=False)),
                ("sha256", fields.CharField(max_length=64)),
                ("case_id", fields.CharField(max_length=30)),
                ("made_by_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "court_file",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a court or an arbitration is given of a case: frozen when it was made. ``document``: HTML; ``sha256``: of it.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Instalment",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("due_on", fields.DateField()),
                ("amount", MoneyField()),
                ("plan_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "instalment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One part of a plan: so much by a day. Unique on (plan, number); all of a plan sum to its total.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="InstalmentPlan",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="RUNNING: RUNNING\nKEPT: KEPT\nBROKEN: BROKEN\nCANCELLED: CANCELLED",
                        enum_type=PlanState,
                        max_length=40,
                    ),
                ),
                ("agreed_on", fields.DateField()),
                ("ended_on", fields.DateField(null=True)),
                ("total", MoneyField()),
                ("paid", MoneyField(db_default=0)),
                ("parts", fields.IntField()),
                ("bill_ids", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("version", fields.IntField(db_default=1)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "instalment_plan",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a home owes on some bills, in parts; one of a book and home runs. ``bill_ids``: the bills that it covers.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="LateFeeCharge",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("until", fields.DateField()),
                ("days", fields.IntField()),
                ("amount", MoneyField()),
                ("bill_id", fields.CharField(max_length=30)),
                ("late_bill_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "late_fee_charge",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What was asked for late payment of a bill, for its days up to ``until``; unique on both.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="LateFeeTerms",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("contract_number", fields.CharField(max_length=60)),
                ("per_day", fields.DecimalField(max_digits=9, decimal_places=8)),
                ("cap", fields.DecimalField(max_digits=5, decimal_places=4)),
                ("grace_days", fields.IntField()),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("version", fields.IntField(db_default=1)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "late_fee_terms",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a contract says of late fees from ``starts_on`` to ``ends_on`` (both included; null: open). Never two on one day.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Reminder",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="NOTICE: NOTICE\nREMINDER: REMINDER\nDEMAND: DEMAND\nLAST_DEMAND: LAST_DEMAND",
                        enum_type=ReminderKind,
                        max_length=40,
                    ),
                ),
                ("step", fields.IntField()),
                ("amount", MoneyField()),
                ("bill_count", fields.IntField()),
                ("oldest_due_on", fields.DateField()),
                ("pay_by", fields.DateField()),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("told", fields.IntField(db_default=0)),
                ("message", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("bills", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                (
                    "delivered_way",
                    fields.CharEnumField(
                        null=True,
                        description="BY_HAND: BY_HAND\nLETTER_BOX: LETTER_BOX\nREGISTERED_MAIL: REGISTERED_MAIL",
                        enum_type=DeliveryWay,
                        max_length=40,
                    ),
                ),
                ("delivered_on", fields.DateField(null=True)),
                ("slip", fields.CharField(db_default="", max_length=60)),
                ("version", fields.IntField(db_default=1)),
                ("case_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "reminder",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One reminder of a case; unique on (case, step). ``amount``: what was past due then, of ``bill_count`` bills.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ReminderLadder",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("steps", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("running", fields.BooleanField()),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "reminder_ladder",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How homes that are behind are reminded by the book's keeper; unique on the book.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
