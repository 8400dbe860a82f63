"""Payments: what came, where it went, how it goes back; orders, receipts, files of banks and providers."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.payments.kinds import (
    BankFileState,
    BuyerKind,
    InvoiceState,
    MatchedBy,
    OrderState,
    PaymentMethod,
    PaymentState,
    Provider,
    ReceiptState,
    ReconciliationState,
    RefundState,
)
from models.migrations import Declared
from models.rows import MoneyField

_TABLES = (
    *("payment", "payment_allocation", "receipt", "refund", "payment_merchant", "payment_order", "reconciliation", "bank_file"),
    "invoice_request",
)
_OF_HOMES = ("payment", "payment_allocation", "receipt", "refund", "payment_order", "invoice_request")

#: Made by the database, so that they always follow from the amounts.
GENERATED = """
ALTER TABLE payment ADD COLUMN unallocated NUMERIC(14, 2) GENERATED ALWAYS AS (
        CASE WHEN voided_at IS NULL THEN amount - allocated - refunded - charged_back ELSE 0 END
    ) STORED,
    ADD COLUMN state VARCHAR(40) GENERATED ALWAYS AS (CASE
        WHEN voided_at IS NOT NULL THEN 'VOID'
        WHEN amount > allocated + refunded + charged_back THEN CASE WHEN home_id IS NULL THEN 'UNMATCHED' ELSE 'OPEN' END
        WHEN allocated > 0 THEN 'ALLOCATED'
        WHEN charged_back > 0 THEN 'CHARGED_BACK'
        ELSE 'REFUNDED'
    END) STORED;
