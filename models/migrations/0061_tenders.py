"""Consultations, tenders with their sealed bids, and service contracts, as they are kept."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.consultations import ConsultationState
from domain.contracts import ContractBasis, ContractKind, ContractSide, ContractState
from domain.organisations import MandateService
from domain.tenders.states import BidState, ObjectionState, TenderState
from models.rows import MoneyField

_TABLES = (
    *("consultation", "consultation_home", "tender", "tender_document", "tender_question", "tender_scorer", "tender_objection"),
    "service_contract",
)
_OF_A_TENDER = ("tender_document", "tender_question", "bid", "tender_scorer", "tender_objection")

#: What is sealed says nothing in any other column; what was taken back is gone. Of two contracts that last on the same days in one
#: compound there is one: a range of one number, made of the compound's id, stands for it in the exclusion.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);" for table in _TABLES)}
{"".join(f"ALTER TABLE {table} ADD FOREIGN KEY (tender_id) REFERENCES tender (id) ON DELETE CASCADE;" for table in _OF_A_TENDER)}
ALTER TABLE consultation ADD CHECK (answered_count BETWEEN 0 AND asked_count), ADD CHECK (jsonb_typeof(questions) = 'array'),
    ADD CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL));
ALTER TABLE consultation_home ADD FOREIGN KEY (consultation_id) REFERENCES consultation (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD UNIQUE (consultation_id, home_id);
ALTER TABLE tender ADD FOREIGN KEY (consultation_id) REFERENCES consultation (id), ADD FOREIGN KEY (organisation_id) REFERENCES
    organisation (id), ADD CHECK (jsonb_typeof(criteria) = 'array'), ADD CHECK (contract_months > 0),
    ADD CHECK (questions_until <= bids_until AND bids_until <= opens_at), ADD CHECK (opened_at >= opens_at),
    ADD CHECK (first_opener_id <> second_opener_id), ADD CHECK (opened_at IS NULL OR second_opener_id IS NOT NULL);
ALTER TABLE tender_document ADD UNIQUE (tender_id, number);
ALTER TABLE tender_scorer ADD FOREIGN KEY (account_id) REFERENCES account (id), ADD UNIQUE (tender_id, account_id),
    ADD CHECK (scored_at IS NULL OR conflicted = false);
ALTER TABLE bid ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD CHECK ((state = 'SEALED') = (sealed IS NOT NULL)),
    ADD CHECK (state NOT IN ('SEALED', 'WITHDRAWN', 'REPLACED')
        OR (price IS NULL AND offer = '' AND intact IS NULL AND score IS NULL AND opened_street_id IS NULL AND opened_compound_id IS NULL)),
    ADD CHECK (price > 0);
ALTER TABLE bid_score ADD FOREIGN KEY (bid_id) REFERENCES bid (id) ON DELETE CASCADE, ADD FOREIGN KEY (account_id) REFERENCES account (id),
    ADD UNIQUE (bid_id, account_id), ADD CHECK (weighted BETWEEN 0 AND 10000), ADD CHECK (jsonb_typeof(points) = 'array');
ALTER TABLE tender_objection ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD FOREIGN KEY (organisation_id) REFERENCES
    organisation (id), ADD CHECK (num_nonnulls(home_id, organisation_id) = 1);
ALTER TABLE service_contract ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (tender_id)
    REFERENCES tender (id), ADD FOREIGN KEY (mandate_id) REFERENCES mandate (id), ADD CHECK (ends_on >= starts_on),
    ADD CHECK (leaves_on >= starts_on), ADD CHECK (price > 0), ADD CHECK (num_nulls(notice_by, notice_on, leaves_on) IN (0, 3)),
    ADD CONSTRAINT service_contract_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
        daterange(starts_on, coalesce(leaves_on, ends_on), '[]') WITH &&
    ) WHERE (state <> 'VOID');
"""

