"""Zones that cameras are to cover, and imports of sheets."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.facilities import FacilityKind, ZoneKind
from domain.sheets import ImportState
from models.migrations import DeclaredAs


def _words(word: type[FacilityKind] | type[ZoneKind] | type[ImportState]) -> str:
    return "\n".join(f"{each}: {each}" for each in word)


#: A camera covers zones of its own compound only; whoever moves it says anew what it covers.
CHECKS = """
ALTER TABLE file ALTER media_type TYPE varchar(100), DROP CONSTRAINT file_media_type_check, ADD CHECK (media_type IN (
    'image/jpeg', 'image/png', 'image/webp', 'application/pdf',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'
));
ALTER TABLE zone ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id), ADD UNIQUE (id, compound_id);
CREATE UNIQUE INDEX facility_in_compound ON facility (id, compound_id);
ALTER TABLE zone_camera ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (zone_id, compound_id) REFERENCES zone (id, compound_id),
    ADD FOREIGN KEY (facility_id, compound_id) REFERENCES facility (id, compound_id), ADD UNIQUE (zone_id, facility_id);
CREATE UNIQUE INDEX zone_declared_once ON zone (compound_id, kind, name) WHERE ended_at IS NULL;
CREATE INDEX zone_street ON zone (street_id, declared_at, id) INCLUDE (kind, compound_id);
CREATE INDEX zone_compound ON zone (compound_id, declared_at, id) INCLUDE (kind, street_id);
CREATE INDEX zone_camera_zone ON zone_camera (zone_id, since, id);
CREATE INDEX zone_camera_facility ON zone_camera (facility_id, since, id);
ALTER TABLE sheet_import ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (file_id) REFERENCES file (id), ADD FOREIGN KEY (started_by_id) REFERENCES account (id),
    ADD CHECK ((state = 'DONE') = (finished_at IS NOT NULL)), ADD CHECK (bad_rows >= 0 AND rows >= 0),
    ADD CHECK ((state = 'FAULTY') <= (fault_count > 0)), ADD CHECK (jsonb_typeof(faults) = 'array');
CREATE INDEX sheet_import_street ON sheet_import (street_id, started_at, id) INCLUDE (state, compound_id);
CREATE INDEX sheet_import_compound ON sheet_import (compound_id, started_at, id) INCLUDE (state, street_id);
CREATE INDEX sheet_import_started ON sheet_import (started_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0030_search")]

    initial = False

    operations = [
        DeclaredAs(model_name="File", name="media_type", field=fields.CharField(max_length=100)),
        ops.CreateModel(
            name="Zone",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("kind", fields.CharEnumField(description=_words(ZoneKind), enum_type=ZoneKind, max_length=40)),
                ("name", fields.CharField(max_length=60)),
                ("declared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={"table": "zone", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ZoneCamera",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("zone_id", fields.CharField(max_length=30)),
                ("facility_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={"table": "zone_camera", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.CreateModel(
            name="SheetImport",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "state",
                    fields.CharEnumField(
                        db_default=ImportState.CHECKING, description=_words(ImportState), enum_type=ImportState, max_length=40
                    ),
                ),
                ("kind", fields.CharEnumField(description=_words(FacilityKind), enum_type=FacilityKind, max_length=40)),
                ("rows", fields.IntField(db_default=0)),
                ("bad_rows", fields.IntField(db_default=0)),
                ("fault_count", fields.IntField(db_default=0)),
                ("faults", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("checked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("file_id", fields.CharField(max_length=30)),
                ("started_by_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={"table": "sheet_import", "app": "models", "pk_attr": "id"},
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
    ]