"""

#: What is of a book stands where the book does; what each state needs.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (book_id, compound_id, organisation_id) REFERENCES book (id, compound_id, organisation_id), ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);" for table in _TABLES)}
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (home_id) REFERENCES home (id);" for table in _OF_HOMES)}
ALTER TABLE payment_merchant ADD CHECK (ended_at >= set_at);
CREATE UNIQUE INDEX payment_merchant_one ON payment_merchant (book_id) WHERE ended_at IS NULL;
ALTER TABLE payment_order ADD FOREIGN KEY (merchant_id) REFERENCES payment_merchant (id), ADD CHECK (amount > 0),
    ADD CHECK (expires_at > opened_at), ADD CHECK (jsonb_typeof(bill_ids) = 'array'),
    ADD CHECK ((state IN ('CREATING', 'OPEN')) = (ended_at IS NULL)), ADD CHECK (state <> 'OPEN' OR pay_url <> ''),
    ADD CHECK ((state = 'MISMATCHED') = (paid IS NOT NULL)), ADD CHECK (paid <> amount), ADD CHECK (state <> 'FAILED' OR problem <> '');
ALTER TABLE bank_file ADD UNIQUE (book_id, sha256), ADD CHECK (jsonb_typeof(waiting) = 'array'),
    ADD CHECK (lines = matched + suspense + known + jsonb_array_length(waiting)), ADD CHECK ((state = 'DONE') = (waiting = '[]')),
    ADD CHECK (least(matched, suspense, known) >= 0), ADD FOREIGN KEY (entered_by_id) REFERENCES account (id);
ALTER TABLE payment ADD CHECK (amount > 0), ADD CHECK (least(allocated, refunded, charged_back) >= 0),
    ADD CONSTRAINT payment_not_below_nothing CHECK (unallocated >= 0),
    ADD CHECK (voided_at IS NULL OR allocated + refunded + charged_back = 0), ADD CHECK ((voided_at IS NULL) = (void_reason = '')),
    ADD CHECK (voided_at IS NULL OR method IN ('CASH', 'TRANSFER')), ADD CHECK (home_id IS NOT NULL OR allocated = 0),
    ADD CHECK ((home_id IS NULL) = (matched_by IS NULL)),
    ADD CHECK ((method = 'ONLINE') = (order_id IS NOT NULL AND merchant_id IS NOT NULL AND trade IS NOT NULL)),
    ADD CHECK ((method = 'BANK_FILE') = (bank_file_id IS NOT NULL AND bank_key IS NOT NULL)),
    ADD CHECK (method NOT IN ('CASH', 'TRANSFER') OR home_id IS NOT NULL), ADD CHECK (method <> 'TRANSFER' OR reference <> ''),
    ADD FOREIGN KEY (order_id) REFERENCES payment_order (id), ADD FOREIGN KEY (merchant_id) REFERENCES payment_merchant (id),
    ADD FOREIGN KEY (bank_file_id) REFERENCES bank_file (id);
CREATE UNIQUE INDEX payment_trade ON payment (merchant_id, trade) WHERE trade IS NOT NULL;
CREATE UNIQUE INDEX payment_bank_line ON payment (book_id, bank_key) WHERE bank_key IS NOT NULL;
CREATE UNIQUE INDEX payment_transfer ON payment (book_id, reference) WHERE method = 'TRANSFER' AND voided_at IS NULL;
ALTER TABLE payment_allocation ADD FOREIGN KEY (payment_id) REFERENCES payment (id),
    ADD FOREIGN KEY (bill_id) REFERENCES bill (id), ADD CHECK (amount > 0), ADD CHECK ((undone_at IS NULL) = (undone_why = ''));
ALTER TABLE receipt ADD FOREIGN KEY (payment_id) REFERENCES payment (id), ADD UNIQUE (organisation_id, number),
    ADD CHECK (number > 0), ADD CHECK (amount > 0),
    ADD CHECK ((state = 'VOID') = (voided_at IS NOT NULL)), ADD CHECK ((state = 'VOID') = (void_reason <> ''));
CREATE UNIQUE INDEX receipt_one_holds ON receipt (payment_id) WHERE state = 'ISSUED';
ALTER TABLE receipt_counter ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id);
ALTER TABLE refund ADD FOREIGN KEY (payment_id) REFERENCES payment (id), ADD CHECK (amount > 0), ADD CHECK (why <> ''),
    ADD CONSTRAINT refund_two_persons CHECK (decided_by_id <> requested_by_id),
    ADD CHECK ((state = 'REQUESTED') = (decided_at IS NULL)), ADD CHECK ((decided_at IS NULL) = (decided_by_id IS NULL)),
    ADD CHECK ((state = 'DONE') = (done_at IS NOT NULL)), ADD CHECK (state NOT IN ('REJECTED', 'FAILED') OR answer <> ''),
    ADD FOREIGN KEY (requested_by_id) REFERENCES account (id), ADD FOREIGN KEY (decided_by_id) REFERENCES account (id);
CREATE UNIQUE INDEX refund_one_at_a_time ON refund (payment_id) WHERE state IN ('REQUESTED', 'SENDING');
ALTER TABLE payment_message ADD FOREIGN KEY (merchant_id) REFERENCES payment_merchant (id), ADD UNIQUE (merchant_id, message);
ALTER TABLE reconciliation ADD FOREIGN KEY (merchant_id) REFERENCES payment_merchant (id), ADD UNIQUE (merchant_id, day),
    ADD CHECK (state <> 'MATCHED' OR (their_total = our_total AND their_count = our_count AND settled = their_total - fee)),
    ADD CHECK (jsonb_typeof(differences) = 'array');
ALTER TABLE invoice_request ADD FOREIGN KEY (receipt_id) REFERENCES receipt (id), ADD UNIQUE (receipt_id),
    ADD CHECK ((buyer_kind = 'ORGANISATION') = (buyer_code IS NOT NULL)), ADD CHECK ((state = 'ISSUED') = (invoice_number <> '')),
    ADD CHECK ((state = 'FAILED') = (problem <> '')), ADD CHECK (state = 'REQUESTED' OR exported_at IS NOT NULL),
    ADD CHECK ((state IN ('ISSUED', 'FAILED')) = (ended_at IS NOT NULL));
ALTER TABLE payment_failure ADD FOREIGN KEY (book_id) REFERENCES book (id), ADD FOREIGN KEY (home_id) REFERENCES home (id),
    ADD CHECK (amount > 0);
"""

