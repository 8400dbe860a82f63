"""Search: the words by which compounds, places and organisations are found, and the numbers of buildings, units and doors."""

from tortoise import migrations
from tortoise.migrations import operations as ops

#: Small, with one kind of digits and without blanks.
_PLAIN = "translate(lower({}), '０１２３４５６７８９－ 　', '0123456789-')"

NUMBERS = f"""
ALTER TABLE building ADD number varchar(60) GENERATED ALWAYS AS (
    regexp_replace(regexp_replace({_PLAIN.format("name")}, '(栋|幢|号楼|座|楼|#|号)+$', ''), '^0+([0-9])', '\\1')) STORED;
ALTER TABLE unit ADD number varchar(60) GENERATED ALWAYS AS (
    regexp_replace(regexp_replace({_PLAIN.format("name")}, '单元$', ''), '^0+([0-9])', '\\1')) STORED;
ALTER TABLE home ADD door varchar(60) GENERATED ALWAYS AS (
    regexp_replace(regexp_replace({_PLAIN.format("name")}, '^.*(单元|栋|幢|号楼|座)', ''), '(室|号|户|房)$', '')) STORED;
CREATE INDEX building_number ON building (number, compound_id);
CREATE INDEX home_door ON home (unit_id, door);
CREATE INDEX home_compound_door ON home (compound_id, door);
"""

#: Compared byte by byte, so that what begins alike lies together.
WORDS = """
CREATE TABLE search_word (
    subject_id varchar(30) NOT NULL,
    kind varchar(40) NOT NULL,
    street_id varchar(30) NOT NULL REFERENCES place (id),
    word text COLLATE "C" NOT NULL,
    weight smallint NOT NULL,
    PRIMARY KEY (subject_id, word)
);
CREATE INDEX search_word_word ON search_word (kind, word) INCLUDE (subject_id, weight, street_id);
CREATE TABLE search_stale (subject_id varchar(30) PRIMARY KEY);
CREATE FUNCTION search_is_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_stale (subject_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION search_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_word WHERE subject_id = OLD.id;
    DELETE FROM search_stale WHERE subject_id = OLD.id;
    RETURN NULL;
END $$;
"""

#: What is there already has no words yet.
TABLES = {"compound": "name, code, address, street_id", "place": "name, code, street_id", "organisation": "name, code, street_id"}


class Migration(migrations.Migration):
    dependencies = [("models", "0029_withdrawn_calls")]

    initial = False

    operations = [
        ops.RunSQL(NUMBERS),
        ops.RunSQL(WORDS),
        *[
            ops.RunSQL(
                f"INSERT INTO search_stale SELECT id FROM {table};"
                f"CREATE TRIGGER search_stale AFTER INSERT OR UPDATE OF {columns} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION search_is_stale();"
                f"CREATE TRIGGER search_over AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION search_is_over()"
            )
            for table, columns in TABLES.items()
        ],
    ]
