"""Hazards lead to the scan of the round that found them first, as long as it is kept."""

from tortoise import migrations
from tortoise.migrations import operations as ops

LINK = """
ALTER TABLE hazard ADD FOREIGN KEY (scan_id) REFERENCES round_scan (id) ON DELETE SET NULL;
CREATE INDEX hazard_scan ON hazard (scan_id) WHERE scan_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0041_hosts")]

    initial = False

    operations = [ops.RunSQL(LINK)]
