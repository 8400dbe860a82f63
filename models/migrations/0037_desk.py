"""What many complain of at once, and the indexes by which the checks of repairs and complaints look at tickets."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.tickets.categories import TicketCategory

CHECKS = """
ALTER TABLE complaint_cluster ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id);
CREATE UNIQUE INDEX complaint_cluster_once ON complaint_cluster (compound_id, category);
CREATE INDEX complaint_cluster_street ON complaint_cluster (street_id, id);
"""

INDEXES = """
CREATE INDEX ticket_repair_in_hand ON ticket (opened_at, id)
    WHERE kind = 'REPAIR' AND state IN ('OPEN', 'ACCEPTED', 'ASSIGNED', 'IN_PROGRESS');
CREATE INDEX ticket_repair_of_facility ON ticket (opened_at) INCLUDE (facility_id, state)
    WHERE kind = 'REPAIR' AND facility_id IS NOT NULL;
CREATE INDEX ticket_complained ON ticket (opened_at) INCLUDE (compound_id, street_id, category, home_id)
    WHERE kind = 'COMPLAINT' AND state NOT IN ('CLOSED', 'CANCELLED') AND category IS NOT NULL AND home_id IS NOT NULL;
CREATE INDEX ticket_deadline_late ON ticket_deadline (due, id) INCLUDE (goal, ticket_id) WHERE state = 'LATE';
CREATE INDEX ticket_rating_rated ON ticket_rating (rated_at) INCLUDE (ticket_id, compound_id, street_id, score);
CREATE INDEX call_back_called ON call_back (called_at) INCLUDE (ticket_id, compound_id, street_id, outcome)
    WHERE outcome IN ('SATISFIED', 'DISSATISFIED');
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0036_broker")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ComplaintCluster",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "category",
                    fields.CharEnumField(
                        description="SERVICE: SERVICE\nFACILITY_UPKEEP: FACILITY_UPKEEP\nCHARGES: CHARGES\nPARKING: PARKING\nCOMMON_AREAS: COMMON_AREAS\nHOUSE_REPAIR: HOUSE_REPAIR\nSAFETY: SAFETY\nDECORATION: DECORATION\nNEIGHBOURS: NEIGHBOURS\nUNLAWFUL_ACTS: UNLAWFUL_ACTS\nOWNERS_COMMITTEE: OWNERS_COMMITTEE\nOTHER: OTHER\nLIFT: LIFT\nWATER_SUPPLY: WATER_SUPPLY\nDRAINAGE: DRAINAGE\nELECTRICITY: ELECTRICITY\nLIGHTING: LIGHTING\nGAS: GAS\nFIRE_EQUIPMENT: FIRE_EQUIPMENT\nSURVEILLANCE: SURVEILLANCE\nENTRANCE: ENTRANCE\nCHARGING: CHARGING\nROADS: ROADS\nGROUNDS: GROUNDS\nBUILDING_FABRIC: BUILDING_FABRIC\nINSIDE_HOME: INSIDE_HOME\nOTHER_REPAIR: OTHER_REPAIR",
                        enum_type=TicketCategory,
                        max_length=40,
                    ),
                ),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "complaint_cluster",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One class of complaints in one compound, once several homes had complained of it. Unique on both.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
