"""Rows of votes. What they promise, the database keeps: see migration votes."""

from tortoise import fields

from domain.access import Reach
from domain.votes import BallotChannel, DecisionKind, VoteState
from models.rows import Row

_THERE = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}


class Vote(Row):
    """A vote of a compound's owners on one or more items.

    ``secret``: who took part is known, and what they said is not; else it is told with the result. ``roll_…``: the homes that
    may take part and their area, frozen when it opens; ``taken_…``: those that did. ``first_closes_at``: when it was to close
    before it was extended. ``content``: the result to the character, by which ``sha256`` is; neither ever changes.
    ``file_by``: last day for filing it with the authorities. ``demand_id``: the owners' demand that it answers.
    """

    prefix = "vot"
    belonging = _THERE

    id = fields.CharField(max_length=30, primary_key=True)
    title = fields.CharField(max_length=120)
    body = fields.CharField(max_length=4000)
    secret = fields.BooleanField()
    state = fields.CharEnumField(VoteState, max_length=40)
    planned_at = fields.DatetimeField()
    noticed_at = fields.DatetimeField(null=True)
    opens_at = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField(null=True)
    first_closes_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    cancelled_why = fields.CharField(max_length=500, db_default="")
    roll_homes = fields.IntField(db_default=0)
    roll_area = fields.DecimalField(max_digits=14, decimal_places=2, db_default=0)
    taken_homes = fields.IntField(db_default=0)
    taken_area = fields.DecimalField(max_digits=14, decimal_places=2, db_default=0)
    quorate = fields.BooleanField(null=True)
    content = fields.TextField(null=True)
    sha256 = fields.CharField(max_length=64, null=True)
    file_by = fields.DateField(null=True)
    filed_on = fields.DateField(null=True)
    filing_number = fields.CharField(max_length=60, db_default="")
    version = fields.IntField(db_default=1)
    demand_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "vote"


class VoteItem(Row):
    """What a vote asks; ``position``: its place. What was answered is null until the vote is counted."""

    prefix = "vti"
    belonging = _THERE

    id = fields.CharField(max_length=30, primary_key=True)
    position = fields.IntField()
    kind = fields.CharEnumField(DecisionKind, max_length=40)
    text = fields.CharField(max_length=4000)
    for_homes = fields.IntField(null=True)
    for_area = fields.DecimalField(max_digits=14, decimal_places=2, null=True)
    against_homes = fields.IntField(null=True)
    against_area = fields.DecimalField(max_digits=14, decimal_places=2, null=True)
    abstain_homes = fields.IntField(null=True)
    abstain_area = fields.DecimalField(max_digits=14, decimal_places=2, null=True)
    passed = fields.BooleanField(null=True)
    vote_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "vote_item"


class RollEntry(Row):
    """A home on the roll of a vote, with its area when the vote opened: it has one ballot, whoever owns it.

    ``number``: its place on the roll. ``taken_at``: when its ballot came in. ``choices``: what it said, by item; only where the
    vote was open, and once it is counted. ``delegate_id``: the account that speaks for it, by the power of attorney
    ``delegate_document``; ``delegated_by_id``: who said so. ``paper_…``: a paper ballot that one clerk entered and another is to
    confirm. ``conflicts``: ballots that came when one stood already.
    """

    prefix = "rle"
    belonging = {**_THERE, Reach.HOME: "home_id", Reach.ACCOUNT: "delegate_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    number = fields.IntField()
    area_m2 = fields.DecimalField(max_digits=8, decimal_places=2)
    taken_at = fields.DatetimeField(null=True)
    channel = fields.CharEnumField(BallotChannel, max_length=40, null=True)
    choices: fields.JSONField[dict[str, str] | None] = fields.JSONField(null=True)
    conflicts = fields.IntField(db_default=0)
    delegate_document = fields.CharField(max_length=60, db_default="")
    paper_sealed = fields.BinaryField(null=True)
    paper_entered_at = fields.DatetimeField(null=True)
    paper_entered_by_id = fields.CharField(max_length=30, null=True)
    delegate_id = fields.CharField(max_length=30, null=True)
    delegated_by_id = fields.CharField(max_length=30, null=True)
    vote_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "roll_entry"


class Ballot(Row):
    """What one home said: its area and its choices, sealed. Nobody sees the row; see models/votes/counting.py.

    ``receipt``: SHA-256 of the code that the voter was given. ``entry_id``: the home, where the vote is not secret.
    """

    prefix = "blt"

    id = fields.CharField(max_length=30, primary_key=True)
    sealed = fields.BinaryField()
    receipt = fields.CharField(max_length=64)
    entry_id = fields.CharField(max_length=30, null=True)
    vote_id = fields.CharField(max_length=30)

    class Meta:
        table = "ballot"


class VoteDemand(Row):
    """A demand of owners that a meeting be held. ``homes``: those of the compound when it began; ``signed``: those that signed.

    ``reached_at``: when enough had.
    """

    prefix = "vdm"
    belonging = _THERE

    id = fields.CharField(max_length=30, primary_key=True)
    topic = fields.CharField(max_length=500)
    homes = fields.IntField()
    signed = fields.IntField(db_default=0)
    begun_at = fields.DatetimeField()
    reached_at = fields.DatetimeField(null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "vote_demand"


class DemandSignature(Row):
    """A home that signed a demand. Nobody sees which: only how many are told."""

    prefix = "dsg"

    id = fields.CharField(max_length=30, primary_key=True)
    signed_at = fields.DatetimeField()
    demand_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)

    class Meta:
        table = "demand_signature"


class VoteObjection(Row):
    """What somebody who lives there has against a vote or its result, and what was answered."""

    prefix = "vob"
    belonging = {**_THERE, Reach.ACCOUNT: "raised_by_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    body = fields.CharField(max_length=1000)
    answer = fields.CharField(max_length=2000, db_default="")
    raised_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    raised_by_id = fields.CharField(max_length=30, null=True)
    vote_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "vote_objection"
