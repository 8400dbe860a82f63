"""Invitations: with the code of one, a resident makes an account bound to a home. A code works once, for a while."""

from tortoise import fields

from domain.access import Reach

from .rows import Row
from .territory import Home


class Invitation(Row):
    """``digest`` is the code's SHA-256. ``account_id``: whom it made, once it was used."""

    prefix = "inv"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    home: fields.ForeignKeyRelation[Home] = fields.ForeignKeyField(
        "models.Home", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    home_id: str
    invited_by_id = fields.CharField(max_length=30)
    account_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "invitation"
