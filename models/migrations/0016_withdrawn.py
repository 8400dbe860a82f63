"""Alerts can be withdrawn. Memories that do not know what was seen are dropped: rules begin anew with the alerts that are open."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.alerts import AlertState

WITHDRAWN = """
ALTER TABLE alert DROP CONSTRAINT alert_state_check, DROP CONSTRAINT alert_check,
    ADD CONSTRAINT alert_state_check CHECK (state IN ('OPEN', 'CLEARED', 'WITHDRAWN')),
    ADD CONSTRAINT alert_check CHECK ((state = 'OPEN') = (cleared_at IS NULL));
DELETE FROM rule_state;
"""

_STATES = "OPEN: OPEN\nCLEARED: CLEARED\nWITHDRAWN: WITHDRAWN"


class Migration(migrations.Migration):
    dependencies = [("models", "0015_rule_versions")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Alert",
            name="state",
            field=fields.CharEnumField(description=_STATES, enum_type=AlertState, max_length=40),
        ),
        ops.RunSQL(WITHDRAWN),
    ]
