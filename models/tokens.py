"""API tokens of service accounts: opaque, shown once, stored as a hash."""

import re
from hashlib import sha256

from tortoise import fields

from domain.access import Reach, Scope

from .accounts import Account
from .rows import Row

#: The shape of a token: 256 random bits, so that a plain hash is enough to store.
API_TOKEN = re.compile(r"stk_[A-Za-z0-9_-]{43}")


class ApiToken(Row):
    """A bearer token of a service account. ``digest`` is its SHA-256; ``hint`` its last four characters."""

    prefix = "tok"
    belonging = {Reach.STREET: "street_id", Reach.ACCOUNT: "account_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    hint = fields.CharField(max_length=12)
    scope = fields.CharEnumField(Scope, max_length=40)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    account_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "api_token"


def token_digest(token: str) -> str:
    """The key under which a token is found."""
    return sha256(token.encode(errors="replace")).hexdigest()
