"""Rectification lists with their items and evidence, and services beyond the contract."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.extra_services import ExtraServiceState
from domain.rectification import EvidencePhase, RectificationSource, RectificationState

_PEOPLE = ("claimed_by_id", "reported_by_id", "judged_by_id")

CHECKS = f"""
ALTER TABLE rectification_list ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD CHECK (title <> '');
{"".join(f"ALTER TABLE rectification_item ADD FOREIGN KEY ({column}) REFERENCES account (id);" for column in _PEOPLE)}
ALTER TABLE rectification_item ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (list_id) REFERENCES rectification_list (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (facility_id) REFERENCES facility (id),
    ADD UNIQUE (list_id, number), ADD CHECK (number > 0), ADD CHECK (what <> ''),
    ADD CHECK (extended_count >= 0), ADD CHECK (refused_count >= 0), ADD CHECK (reopened_count >= 0),
    ADD CHECK ((state IN ('ACCEPTED', 'DROPPED')) = (ended_at IS NOT NULL)),
    ADD CHECK (state NOT IN ('CLAIMED', 'REPORTED', 'ACCEPTED') OR (organisation_id IS NOT NULL AND claimed_at IS NOT NULL)),
    ADD CHECK (state NOT IN ('REPORTED', 'ACCEPTED') OR reported_at IS NOT NULL),
    ADD CHECK (state <> 'ACCEPTED' OR judged_by_id IS DISTINCT FROM reported_by_id OR judged_by_id IS NULL),
    ADD CHECK (extension_until IS NULL OR (state = 'CLAIMED' AND extension_until > due_on));
ALTER TABLE rectification_evidence ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (item_id) REFERENCES rectification_item (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (file_id) REFERENCES file (id), ADD UNIQUE (file_id);
ALTER TABLE extra_service ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (recorded_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (judged_by_id) REFERENCES account (id), ADD CHECK (what <> ''),
    ADD CHECK ((state IN ('CONFIRMED', 'DECLINED')) = (judged_at IS NOT NULL)),
    ADD CHECK (state <> 'CONFIRMED' OR judged_by_id IS DISTINCT FROM recorded_by_id OR judged_by_id IS NULL);
"""

INDEXES = """
CREATE INDEX rectification_list_street ON rectification_list (street_id, made_on, id) INCLUDE (source, closed_at, compound_id);
CREATE INDEX rectification_list_compound ON rectification_list (compound_id, made_on, id) INCLUDE (source, closed_at);
CREATE INDEX rectification_list_closed ON rectification_list (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX rectification_item_street ON rectification_item (street_id, due_on, id)
    INCLUDE (state, compound_id, organisation_id, list_id);
CREATE INDEX rectification_item_compound ON rectification_item (compound_id, due_on, id)
    INCLUDE (state, organisation_id, list_id);
CREATE INDEX rectification_item_street_number ON rectification_item (street_id, number, id)
    INCLUDE (state, due_on, compound_id, organisation_id, list_id);
CREATE INDEX rectification_item_compound_number ON rectification_item (compound_id, number, id)
    INCLUDE (state, due_on, organisation_id, list_id);
CREATE INDEX rectification_item_list ON rectification_item (list_id, due_on, id) INCLUDE (state, number, organisation_id);
CREATE INDEX rectification_item_organisation ON rectification_item (organisation_id, due_on, id) INCLUDE (state, list_id);
CREATE INDEX rectification_item_waiting ON rectification_item (due_on) WHERE state NOT IN ('ACCEPTED', 'DROPPED');
CREATE INDEX rectification_evidence_item ON rectification_evidence (item_id, added_at, id) INCLUDE (phase, compound_id, street_id);
CREATE INDEX extra_service_street ON extra_service (street_id, done_on, id) INCLUDE (state, compound_id, organisation_id);
CREATE INDEX extra_service_compound ON extra_service (compound_id, done_on, id) INCLUDE (state, organisation_id);
CREATE INDEX extra_service_organisation ON extra_service (organisation_id, done_on, id) INCLUDE (state, compound_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0062_area_services")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ExtraService",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(enum_type=ExtraServiceState, max_length=40)),
                ("what", fields.CharField(max_length=500)),
                ("answer", fields.CharField(db_default="", max_length=500)),
                ("done_on", fields.DateField()),
                ("recorded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("judged_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("recorded_by_id", fields.CharField(null=True, max_length=30)),
                ("judged_by_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "extra_service",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What an organisation did in a compound on ``done_on`` without having to. ``answer``: why it was not confirmed.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RectificationEvidence",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("phase", fields.CharEnumField(enum_type=EvidencePhase, max_length=40)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("file_id", fields.CharField(max_length=30)),
                ("item_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "rectification_evidence",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A file attached to an item, and whether it shows how it was or how it is since.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RectificationItem",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("state", fields.CharEnumField(enum_type=RectificationState, max_length=40)),
                ("what", fields.CharField(max_length=500)),
                ("place", fields.CharField(db_default="", max_length=200)),
                ("due_on", fields.DateField()),
                ("asks_evidence", fields.BooleanField(db_default=True)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reported_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("remedy", fields.CharField(db_default="", max_length=500)),
                ("objection", fields.CharField(db_default="", max_length=500)),
                ("extension_until", fields.DateField(null=True)),
                ("extension_reason", fields.CharField(db_default="", max_length=500)),
                ("extended_count", fields.IntField(db_default=0)),
                ("refused_count", fields.IntField(db_default=0)),
                ("reopened_count", fields.IntField(db_default=0)),
                ("version", fields.IntField(db_default=1)),
                ("list_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("claimed_by_id", fields.CharField(null=True, max_length=30)),
                ("reported_by_id", fields.CharField(null=True, max_length=30)),
                ("judged_by_id", fields.CharField(null=True, max_length=30)),
                ("facility_id", fields.CharField(null=True, max_length=30)),
                ("resolution_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "rectification_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A thing of a list that is to be put right by ``due_on``, that day included.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RectificationList",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("title", fields.CharField(max_length=120)),
                ("source", fields.CharEnumField(enum_type=RectificationSource, max_length=40)),
                ("made_on", fields.DateField()),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "rectification_list",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What is to be put right in a compound, as it was drawn up on ``made_on``. ``closed_at``: null while it goes on.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
