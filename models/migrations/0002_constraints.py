"""What the ORM cannot say: partitioned tables, foreign keys of scope columns, checks, partial uniques, indexes, triggers."""

from typing import Any

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Declared(ops.CreateModel):
    """A model whose table the SQL below owns: known to the migration state, not created by the ORM."""

    async def database_forward(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: see PARTITIONED."""


PARTITIONED = """
CREATE TABLE event_receipt (
    organisation_id varchar(30) NOT NULL,
    source varchar(300) NOT NULL,
    event_id varchar(200) NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, source, event_id)
);
CREATE INDEX event_receipt_received ON event_receipt USING brin (received_at);
CREATE TABLE event (
    id varchar(30) NOT NULL,
    source varchar(300) NOT NULL,
    event_id varchar(200) NOT NULL,
    type varchar(100) NOT NULL,
    subject varchar(100) NOT NULL,
    time timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    data jsonb NOT NULL,
    organisation_id varchar(30) NOT NULL,
    street_id varchar(30) NOT NULL,
    compound_id varchar(30) NOT NULL,
    device_id varchar(30),
    facility_id varchar(30),
    PRIMARY KEY (id, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX event_street ON event (street_id, received_at, id) INCLUDE (type, subject, compound_id, device_id, facility_id);
CREATE INDEX event_compound ON event (compound_id, received_at, id);
CREATE INDEX event_device ON event (device_id, received_at, id);
CREATE TABLE reading (
    device_id varchar(30) NOT NULL,
    metric varchar(40) NOT NULL,
    time timestamptz NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (device_id, metric, time)
) PARTITION BY RANGE (time);
"""

#: (table, column, target): plain id columns that must point at a row.
REFERENCES = [
    ("alert", "acknowledged_by_id", "account"),
    ("alert", "cleared_by_id", "account"),
    ("alert", "device_id", "device"),
    ("alert", "facility_id", "facility"),
    ("ticket", "home_id", "home"),
    ("ticket", "facility_id", "facility"),
    ("ticket", "alert_id", "alert"),
    ("ticket", "organisation_id", "organisation"),
    ("ticket", "assignee_id", "account"),
    ("ticket", "opened_by_id", "account"),
    ("ticket_comment", "author_id", "account"),
    ("ticket_comment", "audience_id", "account"),
    ("channel", "organisation_id", "organisation"),
    ("channel", "street_id", "place"),
    ("notice", "organisation_id", "organisation"),
    ("notice", "street_id", "place"),
    ("notice", "alert_id", "alert"),
    ("notice", "ticket_id", "ticket"),
    ("fact", "street_id", "place"),
    ("threshold", "street_id", "place"),
    ("threshold", "compound_id", "compound"),
    ("threshold", "device_id", "device"),
    ("idempotency_key", "account_id", "account"),
]

#: Tables whose (compound_id, street_id) must be a compound's own pair.
IN_COMPOUND = [
    "building",
    "unit",
    "home",
    "mandate",
    "facility",
    "facility_status_change",
    "device",
    "alert",
    "alert_occurrence",
    "ticket",
    "ticket_comment",
]

CHECKS = """
ALTER TABLE place ADD CHECK ((kind = 'STREET') = (parent_id IS NULL)), ADD CHECK ((kind = 'STREET') = (street_id = id));
ALTER TABLE compound ADD CHECK (latitude BETWEEN -90 AND 90), ADD CHECK (longitude BETWEEN -180 AND 180),
    ADD CHECK (home_count >= 0 AND resident_count >= 0);
ALTER TABLE building ADD CHECK (storeys > 0), ADD CHECK (height_m > 0);
ALTER TABLE home ADD CHECK (area_m2 > 0), ADD CHECK (residents >= 0);
ALTER TABLE mandate ADD CHECK (ends_on >= starts_on);
ALTER TABLE role_binding ADD CHECK (ends_on >= starts_on),
    ADD CHECK (num_nonnulls(place_id, organisation_id, compound_id, home_id) = 1);
ALTER TABLE threshold ADD CHECK (num_nonnulls(street_id, compound_id, device_id) = 1);
ALTER TABLE alert ADD CHECK (state IN ('OPEN', 'CLEARED')), ADD CHECK ((state = 'CLEARED') = (cleared_at IS NOT NULL)),
    ADD CHECK (count > 0), ADD CHECK (last_seen_at >= first_seen_at);
ALTER TABLE ticket
    ADD CHECK (state IN ('OPEN', 'ACCEPTED', 'ASSIGNED', 'IN_PROGRESS', 'RESOLVED', 'CLOSED', 'CANCELLED')),
    ADD CHECK ((state IN ('RESOLVED', 'CLOSED')) = (resolved_at IS NOT NULL)),
    ADD CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)),
    ADD CHECK (state NOT IN ('OPEN', 'CANCELLED') = (accepted_at IS NOT NULL) OR state = 'CANCELLED'),
    ADD CHECK (state <> 'ASSIGNED' OR assignee_id IS NOT NULL);
