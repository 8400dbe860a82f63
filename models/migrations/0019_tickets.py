"""The ticket desk: sources and categories of tickets; parties, watchers, links, ratings, call-backs and routes."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.tickets import TicketKind, TicketSource
from domain.tickets.categories import TicketCategory
from domain.tickets.relations import LinkKind
from domain.tickets.routing import RouteTarget
from domain.tickets.satisfaction import CallBackOutcome, CallBackState

#: Of tickets that were there: how they came in. Whoever opened one on duty has a fact that says so.
SOURCES = """
UPDATE ticket t SET source = CASE
    WHEN alert_id IS NOT NULL THEN 'ALERT'
    WHEN opened_by_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM fact f WHERE f.subject_id = t.id AND f.action = 'ticketOpen'
            AND f.role IN ('STREET_OFFICER', 'COMMUNITY_STAFF', 'GRID_WORKER', 'COMPANY_MANAGER', 'COMPANY_STAFF')
    ) THEN 'RESIDENT'
    ELSE 'STAFF'
END;
"""

CHECKS = """
ALTER TABLE ticket ADD FOREIGN KEY (proposed_assignee_id) REFERENCES account (id),
    ADD CHECK ((source = 'HOTLINE') = (case_number IS NOT NULL)),
    ADD CHECK (reopened_count >= 0);
ALTER TABLE ticket_party ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (audience_id) REFERENCES account (id),
    ADD FOREIGN KEY (signed_off_by_id) REFERENCES account (id),
    ADD CHECK ((signed_off_at IS NULL) = (signed_off_by_id IS NULL)), ADD CHECK (sign_off OR signed_off_at IS NULL);
ALTER TABLE ticket_watcher ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (account_id) REFERENCES account (id);
ALTER TABLE ticket_link ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (other_id) REFERENCES ticket (id) ON DELETE CASCADE, ADD FOREIGN KEY (audience_id) REFERENCES account (id),
    ADD CHECK (ticket_id <> other_id);
ALTER TABLE ticket_rating ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (audience_id) REFERENCES account (id),
    ADD CHECK (score BETWEEN 1 AND 5), ADD CHECK (jsonb_typeof(reasons) = 'array');
ALTER TABLE call_back ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (called_by_id) REFERENCES account (id), ADD CHECK (score BETWEEN 1 AND 5), ADD CHECK (attempts >= 0),
    ADD CHECK (state IN ('DUE', 'DONE')), ADD CHECK ((state = 'DONE') <= (outcome IS NOT NULL));
ALTER TABLE ticket_route ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD FOREIGN KEY (place_id) REFERENCES place (id),
    ADD FOREIGN KEY (compound_id) REFERENCES compound (id), ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD CHECK (num_nonnulls(target, organisation_id) = 1), ADD CHECK (num_nonnulls(compound_id, place_id) <= 1);
"""

INDEXES = """
CREATE UNIQUE INDEX ticket_case_number ON ticket (street_id, case_number) WHERE case_number IS NOT NULL;
CREATE INDEX ticket_source ON ticket (street_id, source, opened_at, id);
CREATE INDEX ticket_category ON ticket (street_id, category, opened_at, id);
CREATE INDEX ticket_closed ON ticket (closed_at) INCLUDE (street_id) WHERE closed_at IS NOT NULL;
CREATE UNIQUE INDEX ticket_party_once ON ticket_party (ticket_id, organisation_id);
CREATE INDEX ticket_party_added ON ticket_party (ticket_id, added_at, id);
CREATE INDEX ticket_party_organisation ON ticket_party (organisation_id, added_at, id);
CREATE UNIQUE INDEX ticket_watcher_once ON ticket_watcher (ticket_id, account_id);
CREATE INDEX ticket_watcher_since ON ticket_watcher (ticket_id, since, id);
CREATE INDEX ticket_watcher_account ON ticket_watcher (account_id);
CREATE UNIQUE INDEX ticket_link_once ON ticket_link (ticket_id, other_id, kind);
CREATE UNIQUE INDEX ticket_link_single ON ticket_link (ticket_id, kind) WHERE kind IN ('DUPLICATE_OF', 'PART_OF');
CREATE INDEX ticket_link_made ON ticket_link (ticket_id, made_at, id);
CREATE INDEX ticket_link_other ON ticket_link (other_id, made_at, id) INCLUDE (kind);
CREATE UNIQUE INDEX ticket_rating_once ON ticket_rating (ticket_id);
CREATE INDEX ticket_rating_street ON ticket_rating (street_id, rated_at, id) INCLUDE (score, compound_id, organisation_id);
CREATE INDEX ticket_rating_compound ON ticket_rating (compound_id, rated_at, id) INCLUDE (score, organisation_id);
CREATE UNIQUE INDEX call_back_once ON call_back (ticket_id, closed_on);
CREATE INDEX call_back_street ON call_back (street_id, closed_on, id) INCLUDE (state, outcome, compound_id);
CREATE INDEX call_back_compound ON call_back (compound_id, closed_on, id) INCLUDE (state, outcome);
CREATE UNIQUE INDEX ticket_route_once ON ticket_route
    (street_id, coalesce(compound_id, place_id, ''), coalesce(kind, ''), coalesce(category, '')) WHERE removed_at IS NULL;
