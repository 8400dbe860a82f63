"""Rows of the books. What they promise, the database keeps: see migration ledger."""

from tortoise import fields

from domain.access import Reach
from domain.expenses import DEFAULT_LIMIT
from domain.ledger import AccountCode, AccountType, BookRegime, EntryKind, Fund
from models.rows import MoneyField, Row

#: What belongs to the books of an organisation.
OF_A_BOOK = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}


class Book(Row):
    """The books (账套) of a compound, by the organisation that keeps them; one is open at a time.

    ``opened_on`` and ``closed_on``: the first and the last day that it has entries of. ``next_entry_number``: see
    JournalEntry. ``approval_limit``: what is spent above it needs another person's approval.
    """

    prefix = "bok"
    belonging = OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    regime = fields.CharEnumField(BookRegime, max_length=40)
    opened_on = fields.DateField()
    closed_on = fields.DateField(null=True)
    approval_limit = MoneyField(db_default=DEFAULT_LIMIT)
    next_entry_number = fields.IntField(db_default=1)
    version = fields.IntField(db_default=1)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "book"


class LedgerAccount(Row):
    """An account of a book: each of the chart once."""

    prefix = "lac"
    belonging = OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharEnumField(AccountCode, max_length=40)
    type = fields.CharEnumField(AccountType, max_length=40)
    fund = fields.CharEnumField(Fund, max_length=40)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ledger_account"


class JournalEntry(Row):
    """An entry of a book: never changed, and taken back by another one only (``reverses_id``).

    ``number``: without gaps from 1 in each book, given by the database. ``source_id``: the row that it is about, which posts
    once by kind and ``key``. ``text``: why it was posted, by hand; it names nobody. ``actor``: as of facts.
    """

    prefix = "jen"
    belonging = OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField(db_default=0)
    booked_on = fields.DateField()
    kind = fields.CharEnumField(EntryKind, max_length=40)
    source_id = fields.CharField(max_length=30, null=True)
    key = fields.CharField(max_length=60, db_default="")
    text = fields.CharField(max_length=300, db_default="")
    posted_at = fields.DatetimeField(auto_now_add=True)
    actor = fields.CharField(max_length=60)
    reverses_id = fields.CharField(max_length=30, null=True)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "journal_entry"


class JournalLine(Row):
    """A line of an entry: yuan in ``debit`` or in ``credit``, of which one is 0.

    All lines of an entry are stored in one statement, and balance. ``owners_compound_id``: the compound, where it is its
    owners' money. ``home_id`` and ``bill_id`` go when they have been kept long enough; nothing else ever changes.
    """

    prefix = "jln"
    belonging = {**OF_A_BOOK, Reach.OUTSIDE: "owners_compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharEnumField(AccountCode, max_length=40)
    fund = fields.CharEnumField(Fund, max_length=40)
    debit = MoneyField(db_default=0)
    credit = MoneyField(db_default=0)
    category = fields.CharField(max_length=40, null=True)
    booked_on = fields.DateField()
    home_id = fields.CharField(max_length=30, null=True)
    bill_id = fields.CharField(max_length=30, null=True)
    entry_id = fields.CharField(max_length=30)
    account_id = fields.CharField(max_length=30)
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    owners_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "journal_line"


class LedgerPeriod(Row):
    """A month (its first day) of a book that was closed; closed still, unless it was ``reopened_at``."""

    prefix = "lpd"
    belonging = OF_A_BOOK

    id = fields.CharField(max_length=30, primary_key=True)
    month = fields.DateField()
    closed_at = fields.DatetimeField(auto_now_add=True)
    closed_by_id = fields.CharField(max_length=30)
    reopened_at = fields.DatetimeField(null=True)
    reopened_by_id = fields.CharField(max_length=30, null=True)
    reopened_why = fields.CharField(max_length=300, db_default="")
    book_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "ledger_period"
