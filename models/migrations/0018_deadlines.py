"""Deadlines of tickets: what is promised, when people work, how far each ticket has come."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.deadlines.words import DeadlineLevel, DeadlineState, Goal, Measure, PolicySource, TicketPauseReason
from domain.tickets import TicketKind, TicketPriority
from domain.working_time import WorkingDays

CHECKS = """
ALTER TABLE sla_policy ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    ADD CHECK (amount > 0), ADD CHECK (warn_percent BETWEEN 1 AND 99), ADD CHECK (escalate_minutes > 0), ADD CHECK (pause_minutes >= 0);
ALTER TABLE working_hours ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD CHECK (hours <> '');
ALTER TABLE calendar_day ADD FOREIGN KEY (street_id) REFERENCES place (id);
ALTER TABLE ticket_pause ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE, ADD FOREIGN KEY (started_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (ended_by_id) REFERENCES account (id), ADD FOREIGN KEY (audience_id) REFERENCES account (id),
    ADD CHECK (ends_at >= started_at), ADD CHECK (ended_at >= started_at);
ALTER TABLE ticket_deadline ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE, ADD FOREIGN KEY (audience_id) REFERENCES account (id),
    ADD CHECK (next_of_id = ticket_id), ADD CHECK ((state IN ('MET', 'MET_LATE')) = (met_at IS NOT NULL)),
    ADD CHECK (warn_at <= due), ADD CHECK (state IN ('RUNNING', 'PAUSED', 'LATE') OR (next_at IS NULL AND next_of_id IS NULL));
"""

INDEXES = """
CREATE UNIQUE INDEX sla_policy_once ON sla_policy (street_id, coalesce(organisation_id, ''), kind, priority, goal);
CREATE INDEX sla_policy_street ON sla_policy (street_id, kind, id) INCLUDE (priority, goal, organisation_id);
CREATE UNIQUE INDEX working_hours_once ON working_hours (street_id, coalesce(organisation_id, ''));
CREATE INDEX working_hours_street ON working_hours (street_id, hours, id) INCLUDE (organisation_id);
CREATE UNIQUE INDEX calendar_day_once ON calendar_day (street_id, day);
CREATE UNIQUE INDEX ticket_pause_one_open ON ticket_pause (ticket_id) WHERE ended_at IS NULL;
CREATE INDEX ticket_pause_ticket ON ticket_pause (ticket_id, started_at, id);
CREATE UNIQUE INDEX ticket_deadline_once ON ticket_deadline (ticket_id, goal);
CREATE UNIQUE INDEX ticket_deadline_next ON ticket_deadline (next_of_id) WHERE next_of_id IS NOT NULL;
CREATE INDEX ticket_deadline_due ON ticket_deadline (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX ticket_deadline_ticket ON ticket_deadline (ticket_id, due, id);
CREATE INDEX ticket_deadline_street ON ticket_deadline (street_id, due, id) INCLUDE (goal, state, level, compound_id);
CREATE INDEX ticket_deadline_compound ON ticket_deadline (compound_id, due, id) INCLUDE (street_id, goal, state, level);
CREATE INDEX ticket_deadline_audience ON ticket_deadline (audience_id, due, id);
"""

#: Tickets in hand get their deadlines from the workers.
WORK = """
INSERT INTO work (kind, payload) SELECT 'deadlines.all', jsonb_build_object('street', id, 'organisation', NULL)
FROM place WHERE kind = 'STREET'
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0017_delivery")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("day", fields.DateField()),
                ("works", fields.BooleanField()),
                ("note", fields.CharField(max_length=100)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "calendar_day",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A day on which a street works, or does not, whatever the official calendar says. Unique on (street, day).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="SlaPolicy",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="REPAIR: REPAIR\nCOMPLAINT: COMPLAINT\nSUGGESTION: SUGGESTION\nENQUIRY: ENQUIRY",
                        enum_type=TicketKind,
                        max_length=40,
                    ),
                ),
                (
                    "priority",
                    fields.CharEnumField(
                        description="EMERGENCY: EMERGENCY\nURGENT: URGENT\nORDINARY: ORDINARY",
                        enum_type=TicketPriority,
                        max_length=40,
                    ),
                ),
                (
                    "goal",
                    fields.CharEnumField(
                        description="ACCEPT: ACCEPT\nON_SITE: ON_SITE\nFIRST_REPLY: FIRST_REPLY\nCLOSE: CLOSE",
                        enum_type=Goal,
                        max_length=40,
                    ),
                ),
                ("amount", fields.IntField()),
                (
                    "measure",
                    fields.CharEnumField(
                        description="MINUTES: MINUTES\nWORKING_MINUTES: WORKING_MINUTES\nWORKING_DAYS: WORKING_DAYS",
                        enum_type=Measure,
                        max_length=40,
                    ),
                ),
                ("warn_percent", fields.IntField()),
                ("escalate_minutes", fields.IntField()),
                ("pause_minutes", fields.IntField(null=True)),
                ("street_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "sla_policy",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a street promises for one goal of some tickets, or lets one organisation promise. Unique on owner and tickets.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketDeadline",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "goal",
                    fields.CharEnumField(
                        description="ACCEPT: ACCEPT\nON_SITE: ON_SITE\nFIRST_REPLY: FIRST_REPLY\nCLOSE: CLOSE",
                        enum_type=Goal,
                        max_length=40,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="RUNNING: RUNNING\nPAUSED: PAUSED\nLATE: LATE\nMET: MET\nMET_LATE: MET_LATE\nDROPPED: DROPPED",
                        enum_type=DeadlineState,
                        max_length=40,
                    ),
                ),
                (
                    "level",
                    fields.CharEnumField(
                        description="COMPANY: COMPANY\nCOMMUNITY: COMMUNITY\nSTREET: STREET",
                        enum_type=DeadlineLevel,
                        max_length=40,
                    ),
                ),
                (
                    "source",
                    fields.CharEnumField(
                        description="ORGANISATION: ORGANISATION\nSTREET: STREET\nDEFAULT: DEFAULT",
                        enum_type=PolicySource,
                        max_length=40,
                    ),
                ),
                ("policy", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("why", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("warn_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("warned_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("breached_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("met_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ticket_id", fields.CharField(max_length=30)),
                ("next_of_id", fields.CharField(null=True, max_length=30)),
                ("audience_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_deadline",
                "app": "models",
                "pk_attr": "id",
                "table_description": "By when one goal of a ticket must be reached. Unique on (ticket, goal).",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketPause",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="RESIDENT: RESIDENT\nPARTS: PARTS\nWEATHER: WEATHER\nOTHER_PARTY: OTHER_PARTY\nOTHER: OTHER\nDONE: DONE",
                        enum_type=TicketPauseReason,
                        max_length=40,
                    ),
                ),
                ("note", fields.TextField(db_default="", unique=False)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ticket_id", fields.CharField(max_length=30)),
                ("started_by_id", fields.CharField(null=True, max_length=30)),
                ("ended_by_id", fields.CharField(null=True, max_length=30)),
                ("audience_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ticket_pause",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A time during which a ticket's clock stood still. ``ends_at``: when it ends by itself; ``ended_at``: when it did.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="WorkingHours",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("hours", fields.CharField(max_length=80)),
                (
                    "days",
                    fields.CharEnumField(
                        description="OFFICIAL: OFFICIAL\nEVERY_DAY: EVERY_DAY", enum_type=WorkingDays, max_length=40
                    ),
                ),
                ("street_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "working_hours",
                "app": "models",
                "pk_attr": "id",
                "table_description": "When a street works, or one organisation of it. ``hours``: spans of a day with blanks between. Unique on the owner.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="Ticket",
            name="arrived_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Ticket",
            name="replied_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
        ops.RunSQL(WORK),
    ]
