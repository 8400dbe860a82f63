"""Staffed posts, stints of which nobody has two at once, and visitor passes."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.passes import PassState
from domain.posts import PostKind

_PLACED = "FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id)"

#: A range of one number, made of the account's id, stands for it: so the exclusion needs no extension.
CHECKS = f"""
{"".join(f"ALTER TABLE {table} ADD {_PLACED};" for table in ("post", "post_stint", "visitor_pass"))}
ALTER TABLE post ADD CHECK (kind IN ('CONTROL_ROOM', 'GUARD_POST')), ADD CHECK (least_staff > 0),
    ADD CHECK ((opens IS NULL) = (closes IS NULL)), ADD CHECK (opens <> closes),
    ADD CHECK (ended_at IS NULL OR short_since IS NULL);
ALTER TABLE post_stint ADD FOREIGN KEY (post_id) REFERENCES post (id), ADD FOREIGN KEY (account_id) REFERENCES account (id),
    ADD CHECK (ended_at >= began_at), ADD CHECK (NOT lapsed OR ended_at IS NOT NULL),
    ADD CONSTRAINT post_stint_one_at_a_time EXCLUDE USING gist (
        int8range(hashtextextended(account_id, 0), hashtextextended(account_id, 0), '[]') WITH &&,
        tstzrange(began_at, ended_at) WITH &&
    );
ALTER TABLE visitor_pass ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD FOREIGN KEY (post_id) REFERENCES post (id),
    ADD FOREIGN KEY (issued_by_id) REFERENCES account (id),
    ADD CHECK (state IN ('ISSUED', 'INSIDE', 'LEFT', 'CANCELLED', 'EXPIRED')), ADD CHECK (people > 0),
    ADD CHECK (valid_until > valid_from), ADD CHECK ((home_id IS NULL) <> (post_id IS NULL)),
    ADD CHECK ((state IN ('INSIDE', 'LEFT')) = (admitted_at IS NOT NULL)), ADD CHECK ((state = 'LEFT') = (left_at IS NOT NULL)),
    ADD CHECK (left_at >= admitted_at), ADD CHECK (gate_compound_id = compound_id);
"""

INDEXES = """
CREATE INDEX post_street ON post (street_id, opened_at, id) INCLUDE (kind, short_since, compound_id);
CREATE INDEX post_compound ON post (compound_id, opened_at, id) INCLUDE (street_id, kind, short_since);
CREATE INDEX post_short ON post (kind) WHERE short_since IS NOT NULL;
CREATE INDEX post_stint_post ON post_stint (post_id, began_at, id) INCLUDE (ended_at, certificate_until);
CREATE INDEX post_stint_street ON post_stint (street_id, began_at, id) INCLUDE (ended_at, post_id, compound_id);
CREATE INDEX post_stint_compound ON post_stint (compound_id, began_at, id) INCLUDE (street_id, ended_at, post_id);
CREATE INDEX post_stint_account ON post_stint (account_id, began_at);
CREATE INDEX post_stint_ended ON post_stint (ended_at);
CREATE INDEX post_stint_running ON post_stint (began_at) WHERE ended_at IS NULL;
CREATE INDEX visitor_pass_street ON visitor_pass (street_id, valid_from, id) INCLUDE (state, compound_id);
CREATE INDEX visitor_pass_compound ON visitor_pass (compound_id, valid_from, id) INCLUDE (state);
CREATE INDEX visitor_pass_gate ON visitor_pass (gate_compound_id, valid_from, id) INCLUDE (state, compound_id);
CREATE INDEX visitor_pass_issuer ON visitor_pass (issued_by_id, valid_from, id) INCLUDE (state, compound_id);
CREATE INDEX visitor_pass_home ON visitor_pass (home_id) WHERE state = 'ISSUED';
CREATE INDEX visitor_pass_post ON visitor_pass (post_id) WHERE state = 'ISSUED';
CREATE INDEX visitor_pass_due ON visitor_pass (valid_until);
CREATE INDEX visitor_pass_waiting ON visitor_pass (valid_from) WHERE state = 'ISSUED' AND gate_compound_id IS NULL;
CREATE INDEX visitor_pass_inside ON visitor_pass (valid_until) WHERE state = 'INSIDE';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0042_hazard_scans")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Post",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="CONTROL_ROOM: CONTROL_ROOM\nGUARD_POST: GUARD_POST", enum_type=PostKind, max_length=40
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("opens", fields.CharField(null=True, max_length=5)),
                ("closes", fields.CharField(null=True, max_length=5)),
                ("least_staff", fields.IntField()),
                ("certified", fields.BooleanField()),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("short_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "post",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A post of a compound that must be staffed. ``opens`` and ``closes``: times of day, both null round the clock.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="PostStint",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("lapsed", fields.BooleanField(db_default=False)),
                ("certificate_until", fields.DateField(null=True)),
                ("note", fields.CharField(db_default="", max_length=500)),
                ("post_id", fields.CharField(max_length=30)),
                ("account_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "post_stint",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody's time at a post, ``ended_at`` not included (null: they are there). Nobody is at two posts at once.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="VisitorPass",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                (
                    "state",
                    fields.CharEnumField(
                        description="ISSUED: ISSUED\nINSIDE: INSIDE\nLEFT: LEFT\nCANCELLED: CANCELLED\nEXPIRED: EXPIRED",
                        enum_type=PassState,
                        max_length=40,
                    ),
                ),
                ("people", fields.IntField()),
                ("by_vehicle", fields.BooleanField()),
                ("valid_from", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("valid_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("admitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("left_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("place", fields.CharField(db_default="", max_length=260)),
                ("home", fields.CharField(db_default="", max_length=60)),
                ("home_id", fields.CharField(null=True, max_length=30)),
                ("post_id", fields.CharField(null=True, max_length=30)),
                ("issued_by_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("gate_compound_id", fields.CharField(null=True, max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "visitor_pass",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Leave for some people to come in once, between ``valid_from`` and ``valid_until``. Who they are is written nowhere.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
