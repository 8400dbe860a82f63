"""Joint offices of compounds (合署办公), and the key figures that are noted of every compound and day."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

#: A range of one number, made of the compound's id, stands for it: so the exclusion needs no extension.
CHECKS = """
ALTER TABLE joint_office ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD CHECK (ends_on >= starts_on), ADD CONSTRAINT joint_office_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(compound_id, 0), hashtextextended(compound_id, 0), '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&
    );
ALTER TABLE compound_figures ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD CHECK (least(open_tickets, overdue_tickets, closed_tickets, ratings, facilities_out) >= 0),
    ADD CHECK (least(critical_alerts, major_alerts, minor_alerts, warning_alerts) >= 0),
    ADD CHECK (score_sum BETWEEN ratings AND 5 * ratings);
"""

INDEXES = """
CREATE INDEX joint_office_compound ON joint_office (compound_id, starts_on, id) INCLUDE (ends_on);
CREATE INDEX joint_office_street ON joint_office (street_id, starts_on, id) INCLUDE (ends_on, compound_id);
CREATE UNIQUE INDEX compound_figures_once ON compound_figures (compound_id, day);
CREATE INDEX compound_figures_compound ON compound_figures (compound_id, day, id);
CREATE INDEX compound_figures_street ON compound_figures (street_id, day, id) INCLUDE (compound_id);
CREATE INDEX compound_figures_day ON compound_figures (day);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0027_transfers")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CompoundFigures",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("day", fields.DateField()),
                ("open_tickets", fields.IntField()),
                ("overdue_tickets", fields.IntField()),
                ("closed_tickets", fields.IntField()),
                ("ratings", fields.IntField()),
                ("score_sum", fields.IntField()),
                ("critical_alerts", fields.IntField()),
                ("major_alerts", fields.IntField()),
                ("minor_alerts", fields.IntField()),
                ("warning_alerts", fields.IntField()),
                ("facilities_out", fields.IntField()),
                ("has_party_organisation", fields.BooleanField()),
                ("has_party_work", fields.BooleanField()),
                ("has_owners_body", fields.BooleanField()),
                ("has_company", fields.BooleanField()),
                ("has_joint_office", fields.BooleanField()),
                ("taken_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "compound_figures",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What was noted of a compound at the end of ``day``, and never changes.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="JointOffice",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("address", fields.CharField(max_length=200)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "joint_office",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A joint office of a compound, from ``starts_on`` to ``ends_on`` (both included; null: open). Never two on one day.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
