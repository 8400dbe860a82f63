"""Statements to the owners: drafted, reviewed, published and then never changed; what was asked about them."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from domain.ledger.entries import EntryKind
from domain.statements.questions import QuestionState
from domain.statements.words import StatementLineKind, StatementPart, StatementReview, StatementState
from models.rows import MoneyField

_PUBLIC = "state IN ('PUBLISHED', 'REPLACED')"
_SUBMITTED = "state IN ('SUBMITTED', 'APPROVED', 'PUBLISHED', 'REPLACED')"
#: A range of one number, made of the book's id, stands for it in the exclusions, which so need no extension.
_BOOK = "int8range(hashtextextended(book_id, 0), hashtextextended(book_id, 0), '[]') WITH &&"
_DAYS = "daterange(period_from, period_to, '[]') WITH &&"

CHECKS = f"""
ALTER TABLE statement ADD FOREIGN KEY (book_id, compound_id, organisation_id) REFERENCES book (id, compound_id, organisation_id),
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (corrects_id) REFERENCES statement (id), ADD FOREIGN KEY (submitted_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (reviewed_by_id) REFERENCES account (id), ADD FOREIGN KEY (published_by_id) REFERENCES account (id),
    ADD CHECK (period_to > period_from), ADD CHECK (edition > 0), ADD CHECK ((edition > 1) = (corrects_id IS NOT NULL)),
    ADD CONSTRAINT statement_hash CHECK (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
    {"".join(f"ADD CHECK (({_SUBMITTED}) = ({column} IS NOT NULL))," for column in ("submitted_at", "submitted_by_id", "review_by"))}
    {"".join(f"ADD CHECK (({_PUBLIC}) = ({column} IS NOT NULL))," for column in ("published_at", "published_by_id", "review"))}
    ADD CHECK (({_SUBMITTED}) = (reviewing_compound_id IS NOT NULL)), ADD CHECK (reviewing_compound_id = compound_id),
    ADD CHECK (({_PUBLIC}) = (public_compound_id IS NOT NULL)), ADD CHECK (public_compound_id = compound_id),
    ADD CHECK ((reviewed_at IS NULL) = (reviewed_by_id IS NULL)), ADD CHECK (reviewed_by_id <> submitted_by_id),
    ADD CHECK (reviewed_at IS NOT NULL OR (state <> 'APPROVED' AND coalesce(review, '') <> 'APPROVED')),
    ADD CONSTRAINT statement_one_under_way EXCLUDE USING gist ({_BOOK}, {_DAYS})
        WHERE (state IN ('DRAFT', 'SUBMITTED', 'APPROVED')),
    ADD CONSTRAINT statement_one_published EXCLUDE USING gist ({_BOOK}, {_DAYS})
        WHERE (state = 'PUBLISHED' OR (state IN ('DRAFT', 'SUBMITTED', 'APPROVED') AND corrects_id IS NULL));
CREATE UNIQUE INDEX statement_editions ON statement (book_id, period_from, period_to, edition) WHERE state <> 'DISCARDED';
ALTER TABLE statement_line ADD FOREIGN KEY (statement_id) REFERENCES statement (id) ON DELETE CASCADE,
    ADD UNIQUE (statement_id, part, kind, code), ADD UNIQUE (statement_id, id), ADD CHECK (position > 0);
ALTER TABLE statement_entry ADD FOREIGN KEY (line_id) REFERENCES statement_line (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (entry_id) REFERENCES journal_entry (id), ADD UNIQUE (line_id, entry_id);
ALTER TABLE statement_question ADD FOREIGN KEY (statement_id) REFERENCES statement (id),
    ADD FOREIGN KEY (statement_id, line_id) REFERENCES statement_line (statement_id, id),
    ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (organisation_id) REFERENCES organisation (id), ADD FOREIGN KEY (asked_by_id) REFERENCES account (id),
    ADD FOREIGN KEY (answered_by_id) REFERENCES account (id), ADD CHECK (body <> ''),
    ADD CHECK ((state = 'ANSWERED') = (answered_at IS NOT NULL)), ADD CHECK ((state = 'ANSWERED') = (answer <> '')),
    ADD CHECK ((hidden_at IS NULL) = (public_compound_id IS NOT NULL)), ADD CHECK (public_compound_id = compound_id);
"""

#: What a statement says changes while it is a draft only; what was published changes no more, but that it is replaced.
KEEPING = """
CREATE FUNCTION statement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moves text[] := ARRAY['state', 'version'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state IN ('PUBLISHED', 'REPLACED') THEN
            RAISE EXCEPTION 'what was published is kept' USING ERRCODE = '23514', CONSTRAINT = 'statement_kept';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state IN ('PUBLISHED', 'REPLACED', 'DISCARDED') AND (
        to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves
        OR NEW.state <> OLD.state AND (OLD.state <> 'PUBLISHED' OR NEW.state <> 'REPLACED')
    ) OR OLD.state <> 'DRAFT' AND (NEW.content, NEW.sha256, NEW.corrected_why) IS DISTINCT FROM (OLD.content, OLD.sha256, OLD.corrected_why) THEN
        RAISE EXCEPTION 'a statement changes while it is a draft only' USING ERRCODE = '23514', CONSTRAINT = 'statement_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statement_kept BEFORE UPDATE OR DELETE ON statement FOR EACH ROW EXECUTE FUNCTION statement_is_kept();

CREATE FUNCTION statement_line_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM statement WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.statement_id ELSE OLD.statement_id END AND state <> 'DRAFT'
    ) THEN
        RAISE EXCEPTION 'lines change in a draft only' USING ERRCODE = '23514', CONSTRAINT = 'statement_line_kept';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER statement_line_kept BEFORE INSERT OR UPDATE OR DELETE ON statement_line
    FOR EACH ROW EXECUTE FUNCTION statement_line_is_kept();

CREATE FUNCTION statement_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM statement_line l JOIN statement s ON s.id = l.statement_id
        WHERE l.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.line_id ELSE OLD.line_id END AND s.state <> 'DRAFT'
    ) THEN
        RAISE EXCEPTION 'lines change in a draft only' USING ERRCODE = '23514', CONSTRAINT = 'statement_entry_kept';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER statement_entry_kept BEFORE INSERT OR UPDATE OR DELETE ON statement_entry
    FOR EACH ROW EXECUTE FUNCTION statement_entry_is_kept();
"""

INDEXES = """
CREATE INDEX statement_street ON statement (street_id, period_from, id)
    INCLUDE (state, period_to, compound_id, organisation_id, book_id);
CREATE INDEX statement_organisation ON statement (organisation_id, period_from, id) INCLUDE (state, period_to, compound_id, book_id);
CREATE INDEX statement_reviewing ON statement (reviewing_compound_id, period_from, id)
    INCLUDE (state, period_to, organisation_id, book_id) WHERE reviewing_compound_id IS NOT NULL;
CREATE INDEX statement_public ON statement (public_compound_id, period_from, id)
    INCLUDE (state, period_to, organisation_id, book_id) WHERE public_compound_id IS NOT NULL;
CREATE INDEX statement_compound ON statement (compound_id, period_from, id) INCLUDE (state, period_to, organisation_id, book_id);
CREATE INDEX statement_book ON statement (book_id, period_from, id) INCLUDE (state, period_to);
CREATE INDEX statement_corrects ON statement (corrects_id, period_from, id) WHERE corrects_id IS NOT NULL;
CREATE INDEX statement_line_statement ON statement_line (statement_id, position, id);
CREATE INDEX statement_entry_line ON statement_entry (line_id, booked_on, id) INCLUDE (organisation_id, owners_compound_id);
CREATE INDEX statement_entry_entry ON statement_entry (entry_id);
CREATE INDEX statement_question_street ON statement_question (street_id, asked_at, id)
    INCLUDE (state, compound_id, organisation_id);
CREATE INDEX statement_question_compound ON statement_question (compound_id, asked_at, id) INCLUDE (state, organisation_id);
CREATE INDEX statement_question_public ON statement_question (public_compound_id, asked_at, id)
    INCLUDE (state, organisation_id) WHERE public_compound_id IS NOT NULL;
CREATE INDEX statement_question_organisation ON statement_question (organisation_id, asked_at, id) INCLUDE (state, compound_id);
CREATE INDEX statement_question_statement ON statement_question (statement_id, asked_at, id) INCLUDE (state);
CREATE INDEX statement_question_asker ON statement_question (asked_by_id, asked_at, id) WHERE asked_by_id IS NOT NULL;
CREATE INDEX statement_question_asked ON statement_question (asked_at) WHERE asked_by_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0056_payments")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Statement",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(enum_type=StatementState, max_length=40)),
                ("edition", fields.IntField(db_default=1)),
                ("period_from", fields.DateField()),
                ("period_to", fields.DateField()),
                ("title", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("content", fields.TextField(unique=False)),
                ("sha256", fields.CharField(max_length=64)),
                ("review", fields.CharEnumField(null=True, enum_type=StatementReview, max_length=40)),
                ("remarks", fields.CharField(db_default="", max_length=1000)),
                ("corrected_why", fields.CharField(db_default="", max_length=500)),
                ("drafted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("submitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("review_by", fields.DateField(null=True)),
                ("reviewed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("corrects_id", fields.CharField(null=True, max_length=30)),
                ("submitted_by_id", fields.CharField(null=True, max_length=30)),
                ("reviewed_by_id", fields.CharField(null=True, max_length=30)),
                ("published_by_id", fields.CharField(null=True, max_length=30)),
                ("book_id", fields.CharField(max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("reviewing_compound_id", fields.CharField(null=True, max_length=30)),
                ("public_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "statement",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What came in and went out of a book in a period (both days included), as it is told to the owners.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StatementEntry",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("number", fields.IntField()),
                ("kind", fields.CharEnumField(enum_type=EntryKind, max_length=40)),
                ("booked_on", fields.DateField()),
                ("amount", MoneyField()),
                ("line_id", fields.CharField(max_length=30)),
                ("entry_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("owners_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "statement_entry",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a journal entry adds to a line; the line's amount is the sum of these. ``owners_compound_id``: as of journal lines.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StatementLine",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("position", fields.IntField()),
                ("part", fields.CharEnumField(enum_type=StatementPart, max_length=40)),
                ("kind", fields.CharEnumField(enum_type=StatementLineKind, max_length=40)),
                ("code", fields.CharField(db_default="", max_length=40)),
                ("name", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("amount", MoneyField()),
                ("previous", MoneyField(null=True)),
                ("was", MoneyField(null=True)),
                ("entry_count", fields.IntField(db_default=0)),
                ("statement_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "statement_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A line of a statement, seen by whoever sees that. ``previous``: the same of the period before; ``was``: the same before the",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StatementQuestion",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("state", fields.CharEnumField(db_default=QuestionState.OPEN, enum_type=QuestionState, max_length=40)),
                ("body", fields.CharField(max_length=500)),
                ("answer", fields.CharField(db_default="", max_length=2000)),
                ("hidden_why", fields.CharField(db_default="", max_length=200)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("hidden_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(db_default=1)),
                ("statement_id", fields.CharField(max_length=30)),
                ("line_id", fields.CharField(null=True, max_length=30)),
                ("asked_by_id", fields.CharField(null=True, max_length=30)),
                ("answered_by_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("organisation_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
                ("public_compound_id", fields.CharField(null=True, max_length=30)),
            ],
            options={
                "table": "statement_question",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A question about a published statement, asked and answered in public; who asked it is told to nobody else.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(KEEPING),
        ops.RunSQL(INDEXES),
    ]