#: What came, and what was made of it, is never changed but as named here, nor deleted before ten years after its year are over.
KEEPING = """
CREATE FUNCTION is_of_the_books(day date) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT day >= date_trunc('year', now() AT TIME ZONE 'UTC') - interval '10 years' $$;
CREATE FUNCTION payment_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF is_of_the_books(OLD.received_on) THEN
            RAISE EXCEPTION 'payments are kept' USING ERRCODE = '23514', CONSTRAINT = 'payment_kept';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.method, NEW.amount, NEW.received_on, NEW.entered_at, NEW.reference, NEW.trade, NEW.bank_key, NEW.order_id,
        NEW.merchant_id, NEW.bank_file_id, NEW.book_id) IS DISTINCT FROM (OLD.id, OLD.method, OLD.amount, OLD.received_on,
        OLD.entered_at, OLD.reference, OLD.trade, OLD.bank_key, OLD.order_id, OLD.merchant_id, OLD.bank_file_id, OLD.book_id)
        OR OLD.voided_at IS NOT NULL
        OR (NEW.home_id IS DISTINCT FROM OLD.home_id AND NEW.home_id IS NOT NULL AND OLD.home_id IS NOT NULL)
        OR (NEW.home_id IS DISTINCT FROM OLD.home_id AND OLD.allocated <> 0) THEN
        RAISE EXCEPTION 'a payment does not change' USING ERRCODE = '23514', CONSTRAINT = 'payment_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_kept BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION payment_is_kept();

CREATE FUNCTION allocation_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF is_of_the_books(OLD.made_at::date) THEN
            RAISE EXCEPTION 'allocations are kept' USING ERRCODE = '23514', CONSTRAINT = 'payment_allocation_kept';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.undone_at IS NOT NULL OR (NEW.id, NEW.amount, NEW.made_at, NEW.payment_id, NEW.bill_id, NEW.book_id, NEW.home_id)
        IS DISTINCT FROM (OLD.id, OLD.amount, OLD.made_at, OLD.payment_id, OLD.bill_id, OLD.book_id, OLD.home_id) THEN
        RAISE EXCEPTION 'an allocation is undone, and does not change' USING ERRCODE = '23514',
            CONSTRAINT = 'payment_allocation_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_allocation_kept BEFORE UPDATE OR DELETE ON payment_allocation
    FOR EACH ROW EXECUTE FUNCTION allocation_is_kept();

CREATE FUNCTION receipt_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF is_of_the_books(OLD.issued_at::date) THEN
            RAISE EXCEPTION 'receipts are kept' USING ERRCODE = '23514', CONSTRAINT = 'receipt_kept';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'VOID' OR (NEW.id, NEW.number, NEW.amount, NEW.issued_at, NEW.payment_id, NEW.organisation_id, NEW.home_id)
        IS DISTINCT FROM (OLD.id, OLD.number, OLD.amount, OLD.issued_at, OLD.payment_id, OLD.organisation_id, OLD.home_id) THEN
        RAISE EXCEPTION 'a receipt becomes void, and does not change' USING ERRCODE = '23514', CONSTRAINT = 'receipt_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_kept BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_is_kept();

CREATE FUNCTION refund_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('DONE', 'REJECTED', 'FAILED') OR (NEW.id, NEW.amount, NEW.why, NEW.payment_id, NEW.requested_by_id)
        IS DISTINCT FROM (OLD.id, OLD.amount, OLD.why, OLD.payment_id, OLD.requested_by_id) THEN
        RAISE EXCEPTION 'a refund does not change' USING ERRCODE = '23514', CONSTRAINT = 'refund_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_kept BEFORE UPDATE ON refund FOR EACH ROW EXECUTE FUNCTION refund_is_kept();

CREATE FUNCTION payment_order_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.amount, NEW.bill_ids, NEW.home_id, NEW.book_id, NEW.merchant_id, NEW.opened_at, NEW.expires_at)
        IS DISTINCT FROM (OLD.id, OLD.amount, OLD.bill_ids, OLD.home_id, OLD.book_id, OLD.merchant_id, OLD.opened_at, OLD.expires_at)
        OR (OLD.state IN ('PAID', 'MISMATCHED') AND NEW.state <> OLD.state) THEN
        RAISE EXCEPTION 'an order asks for what it asked for' USING ERRCODE = '23514', CONSTRAINT = 'payment_order_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_order_kept BEFORE UPDATE ON payment_order FOR EACH ROW EXECUTE FUNCTION payment_order_is_kept();
"""