CREATE INDEX ticket_route_street ON ticket_route (street_id, set_at, id) INCLUDE (removed_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0018_deadlines")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CallBack",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(description="DUE: DUE\nDONE: DONE", enum_type=CallBackState, max_length=40)),
                ("closed_on", fields.DateField()),
                ("attempts", fields.IntField(db_default=0)),
                ("called_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("called_by_id", fields.CharField(null=True, max_length=30)),
                (
                    "outcome",
                    fields.CharEnumField(
                        null=True,
                        description="SATISFIED: SATISFIED\nDISSATISFIED: DISSATISFIED\nDECLINED: DECLINED\nNOT_REACHED: NOT_REACHED",
                        enum_type=CallBackOutcome,
                        max_length=40,
                    ),
                ),
                ("score", fields.SmallIntField(null=True)),
                ("note", fields.TextField(db_default="", unique=False)),
                (
                    "ticket",
                    fields.ForeignKeyField(
                        "models.Ticket",
                        source_field="ticket_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "call_back",
                "app": "models",
                "pk_attr": "id",
                "table_description": "That the reporter of a closed ticket is asked how it went. ``closed_on``: the day of closing whose sample it is of.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketLink",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="DUPLICATE_OF: DUPLICATE_OF\nCAUSED_BY: CAUSED_BY\nPART_OF: PART_OF",
                        enum_type=LinkKind,
                        max_length=40,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "ticket",
                    fields.ForeignKeyField(
                        "models.Ticket",
                        source_field="ticket_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("other_id", fields.CharField(max_length=30)),
                ("audience_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_link",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a ticket is to another of the street. Links of all kinds together never lead back to where they began.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketParty",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("sign_off", fields.BooleanField(db_default=True)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("signed_off_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("signed_off_by_id", fields.CharField(null=True, max_length=30)),
                (
                    "ticket",
                    fields.ForeignKeyField(
                        "models.Ticket",
                        source_field="ticket_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("organisation_id", fields.CharField(max_length=30)),
                ("audience_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_party",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An organisation that handles a ticket besides the one that answers for it. ``sign_off``: it must agree to the end.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketRating",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("score", fields.SmallIntField()),
                ("reasons", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("note", fields.TextField(db_default="", unique=False)),
                ("rated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "ticket",
                    fields.ForeignKeyField(
                        "models.Ticket",
                        source_field="ticket_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("audience_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_rating",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What whoever reported it thinks of the work; said once. ``organisation_id``: who handled it then.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketRoute",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        null=True,
                        description="REPAIR: REPAIR\nCOMPLAINT: COMPLAINT\nSUGGESTION: SUGGESTION\nENQUIRY: ENQUIRY",
                        enum_type=TicketKind,
                        max_length=40,
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        null=True,
                        description="SERVICE: SERVICE\nFACILITY_UPKEEP: FACILITY_UPKEEP\nCHARGES: CHARGES\nPARKING: PARKING\nCOMMON_AREAS: COMMON_AREAS\nHOUSE_REPAIR: HOUSE_REPAIR\nSAFETY: SAFETY\nDECORATION: DECORATION\nNEIGHBOURS: NEIGHBOURS\nUNLAWFUL_ACTS: UNLAWFUL_ACTS\nOWNERS_COMMITTEE: OWNERS_COMMITTEE\nOTHER: OTHER\nLIFT: LIFT\nWATER_SUPPLY: WATER_SUPPLY\nDRAINAGE: DRAINAGE\nELECTRICITY: ELECTRICITY\nLIGHTING: LIGHTING\nGAS: GAS\nFIRE_EQUIPMENT: FIRE_EQUIPMENT\nSURVEILLANCE: SURVEILLANCE\nENTRANCE: ENTRANCE\nCHARGING: CHARGING\nROADS: ROADS\nGROUNDS: GROUNDS\nBUILDING_FABRIC: BUILDING_FABRIC\nINSIDE_HOME: INSIDE_HOME\nOTHER_REPAIR: OTHER_REPAIR",
                        enum_type=TicketCategory,
                        max_length=40,
                    ),
                ),
                (
                    "target",
                    fields.CharEnumField(
                        null=True,
                        description="COMPANY: COMPANY\nCOMMITTEE: COMMITTEE\nGRID: GRID\nCOMMUNITY: COMMUNITY\nSTREET: STREET",
                        enum_type=RouteTarget,
                        max_length=40,
                    ),
                ),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(null=True, max_length=30)),
                ("place_id", fields.CharField(null=True, max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_route",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Where the street sends tickets of a kind and category (null: any) of a compound, a grid or a community (none: of all).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketWatcher",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "ticket",
                    fields.ForeignKeyField(
                        "models.Ticket",
                        source_field="ticket_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("account_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_watcher",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody who wants to hear of every move of a ticket.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="Ticket",
            name="case_number",
            field=fields.CharField(null=True, max_length=60),
        ),
        ops.AddField(
            model_name="Ticket",
            name="category",
            field=fields.CharEnumField(
                null=True,
                description="SERVICE: SERVICE\nFACILITY_UPKEEP: FACILITY_UPKEEP\nCHARGES: CHARGES\nPARKING: PARKING\nCOMMON_AREAS: COMMON_AREAS\nHOUSE_REPAIR: HOUSE_REPAIR\nSAFETY: SAFETY\nDECORATION: DECORATION\nNEIGHBOURS: NEIGHBOURS\nUNLAWFUL_ACTS: UNLAWFUL_ACTS\nOWNERS_COMMITTEE: OWNERS_COMMITTEE\nOTHER: OTHER\nLIFT: LIFT\nWATER_SUPPLY: WATER_SUPPLY\nDRAINAGE: DRAINAGE\nELECTRICITY: ELECTRICITY\nLIGHTING: LIGHTING\nGAS: GAS\nFIRE_EQUIPMENT: FIRE_EQUIPMENT\nSURVEILLANCE: SURVEILLANCE\nENTRANCE: ENTRANCE\nCHARGING: CHARGING\nROADS: ROADS\nGROUNDS: GROUNDS\nBUILDING_FABRIC: BUILDING_FABRIC\nINSIDE_HOME: INSIDE_HOME\nOTHER_REPAIR: OTHER_REPAIR",
                enum_type=TicketCategory,
                max_length=40,
            ),
        ),
        ops.AddField(
            model_name="Ticket",
            name="proposed_assignee_id",
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.AddField(
            model_name="Ticket",
            name="reopened_count",
            field=fields.SmallIntField(db_default=0),
        ),
        ops.AddField(
            model_name="Ticket",
            name="routing",
            field=fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Ticket",
            name="source",
            field=fields.CharEnumField(
                description="RESIDENT: RESIDENT\nSTAFF: STAFF\nHOTLINE: HOTLINE\nALERT: ALERT\nJOINT_WORK: JOINT_WORK\nQR: QR",
                db_default=TicketSource.STAFF,
                enum_type=TicketSource,
                max_length=40,
            ),
        ),
        ops.RunSQL(SOURCES),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
