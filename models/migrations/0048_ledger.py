"""The books: accounts, entries that balance and never change, months that are closed."""

from decimal import Decimal

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.ledger.accounts import AccountCode, AccountType, Fund
from domain.ledger.entries import BookRegime, EntryKind
from models.rows import MoneyField

_TABLES = ("book", "ledger_account", "journal_entry", "journal_line", "ledger_period")

#: Whatever is of a book stands where the book does.
CHECKS = f"""
{
    "".join(
        f"ALTER TABLE {table} ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);" for table in _TABLES
    )
}
ALTER TABLE book ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD CHECK (closed_on >= opened_on),
    ADD CHECK (approval_limit >= 0), ADD CHECK (next_entry_number > 0), ADD UNIQUE (id, compound_id, organisation_id);
CREATE UNIQUE INDEX book_one_open ON book (compound_id, organisation_id) WHERE closed_on IS NULL;
{
    "".join(
        f"ALTER TABLE {table} ADD FOREIGN KEY (book_id, compound_id, organisation_id)"
        " REFERENCES book (id, compound_id, organisation_id);"
        for table in _TABLES[1:]
    )
}
ALTER TABLE ledger_account ADD UNIQUE (book_id, code), ADD UNIQUE (id, book_id, code, fund);
ALTER TABLE journal_entry ADD UNIQUE (book_id, number), ADD UNIQUE (id, book_id, booked_on),
    ADD FOREIGN KEY (reverses_id) REFERENCES journal_entry (id), ADD CHECK (reverses_id <> id),
    ADD CHECK ((kind = 'REVERSAL') = (reverses_id IS NOT NULL));
CREATE UNIQUE INDEX journal_entry_reversed ON journal_entry (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE UNIQUE INDEX journal_entry_once ON journal_entry (book_id, kind, source_id, key) NULLS NOT DISTINCT
    WHERE source_id IS NOT NULL OR key <> '';
ALTER TABLE journal_line ADD FOREIGN KEY (entry_id, book_id, booked_on) REFERENCES journal_entry (id, book_id, booked_on),
    ADD FOREIGN KEY (account_id, book_id, code, fund) REFERENCES ledger_account (id, book_id, code, fund),
    ADD CONSTRAINT journal_line_one_side CHECK (debit >= 0 AND credit >= 0 AND (debit > 0) <> (credit > 0)),
    ADD CHECK (owners_compound_id = compound_id), ADD CHECK (fund = 'COMPANY' OR owners_compound_id IS NOT NULL);
ALTER TABLE ledger_period ADD CHECK (extract(day FROM month) = 1), ADD FOREIGN KEY (closed_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (reopened_by_id) REFERENCES account (id), ADD CHECK ((reopened_at IS NULL) = (reopened_by_id IS NULL));
CREATE UNIQUE INDEX ledger_period_closed ON ledger_period (book_id, month) WHERE reopened_at IS NULL;
"""

#: An entry takes the next number of its book, on one of the book's days and in no month that is closed; its lines come in one
#: statement, and balance; neither it nor they ever change. Of lines, home and bill go ten years after the end of their year.
KEEPING = """
CREATE FUNCTION journal_entry_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first_day date; last_day date;
BEGIN
    UPDATE book SET next_entry_number = next_entry_number + 1 WHERE id = NEW.book_id
        RETURNING next_entry_number - 1, opened_on, closed_on INTO NEW.number, first_day, last_day;
    IF NEW.booked_on < first_day OR NEW.booked_on > last_day THEN
        RAISE EXCEPTION 'the book has no entries of %', NEW.booked_on USING ERRCODE = '23514', CONSTRAINT = 'journal_entry_days';
    END IF;
    IF EXISTS (
        SELECT FROM ledger_period WHERE book_id = NEW.book_id AND reopened_at IS NULL
            AND month >= date_trunc('month', NEW.booked_on)::date
    ) THEN
        RAISE EXCEPTION 'the month of % is closed', NEW.booked_on USING ERRCODE = '23514', CONSTRAINT = 'journal_entry_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_entry_numbered BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_is_numbered();

CREATE FUNCTION journal_entry_has_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM journal_line WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no lines', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'journal_entry_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entry_lines AFTER INSERT ON journal_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journal_entry_has_lines();

CREATE FUNCTION journal_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong varchar;
BEGIN
    SELECT entry_id INTO wrong FROM added GROUP BY entry_id HAVING sum(debit) <> sum(credit) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance', wrong USING ERRCODE = '23514', CONSTRAINT = 'journal_line_balance';
    END IF;
    SELECT a.entry_id INTO wrong FROM (SELECT entry_id, count(*) AS lines FROM added GROUP BY entry_id) a
        WHERE a.lines <> (SELECT count(*) FROM journal_line l WHERE l.entry_id = a.entry_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % has its lines', wrong USING ERRCODE = '23514', CONSTRAINT = 'journal_line_at_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER journal_lines_balanced AFTER INSERT ON journal_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION journal_lines_balance();

CREATE FUNCTION journal_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is posted is never changed: reverse it' USING ERRCODE = '23514', CONSTRAINT = 'journal_kept';
END $$;
CREATE FUNCTION journal_line_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.booked_on < date_trunc('year', now() AT TIME ZONE 'UTC') - interval '10 years' THEN
        NEW.home_id := NULL;
        NEW.bill_id := NULL;
        OLD.home_id := NULL;
        OLD.bill_id := NULL;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what is posted is never changed: reverse it' USING ERRCODE = '23514', CONSTRAINT = 'journal_kept';
END $$;
CREATE TRIGGER journal_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
CREATE TRIGGER journal_line_kept BEFORE UPDATE OR DELETE ON journal_line FOR EACH ROW EXECUTE FUNCTION journal_line_is_kept();
CREATE TRIGGER journal_line_never_emptied BEFORE TRUNCATE ON journal_line
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
"""

