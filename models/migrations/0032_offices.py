"""Offices, elections, qualification papers, handovers of mandates; what is said of organisations besides their names."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.offices import OfficeEnd, OfficeKind
from domain.papers import PaperKind
from models.migrations import Declared

#: Who held what on a day: of what is open the last day is the last day there is.
COLUMNS = """
ALTER TABLE office ADD lasts_to date NOT NULL GENERATED ALWAYS AS (coalesce(ends_on, DATE '9999-12-31')) STORED;
"""

#: A range of one number, made of ids, stands for them: so the exclusions need no extension.
CHECKS = """
ALTER TABLE organisation ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD UNIQUE (id, street_id), ADD CHECK (NOT functional OR kind = 'PARTY_BRANCH'), ADD CHECK (ended_on >= founded_on),
    ADD CHECK (credit_code ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$');
CREATE UNIQUE INDEX organisation_credit_code ON organisation (street_id, credit_code)
    WHERE credit_code IS NOT NULL AND ended_on IS NULL;
ALTER TABLE election ADD FOREIGN KEY (organisation_id, street_id) REFERENCES organisation (id, street_id),
    ADD CHECK (term_ends_on >= term_starts_on), ADD CHECK (term_starts_on >= held_on),
    ADD CONSTRAINT election_one_term_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(organisation_id, 0), hashtextextended(organisation_id, 0), '[]') WITH &&,
        daterange(term_starts_on, term_ends_on, '[]') WITH &&
    );
ALTER TABLE office ADD FOREIGN KEY (organisation_id, street_id) REFERENCES organisation (id, street_id),
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (account_id) REFERENCES account (id), ADD CHECK (ends_on >= starts_on),
    ADD CHECK (how_ended IS NULL OR ends_on IS NOT NULL),
    ADD CONSTRAINT office_one_at_a_time EXCLUDE USING gist (
        int8range(
            hashtextextended(organisation_id || kind || coalesce(compound_id, ''), 0),
            hashtextextended(organisation_id || kind || coalesce(compound_id, ''), 0), '[]'
        ) WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&
    ) WHERE (single);
ALTER TABLE paper ADD FOREIGN KEY (organisation_id, street_id) REFERENCES organisation (id, street_id),
    ADD CHECK (valid_to >= valid_from);