ALTER TABLE ticket_comment ADD CHECK (NOT internal OR audience_id IS NULL);
ALTER TABLE notice ADD CHECK (state IN ('PENDING', 'SENT', 'DEAD')), ADD CHECK ((state = 'SENT') = (sent_at IS NOT NULL));
"""

INDEXES = """
CREATE UNIQUE INDEX alert_one_open ON alert (rule, subject_id) WHERE state = 'OPEN';
CREATE UNIQUE INDEX ticket_one_per_alert ON ticket (alert_id) WHERE alert_id IS NOT NULL;
CREATE UNIQUE INDEX mandate_one_serving ON mandate (compound_id) WHERE role = 'SERVES' AND ends_on IS NULL;
CREATE UNIQUE INDEX intake_key_digest ON intake_key (digest);
CREATE UNIQUE INDEX notice_once ON notice (channel_id, topic);
CREATE UNIQUE INDEX rule_state_once ON rule_state (rule, subject_id);
CREATE UNIQUE INDEX clock_slot_once ON clock_slot (name, slot);
CREATE UNIQUE INDEX idempotency_key_once ON idempotency_key (account_id, key);
CREATE UNIQUE INDEX threshold_once ON threshold (rule, coalesce(street_id, compound_id, device_id));
CREATE INDEX place_street ON place (street_id, code, id) INCLUDE (kind, name, parent_id);
CREATE INDEX compound_street ON compound (street_id, code, id) INCLUDE (kind, community_id, grid_id);
CREATE INDEX compound_name ON compound (name, id);
CREATE INDEX compound_community ON compound (community_id, code, id);
CREATE INDEX compound_grid ON compound (grid_id);
CREATE INDEX building_code ON building (compound_id, code, id);
CREATE INDEX unit_compound ON unit (compound_id, code, id);
CREATE INDEX home_code ON home (compound_id, code, id);
CREATE INDEX organisation_street ON organisation (street_id, code, id) INCLUDE (kind, place_id);
CREATE INDEX organisation_name ON organisation (name, id);
CREATE INDEX mandate_compound ON mandate (compound_id, starts_on, id) INCLUDE (role, organisation_id);
CREATE INDEX mandate_organisation ON mandate (organisation_id, starts_on, id);
CREATE INDEX facility_compound ON facility (compound_id, code, id) INCLUDE (street_id, kind, status);
CREATE INDEX facility_street ON facility (street_id, code, id) INCLUDE (kind, status, compound_id);
CREATE INDEX facility_building ON facility (building_id, code, id);
CREATE INDEX facility_status ON facility (street_id, status, code, id);
CREATE INDEX facility_status_change_facility ON facility_status_change (facility_id, since, id);
CREATE INDEX device_compound ON device (compound_id, code, id) INCLUDE (street_id, kind);
CREATE INDEX device_street ON device (street_id, code, id) INCLUDE (kind, compound_id, facility_id);
CREATE INDEX device_facility ON device (facility_id, code, id);
CREATE INDEX device_street_seen ON device (street_id, last_seen_at, id);
CREATE INDEX device_last_seen ON device (kind, last_seen_at) WHERE retired_at IS NULL;
CREATE INDEX alert_street ON alert (street_id, last_seen_at, id) INCLUDE (state, severity, module, rule, compound_id, device_id, facility_id, outcome);
CREATE INDEX alert_street_state ON alert (street_id, state, last_seen_at, id);
CREATE INDEX alert_severity ON alert (street_id, severity_rank, last_seen_at, id);
CREATE INDEX alert_compound ON alert (compound_id, last_seen_at, id) INCLUDE (street_id, state, severity, module, rule, outcome);
CREATE INDEX alert_open ON alert (street_id, severity_rank, id) INCLUDE (compound_id) WHERE state = 'OPEN';
CREATE INDEX alert_compound_open ON alert (compound_id) INCLUDE (street_id) WHERE state = 'OPEN';
CREATE INDEX alert_device ON alert (device_id, last_seen_at, id);
CREATE INDEX alert_facility ON alert (facility_id, last_seen_at, id);
CREATE INDEX alert_occurrence_alert ON alert_occurrence (alert_id, at, id);
CREATE INDEX ticket_street ON ticket (street_id, opened_at, id) INCLUDE (state, kind, priority, compound_id, facility_id, organisation_id, assignee_id);
CREATE INDEX ticket_street_state ON ticket (street_id, state, due_at, id);
CREATE INDEX ticket_compound ON ticket (compound_id, opened_at, id) INCLUDE (street_id, state, kind, priority);
CREATE INDEX ticket_in_hand ON ticket (compound_id) INCLUDE (street_id) WHERE state NOT IN ('CLOSED', 'CANCELLED');
CREATE INDEX ticket_due ON ticket (street_id, due_at, id);
CREATE INDEX ticket_facility ON ticket (facility_id, opened_at, id);
CREATE INDEX ticket_opened_by ON ticket (opened_by_id, opened_at, id);
CREATE INDEX ticket_assignee ON ticket (assignee_id, opened_at, id);
CREATE INDEX ticket_organisation ON ticket (organisation_id, opened_at, id);
CREATE INDEX ticket_comment_ticket ON ticket_comment (ticket_id, at, id);
CREATE INDEX fact_subject ON fact (subject_id, at, id);
CREATE INDEX fact_street ON fact (street_id, at, id);
CREATE INDEX channel_organisation ON channel (organisation_id, created_at, id) INCLUDE (kind) WHERE removed_at IS NULL;
CREATE INDEX notice_due ON notice (next_attempt_at) WHERE state = 'PENDING';
CREATE INDEX notice_street ON notice (street_id, created_at, id) INCLUDE (state, channel_id);
CREATE INDEX notice_organisation ON notice (organisation_id, created_at, id);
CREATE INDEX notice_alert ON notice (alert_id);
CREATE INDEX work_due ON work (not_before, id) WHERE failed_at IS NULL;
CREATE INDEX intake_key_organisation ON intake_key (organisation_id);
CREATE INDEX account_organisation ON account (organisation_id);
"""

DEFAULTS_AND_TRIGGERS = """
CREATE SEQUENCE ticket_number;
ALTER TABLE work ALTER created_at SET DEFAULT now(), ALTER not_before SET DEFAULT now();
ALTER TABLE fact ALTER at SET DEFAULT now();
ALTER TABLE idempotency_key ALTER created_at SET DEFAULT now();
ALTER TABLE work SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);
CREATE FUNCTION fact_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts are append-only';
END $$;
CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact
    FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only();
