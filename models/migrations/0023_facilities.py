"""What is kept of a facility's kind, the unit it is in, and the day on which it must be taken out."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

#: A facility stands in a building and a unit of its own compound. What is known of its status from before the first report goes
#: into the history: so the history is all that is asked about the past. (The id is made of the facility's: there is one of each.)
CHECKS = """
CREATE UNIQUE INDEX building_in_compound ON building (id, compound_id);
CREATE UNIQUE INDEX unit_in_building ON unit (id, building_id);
ALTER TABLE facility ADD FOREIGN KEY (building_id, compound_id) REFERENCES building (id, compound_id),
    ADD FOREIGN KEY (unit_id, building_id) REFERENCES unit (id, building_id),
    ADD CHECK (unit_id IS NULL OR building_id IS NOT NULL), ADD CHECK (jsonb_typeof(attributes) = 'object');
CREATE INDEX facility_unit ON facility (unit_id, code, id);
CREATE INDEX facility_scrap ON facility (street_id, scrap_on, id) INCLUDE (kind, status, compound_id) WHERE scrap_on IS NOT NULL;
CREATE INDEX facility_scrap_compound ON facility (compound_id, scrap_on, id) WHERE scrap_on IS NOT NULL;
INSERT INTO facility_status_change (id, status, since, note, facility_id, compound_id, street_id)
    SELECT 'fsc' || right(f.id, 27), f.status, f.status_since, '', f.id, f.compound_id, f.street_id FROM facility f
    WHERE NOT EXISTS (SELECT FROM facility_status_change c WHERE c.facility_id = f.id AND c.since <= f.status_since)
    ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0022_stations")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Facility",
            name="attributes",
            field=fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(model_name="Facility", name="scrap_on", field=fields.DateField(null=True)),
        ops.AddField(model_name="Facility", name="unit_id", field=fields.CharField(null=True, max_length=30)),
        ops.RunSQL(CHECKS),
    ]
