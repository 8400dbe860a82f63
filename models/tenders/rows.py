"""Rows of tenders, bids, points and objections. What they promise, the database keeps: see migration tenders."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.organisations import MandateService
from domain.tenders import BidState, ObjectionState, TenderState
from models.rows import MoneyField, Row

#: What hangs on the street's notice board, and is worked on where it is of.
OF_A_TENDER = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}


class Tender(Row):
    """An open tender for the service of a compound: read by everybody in the street.

    ``questions_until``, ``bids_until``: exclusive. ``first_opener_id``, ``second_opener_id``: the two who opened the bids.
    ``approval_…``: the district's, of an agreement where too few had bid. ``objections_until``: the last day to object to the
    award. ``bid_id``: the one that it was awarded to; ``organisation_id``: the company.
    """

    prefix = "tdr"
    belonging = OF_A_TENDER

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(TenderState, max_length=40, db_default=TenderState.ANNOUNCED)
    service = fields.CharEnumField(MandateService, max_length=40)
    title = fields.CharField(max_length=120)
    notice = fields.TextField()
    criteria: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    contract_months = fields.SmallIntField()
    announced_at = fields.DatetimeField()
    questions_until = fields.DatetimeField()
    bids_until = fields.DatetimeField()
    opens_at = fields.DatetimeField()
    opened_at = fields.DatetimeField(null=True)
    bid_count: int | None = fields.SmallIntField(null=True)  # pyright: ignore[reportAssignmentType]
    scored_at = fields.DatetimeField(null=True)
    approval_number = fields.CharField(max_length=60, db_default="")
    approved_on = fields.DateField(null=True)
    awarded_at = fields.DatetimeField(null=True)
    objections_until = fields.DateField(null=True)
    cancelled_why = fields.CharField(max_length=500, db_default="")
    version = fields.IntField(db_default=1)
    first_opener_id = fields.CharField(max_length=30, null=True)
    second_opener_id = fields.CharField(max_length=30, null=True)
    consultation_id = fields.CharField(max_length=30, null=True)
    bid_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    vote_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "tender"


class TenderDocument(Row):
    """A part of what companies bid for, in words; numbered in the order in which they were added, and never changed."""

    prefix = "tdd"
    belonging = OF_A_TENDER

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.SmallIntField()
    title = fields.CharField(max_length=120)
    body = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    added_at = fields.DatetimeField()
    tender_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "tender_document"


class TenderQuestion(Row):
    """What a company asked, and what it was answered: read by everybody. Which company asked is told to nobody."""

    prefix = "tdq"
    belonging = OF_A_TENDER

    id = fields.CharField(max_length=30, primary_key=True)
    body = fields.CharField(max_length=1000)
    answer = fields.CharField(max_length=2000, db_default="")
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    tender_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "tender_question"


class Bid(Row):
    """What a company bids. Until it is opened its content stands in ``sealed`` alone, always as long, which nothing reads but the
    opening; ``opened_street_id`` and ``opened_compound_id``: where others than the company see it, from then on.

    ``digest``: SHA-256 of the content, told to the company as its receipt. ``price``: yuan per square metre and month, and
    ``offer``: in words, both from the opening on. ``score``, ``place``: once everybody has scored.
    """

    prefix = "bid"
    belonging = {
        Reach.ORGANISATION: "organisation_id",
        Reach.STREET: "opened_street_id",
        Reach.COMPOUND: "opened_compound_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(BidState, max_length=40, db_default=BidState.SEALED)
    digest = fields.CharField(max_length=64)
    sealed: bytes | None = fields.BinaryField(null=True)  # pyright: ignore[reportAssignmentType]
    submitted_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    price = MoneyField(null=True)
    offer = fields.TextField(db_default="")
    intact = fields.BooleanField(null=True)
    score = fields.DecimalField(max_digits=7, decimal_places=4, null=True)
    place: int | None = fields.SmallIntField(null=True)  # pyright: ignore[reportAssignmentType]
    rejected_why = fields.CharField(max_length=500, db_default="")
    tender_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    opened_street_id = fields.CharField(max_length=30, null=True)
    opened_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "bid"


class TenderScorer(Row):
    """Somebody who scores the bids. ``conflicted``: what they declared, null until they have; whoever is, does not score.
    ``scored_at``: when they gave their points."""

    prefix = "tsc"
    belonging = OF_A_TENDER

    id = fields.CharField(max_length=30, primary_key=True)
    conflicted = fields.BooleanField(null=True)
    conflict = fields.CharField(max_length=300, db_default="")
    named_at = fields.DatetimeField()
    declared_at = fields.DatetimeField(null=True)
    scored_at = fields.DatetimeField(null=True)
    tender_id = fields.CharField(max_length=30)
    account_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "tender_scorer"


class BidScore(Row):
    """The points that one of them gave a bid, in the order of the criteria; ``weighted``: by weight, in hundredths.

    ``final_street_id``, ``final_compound_id``: where others see them, once all are in.
    """

    prefix = "bsc"
    belonging = {
        Reach.STREET: "final_street_id",
        Reach.COMPOUND: "final_compound_id",
        Reach.ACCOUNT: "account_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    points: fields.JSONField[list[int]] = fields.JSONField()
    weighted = fields.IntField()
    scored_at = fields.DatetimeField()
    bid_id = fields.CharField(max_length=30)
    account_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    final_street_id = fields.CharField(max_length=30, null=True)
    final_compound_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "bid_score"


class TenderObjection(Row):
    """An objection to an award: a home's, or a bidder's; whose, is told to those who look into it, and to itself."""

    prefix = "tob"
    belonging = {**OF_A_TENDER, Reach.HOME: "home_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(ObjectionState, max_length=40, db_default=ObjectionState.OPEN)
    body = fields.CharField(max_length=1000)
    answer = fields.CharField(max_length=2000, db_default="")
    made_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    tender_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "tender_objection"
