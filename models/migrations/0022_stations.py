"""Warm stations (暖新驿站): the station, its closures, equipment, stock, loans, services, service points and visits."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.stations.lending import LoanState
from domain.stations.words import (
    ClosureReason,
    EquipmentKind,
    EquipmentState,
    ItemKind,
    MovementKind,
    PointKind,
    ServiceKind,
    Visitors,
)

#: All that is a station's is kept by whoever keeps the station: the database takes it along when that changes.
_KEPT = "FOREIGN KEY (station_id, street_id, organisation_id, office_id)"
_KEEPERS = "REFERENCES station (id, street_id, organisation_id, office_id) ON UPDATE CASCADE"
_OF_STATIONS = (
    *("station_closure", "station_equipment", "station_item", "station_loan", "station_movement", "station_service"),
    *("station_point", "station_visit"),
)
_CLOCK = "'^([01][0-9]|2[0-3]):[0-5][0-9]$'"
_HOURS = (
    f"CHECK ((opens IS NULL) = (closes IS NULL)), CHECK (opens ~ {_CLOCK}), CHECK (closes ~ {_CLOCK}), CHECK (opens <> closes)"
)
_EARTH = "CHECK (latitude BETWEEN -90 AND 90), CHECK (longitude BETWEEN -180 AND 180)"

#: A station stands in a business grid: the grid is referred to with its kind and street. A range of one number, made of the
#: station's id, stands for it in the exclusion, which so needs no extension.
CHECKS = f"""
CREATE UNIQUE INDEX place_kind_street ON place (id, kind, street_id);
ALTER TABLE station ADD COLUMN grid_kind varchar(40) NOT NULL GENERATED ALWAYS AS ('BUSINESS_GRID') STORED,
    ADD FOREIGN KEY (grid_id, grid_kind, street_id) REFERENCES place (id, kind, street_id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (office_id) REFERENCES organisation (id),
    ADD UNIQUE (id, street_id, organisation_id, office_id), ADD {_HOURS.replace(", CHECK", ", ADD CHECK")},
    ADD {_EARTH.replace(", CHECK", ", ADD CHECK")};
{"".join(f"ALTER TABLE {table} ADD {_KEPT} {_KEEPERS};" for table in _OF_STATIONS)}
ALTER TABLE station_closure ADD CHECK (ends_at > starts_at), ADD CONSTRAINT station_closure_one_at_a_time EXCLUDE USING gist (
    int8range(hashtextextended(station_id, 0), hashtextextended(station_id, 0), '[]') WITH &&,
    tstzrange(starts_at, ends_at) WITH &&
);
ALTER TABLE station_equipment ADD CHECK (amount > 0);
ALTER TABLE station_item ADD UNIQUE (id, station_id), ADD CHECK (in_stock >= 0), ADD CHECK (lent >= 0), ADD CHECK (minimum >= 0),
    ADD CHECK (removed_at IS NULL OR lent = 0), ADD CHECK (removed_at IS NOT NULL OR (low_since IS NOT NULL) = (in_stock < minimum));
ALTER TABLE station_loan ADD FOREIGN KEY (item_id, station_id) REFERENCES station_item (id, station_id),
    ADD CHECK (slip ~ '^[A-Z0-9][A-Z0-9-]{{0,7}}$'), ADD CHECK (due_at > lent_at), ADD CHECK ((state = 'OUT') = (closed_at IS NULL));
ALTER TABLE station_movement ADD FOREIGN KEY (item_id, station_id) REFERENCES station_item (id, station_id),
    ADD CHECK (in_stock >= 0);
ALTER TABLE station_service ADD CHECK (ends_on >= starts_on);
ALTER TABLE station_point ADD {_HOURS.replace(", CHECK", ", ADD CHECK")}, ADD {_EARTH.replace(", CHECK", ", ADD CHECK")};
ALTER TABLE station_visit ADD UNIQUE (station_id, hour, visitors), ADD CHECK (visits >= 0),
    ADD CHECK (hour = date_trunc('hour', hour, 'UTC'));
CREATE UNIQUE INDEX station_item_one_listed ON station_item (station_id, kind, name) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX station_loan_one_out ON station_loan (station_id, slip) WHERE state = 'OUT';
"""

INDEXES = """
CREATE INDEX station_street ON station (street_id, code, id) INCLUDE (grid_id, organisation_id, latitude, ended_at);
CREATE INDEX station_grid ON station (grid_id);
CREATE INDEX station_organisation ON station (organisation_id, code, id);
CREATE INDEX station_office ON station (office_id, code, id);
CREATE INDEX station_closure_station ON station_closure (station_id, starts_at, id) INCLUDE (ends_at);
CREATE INDEX station_equipment_station ON station_equipment (station_id, kind, id) INCLUDE (state, removed_at);
CREATE INDEX station_item_station ON station_item (station_id, kind, id) INCLUDE (low_since, removed_at);
CREATE INDEX station_item_street ON station_item (street_id, kind, id) INCLUDE (station_id, low_since, removed_at);
CREATE INDEX station_loan_station ON station_loan (station_id, lent_at, id) INCLUDE (state, slip, due_at, item_id);
CREATE INDEX station_loan_item ON station_loan (item_id, lent_at, id);
CREATE INDEX station_loan_street ON station_loan (street_id, lent_at, id) INCLUDE (state, station_id);
CREATE INDEX station_loan_organisation ON station_loan (organisation_id, lent_at, id) INCLUDE (state, station_id);
CREATE INDEX station_loan_office ON station_loan (office_id, lent_at, id) INCLUDE (state, station_id);
CREATE INDEX station_loan_due ON station_loan (due_at, id);
CREATE INDEX station_loan_closed ON station_loan (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX station_movement_station ON station_movement (station_id, at, id) INCLUDE (kind, amount, item_id);
CREATE INDEX station_movement_item ON station_movement (item_id, at, id);
CREATE INDEX station_movement_street ON station_movement (street_id, at, id) INCLUDE (kind, amount, station_id);
CREATE INDEX station_movement_organisation ON station_movement (organisation_id, at, id) INCLUDE (kind, amount, station_id);
CREATE INDEX station_movement_office ON station_movement (office_id, at, id) INCLUDE (kind, amount, station_id);
CREATE INDEX station_service_station ON station_service (station_id, starts_on, id) INCLUDE (kind, ends_on);
CREATE INDEX station_point_station ON station_point (station_id, kind, id);
CREATE INDEX station_point_street ON station_point (street_id, kind, id) INCLUDE (station_id, latitude, ended_at);
CREATE INDEX station_visit_station ON station_visit (station_id, hour, id) INCLUDE (visitors, visits);
CREATE INDEX station_visit_street ON station_visit (street_id, hour, id) INCLUDE (visitors, visits, station_id);
CREATE INDEX station_visit_organisation ON station_visit (organisation_id, hour, id) INCLUDE (visitors, visits, station_id);
CREATE INDEX station_visit_office ON station_visit (office_id, hour, id) INCLUDE (visitors, visits, station_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0021_care")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Station",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("code", fields.CharField(unique=True, max_length=40)),
                ("name", fields.CharField(max_length=60)),
                ("address", fields.CharField(max_length=200)),
                ("latitude", fields.FloatField()),
                ("longitude", fields.FloatField()),
                ("opens", fields.CharField(null=True, max_length=5)),
                ("closes", fields.CharField(null=True, max_length=5)),
                ("police_point", fields.BooleanField(db_default=False)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("grid_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "station",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A warm station in a business grid. ``opens`` and ``closes``: times of day, both null round the clock.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationClosure",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="REPAIR: REPAIR\nCLEANING: CLEANING\nHOLIDAY: HOLIDAY\nWEATHER: WEATHER\nOTHER: OTHER",
                        enum_type=ClosureReason,
                        max_length=40,
                    ),
                ),
                ("note", fields.CharField(db_default="", max_length=500)),
            ],
            options={
                "table": "station_closure",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A time for which a station is closed, ``ends_at`` not included (null: until further notice). No two overlap.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationEquipment",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="TABLE: TABLE\nAIR_CONDITIONING: AIR_CONDITIONING\nWATER_DISPENSER: WATER_DISPENSER\nMICROWAVE: MICROWAVE\nREFRIGERATOR: REFRIGERATOR\nCHARGER: CHARGER\nFIRST_AID_BOX: FIRST_AID_BOX\nDEFIBRILLATOR: DEFIBRILLATOR\nBOOKSHELF: BOOKSHELF\nTOILET: TOILET\nOTHER: OTHER",
                        enum_type=EquipmentKind,
                        max_length=40,
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("amount", fields.IntField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="GOOD: GOOD\nWORN: WORN\nBROKEN: BROKEN\nMISSING: MISSING",
                        enum_type=EquipmentState,
                        max_length=40,
                    ),
                ),
                ("state_since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("note", fields.CharField(db_default="", max_length=500)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "station_equipment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Furnishing or equipment of a station.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationItem",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="WATER: WATER\nRAINCOAT: RAINCOAT\nFIRST_AID: FIRST_AID\nHEAT_RELIEF: HEAT_RELIEF\nWARMING: WARMING\nMASK: MASK\nUMBRELLA: UMBRELLA\nPOWER_BANK: POWER_BANK\nTOOL: TOOL\nBOOK: BOOK\nOTHER: OTHER",
                        enum_type=ItemKind,
                        max_length=40,
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("unit", fields.CharField(max_length=10)),
                ("in_stock", fields.IntField()),
                ("lent", fields.IntField(db_default=0)),
                ("minimum", fields.IntField()),
                ("low_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "station_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something that a station has in stock. ``low_since``: since when there is less of it than ``minimum``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationLoan",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("slip", fields.CharField(max_length=8)),
                (
                    "state",
                    fields.CharEnumField(
                        description="OUT: OUT\nRETURNED: RETURNED\nLOST: LOST",
                        db_default=LoanState.OUT,
                        enum_type=LoanState,
                        max_length=40,
                    ),
                ),
                ("lent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("item_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "station_loan",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One piece of an item, lent to the number of a slip; to whom, is written nowhere. A slip is out once at a time.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationMovement",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ADDED: ADDED\nRESTOCKED: RESTOCKED\nGIVEN: GIVEN\nLENT: LENT\nRETURNED: RETURNED\nCOUNTED: COUNTED",
                        enum_type=MovementKind,
                        max_length=40,
                    ),
                ),
                ("amount", fields.IntField()),
                ("in_stock", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("item_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "station_movement",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A change of an item's stock: ``amount`` more (or less), after which there were ``in_stock``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationPoint",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="WORKPLACE: WORKPLACE\nENTRANCE: ENTRANCE\nDOORSTEP: DOORSTEP\nREST_PLACE: REST_PLACE",
                        enum_type=PointKind,
                        max_length=40,
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("address", fields.CharField(max_length=200)),
                ("latitude", fields.FloatField()),
                ("longitude", fields.FloatField()),
                ("opens", fields.CharField(null=True, max_length=5)),
                ("closes", fields.CharField(null=True, max_length=5)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "station_point",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A service point that a station keeps beyond its own doors. ``opens`` and ``closes`` as of a station.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationService",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="HEALTH: HEALTH\nLEGAL: LEGAL\nUNION: UNION\nTRAINING: TRAINING\nCOUNSELLING: COUNSELLING\nREPAIR: REPAIR\nHAIRCUT: HAIRCUT\nMEALS: MEALS\nOTHER: OTHER",
                        enum_type=ServiceKind,
                        max_length=40,
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("partner", fields.CharField(max_length=120)),
                ("times", fields.CharField(max_length=120)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
            ],
            options={
                "table": "station_service",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a partner offers in a station, from ``starts_on`` to ``ends_on`` (both included; null: open). ``times``: in words.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StationVisit",
            fields=[
                ("station_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("office_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("hour", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "visitors",
                    fields.CharEnumField(
                        description="SANITATION: SANITATION\nCOURIER: COURIER\nRIDER: RIDER\nDRIVER: DRIVER\nOTHER: OTHER",
                        enum_type=Visitors,
                        max_length=40,
                    ),
                ),
                ("visits", fields.IntField()),
            ],
            options={
                "table": "station_visit",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How many came in the hour that begins at ``hour``, by their line of work; never who.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
