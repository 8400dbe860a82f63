"""The audit trail: where an act came from, the order of facts, their seals, and what keeps both as they were."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.access import Role
from domain.audit import Door
from models.migrations import Declared

#: ``role`` is the first of ``roles``: the one that sentences name.
COLUMNS = """
CREATE SEQUENCE fact_seq;
ALTER TABLE fact ADD seq bigint, ADD roles varchar(200) NOT NULL DEFAULT '', ADD door varchar(10) NOT NULL DEFAULT 'SYSTEM',
    ADD address varchar(43), ADD audience_id varchar(30), ADD words jsonb NOT NULL DEFAULT '{}';
ALTER TABLE fact ADD role varchar(40) GENERATED ALWAYS AS (nullif(split_part(roles, ',', 1), '')) STORED;
ALTER TABLE fact DISABLE TRIGGER fact_append_only;
UPDATE fact SET seq = f.seq, audience_id = f.opened_by_id FROM (
    SELECT old.id, row_number() OVER (ORDER BY old.at, old.id) AS seq, t.opened_by_id
    FROM fact old LEFT JOIN ticket t ON t.id = old.subject_id AND old.after ->> 'internal' IS DISTINCT FROM 'true'
) f WHERE fact.id = f.id;
ALTER TABLE fact ENABLE TRIGGER fact_append_only;
SELECT setval('fact_seq', greatest(max(seq), 1), max(seq) IS NOT NULL) FROM fact;
ALTER TABLE fact ALTER seq SET NOT NULL;
CREATE UNIQUE INDEX fact_order ON fact (seq);
"""

#: The transaction has its id before the fact has its number: models/audit.py relies on it.
NUMBERING = """
CREATE FUNCTION fact_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_current_xact_id();
    NEW.seq := nextval('fact_seq');
    RETURN NEW;
END $$;
CREATE TRIGGER fact_numbered BEFORE INSERT ON fact FOR EACH ROW EXECUTE FUNCTION fact_is_numbered();
ALTER TABLE fact ENABLE ALWAYS TRIGGER fact_numbered;
"""

SEALS = """
CREATE TABLE fact_seal (
    street_id varchar(30) NOT NULL REFERENCES place (id),
    number integer NOT NULL CHECK (number > 0),
    day date NOT NULL,
    last_seq bigint NOT NULL,
    count integer NOT NULL CHECK (count > 0),
    version smallint NOT NULL,
    ids text[] NOT NULL CHECK (cardinality(ids) = count),
    digests bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (street_id, number)
);
CREATE INDEX fact_seal_order ON fact_seal (last_seq, street_id, number);
CREATE INDEX fact_seal_day ON fact_seal (day, last_seq);
CREATE TABLE fact_horizon (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    sealed_seq bigint NOT NULL DEFAULT 0,
    next_seq bigint,
    next_xid xid8
);
INSERT INTO fact_horizon DEFAULT VALUES;
"""

#: ALWAYS, as above: also for a session that plays a replica. FOR EACH ROW besides: also through a table that fact would inherit from.
GUARDS = """
ALTER TABLE fact ENABLE ALWAYS TRIGGER fact_append_only;
CREATE TRIGGER fact_row_append_only BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION fact_is_append_only();
ALTER TABLE fact ENABLE ALWAYS TRIGGER fact_row_append_only;
CREATE TRIGGER fact_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_seal
    FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only();
ALTER TABLE fact_seal ENABLE ALWAYS TRIGGER fact_seal_append_only;
CREATE TRIGGER fact_seal_row_append_only BEFORE UPDATE OR DELETE ON fact_seal
    FOR EACH ROW EXECUTE FUNCTION fact_is_append_only();
ALTER TABLE fact_seal ENABLE ALWAYS TRIGGER fact_seal_row_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0003_identity")]

    initial = False

    operations = [
        Declared("Fact", "roles", fields.CharField(max_length=200, db_default="")),
        Declared("Fact", "role", fields.CharEnumField(Role, max_length=40, null=True, generated=True)),
        Declared("Fact", "door", fields.CharEnumField(Door, max_length=10, db_default=Door.SYSTEM)),
        Declared("Fact", "address", fields.CharField(max_length=43, null=True)),
        Declared("Fact", "audience_id", fields.CharField(max_length=30, null=True)),
        Declared("Fact", "words", fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads)),
        ops.RunSQL(COLUMNS),
        ops.RunSQL(NUMBERING),
        ops.RunSQL(SEALS),
        ops.RunSQL(GUARDS),
    ]
