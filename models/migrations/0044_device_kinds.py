"""More kinds of facilities and devices: what watches a vehicle barrier is told from what watches a gate."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.facilities.words import FacilityKind

BARRIERS = """
UPDATE device d SET kind = 'BARRIER_STATE' FROM facility f
WHERE d.kind = 'GATE_STATE' AND f.id = d.facility_id AND f.kind = 'BARRIER'
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0043_posts")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Facility",
            name="kind",
            field=fields.CharEnumField(
                description="LIFT: LIFT\nPUMP: PUMP\nTANK: TANK\nHYDRANT: HYDRANT\nEXTINGUISHER: EXTINGUISHER\nFIRE_PANEL: FIRE_PANEL\nDISTRIBUTION_BOX: DISTRIBUTION_BOX\nGAS_LINE: GAS_LINE\nCAMERA: CAMERA\nGATE: GATE\nBARRIER: BARRIER\nLAMP: LAMP\nBENCH: BENCH\nFOUNTAIN: FOUNTAIN\nGUARD_BOX: GUARD_BOX\nDRYING_AREA: DRYING_AREA\nCHARGING_SHED: CHARGING_SHED\nMANHOLE: MANHOLE\nFIRE_LANE: FIRE_LANE\nGARAGE: GARAGE\nPARKING_AREA: PARKING_AREA\nWASTE_POINT: WASTE_POINT",
                enum_type=FacilityKind,
                max_length=40,
            ),
        ),
        ops.RunSQL(BARRIERS),
    ]
