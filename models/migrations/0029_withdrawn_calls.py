"""Call-backs can be withdrawn: those that were due of tickets that have been opened again are."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.tickets.satisfaction import CallBackState

WITHDRAWN = """
ALTER TABLE call_back DROP CONSTRAINT call_back_state_check,
    ADD CONSTRAINT call_back_state_check CHECK (state IN ('DUE', 'DONE', 'WITHDRAWN'));
UPDATE call_back b SET state = 'WITHDRAWN' FROM ticket t WHERE t.id = b.ticket_id AND b.state = 'DUE' AND t.closed_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0028_figures")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="CallBack",
            name="state",
            field=fields.CharEnumField(
                description="DUE: DUE\nDONE: DONE\nWITHDRAWN: WITHDRAWN", enum_type=CallBackState, max_length=40
            ),
        ),
        ops.RunSQL(WITHDRAWN),
    ]
