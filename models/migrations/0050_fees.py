"""Fee items: prices, homes' parts in them, meters, common costs; and the runs that bill them."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.bill_runs import BillRunState
from domain.bills import FeeUnit
from domain.charges.words import ChargeFault, ExemptionReason, FeeBasis, FeeKind, ShareBy, TierBasis
from domain.ledger.accounts import AccountCode
from domain.money import Rounding
from models.rows import MoneyField

#: With one reference a row is of the compound, organisation and street of its book; or of its item, or of its run.
_WHOSE = "(id, compound_id, organisation_id, street_id)"
_BOOK = f"ADD FOREIGN KEY (book_id, compound_id, organisation_id, street_id) REFERENCES book {_WHOSE}"
_ITEM = f"ADD FOREIGN KEY (fee_item_id, compound_id, organisation_id, street_id) REFERENCES fee_item {_WHOSE}"
_RUN = f"ADD FOREIGN KEY (run_id, compound_id, organisation_id, street_id) REFERENCES bill_run {_WHOSE} ON DELETE CASCADE"
_HOME = "ADD FOREIGN KEY (home_id) REFERENCES home (id)"

#: A range of one number, made of an id, stands for it in the exclusion, which so needs no extension.
CHECKS = f"""
ALTER TABLE fee_item {_BOOK}, ADD UNIQUE {_WHOSE}, ADD UNIQUE (book_id, code), ADD CHECK (months IN (1, 2, 3, 4, 6, 12)),
    ADD CHECK (ended_on >= starts_on), ADD CHECK ((kind = 'SHARED') = (share_by IS NOT NULL));
ALTER TABLE fee_price {_ITEM}, ADD UNIQUE (fee_item_id, starts_on), ADD CHECK (price >= 0),
    ADD CHECK (jsonb_typeof(tiers) = 'array'), ADD CHECK (basis_on <= starts_on);
ALTER TABLE fee_assignment {_ITEM}, {_HOME}, ADD FOREIGN KEY (book_id) REFERENCES book (id), ADD CHECK (ends_on >= starts_on),
    ADD CHECK (quantity > 0), ADD CHECK (discount BETWEEN 0 AND 100), ADD CONSTRAINT fee_assignment_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(fee_item_id || home_id, 0), hashtextextended(fee_item_id || home_id, 0), '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&
    );
ALTER TABLE meter {_ITEM}, {_HOME}, ADD FOREIGN KEY (book_id) REFERENCES book (id), ADD CHECK (digits BETWEEN 3 AND 9),
    ADD CHECK (ratio > 0), ADD CHECK (value >= 0), ADD CHECK (turns >= 0), ADD CHECK (ended_on >= started_on),
    ADD CHECK (read_on >= started_on);
CREATE UNIQUE INDEX meter_one_code ON meter (fee_item_id, code) WHERE ended_on IS NULL;
ALTER TABLE meter_reading {_ITEM}, {_HOME}, ADD FOREIGN KEY (meter_id) REFERENCES meter (id) ON DELETE CASCADE,
    ADD UNIQUE (meter_id, read_on), ADD CHECK (used >= 0), ADD CHECK ((value IS NULL) = estimated),
    ADD CHECK (NOT (estimated AND rolled_over));
ALTER TABLE shared_cost {_ITEM}, ADD UNIQUE (fee_item_id, period_from), ADD CHECK (amount > 0),
    ADD CHECK (period_to > period_from), ADD CHECK (extract(day FROM period_from) = 1);
ALTER TABLE bill_run {_BOOK}, ADD UNIQUE {_WHOSE}, ADD CHECK (extract(day FROM month) = 1), ADD CHECK (due_on >= issued_on),
    ADD CHECK (jsonb_typeof(item_ids) = 'array'), ADD CHECK (jsonb_typeof(examples) = 'array'),
    ADD CHECK (least(homes, bills, faults) >= 0), ADD CHECK (total >= 0);
