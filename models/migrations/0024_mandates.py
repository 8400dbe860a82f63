"""Mandates: the service of whoever serves, the ground on which they stand, and no two for one service at once."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.organisations import MandateBasis, MandateService
from models.migrations import Declared

#: Of an open mandate the last day is the last day there is, so that who did what on a day can be asked for.
COLUMNS = """
UPDATE mandate SET service = 'FULL' WHERE role = 'SERVES';
ALTER TABLE mandate ADD lasts_to date NOT NULL GENERATED ALWAYS AS (coalesce(ends_on, DATE '9999-12-31')) STORED,
    ADD CHECK ((role = 'SERVES') = (service IS NOT NULL));
"""

#: Services as ranges of numbers: what a service holds lies in its range. A range of one number, made of an id, stands for the
#: id: so the exclusions need no extension.
EXCLUSIONS = """
DROP INDEX mandate_one_serving;
ALTER TABLE mandate ADD CONSTRAINT mandate_one_for_a_service EXCLUDE USING gist (
    int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
    (CASE service WHEN 'FULL' THEN int4range(0, 4) WHEN 'CLEANING' THEN int4range(0, 1) WHEN 'SECURITY' THEN int4range(1, 2)
        WHEN 'GREENING' THEN int4range(2, 3) WHEN 'REPAIRS' THEN int4range(3, 4)
        WHEN 'LIFT_MAINTENANCE' THEN int4range(4, 5) WHEN 'FIRE_MAINTENANCE' THEN int4range(5, 6) END) WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (role = 'SERVES'), ADD CONSTRAINT mandate_once EXCLUDE USING gist (
    int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
    int8range(hashtextextended(organisation_id || role, 0), hashtextextended(organisation_id || role, 0), '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (role <> 'SERVES');
"""

INDEXES = """
DROP INDEX mandate_compound;
CREATE INDEX mandate_compound ON mandate (compound_id, starts_on, id) INCLUDE (role, service, basis, ends_on, lasts_to, organisation_id);
CREATE INDEX mandate_street ON mandate (street_id, role, starts_on, id) INCLUDE (service, lasts_to, compound_id, organisation_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0023_facilities")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Mandate",
            name="service",
            field=fields.CharEnumField(
                null=True,
                description="FULL: FULL\nCLEANING: CLEANING\nSECURITY: SECURITY\nGREENING: GREENING\nREPAIRS: REPAIRS\nLIFT_MAINTENANCE: LIFT_MAINTENANCE\nFIRE_MAINTENANCE: FIRE_MAINTENANCE",
                enum_type=MandateService,
                max_length=40,
            ),
        ),
        ops.AddField(
            model_name="Mandate",
            name="basis",
            field=fields.CharEnumField(
                null=True,
                description="CONTRACT: CONTRACT\nELECTION: ELECTION\nAPPOINTMENT: APPOINTMENT\nFILING: FILING\nENTRUSTMENT: ENTRUSTMENT",
                enum_type=MandateBasis,
                max_length=40,
            ),
        ),
        ops.AddField(model_name="Mandate", name="basis_number", field=fields.CharField(db_default="", max_length=60)),
        ops.AddField(model_name="Mandate", name="basis_on", field=fields.DateField(null=True)),
        Declared("Mandate", "lasts_to", fields.DateField(generated=True)),
        ops.RunSQL(COLUMNS),
        ops.RunSQL(EXCLUSIONS),
        ops.RunSQL(INDEXES),
    ]
