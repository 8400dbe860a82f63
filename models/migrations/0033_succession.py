"""Grids are split and merged: what ends keeps its row, and says what it became."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrations import Declared

LIVING = """
ALTER TABLE place ADD living boolean GENERATED ALWAYS AS (ended_on IS NULL) STORED,
    ADD FOREIGN KEY (became_id, street_id) REFERENCES place (id, street_id),
    ADD FOREIGN KEY (split_from_id, street_id) REFERENCES place (id, street_id),
    ADD CHECK ((ended_on IS NULL) = (became_id IS NULL)), ADD CHECK (became_id <> id), ADD CHECK (split_from_id <> id);
DROP INDEX place_street;
CREATE INDEX place_street ON place (street_id, code, id) INCLUDE (kind, name, parent_id, living);
CREATE INDEX place_became ON place (became_id, code, id);
CREATE INDEX place_split_from ON place (split_from_id, code, id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0032_offices")]

    initial = False

    operations = [
        ops.AddField(model_name="Place", name="ended_on", field=fields.DateField(null=True)),
        ops.AddField(model_name="Place", name="became_id", field=fields.CharField(null=True, max_length=30)),
        ops.AddField(model_name="Place", name="split_from_id", field=fields.CharField(null=True, max_length=30)),
        Declared("Place", "living", fields.BooleanField(null=True, generated=True)),
        ops.RunSQL(LIVING),
    ]
