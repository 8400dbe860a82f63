"""The commands ``steward account``: accounts for the first administrator, and for whoever has lost the password."""

from typing import Literal

from domain.access import Role
from domain.accounts import AccountKind
from domain.refusals import Refused
from models import Account, Compound, Home, Organisation, Place
from models.accounts import hashed
from models.administration import create_account
from models.facts import Actor
from models.passwords import reset_password, temporary_password

from .folder import Unusable

BoundTo = Literal["place", "organisation", "compound", "home"]
_ROWS: dict[str, type[Place] | type[Organisation] | type[Compound] | type[Home]] = {
    "place": Place,
    "organisation": Organisation,
    "compound": Compound,
    "home": Home,
}
_ACTOR = Actor("system:cli")


async def create(login: str, name: str, role: Role, kind: BoundTo, code: str, *, service: bool) -> str:
    """The temporary password of the new account; empty for a service account. Raises Unusable."""
    bound = await _ROWS[kind].get_or_none(code=code)
    if bound is None:
        raise Unusable(f"There is no {kind} with the code `{code}`.")
    password = "" if service else temporary_password()
    try:
        await create_account(
            *(login, name, role, bound, _ACTOR),
            kind=AccountKind.SERVICE if service else AccountKind.PERSON,
            password_hash=await hashed(password) if password else None,
            must_change_password=not service,
        )
    except Refused as refused:
        raise Unusable(f"{refused.message.en} {refused.hint.en}") from None
    return password


async def reset(login: str) -> str:
    """The temporary password of the account. Raises Unusable."""
    account = await Account.get_or_none(login=login)
    if account is None:
        raise Unusable(f"There is no account `{login}`.")
    try:
        return await reset_password(account, _ACTOR)
    except Refused as refused:
        raise Unusable(f"{refused.message.en} {refused.hint.en}") from None
