"""What listeners hear of a fact says what it belongs to, so that a change is told to those only who see the fact of it."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TOLD = """
CREATE OR REPLACE FUNCTION fact_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('fact', concat_ws(' ', NEW.subject_id, NEW.action, coalesce(NEW.compound_id, ''), NEW.street_id,
        coalesce(NEW.outside_compound_id, ''), coalesce(NEW.audience_id, '')));
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0010_employers")]

    initial = False

    operations = [ops.RunSQL(TOLD)]
