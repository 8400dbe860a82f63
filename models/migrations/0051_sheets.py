"""Sheets of every kind of row, into registers and books; files that those alone see who keep a book."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.facilities import FacilityKind
from domain.sheets import SheetKind
from models.migrations import Declared, DeclaredAs

CHANGES = """
ALTER TABLE sheet_import RENAME kind TO facility_kind;
ALTER TABLE sheet_import ALTER facility_kind DROP NOT NULL, ADD kind varchar(40) NOT NULL DEFAULT 'FACILITIES',
    ALTER compound_id DROP NOT NULL, ADD book_id varchar(30) REFERENCES book (id),
    ADD organisation_id varchar(30) REFERENCES organisation (id), ADD FOREIGN KEY (street_id) REFERENCES place (id),
    ADD CHECK ((compound_id IS NULL) <> (book_id IS NULL)), ADD CHECK ((book_id IS NULL) = (organisation_id IS NULL)),
    ADD CHECK ((kind = 'FACILITIES') >= (facility_kind IS NOT NULL));
ALTER TABLE sheet_import ALTER kind DROP DEFAULT;
DROP INDEX sheet_import_street;
CREATE INDEX sheet_import_street ON sheet_import (street_id, started_at, id) INCLUDE (state, compound_id, book_id);
CREATE INDEX sheet_import_organisation ON sheet_import (organisation_id, started_at, id) INCLUDE (state, book_id)
    WHERE organisation_id IS NOT NULL;
ALTER TABLE file ADD private boolean NOT NULL DEFAULT false,
    ADD CHECK (NOT private OR (compound_id IS NULL AND organisation_id IS NOT NULL));
ALTER TABLE file ADD office_street_id varchar(30) GENERATED ALWAYS AS (CASE WHEN NOT private THEN street_id END) STORED;
UPDATE work SET kind = 'sheet_import' WHERE kind = 'facility_import';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0050_fees")]

    initial = False

    operations = [
        ops.RunSQL(CHANGES),
        Declared("SheetImport", "facility_kind", fields.CharEnumField(null=True, enum_type=FacilityKind, max_length=40)),
        DeclaredAs(model_name="SheetImport", name="kind", field=fields.CharEnumField(enum_type=SheetKind, max_length=40)),
        DeclaredAs(model_name="SheetImport", name="compound_id", field=fields.CharField(null=True, max_length=30)),
        Declared("SheetImport", "book_id", fields.CharField(null=True, max_length=30)),
        Declared("SheetImport", "organisation_id", fields.CharField(null=True, max_length=30)),
        Declared("File", "private", fields.BooleanField(db_default=False)),
        Declared("File", "office_street_id", fields.CharField(max_length=30, null=True, generated=True)),
    ]