INDEXES = """
CREATE INDEX payment_street ON payment (street_id, entered_at, id) INCLUDE (state, method, book_id, home_id);
CREATE INDEX payment_organisation ON payment (organisation_id, entered_at, id) INCLUDE (state, method, book_id, home_id);
CREATE INDEX payment_home ON payment (home_id, entered_at, id) INCLUDE (state, method, book_id) WHERE home_id IS NOT NULL;
CREATE INDEX payment_left ON payment (book_id, received_on, id) INCLUDE (home_id) WHERE state IN ('OPEN', 'UNMATCHED');
CREATE INDEX payment_day ON payment (merchant_id, received_on) WHERE merchant_id IS NOT NULL;
CREATE INDEX payment_allocation_payment ON payment_allocation (payment_id, made_at, id);
CREATE INDEX payment_allocation_bill ON payment_allocation (bill_id, made_at, id);
CREATE INDEX payment_allocation_street ON payment_allocation (street_id, made_at, id);
CREATE INDEX payment_allocation_organisation ON payment_allocation (organisation_id, made_at, id);
CREATE INDEX payment_allocation_home ON payment_allocation (home_id, made_at, id);
CREATE INDEX receipt_payment ON receipt (payment_id, number, id);
CREATE INDEX receipt_street ON receipt (street_id, number, id) INCLUDE (state, book_id, home_id);
CREATE INDEX receipt_organisation ON receipt (organisation_id, number, id) INCLUDE (state, book_id, home_id);
CREATE INDEX receipt_home ON receipt (home_id, number, id) INCLUDE (state, book_id);
CREATE INDEX refund_payment ON refund (payment_id, requested_at, id);
CREATE INDEX refund_street ON refund (street_id, requested_at, id) INCLUDE (state, book_id);
CREATE INDEX refund_organisation ON refund (organisation_id, requested_at, id) INCLUDE (state, book_id);
CREATE INDEX refund_home ON refund (home_id, requested_at, id) INCLUDE (state, book_id) WHERE home_id IS NOT NULL;
CREATE INDEX payment_merchant_street ON payment_merchant (street_id, set_at, id) INCLUDE (book_id);
CREATE INDEX payment_merchant_organisation ON payment_merchant (organisation_id, set_at, id) INCLUDE (book_id);
CREATE INDEX payment_order_street ON payment_order (street_id, opened_at, id) INCLUDE (state, book_id, home_id);
CREATE INDEX payment_order_organisation ON payment_order (organisation_id, opened_at, id) INCLUDE (state, book_id, home_id);
CREATE INDEX payment_order_home ON payment_order (home_id, opened_at, id) INCLUDE (state, book_id);
CREATE INDEX payment_order_to_ask ON payment_order (coalesce(asked_at, opened_at)) WHERE state IN ('CREATING', 'OPEN');
CREATE INDEX reconciliation_street ON reconciliation (street_id, day, id) INCLUDE (state, book_id);
CREATE INDEX reconciliation_organisation ON reconciliation (organisation_id, day, id) INCLUDE (state, book_id);
CREATE INDEX bank_file_street ON bank_file (street_id, entered_at, id) INCLUDE (book_id);
CREATE INDEX bank_file_organisation ON bank_file (organisation_id, entered_at, id) INCLUDE (book_id);
CREATE INDEX invoice_request_street ON invoice_request (street_id, requested_at, id) INCLUDE (state, book_id, home_id);
CREATE INDEX invoice_request_organisation ON invoice_request (organisation_id, requested_at, id) INCLUDE (state, book_id, home_id);
CREATE INDEX invoice_request_home ON invoice_request (home_id, requested_at, id) INCLUDE (state, book_id);
CREATE INDEX payment_message_received ON payment_message (received_at);
CREATE INDEX payment_failure_book ON payment_failure (book_id, at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0055_budgets")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Allocation",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("amount", MoneyField()),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("undone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("undone_why", fields.CharField(db_default="", max_length=200)),
                ("payment_id", fields.CharField(max_length=30)),
                ("bill_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "payment_allocation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What of a payment went to a bill. Undone, it stays on record.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BankFile",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(enum_type=BankFileState, max_length=40)),
                ("sha256", fields.CharField(max_length=64)),
                ("lines", fields.IntField()),
                ("matched", fields.IntField(db_default=0)),
                ("suspense", fields.IntField(db_default=0)),
                ("known", fields.IntField(db_default=0)),
                ("total", MoneyField(db_default=0)),
                ("waiting", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("entered_by_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bank_file",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A bank's statement that was sent; the file itself is not kept, for it names payers. Once per book, by its ``sha256``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="InvoiceRequest",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(enum_type=InvoiceState, max_length=40)),
                ("buyer_kind", fields.CharEnumField(enum_type=BuyerKind, max_length=40)),
                ("buyer_code", fields.CharField(null=True, max_length=18)),
                ("amount", MoneyField()),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("exported_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("invoice_number", fields.CharField(db_default="", max_length=40)),
                ("problem", fields.CharField(db_default="", max_length=200)),
                ("receipt_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "invoice_request",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody wants an electronic invoice for a receipt. ``buyer_code``: an organisation's credit code; persons are not named.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Payment",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("method", fields.CharEnumField(enum_type=PaymentMethod, max_length=40)),
                ("matched_by", fields.CharEnumField(null=True, enum_type=MatchedBy, max_length=40)),
                ("amount", MoneyField()),
                ("allocated", MoneyField(db_default=0)),
                ("refunded", MoneyField(db_default=0)),
                ("charged_back", MoneyField(db_default=0)),
                ("received_on", fields.DateField()),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reference", fields.CharField(db_default="", max_length=60)),
                ("trade", fields.CharField(null=True, max_length=64)),
                ("bank_key", fields.CharField(null=True, max_length=64)),
                ("voided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("void_reason", fields.CharField(db_default="", max_length=200)),
                ("version", fields.IntField(db_default=1)),
                ("entered_by_id", fields.CharField(null=True, max_length=30)),
                ("order_id", fields.CharField(null=True, max_length=30)),
                ("merchant_id", fields.CharField(null=True, max_length=30)),
                ("bank_file_id", fields.CharField(null=True, max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "payment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Money that came. It never changes, but for whose it is (once), and for what became of it.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="PaymentFailure",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=60)),
                ("amount", MoneyField()),
                ("order_id", fields.CharField(null=True, max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "payment_failure",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody tried to pay, and could not: an order that the provider did not take, or what a company's own till told.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="PaymentMerchant",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("provider", fields.CharEnumField(enum_type=Provider, max_length=40)),
                ("number", fields.CharField(max_length=40)),
                ("secret", fields.BinaryField()),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "payment_merchant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An organisation's contract with a payment provider for a book: by its number there. One of a book holds at a time.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="PaymentMessage",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("merchant_id", fields.CharField(max_length=30)),
                ("message", fields.CharField(max_length=64)),
                ("told", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("handled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("problem", fields.CharField(db_default="", max_length=60)),
            ],
            options={
                "table": "payment_message",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a provider told: kept before it is answered, and worked on once. Unique on (merchant, message).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="PaymentOrder",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(enum_type=OrderState, max_length=40)),
                ("amount", MoneyField()),
                ("paid", MoneyField(null=True)),
                ("late", fields.BooleanField(db_default=False)),
                ("bill_ids", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("number", fields.CharField(db_default="", max_length=64)),
                ("pay_url", fields.CharField(db_default="", max_length=500)),
                ("problem", fields.CharField(db_default="", max_length=60)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_by_id", fields.CharField(null=True, max_length=30)),
                ("merchant_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "payment_order",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Bills that somebody wants to pay online. ``pay_url``: the provider's page for it. ``late``: paid when its time was over.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Receipt",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("state", fields.CharEnumField(enum_type=ReceiptState, max_length=40)),
                ("amount", MoneyField()),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("voided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("void_reason", fields.CharField(db_default="", max_length=200)),
                ("payment_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "receipt",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The receipt of a payment. ``number``: without gaps per organisation; one that does not hold any more keeps its own.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ReceiptCounter",
            fields=[
                ("organisation_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("receipts", fields.IntField()),
            ],
            options={
                "table": "receipt_counter",
                "app": "models",
                "pk_attr": "organisation_id",
                "table_description": "The number that an organisation gave a receipt last.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("day", fields.DateField()),
                ("state", fields.CharEnumField(enum_type=ReconciliationState, max_length=40)),
                ("their_count", fields.IntField()),
                ("our_count", fields.IntField()),
                ("their_total", MoneyField()),
                ("our_total", MoneyField()),
                ("fee", MoneyField(db_default=0)),
                ("settled", MoneyField(db_default=0)),
                ("differences", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("compared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("merchant_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "reconciliation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The comparison of our payments of a day with the provider's file. ``differences``: as Difference.told.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Refund",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(enum_type=RefundState, max_length=40)),
                ("amount", MoneyField()),
                ("why", fields.CharField(max_length=200)),
                ("answer", fields.CharField(db_default="", max_length=200)),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("requested_by_id", fields.CharField(max_length=30)),
                ("decided_by_id", fields.CharField(null=True, max_length=30)),
                ("payment_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "refund",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Money of a payment that goes back: asked for by one person, decided by another.",
            },
            bases=["Row"],
        ),
        Declared("Payment", "unallocated", MoneyField(generated=True)),
        Declared("Payment", "state", fields.CharEnumField(PaymentState, max_length=40, generated=True)),
        ops.RunSQL(GENERATED),
        ops.RunSQL(CHECKS),
        ops.RunSQL(KEEPING),
        ops.RunSQL(INDEXES),
    ]
