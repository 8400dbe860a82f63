"""Identities: which account the subject of an OpenID Connect issuer stands for. None is made by itself."""

from hashlib import sha256

from tortoise import fields

from .accounts import Account
from .rows import Row


class AccountIdentity(Row):
    """``subject`` of ``issuer`` is this account. ``digest`` is what a request is looked up by."""

    prefix = "idn"

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    issuer = fields.CharField(max_length=300)
    subject = fields.CharField(max_length=255)
    created_at = fields.DatetimeField(auto_now_add=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    account_id: str

    class Meta:
        table = "account_identity"


def identity_digest(issuer: str, subject: str) -> str:
    """The key under which the subject of an issuer is found."""
    return sha256(f"{issuer}\0{subject}".encode(errors="replace")).hexdigest()
