"""Territory: where places lie and how they are bounded, what homes are used for; a compound's street is its community's."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.territory import HomeUse

_OUTLINE = "ADD CHECK (outline ->> 'type' IN ('Polygon', 'MultiPolygon'))"

#: What lies in a place lies in the place's street, and a compound's grid in its community.
CHECKS = f"""
CREATE UNIQUE INDEX place_id_street ON place (id, street_id);
CREATE UNIQUE INDEX place_id_parent ON place (id, parent_id);
ALTER TABLE place ADD FOREIGN KEY (parent_id, street_id) REFERENCES place (id, street_id), {_OUTLINE},
    ADD CHECK (latitude BETWEEN -90 AND 90), ADD CHECK (longitude BETWEEN -180 AND 180),
    ADD CHECK ((latitude IS NULL) = (longitude IS NULL));
ALTER TABLE compound ADD FOREIGN KEY (community_id, street_id) REFERENCES place (id, street_id),
    ADD FOREIGN KEY (grid_id, community_id) REFERENCES place (id, parent_id), {_OUTLINE};
"""

INDEXES = """
DROP INDEX compound_grid;
CREATE INDEX compound_grid ON compound (grid_id, code, id);
CREATE INDEX home_use ON home (compound_id, use, code, id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0025_ends")]

    initial = False

    operations = [
        ops.AddField(model_name="Compound", name="outline", field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField(model_name="Compound", name="version", field=fields.IntField(db_default=1)),
        ops.AddField(
            model_name="Home",
            name="use",
            field=fields.CharEnumField(
                description="RESIDENTIAL: RESIDENTIAL\nCOMMERCIAL: COMMERCIAL\nOFFICE: OFFICE\nPUBLIC_USE: PUBLIC_USE\nSTORAGE: STORAGE\nVACANT: VACANT",
                db_default=HomeUse.RESIDENTIAL,
                enum_type=HomeUse,
                max_length=40,
            ),
        ),
        ops.AddField(model_name="Home", name="version", field=fields.IntField(db_default=1)),
        ops.AddField(model_name="Place", name="latitude", field=fields.FloatField(null=True)),
        ops.AddField(model_name="Place", name="longitude", field=fields.FloatField(null=True)),
        ops.AddField(model_name="Place", name="outline", field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField(model_name="Place", name="version", field=fields.IntField(db_default=1)),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