INDEXES = """
CREATE INDEX consultation_street ON consultation (street_id, opened_at, id) INCLUDE (state, compound_id);
CREATE INDEX consultation_compound ON consultation (compound_id, opened_at, id) INCLUDE (state);
CREATE INDEX consultation_home_street ON consultation_home (street_id, asked_at, id);
CREATE INDEX consultation_home_compound ON consultation_home (compound_id, asked_at, id);
CREATE INDEX consultation_home_home ON consultation_home (home_id, asked_at, id);
CREATE INDEX consultation_home_consultation ON consultation_home (consultation_id, asked_at, id);
CREATE INDEX tender_street ON tender (street_id, announced_at, id) INCLUDE (state, bids_until, compound_id);
CREATE INDEX tender_until ON tender (street_id, bids_until, id) INCLUDE (state, compound_id);
CREATE INDEX tender_compound ON tender (compound_id, announced_at, id) INCLUDE (state, bids_until);
CREATE INDEX tender_consultation ON tender (consultation_id) WHERE consultation_id IS NOT NULL;
CREATE INDEX tender_organisation ON tender (organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX tender_document_street ON tender_document (street_id, number, id);
CREATE INDEX tender_document_compound ON tender_document (compound_id, number, id);
CREATE INDEX tender_question_street ON tender_question (street_id, asked_at, id);
CREATE INDEX tender_question_compound ON tender_question (compound_id, asked_at, id);
CREATE INDEX tender_question_tender ON tender_question (tender_id, asked_at, id);
CREATE UNIQUE INDEX bid_one_of_a_company ON bid (tender_id, organisation_id) WHERE state = 'SEALED';
CREATE INDEX bid_tender ON bid (tender_id, submitted_at, id) INCLUDE (state, organisation_id);
CREATE INDEX bid_organisation ON bid (organisation_id, submitted_at, id) INCLUDE (state, tender_id);
CREATE INDEX bid_opened_street ON bid (opened_street_id, submitted_at, id) INCLUDE (state, tender_id);
CREATE INDEX bid_opened_compound ON bid (opened_compound_id, submitted_at, id) INCLUDE (state, tender_id);
CREATE INDEX tender_scorer_street ON tender_scorer (street_id, named_at, id);
CREATE INDEX tender_scorer_compound ON tender_scorer (compound_id, named_at, id);
CREATE INDEX tender_scorer_tender ON tender_scorer (tender_id, named_at, id);
CREATE INDEX tender_scorer_account ON tender_scorer (account_id);
CREATE INDEX bid_score_account ON bid_score (account_id, scored_at, id);
CREATE INDEX bid_score_bid ON bid_score (bid_id, scored_at, id);
CREATE INDEX bid_score_street ON bid_score (final_street_id, scored_at, id);
CREATE INDEX bid_score_compound ON bid_score (final_compound_id, scored_at, id);
CREATE INDEX tender_objection_street ON tender_objection (street_id, made_at, id) INCLUDE (state);
CREATE INDEX tender_objection_compound ON tender_objection (compound_id, made_at, id) INCLUDE (state);
CREATE INDEX tender_objection_tender ON tender_objection (tender_id, made_at, id) INCLUDE (state);
CREATE INDEX tender_objection_home ON tender_objection (home_id, made_at, id) WHERE home_id IS NOT NULL;
CREATE INDEX tender_objection_organisation ON tender_objection (organisation_id, made_at, id) WHERE organisation_id IS NOT NULL;
CREATE INDEX service_contract_street ON service_contract (street_id, starts_on, id)
    INCLUDE (kind, state, ends_on, compound_id, organisation_id);
CREATE INDEX service_contract_ends ON service_contract (street_id, ends_on, id) INCLUDE (kind, state, compound_id);
CREATE INDEX service_contract_compound ON service_contract (compound_id, starts_on, id) INCLUDE (kind, state, ends_on);
CREATE INDEX service_contract_organisation ON service_contract (organisation_id, starts_on, id) INCLUDE (kind, state, ends_on);
CREATE INDEX service_contract_tender ON service_contract (tender_id) WHERE tender_id IS NOT NULL;
CREATE INDEX service_contract_mandate ON service_contract (mandate_id) WHERE mandate_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0060_votes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Bid",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="SEALED: SEALED\nWITHDRAWN: WITHDRAWN\nREPLACED: REPLACED\nOPENED: OPENED\nREJECTED: REJECTED\nAWARDED: AWARDED",
                        db_default=BidState.SEALED,
                        enum_type=BidState,
                        max_length=40,
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("sealed", fields.BinaryField(null=True)),
                ("submitted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("price", MoneyField(null=True)),
                ("offer", fields.TextField(db_default="", unique=False)),
                ("intact", fields.BooleanField(null=True)),
                ("score", fields.DecimalField(null=True, max_digits=7, decimal_places=4)),
                ("place", fields.SmallIntField(null=True)),
                ("rejected_why", fields.CharField(db_default="", max_length=500)),
                ("tender_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("opened_street_id", fields.CharField(null=True, max_length=30)),
                ("opened_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "bid",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a company bids. Until it is opened its content stands in ``sealed`` alone, always as long, which nothing reads but the",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="BidScore",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("points", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("weighted", fields.IntField()),
                ("scored_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("bid_id", fields.CharField(max_length=30)),
                ("account_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("final_street_id", fields.CharField(null=True, max_length=30)),
                ("final_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "bid_score",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The points that one of them gave a bid, in the order of the criteria; ``weighted``: by weight, in hundredths.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Consultation",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nCLOSED: CLOSED",
                        db_default=ConsultationState.OPEN,
                        enum_type=ConsultationState,
                        max_length=40,
                    ),
                ),
                ("title", fields.CharField(max_length=120)),
                ("about", fields.TextField(db_default="", unique=False)),
                ("questions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("until", fields.DateField()),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("asked_count", fields.IntField()),
                ("answered_count", fields.IntField(db_default=0)),
                ("result", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("version", fields.IntField(db_default=1)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "consultation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Questions put to homes of a compound, until ``until`` (included). ``result``: what came of it, once it is closed.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ConsultationHome",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("answers", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("remark", fields.CharField(db_default="", max_length=500)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("consultation_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "consultation_home",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A home that was asked, and what it said: of each question the option's number or null, and a remark. Who of the home, and",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ServiceContract",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="PROPERTY: PROPERTY\nAREA_WIDE: AREA_WIDE", enum_type=ContractKind, max_length=40
                    ),
                ),
                (
                    "basis",
                    fields.CharEnumField(
                        description="TENDER: TENDER\nAGREEMENT: AGREEMENT\nEARLIER: EARLIER",
                        enum_type=ContractBasis,
                        max_length=40,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="SIGNED: SIGNED\nIN_FORCE: IN_FORCE\nLEAVING: LEAVING\nENDED: ENDED\nVOID: VOID",
                        db_default=ContractState.SIGNED,
                        enum_type=ContractState,
                        max_length=40,
                    ),
                ),
                ("number", fields.CharField(max_length=60)),
                ("price", MoneyField(null=True)),
                ("signed_on", fields.DateField()),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                (
                    "notice_by",
                    fields.CharEnumField(
                        null=True, description="OWNERS: OWNERS\nCOMPANY: COMPANY", enum_type=ContractSide, max_length=40
                    ),
                ),
                ("notice_on", fields.DateField(null=True)),
                ("leaves_on", fields.DateField(null=True)),
                ("notice_why", fields.CharField(db_default="", max_length=500)),
                ("ended_on", fields.DateField(null=True)),
                ("unsigned_why", fields.CharField(db_default="", max_length=500)),
                ("version", fields.IntField(db_default=1)),
                ("mandate_id", fields.CharField(null=True, max_length=30)),
                ("tender_id", fields.CharField(null=True, max_length=30)),
                ("vote_id", fields.CharField(null=True, max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "service_contract",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The paper behind a company's mandate for a compound, from ``starts_on`` to ``ends_on`` (both included; null: open).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Tender",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="ANNOUNCED: ANNOUNCED\nOPENED: OPENED\nTOO_FEW: TOO_FEW\nAGREED: AGREED\nSCORED: SCORED\nAWARDED: AWARDED\nCONTRACTED: CONTRACTED\nCANCELLED: CANCELLED",
                        db_default=TenderState.ANNOUNCED,
                        enum_type=TenderState,
                        max_length=40,
                    ),
                ),
                (
                    "service",
                    fields.CharEnumField(
                        description="FULL: FULL\nCLEANING: CLEANING\nSECURITY: SECURITY\nGREENING: GREENING\nREPAIRS: REPAIRS\nLIFT_MAINTENANCE: LIFT_MAINTENANCE\nFIRE_MAINTENANCE: FIRE_MAINTENANCE",
                        enum_type=MandateService,
                        max_length=40,
                    ),
                ),
                ("title", fields.CharField(max_length=120)),
                ("notice", fields.TextField(unique=False)),
                ("criteria", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("contract_months", fields.SmallIntField()),
                ("announced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("questions_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("bids_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("bid_count", fields.SmallIntField(null=True)),
                ("scored_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("approval_number", fields.CharField(db_default="", max_length=60)),
                ("approved_on", fields.DateField(null=True)),
                ("awarded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("objections_until", fields.DateField(null=True)),
                ("cancelled_why", fields.CharField(db_default="", max_length=500)),
                ("version", fields.IntField(db_default=1)),
                ("first_opener_id", fields.CharField(null=True, max_length=30)),
                ("second_opener_id", fields.CharField(null=True, max_length=30)),
                ("consultation_id", fields.CharField(null=True, max_length=30)),
                ("bid_id", fields.CharField(null=True, max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("vote_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "tender",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An open tender for the service of a compound: read by everybody in the street.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TenderDocument",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.SmallIntField()),
                ("title", fields.CharField(max_length=120)),
                ("body", fields.TextField(unique=False)),
                ("sha256", fields.CharField(max_length=64)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("tender_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "tender_document",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A part of what companies bid for, in words; numbered in the order in which they were added, and never changed.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TenderObjection",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nDISMISSED: DISMISSED\nUPHELD: UPHELD",
                        db_default=ObjectionState.OPEN,
                        enum_type=ObjectionState,
                        max_length=40,
                    ),
                ),
                ("body", fields.CharField(max_length=1000)),
                ("answer", fields.CharField(db_default="", max_length=2000)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tender_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(null=True, max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "tender_objection",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An objection to an award: a home's, or a bidder's; whose, is told to those who look into it, and to itself.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TenderQuestion",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("body", fields.CharField(max_length=1000)),
                ("answer", fields.CharField(db_default="", max_length=2000)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tender_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "tender_question",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a company asked, and what it was answered: read by everybody. Which company asked is told to nobody.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TenderScorer",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("conflicted", fields.BooleanField(null=True)),
                ("conflict", fields.CharField(db_default="", max_length=300)),
                ("named_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("declared_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("scored_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tender_id", fields.CharField(max_length=30)),
                ("account_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "tender_scorer",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody who scores the bids. ``conflicted``: what they declared, null until they have; whoever is, does not score.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
