"""Accounts and the roles they hold."""

from argon2 import PasswordHasher
from tortoise import fields

from domain.access import Reach, Role

from .organisations import Organisation
from .rows import Row
from .territory import Compound, Home, Place


class Account(Row):
    """Somebody who can log in. ``password_hash`` is argon2; null means no local log-in."""

    prefix = "acc"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.ACCOUNT: "id"}

    id = fields.CharField(max_length=30, primary_key=True)
    login = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=60)
    password_hash = fields.CharField(max_length=200, null=True)
    disabled_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    street: fields.ForeignKeyRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, on_delete=fields.RESTRICT
    )
    street_id: str
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    organisation_id: str | None

    class Meta:
        table = "account"


class RoleBinding(Row):
    """A role that an account holds, bound to exactly one place, organisation, compound or home, with dates."""

    prefix = "rol"

    id = fields.CharField(max_length=30, primary_key=True)
    role = fields.CharEnumField(Role, max_length=40)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    account_id: str
    place: fields.ForeignKeyNullableRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    place_id: str | None
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    organisation_id: str | None
    compound: fields.ForeignKeyNullableRelation[Compound] = fields.ForeignKeyField(
        "models.Compound", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    compound_id: str | None
    home: fields.ForeignKeyNullableRelation[Home] = fields.ForeignKeyField(
        "models.Home", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    home_id: str | None

    class Meta:
        table = "role_binding"


_hasher = PasswordHasher()


def hash_password(plain: str) -> str:
    """The argon2id hash of a password, as ``Account.password_hash`` stores it. Slow by design: run it in a thread."""
    return _hasher.hash(plain)