INDEXES = """
CREATE INDEX book_street ON book (street_id, opened_on, id) INCLUDE (regime, closed_on, compound_id, organisation_id);
CREATE INDEX book_organisation ON book (organisation_id, opened_on, id) INCLUDE (regime, closed_on, compound_id);
CREATE INDEX ledger_account_organisation ON ledger_account (organisation_id, code, id) INCLUDE (type, fund, book_id);
CREATE INDEX ledger_account_street ON ledger_account (street_id, code, id) INCLUDE (type, fund, book_id);
CREATE INDEX journal_entry_street ON journal_entry (street_id, booked_on, id) INCLUDE (kind, number, book_id, compound_id);
CREATE INDEX journal_entry_organisation ON journal_entry (organisation_id, booked_on, id)
    INCLUDE (kind, number, book_id, compound_id);
CREATE INDEX journal_entry_book ON journal_entry (book_id, booked_on, id) INCLUDE (kind, number);
CREATE INDEX journal_entry_source ON journal_entry (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX journal_line_entry ON journal_line (entry_id, id);
CREATE INDEX journal_line_account ON journal_line (account_id, booked_on, id) INCLUDE (debit, credit);
CREATE INDEX journal_line_book ON journal_line (book_id, booked_on) INCLUDE (code, fund, category, debit, credit);
CREATE INDEX journal_line_home ON journal_line (home_id, code) INCLUDE (debit, credit) WHERE home_id IS NOT NULL;
CREATE INDEX journal_line_street ON journal_line (street_id, booked_on, id) INCLUDE (code, fund, compound_id);
CREATE INDEX journal_line_organisation ON journal_line (organisation_id, booked_on, id) INCLUDE (code, fund, compound_id);
CREATE INDEX journal_line_owners ON journal_line (owners_compound_id, booked_on, id) INCLUDE (code, fund)
    WHERE owners_compound_id IS NOT NULL;
CREATE INDEX ledger_period_book ON ledger_period (book_id, month, id);
CREATE INDEX ledger_period_street ON ledger_period (street_id, month, id);
CREATE INDEX ledger_period_organisation ON ledger_period (organisation_id, month, id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0047_jobs")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Book",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("regime", fields.CharEnumField(enum_type=BookRegime, max_length=40)),
                ("opened_on", fields.DateField()),
                ("closed_on", fields.DateField(null=True)),
                ("approval_limit", MoneyField(db_default=Decimal("1000.00"))),
                ("next_entry_number", fields.IntField(db_default=1)),
                ("version", fields.IntField(db_default=1)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "book",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The books (账套) of a compound, by the organisation that keeps them; one is open at a time.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField(db_default=0)),
                ("booked_on", fields.DateField()),
                ("kind", fields.CharEnumField(enum_type=EntryKind, max_length=40)),
                ("source_id", fields.CharField(null=True, max_length=30)),
                ("key", fields.CharField(db_default="", max_length=60)),
                ("text", fields.CharField(db_default="", max_length=300)),
                ("posted_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("actor", fields.CharField(max_length=60)),
                ("reverses_id", fields.CharField(null=True, max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "journal_entry",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An entry of a book: never changed, and taken back by another one only (``reverses_id``).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="JournalLine",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("code", fields.CharEnumField(enum_type=AccountCode, max_length=40)),
                ("fund", fields.CharEnumField(enum_type=Fund, max_length=40)),
                ("debit", MoneyField(db_default=0)),
                ("credit", MoneyField(db_default=0)),
                ("category", fields.CharField(null=True, max_length=40)),
                ("booked_on", fields.DateField()),
                ("home_id", fields.CharField(null=True, max_length=30)),
                ("bill_id", fields.CharField(null=True, max_length=30)),
                ("entry_id", fields.CharField(max_length=30)),
                ("account_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("owners_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "journal_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A line of an entry: yuan in ``debit`` or in ``credit``, of which one is 0.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("code", fields.CharEnumField(enum_type=AccountCode, max_length=40)),
                ("type", fields.CharEnumField(enum_type=AccountType, max_length=40)),
                ("fund", fields.CharEnumField(enum_type=Fund, max_length=40)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ledger_account",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An account of a book: each of the chart once.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="LedgerPeriod",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("month", fields.DateField()),
                ("closed_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("closed_by_id", fields.CharField(max_length=30)),
                ("reopened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reopened_by_id", fields.CharField(null=True, max_length=30)),
                ("reopened_why", fields.CharField(db_default="", max_length=300)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ledger_period",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A month (its first day) of a book that was closed; closed still, unless it was ``reopened_at``.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(KEEPING),
        ops.RunSQL(INDEXES),
    ]
