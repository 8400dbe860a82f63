"""Jobs: long work, and how far it is."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.jobs import JobKind, JobState

CHECKS = """
ALTER TABLE job ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD FOREIGN KEY (started_by_id) REFERENCES account (id),
    ADD CHECK ((state IN ('DONE', 'FAILED', 'CANCELLED')) = (ended_at IS NOT NULL)),
    ADD CHECK (done >= 0 AND total >= 0 AND errors >= 0 AND done <= total), ADD CHECK (jsonb_typeof(message) = 'object');
CREATE UNIQUE INDEX job_one_at_a_time ON job (subject_id, kind) WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX job_street ON job (street_id, started_at, id) INCLUDE (kind, state, compound_id, organisation_id);
CREATE INDEX job_organisation ON job (organisation_id, started_at, id) INCLUDE (kind, state, compound_id);
CREATE INDEX job_started_by ON job (started_by_id, started_at, id) INCLUDE (kind, state);
CREATE INDEX job_going_on ON job (changed_at) WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX job_started ON job (started_at);
"""

#: As facts are told (api/feed.py): the row, what was done, and what it belongs to.
TOLD = """
CREATE FUNCTION job_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('fact', concat_ws(' ', NEW.id, 'jobAdvance', coalesce(NEW.compound_id, ''), NEW.street_id, '',
        coalesce(NEW.started_by_id, ''), coalesce(NEW.organisation_id, '')));
    RETURN NULL;
END $$;
CREATE TRIGGER job_told AFTER INSERT OR UPDATE ON job FOR EACH ROW EXECUTE FUNCTION job_is_told();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0046_fire_keeping")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Job",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(enum_type=JobKind, max_length=40)),
                ("state", fields.CharEnumField(db_default=JobState.QUEUED, enum_type=JobState, max_length=40)),
                ("done", fields.IntField(db_default=0)),
                ("total", fields.IntField(db_default=0)),
                ("errors", fields.IntField(db_default=0)),
                ("message", fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("subject_id", fields.CharField(max_length=30)),
                ("started_by_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(null=True, max_length=30)),
                ("organisation_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "job",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Long work about ``subject_id``, one of a kind at a time. Whoever watches is told of each change, by the database.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(TOLD),
    ]
