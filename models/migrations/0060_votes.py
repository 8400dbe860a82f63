"""Votes of owners: their items, rolls, ballots, results, and the demands and objections around them."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.votes.words import BallotChannel, DecisionKind, VoteState

CHECKS = """
ALTER TABLE vote_demand ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id), ADD UNIQUE (id, compound_id),
    ADD CHECK (topic <> ''), ADD CHECK (homes > 0), ADD CHECK (signed BETWEEN 0 AND homes);
ALTER TABLE demand_signature ADD FOREIGN KEY (demand_id) REFERENCES vote_demand (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD CONSTRAINT demand_signature_once UNIQUE (demand_id, home_id);
ALTER TABLE vote ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (demand_id, compound_id) REFERENCES vote_demand (id, compound_id), ADD UNIQUE (id, compound_id),
    ADD CHECK (title <> ''), ADD CHECK (closes_at > opens_at), ADD CHECK ((opens_at IS NULL) = (closes_at IS NULL)),
    ADD CHECK (state NOT IN ('NOTICED', 'OPEN', 'CLOSED') OR (noticed_at IS NOT NULL AND opens_at IS NOT NULL)),
    ADD CHECK (state NOT IN ('OPEN', 'CLOSED') OR (opened_at IS NOT NULL AND roll_homes > 0 AND roll_area > 0)),
    ADD CHECK (taken_homes BETWEEN 0 AND roll_homes), ADD CHECK (taken_area BETWEEN 0 AND roll_area),
    ADD CHECK ((state = 'CLOSED') = (content IS NOT NULL)), ADD CHECK ((state = 'CLOSED') = (sha256 IS NOT NULL)),
    ADD CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)), ADD CHECK ((state = 'CLOSED') = (quorate IS NOT NULL)),
    ADD CHECK ((state = 'CLOSED') = (file_by IS NOT NULL)), ADD CHECK (filed_on IS NULL OR state = 'CLOSED'),
    ADD CHECK ((state = 'CANCELLED') = (cancelled_why <> '')),
    ADD CONSTRAINT vote_hash CHECK (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex'));
ALTER TABLE vote_item ADD FOREIGN KEY (vote_id, compound_id) REFERENCES vote (id, compound_id) ON DELETE CASCADE,
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD UNIQUE (vote_id, position), ADD CHECK (position > 0), ADD CHECK (text <> ''),
    ADD CHECK ((passed IS NULL) = (for_homes IS NULL AND for_area IS NULL AND against_homes IS NULL
        AND against_area IS NULL AND abstain_homes IS NULL AND abstain_area IS NULL));
ALTER TABLE roll_entry ADD FOREIGN KEY (vote_id, compound_id) REFERENCES vote (id, compound_id),
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (home_id) REFERENCES home (id), ADD FOREIGN KEY (delegate_id) REFERENCES account (id),
    ADD FOREIGN KEY (delegated_by_id) REFERENCES account (id), ADD FOREIGN KEY (paper_entered_by_id) REFERENCES account (id),
    ADD CONSTRAINT roll_entry_once UNIQUE (vote_id, home_id), ADD UNIQUE (vote_id, number), ADD CHECK (area_m2 > 0),
    ADD CHECK ((taken_at IS NULL) = (channel IS NULL)), ADD CHECK (conflicts >= 0),
    ADD CHECK ((delegate_id IS NULL) = (delegate_document = '')),
    ADD CHECK ((paper_sealed IS NULL) = (paper_entered_at IS NULL)),
    ADD CHECK ((paper_sealed IS NULL) = (paper_entered_by_id IS NULL));
ALTER TABLE ballot ADD FOREIGN KEY (vote_id) REFERENCES vote (id), ADD FOREIGN KEY (entry_id) REFERENCES roll_entry (id),
    ADD UNIQUE (vote_id, receipt);
CREATE UNIQUE INDEX ballot_one_a_home ON ballot (entry_id) WHERE entry_id IS NOT NULL;
ALTER TABLE vote_objection ADD FOREIGN KEY (vote_id, compound_id) REFERENCES vote (id, compound_id),
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (raised_by_id) REFERENCES account (id), ADD CHECK (body <> ''),
    ADD CHECK ((answered_at IS NULL) = (answer = ''));
"""

#: What was counted changes no more, but that it is filed; nor do the text and the roll of a vote once they are told. Ballots
#: come while the vote is open, and go with the years; they are never changed, but sealed anew under another key.
KEEPING = """
CREATE FUNCTION vote_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE filing text[] := ARRAY['filed_on', 'filing_number', 'version'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a vote is kept' USING ERRCODE = '23514', CONSTRAINT = 'vote_kept';
    END IF;
    IF OLD.state IN ('CLOSED', 'CANCELLED') AND to_jsonb(NEW) - filing IS DISTINCT FROM to_jsonb(OLD) - filing
        OR OLD.state <> 'PLANNED' AND (NEW.title, NEW.body, NEW.secret, NEW.compound_id, NEW.opens_at)
            IS DISTINCT FROM (OLD.title, OLD.body, OLD.secret, OLD.compound_id, OLD.opens_at)
        OR OLD.state = 'OPEN' AND (NEW.roll_homes, NEW.roll_area) IS DISTINCT FROM (OLD.roll_homes, OLD.roll_area) THEN
        RAISE EXCEPTION 'what was told of a vote does not change' USING ERRCODE = '23514', CONSTRAINT = 'vote_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_kept BEFORE UPDATE OR DELETE ON vote FOR EACH ROW EXECUTE FUNCTION vote_is_kept();

CREATE FUNCTION vote_item_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text := (SELECT state FROM vote WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.vote_id ELSE OLD.vote_id END);
BEGIN
    IF stands = 'PLANNED' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP <> 'UPDATE' OR stands <> 'OPEN' OR OLD.passed IS NOT NULL
        OR (NEW.text, NEW.kind, NEW.position, NEW.vote_id) IS DISTINCT FROM (OLD.text, OLD.kind, OLD.position, OLD.vote_id) THEN
        RAISE EXCEPTION 'items change while a vote is planned' USING ERRCODE = '23514', CONSTRAINT = 'vote_item_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_item_kept BEFORE INSERT OR UPDATE OR DELETE ON vote_item
    FOR EACH ROW EXECUTE FUNCTION vote_item_is_kept();

CREATE FUNCTION roll_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text := (SELECT state FROM vote WHERE id = NEW.vote_id);
BEGIN
    IF (NEW.vote_id, NEW.home_id, NEW.area_m2, NEW.number) IS DISTINCT FROM (OLD.vote_id, OLD.home_id, OLD.area_m2, OLD.number)
        OR OLD.taken_at IS NOT NULL AND (NEW.taken_at, NEW.channel) IS DISTINCT FROM (OLD.taken_at, OLD.channel)
        OR stands <> 'OPEN' AND (NEW.taken_at, NEW.channel, NEW.choices, NEW.conflicts)
            IS DISTINCT FROM (OLD.taken_at, OLD.channel, OLD.choices, OLD.conflicts) THEN
        RAISE EXCEPTION 'a roll is frozen' USING ERRCODE = '23514', CONSTRAINT = 'roll_entry_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER roll_entry_kept BEFORE UPDATE ON roll_entry FOR EACH ROW EXECUTE FUNCTION roll_entry_is_kept();

CREATE FUNCTION ballot_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text; ended timestamptz;
BEGIN
    SELECT v.state, v.closed_at INTO stands, ended FROM vote v
        WHERE v.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.vote_id ELSE OLD.vote_id END;
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.vote_id, NEW.receipt, NEW.entry_id)
            IS NOT DISTINCT FROM (OLD.id, OLD.vote_id, OLD.receipt, OLD.entry_id)
        OR TG_OP <> 'UPDATE' AND stands = 'OPEN'
        OR TG_OP = 'DELETE' AND coalesce(ended < now() - interval '1 year', stands = 'CANCELLED') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'ballots are taken while a vote is open, and kept' USING ERRCODE = '23514', CONSTRAINT = 'ballot_kept';
END $$;
CREATE TRIGGER ballot_kept BEFORE INSERT OR UPDATE OR DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_is_kept();
"""

INDEXES = """
CREATE INDEX vote_street ON vote (street_id, planned_at, id) INCLUDE (state, compound_id);
CREATE INDEX vote_compound ON vote (compound_id, planned_at, id) INCLUDE (state);
CREATE INDEX vote_demanded ON vote (demand_id, planned_at, id) WHERE demand_id IS NOT NULL;
CREATE INDEX vote_open ON vote (closes_at) WHERE state = 'OPEN';
CREATE INDEX vote_unfiled ON vote (file_by) WHERE filed_on IS NULL AND file_by IS NOT NULL;
CREATE INDEX vote_item_vote ON vote_item (vote_id, position, id);
CREATE INDEX roll_entry_vote ON roll_entry (vote_id, number, id) INCLUDE (channel, compound_id, home_id, delegate_id);
CREATE INDEX roll_entry_home ON roll_entry (home_id, number, id) INCLUDE (channel, vote_id);
CREATE INDEX roll_entry_delegate ON roll_entry (delegate_id, number, id) INCLUDE (channel, vote_id) WHERE delegate_id IS NOT NULL;
CREATE INDEX roll_entry_street ON roll_entry (street_id, number, id) INCLUDE (channel, vote_id, compound_id);
CREATE INDEX roll_entry_compound ON roll_entry (compound_id, number, id) INCLUDE (channel, vote_id);
CREATE INDEX vote_demand_street ON vote_demand (street_id, begun_at, id) INCLUDE (compound_id);
CREATE INDEX vote_demand_compound ON vote_demand (compound_id, begun_at, id);
CREATE INDEX vote_objection_street ON vote_objection (street_id, raised_at, id) INCLUDE (compound_id, vote_id);
CREATE INDEX vote_objection_compound ON vote_objection (compound_id, raised_at, id) INCLUDE (vote_id);
CREATE INDEX vote_objection_vote ON vote_objection (vote_id, raised_at, id);
CREATE INDEX vote_objection_raiser ON vote_objection (raised_by_id, raised_at, id) WHERE raised_by_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0059_few_homes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Ballot",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("sealed", fields.BinaryField()),
                ("receipt", fields.CharField(max_length=64)),
                ("entry_id", fields.CharField(null=True, max_length=30)),
                ("vote_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "ballot",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What one home said: its area and its choices, sealed. Nobody sees the row; see models/votes/counting.py.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="DemandSignature",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("signed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("demand_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "demand_signature",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A home that signed a demand. Nobody sees which: only how many are told.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RollEntry",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("area_m2", fields.DecimalField(max_digits=8, decimal_places=2)),
                ("taken_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "channel",
                    fields.CharEnumField(
                        null=True, description="ELECTRONIC: ELECTRONIC\nPAPER: PAPER", enum_type=BallotChannel, max_length=40
                    ),
                ),
                ("choices", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("conflicts", fields.IntField(db_default=0)),
                ("delegate_document", fields.CharField(db_default="", max_length=60)),
                ("paper_sealed", fields.BinaryField(null=True)),
                ("paper_entered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("paper_entered_by_id", fields.CharField(null=True, max_length=30)),
                ("delegate_id", fields.CharField(null=True, max_length=30)),
                ("delegated_by_id", fields.CharField(null=True, max_length=30)),
                ("vote_id", fields.CharField(max_length=30)),
                ("home_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "roll_entry",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A home on the roll of a vote, with its area when the vote opened: it has one ballot, whoever owns it.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Vote",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("title", fields.CharField(max_length=120)),
                ("body", fields.CharField(max_length=4000)),
                ("secret", fields.BooleanField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="PLANNED: PLANNED\nNOTICED: NOTICED\nOPEN: OPEN\nCLOSED: CLOSED\nCANCELLED: CANCELLED",
                        enum_type=VoteState,
                        max_length=40,
                    ),
                ),
                ("planned_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("noticed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opens_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("first_closes_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("cancelled_why", fields.CharField(db_default="", max_length=500)),
                ("roll_homes", fields.IntField(db_default=0)),
                ("roll_area", fields.DecimalField(db_default=0, max_digits=14, decimal_places=2)),
                ("taken_homes", fields.IntField(db_default=0)),
                ("taken_area", fields.DecimalField(db_default=0, max_digits=14, decimal_places=2)),
                ("quorate", fields.BooleanField(null=True)),
                ("content", fields.TextField(null=True, unique=False)),
                ("sha256", fields.CharField(null=True, max_length=64)),
                ("file_by", fields.DateField(null=True)),
                ("filed_on", fields.DateField(null=True)),
                ("filing_number", fields.CharField(db_default="", max_length=60)),
                ("version", fields.IntField(db_default=1)),
                ("demand_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "vote",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A vote of a compound's owners on one or more items.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="VoteDemand",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("topic", fields.CharField(max_length=500)),
                ("homes", fields.IntField()),
                ("signed", fields.IntField(db_default=0)),
                ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reached_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "vote_demand",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A demand of owners that a meeting be held. ``homes``: those of the compound when it began; ``signed``: those that signed.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="VoteItem",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("position", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="PROCEDURE: PROCEDURE\nCOVENANT: COVENANT\nCOMMITTEE: COMMITTEE\nCOMPANY: COMPANY\nUSE_FUND: USE_FUND\nRAISE_FUND: RAISE_FUND\nREBUILD: REBUILD\nCOMMON_PARTS: COMMON_PARTS\nOTHER: OTHER",
                        enum_type=DecisionKind,
                        max_length=40,
                    ),
                ),
                ("text", fields.CharField(max_length=4000)),
                ("for_homes", fields.IntField(null=True)),
                ("for_area", fields.DecimalField(null=True, max_digits=14, decimal_places=2)),
                ("against_homes", fields.IntField(null=True)),
                ("against_area", fields.DecimalField(null=True, max_digits=14, decimal_places=2)),
                ("abstain_homes", fields.IntField(null=True)),
                ("abstain_area", fields.DecimalField(null=True, max_digits=14, decimal_places=2)),
                ("passed", fields.BooleanField(null=True)),
                ("vote_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "vote_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a vote asks; ``position``: its place. What was answered is null until the vote is counted.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="VoteObjection",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("body", fields.CharField(max_length=1000)),
                ("answer", fields.CharField(db_default="", max_length=2000)),
                ("raised_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("raised_by_id", fields.CharField(null=True, max_length=30)),
                ("vote_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "vote_objection",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What somebody who lives there has against a vote or its result, and what was answered.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(KEEPING),
        ops.RunSQL(INDEXES),
    ]
