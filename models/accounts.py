"""Accounts and the roles they hold."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from secrets import token_urlsafe
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from tortoise import fields

from domain.access import Reach, Role
from domain.accounts import AccountKind
from domain.addresses import origin
from domain.passwords import MOST
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .attempts import BY_ADDRESS, BY_LOGIN, BY_NAME, count_attempt, forget_attempts, give_attempt_back, guess
from .organisations import Organisation
from .rows import Row
from .territory import Compound, Home, Place


class Account(Row):
    """Somebody who can log in. ``password_hash`` is argon2; null means no local log-in.

    While ``must_change_password`` holds, a session is good for changing the password and nothing else. Of their telephone
    number ``phone_masked`` is shown; see models/phones.py. ``erased_at``: nothing is left that tells who it was.
    """

    prefix = "acc"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.ACCOUNT: "id"}

    id = fields.CharField(max_length=30, primary_key=True)
    login = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=60)
    kind = fields.CharEnumField(AccountKind, max_length=40, db_default=AccountKind.PERSON.value)
    password_hash = fields.CharField(max_length=200, null=True)
    must_change_password = fields.BooleanField(db_default=False)
    disabled_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)
    phone_masked = fields.CharField(max_length=20, null=True)
    phone_sealed = fields.BinaryField(null=True)
    phone_index = fields.BinaryField(null=True)
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
    belonging = {Reach.STREET: "street_id", Reach.ACCOUNT: "account_id"}

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
    street_id = fields.CharField(max_length=30)

    @staticmethod
    def over(bound: Place | Organisation | Compound | Home) -> dict[str, Any]:
        """The column of a role that is held over ``bound``, and its value."""
        column = {Place: "place_id", Organisation: "organisation_id", Compound: "compound_id", Home: "home_id"}[type(bound)]
        return {column: bound.id}

    class Meta:
        table = "role_binding"


def check_unerased(account: Account) -> None:
    """Refuses (ILLEGAL_MOVE) an account that was erased: it is nobody's for good."""
    if account.erased_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("This account was erased.", "该账号已注销。"),
            path=("id",),
            hint=Text("Make a new account.", "请新建账号。"),
        )


_hasher = PasswordHasher()
#: Argon2 takes 64 MiB a run: two at a time, however many log in.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


def hash_password(plain: str) -> str:
    """The argon2id hash of a password, as ``Account.password_hash`` stores it. Slow by design: run it in a thread."""
    return _hasher.hash(plain)


@cache
def _nobodys_hash() -> str:
    return hash_password(token_urlsafe())


def _matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long where nothing is stored."""
    try:
        nobodys = _nobodys_hash()
        return _hasher.verify(stored or nobodys, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


async def hashed(password: str) -> str:
    """``hash_password``, in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_threads, hash_password, password)


async def password_is(account: Account, password: str) -> bool:
    """Whether it is the account's password."""
    given = password[:MOST].encode(errors="replace").decode()
    matches = await asyncio.get_running_loop().run_in_executor(_threads, _matches, account.password_hash, given)
    return matches and len(password) <= MOST


def wrong_password() -> Refused:
    """The one answer to a log-in that is not let in, whatever was wrong with it."""
    return Refused(
        RefusalCode.UNAUTHENTICATED,
        Text("The login or the password is wrong.", "账号或密码不正确。"),
        hint=Text("Check both, or ask the street office for a new password.", "请核对后重试，或联系街道办事处重置密码。"),
    )


async def log_in(login: str, password: str, *, address: str = "") -> Account:
    """The account that this login and password name, as it was then: ``sessions.open_session`` asks whether it still is.
    Rehashes the password when the parameters have grown.

    Refuses (UNAUTHENTICATED) in the same words and about the same time an unknown login, a wrong password, an account
    without a password and a disabled one; (RATE_LIMITED) a login that failed too often there, known or not, and an ``address``
    from which too many failed. Call it outside of any transaction.
    """
    login, run = login.strip(), asyncio.get_running_loop().run_in_executor
    await count_attempt(BY_ADDRESS, origin(address))
    await count_attempt(BY_LOGIN, guess(login, address))
    await count_attempt(BY_NAME, login)
    storable = login.isprintable() and len(password) <= MOST
    account = await Account.get_or_none(login=login, disabled_at__isnull=True) if storable else None
    stored = account.password_hash if account else None
    matches = await run(_threads, _matches, stored, password[:MOST].encode(errors="replace").decode())
    if account is None or stored is None or not matches:
        raise wrong_password()
    await forget_attempts(BY_LOGIN, guess(login, address))
    await give_attempt_back(BY_NAME, login)
    await give_attempt_back(BY_ADDRESS, origin(address))
    if _hasher.check_needs_rehash(stored):
        anew = await hashed(password)
        if await Account.filter(id=account.id, password_hash=stored).update(password_hash=anew):
            account.password_hash = anew
    return account