CREATE UNIQUE INDEX bill_run_one_at_work ON bill_run (book_id) WHERE state IN ('PREVIEWING', 'RUNNING', 'REVERSING');
ALTER TABLE bill_run_item {_RUN}, {_ITEM}, ADD UNIQUE (run_id, fee_item_id), ADD CHECK (least(homes, exempt, already, faults) >= 0);
ALTER TABLE bill_run_fault {_RUN}, {_ITEM}, {_HOME};
ALTER TABLE bill ADD FOREIGN KEY (run_id) REFERENCES bill_run (id);
ALTER TABLE bill_line ADD FOREIGN KEY (fee_item_id) REFERENCES fee_item (id);
"""

#: Each home's portion of a common cost: fixed when the first run of the period looks at it.
PORTIONS = """
CREATE TABLE fee_portion (
    fee_item_id varchar(30) NOT NULL REFERENCES fee_item (id) ON DELETE CASCADE,
    period_from date NOT NULL,
    home_id varchar(30) NOT NULL REFERENCES home (id),
    weight numeric(14, 2) NOT NULL CHECK (weight >= 0),
    amount numeric(14, 2) NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (fee_item_id, period_from, home_id)
);
"""

INDEXES = """
CREATE INDEX fee_item_compound ON fee_item (compound_id, code, id) INCLUDE (kind, ended_on, book_id);
CREATE INDEX fee_item_organisation ON fee_item (organisation_id, code, id) INCLUDE (kind, ended_on, book_id);
CREATE INDEX fee_item_street ON fee_item (street_id, code, id) INCLUDE (kind, ended_on, book_id);
CREATE INDEX fee_assignment_home ON fee_assignment (home_id, starts_on, id) INCLUDE (fee_item_id);
CREATE INDEX fee_assignment_organisation ON fee_assignment (organisation_id, starts_on, id) INCLUDE (fee_item_id, home_id);
CREATE INDEX fee_assignment_street ON fee_assignment (street_id, starts_on, id);
CREATE INDEX fee_assignment_item ON fee_assignment (fee_item_id, starts_on, id);
CREATE INDEX fee_assignment_book ON fee_assignment (book_id, home_id) INCLUDE (fee_item_id, starts_on, ends_on);
CREATE INDEX meter_home ON meter (home_id, started_on, id) INCLUDE (fee_item_id, ended_on);
CREATE INDEX meter_organisation ON meter (organisation_id, started_on, id) INCLUDE (fee_item_id, home_id, ended_on);
CREATE INDEX meter_street ON meter (street_id, started_on, id);
CREATE INDEX meter_item ON meter (fee_item_id, read_on) WHERE ended_on IS NULL;
CREATE INDEX meter_reading_home ON meter_reading (home_id, read_on);
CREATE INDEX bill_run_organisation ON bill_run (organisation_id, month, id) INCLUDE (state, book_id, compound_id);
CREATE INDEX bill_run_street ON bill_run (street_id, month, id) INCLUDE (state, book_id, compound_id);
CREATE INDEX bill_run_book ON bill_run (book_id, month, id) INCLUDE (state);
CREATE INDEX bill_run_fault_run ON bill_run_fault (run_id, id) INCLUDE (fault, home_id);
CREATE INDEX bill_run_fault_home ON bill_run_fault (home_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0049_bills")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BillRun",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("month", fields.DateField()),
                ("state", fields.CharEnumField(enum_type=BillRunState, max_length=40)),
                ("item_ids", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("issued_on", fields.DateField()),
                ("due_on", fields.DateField()),
                ("homes", fields.IntField(db_default=0)),
                ("bills", fields.IntField(db_default=0)),
                ("faults", fields.IntField(db_default=0)),
                ("total", MoneyField(db_default=0)),
                ("after_home_id", fields.CharField(db_default="", max_length=30)),
                ("examples", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("why", fields.CharField(db_default="", max_length=500)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("started_by", fields.CharField(max_length=60)),
                ("job_id", fields.CharField(null=True, max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bill_run",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A bill run (出账批次) of a book, for a month (its first day). One of a book is at work at a time.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BillRunFault",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("fault", fields.CharEnumField(enum_type=ChargeFault, max_length=40)),
                ("run_id", fields.CharField(max_length=30)),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bill_run_fault",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An item that a run could not charge to a home, and why.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BillRunItem",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("period_from", fields.DateField()),
                ("period_to", fields.DateField()),
                ("homes", fields.IntField(db_default=0)),
                ("exempt", fields.IntField(db_default=0)),
                ("already", fields.IntField(db_default=0)),
                ("faults", fields.IntField(db_default=0)),
                ("amount", MoneyField(db_default=0)),
                ("run_id", fields.CharField(max_length=30)),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "bill_run_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a run bills of an item: its period, how many homes, how much; and how many pay nothing.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="FeeAssignment",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("quantity", fields.DecimalField(db_default=1, max_digits=10, decimal_places=2)),
                ("discount", fields.DecimalField(db_default=0, max_digits=5, decimal_places=2)),
                ("exemption", fields.CharEnumField(null=True, enum_type=ExemptionReason, max_length=40)),
                ("version", fields.IntField(db_default=1)),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "fee_assignment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A home's part in an item, for some days (both included; null: open); one at a time. ``discount``: percent.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="FeeItem",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("code", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=60)),
                ("kind", fields.CharEnumField(enum_type=FeeKind, max_length=40)),
                ("account", fields.CharEnumField(enum_type=AccountCode, max_length=40)),
                ("unit", fields.CharEnumField(enum_type=FeeUnit, max_length=40)),
                ("months", fields.IntField(db_default=1)),
                ("rounding", fields.CharEnumField(db_default=Rounding.FEN_HALF_UP, enum_type=Rounding, max_length=40)),
                ("share_by", fields.CharEnumField(null=True, enum_type=ShareBy, max_length=40)),
                ("tier_basis", fields.CharEnumField(db_default=TierBasis.MONTH, enum_type=TierBasis, max_length=40)),
                ("starts_on", fields.DateField()),
                ("ended_on", fields.DateField(null=True)),
                ("version", fields.IntField(db_default=1)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "fee_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A fee item (收费项目) of a book. ``code``: one per book. ``months``: for how many it is billed at once.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="FeePrice",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("starts_on", fields.DateField()),
                ("price", fields.DecimalField(max_digits=14, decimal_places=6)),
                ("tiers", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("basis", fields.CharEnumField(enum_type=FeeBasis, max_length=40)),
                ("basis_number", fields.CharField(max_length=60)),
                ("basis_on", fields.DateField()),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "fee_price",
                "app": "models",
                "pk_attr": "id",
                "table_description": 'What a unit of an item costs from a day on, and on what ground. ``tiers``: [{"upto", "price"}], as text; may be none.',
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Meter",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("code", fields.CharField(max_length=40)),
                ("digits", fields.IntField()),
                ("ratio", fields.DecimalField(db_default=1, max_digits=10, decimal_places=3)),
                ("value", fields.DecimalField(max_digits=14, decimal_places=3)),
                ("turns", fields.IntField(db_default=0)),
                ("charged", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("started_on", fields.DateField()),
                ("ended_on", fields.DateField(null=True)),
                ("read_on", fields.DateField()),
                ("version", fields.IntField(db_default=1)),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "meter",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A meter (计量表) of a home, for an item. ``value``: what was read last, on ``read_on``; ``turns``: how often its dial went",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="MeterReading",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("read_on", fields.DateField()),
                ("value", fields.DecimalField(null=True, max_digits=14, decimal_places=3)),
                ("used", fields.DecimalField(max_digits=14, decimal_places=3)),
                ("estimated", fields.BooleanField(db_default=False)),
                ("rolled_over", fields.BooleanField(db_default=False)),
                ("meter_id", fields.CharField(max_length=30)),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "meter_reading",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a meter showed on a day, and what is charged for it; never changed. ``value``: null where it was estimated.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="SharedCost",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("period_from", fields.DateField()),
                ("period_to", fields.DateField()),
                ("amount", MoneyField()),
                ("note", fields.CharField(max_length=200)),
                ("version", fields.IntField(db_default=1)),
                ("fee_item_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "shared_cost",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What there is to share of an item, for the period that begins on ``period_from``. ``note``: what it is of.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(PORTIONS),
        ops.RunSQL(INDEXES),
    ]
