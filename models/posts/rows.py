"""Rows of staffed posts, and of who stands there when."""

from tortoise import fields

from domain.access import Reach
from domain.posts import PostKind
from models.rows import Row


class Post(Row):
    """A post of a compound that must be staffed. ``opens`` and ``closes``: times of day, both null round the clock.

    ``least_staff``: how many must be there; ``certified``: only those count who hold a certificate. ``short_since``: since when
    there are fewer; null: there are enough, or nobody need be there now.
    """

    prefix = "pos"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(PostKind, max_length=40)
    name = fields.CharField(max_length=60)
    opens = fields.CharField(max_length=5, null=True)
    closes = fields.CharField(max_length=5, null=True)
    least_staff = fields.IntField()
    certified = fields.BooleanField()
    opened_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    short_since = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "post"


class PostStint(Row):
    """Somebody's time at a post, ``ended_at`` not included (null: they are there). Nobody is at two posts at once.

    ``certificate_until``: they hold a certificate, valid until this day; null: none that is known. Nothing else is kept of it.
    ``lapsed``: nobody ended it, so the clock did.
    """

    prefix = "pss"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    began_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    lapsed = fields.BooleanField(db_default=False)
    certificate_until = fields.DateField(null=True)
    note = fields.CharField(max_length=500, db_default="")
    post_id = fields.CharField(max_length=30)
    account_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "post_stint"
