"""Rows of statements. What they promise, the database keeps: see migration statements."""

from tortoise import fields

from domain.access import Reach, Via
from domain.ledger import EntryKind
from domain.statements import StatementLineKind, StatementPart, StatementReview, StatementState
from domain.statements.questions import QuestionState
from models.ledger.rows import OF_A_BOOK
from models.rows import MoneyField, Row


class Statement(Row):
    """What came in and went out of a book in a period (both days included), as it is told to the owners.

    ``edition``: 1, and one more with each correction; ``corrects_id``: the one before. ``content``: to the character, by which
    ``sha256`` is; neither changes once it is submitted, and nothing does once it is published but that it is replaced.
    ``review_by``: the last day of the owners' body. ``reviewing_compound_id``: the compound, once it was submitted;
    ``public_compound_id``: the same, once it was published. ``remarks``: why it was given back.
    """

    prefix = "psm"
    belonging = {**OF_A_BOOK, Reach.COMPOUND: "reviewing_compound_id", Reach.OUTSIDE: "public_compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(StatementState, max_length=40)
    edition = fields.IntField(db_default=1)
    period_from = fields.DateField()
    period_to = fields.DateField()
    title: fields.JSONField[dict[str, str]] = fields.JSONField()
    content = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    review = fields.CharEnumField(StatementReview, max_length=40, null=True)
    remarks = fields.CharField(max_length=1000, db_default="")
    corrected_why = fields.CharField(max_length=500, db_default="")
    drafted_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    review_by = fields.DateField(null=True)
    reviewed_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    corrects_id = fields.CharField(max_length=30, null=True)
    submitted_by_id = fields.CharField(max_length=30, null=True)
    reviewed_by_id = fields.CharField(max_length=30, null=True)
    published_by_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    reviewing_compound_id = fields.CharField(max_length=30, null=True)
    public_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "statement"


class StatementLine(Row):
    """A line of a statement, seen by whoever sees that. ``previous``: the same of the period before; ``was``: the same before the
    correction. ``position``: its place in the statement."""

    prefix = "psl"
    belonging = {
        **OF_A_BOOK,
        Reach.COMPOUND: Via("statement", "id", "reviewing_compound_id", own="statement_id"),
        Reach.OUTSIDE: Via("statement", "id", "public_compound_id", own="statement_id"),
    }

    id = fields.CharField(max_length=30, primary_key=True)
    position = fields.IntField()
    part = fields.CharEnumField(StatementPart, max_length=40)
    kind = fields.CharEnumField(StatementLineKind, max_length=40)
    code = fields.CharField(max_length=40, db_default="")
    name: fields.JSONField[dict[str, str]] = fields.JSONField()
    amount = MoneyField()
    previous = MoneyField(null=True)
    was = MoneyField(null=True)
    entry_count = fields.IntField(db_default=0)
    statement_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "statement_line"


class StatementEntry(Row):
    """What a journal entry adds to a line; the line's amount is the sum of these. ``owners_compound_id``: as of journal lines."""

    prefix = "pse"
    belonging = {**OF_A_BOOK, Reach.OUTSIDE: "owners_compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    kind = fields.CharEnumField(EntryKind, max_length=40)
    booked_on = fields.DateField()
    amount = MoneyField()
    line_id = fields.CharField(max_length=30)
    entry_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    owners_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "statement_entry"


class StatementQuestion(Row):
    """A question about a published statement, asked and answered in public; who asked it is told to nobody else.

    ``line_id``: the line it is about; null: the statement as a whole. ``hidden_why``: why the office hid it.
    ``public_compound_id``: the compound, unless it is hidden.
    """

    prefix = "psq"
    belonging = {
        **OF_A_BOOK,
        Reach.COMPOUND: "compound_id",
        Reach.OUTSIDE: "public_compound_id",
        Reach.ACCOUNT: "asked_by_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(QuestionState, max_length=40, db_default=QuestionState.OPEN)
    body = fields.CharField(max_length=500)
    answer = fields.CharField(max_length=2000, db_default="")
    hidden_why = fields.CharField(max_length=200, db_default="")
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    statement_id = fields.CharField(max_length=30)
    line_id = fields.CharField(max_length=30, null=True)
    asked_by_id = fields.CharField(max_length=30, null=True)
    answered_by_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    public_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "statement_question"