CREATE FUNCTION fact_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('fact', NEW.subject_id || ' ' || NEW.action || ' ' || coalesce(NEW.compound_id, ''));
    RETURN NULL;
END $$;
CREATE TRIGGER fact_told AFTER INSERT ON fact FOR EACH ROW EXECUTE FUNCTION fact_is_told();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [
        Declared(
            name="Event",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("source", fields.CharField(max_length=300)),
                ("event_id", fields.CharField(max_length=200)),
                ("type", fields.CharField(max_length=100)),
                ("subject", fields.CharField(max_length=100)),
                ("time", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("data", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("device_id", fields.CharField(null=True, max_length=30)),
                ("facility_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "event",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A CloudEvent accepted by the intake; partitioned by ``received_at``.",
            },
            bases=["Row"],
        ),
        Declared(
            name="Reading",
            fields=[
                ("device_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("metric", fields.CharField(max_length=40)),
                ("time", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("value", fields.FloatField()),
            ],
            options={
                "table": "reading",
                "app": "models",
                "pk_attr": "device_id",
                "table_description": "One metric of one device at one time; partitioned by ``time``; unique on (device, metric, time).",
            },
            bases=["Row"],
        ),
        ops.RunSQL(PARTITIONED),
        ops.RunSQL("ALTER TABLE compound ADD UNIQUE (id, street_id)"),
        *[
            ops.RunSQL(f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {target} (id)")
            for table, column, target in REFERENCES
        ],
        *[
            ops.RunSQL(f"ALTER TABLE {table} ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id)")
            for table in IN_COMPOUND
        ],
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
        ops.RunSQL(DEFAULTS_AND_TRIGGERS),
    ]