ALTER TABLE mandate_handover ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (from_organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (to_organisation_id) REFERENCES organisation (id),
    ADD FOREIGN KEY (from_signed_by_id) REFERENCES account (id), ADD FOREIGN KEY (to_signed_by_id) REFERENCES account (id),
    ADD CHECK (from_organisation_id <> to_organisation_id),
    ADD CHECK ((from_signed_at IS NULL) = (from_signed_by_id IS NULL)),
    ADD CHECK ((to_signed_at IS NULL) = (to_signed_by_id IS NULL)),
    ADD CHECK (jsonb_typeof(handed) = 'array'), ADD CHECK (jsonb_typeof(missing) = 'array');
ALTER TABLE file ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD CHECK (num_nonnulls(compound_id, organisation_id) = 1);
"""

INDEXES = """
CREATE INDEX organisation_term_ends ON organisation (street_id, term_ends_on, id) INCLUDE (ended_on, credit_code, compound_id);
CREATE INDEX election_organisation ON election (organisation_id, term_starts_on, id) INCLUDE (term_ends_on);
CREATE INDEX election_street ON election (street_id, term_ends_on, id) INCLUDE (organisation_id);
CREATE INDEX election_term_ends ON election (term_ends_on) WHERE warned_at IS NULL;
CREATE INDEX office_organisation ON office (organisation_id, starts_on, id) INCLUDE (kind, lasts_to, compound_id, election_id);
CREATE INDEX office_street ON office (street_id, starts_on, id) INCLUDE (kind, lasts_to, organisation_id);
CREATE INDEX office_election ON office (election_id);
CREATE INDEX office_account ON office (account_id);
CREATE INDEX office_uncleared ON office (lasts_to) WHERE cleared_at IS NULL;
CREATE INDEX paper_organisation ON paper (organisation_id, valid_to, id) INCLUDE (kind);
CREATE INDEX paper_street ON paper (street_id, valid_to, id) INCLUDE (kind, organisation_id);
CREATE INDEX paper_valid_to ON paper (valid_to) WHERE withdrawn_at IS NULL;
CREATE INDEX mandate_handover_compound ON mandate_handover (compound_id, handed_over_on, id);
CREATE INDEX mandate_handover_street ON mandate_handover (street_id, handed_over_on, id) INCLUDE (compound_id);
CREATE INDEX mandate_handover_from ON mandate_handover (from_organisation_id, handed_over_on, id);
CREATE INDEX mandate_handover_to ON mandate_handover (to_organisation_id, handed_over_on, id);
CREATE INDEX file_organisation ON file (organisation_id) WHERE organisation_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0031_registers")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Election",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("held_on", fields.DateField()),
                ("term_starts_on", fields.DateField()),
                ("term_ends_on", fields.DateField()),
                ("warned_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "election",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An election (换届) of an organisation, and the term that it began. ``warned_at``: when it was said that it ends soon.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="MandateHandover",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("handed_over_on", fields.DateField()),
                ("handed", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("missing", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("open_points", fields.TextField(db_default="", unique=False)),
                ("from_signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("to_signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("from_signed_by_id", fields.CharField(null=True, max_length=30)),
                ("to_signed_by_id", fields.CharField(null=True, max_length=30)),
                (
                    "mandate",
                    fields.OneToOneField(
                        "models.Mandate",
                        source_field="mandate_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("from_organisation_id", fields.CharField(max_length=30)),
                ("to_organisation_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "mandate_handover",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What was handed over when a mandate ended. ``handed`` and ``missing``: words of HandoverItem; ``open_points``: what is left",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Office",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="SECRETARY: SECRETARY\nDEPUTY_SECRETARY: DEPUTY_SECRETARY\nCHAIR: CHAIR\nVICE_CHAIR: VICE_CHAIR\nMEMBER: MEMBER\nDIRECTOR: DIRECTOR\nDEPUTY_DIRECTOR: DEPUTY_DIRECTOR\nMANAGER: MANAGER\nSAFETY_MANAGER: SAFETY_MANAGER\nGRID_LEADER: GRID_LEADER\nGRID_WORKER: GRID_WORKER\nCONTACT: CONTACT",
                        enum_type=OfficeKind,
                        max_length=40,
                    ),
                ),
                ("single", fields.BooleanField()),
                ("holder", fields.CharField(max_length=60)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                (
                    "how_ended",
                    fields.CharEnumField(
                        null=True,
                        description="TERM_OVER: TERM_OVER\nSUCCEEDED: SUCCEEDED\nRESIGNED: RESIGNED\nREMOVED: REMOVED\nMOVED_ON: MOVED_ON\nBODY_ENDED: BODY_ENDED",
                        enum_type=OfficeEnd,
                        max_length=40,
                    ),
                ),
                ("end_note", fields.TextField(db_default="", unique=False)),
                ("cleared_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "election",
                    fields.ForeignKeyField(
                        "models.Election",
                        source_field="election_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("compound_id", fields.CharField(null=True, max_length=30)),
                ("account_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "office",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What somebody is in an organisation from ``starts_on`` to ``ends_on`` (both included; null: open).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Paper",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="BUSINESS_LICENCE: BUSINESS_LICENCE\nPROPERTY_SERVICE: PROPERTY_SERVICE\nSECURITY: SECURITY\nLIFT_MAINTENANCE: LIFT_MAINTENANCE\nFIRE_MAINTENANCE: FIRE_MAINTENANCE\nINSURANCE: INSURANCE\nFILING: FILING\nOTHER: OTHER",
                        enum_type=PaperKind,
                        max_length=40,
                    ),
                ),
                ("number", fields.CharField(max_length=60)),
                ("issuer", fields.CharField(max_length=120)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField(null=True)),
                ("warned_days", fields.SmallIntField(null=True)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "paper",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A paper that holds from ``valid_from`` to ``valid_to`` (included; null: for good).",
            },
            bases=["Row"],
        ),
        ops.AlterField(
            model_name="File",
            name="compound_id",
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.AddField(
            model_name="File",
            name="organisation_id",
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.AddField(
            model_name="Organisation",
            name="address",
            field=fields.CharField(db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Organisation",
            name="compound_id",
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.AddField(
            model_name="Organisation",
            name="credit_code",
            field=fields.CharField(null=True, max_length=18),
        ),
        ops.AddField(
            model_name="Organisation",
            name="ended_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Organisation",
            name="founded_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Organisation",
            name="functional",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Organisation",
            name="hours",
            field=fields.CharField(db_default="", max_length=120),
        ),
        ops.AddField(
            model_name="Organisation",
            name="telephone",
            field=fields.CharField(db_default="", max_length=20),
        ),
        ops.AddField(
            model_name="Organisation",
            name="term_ends_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Organisation",
            name="version",
            field=fields.IntField(db_default=1),
        ),
        Declared("Office", "lasts_to", fields.DateField(generated=True)),
        ops.RunSQL(COLUMNS),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
