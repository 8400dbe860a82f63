"""Telephone numbers at rest: sealed, with a blind index to find them by, and masked for everybody's eyes.

A column called ``phone`` is three: ``phone_sealed``, ``phone_index`` and ``phone_masked``; all are there or none.
"""

from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.phones import masked, normalised
from settings import Settings

from .accounts import Account
from .facts import record
from .permits import actor_of
from .rows import Row
from .secrets import blind_index, blind_indexes, open_sealed, seal


def _where(model: type[Row], column: str) -> str:
    return f"{model.__name__}.{column}"


def names(column: str) -> tuple[str, str, str]:
    """The three columns of a number called ``column``."""
    return f"{column}_masked", f"{column}_sealed", f"{column}_index"


def kept(number: str | None, row: Row, column: str, settings: Settings) -> dict[str, Any]:
    """What the three columns hold for a normalised number of ``row``; nulls for None. Raises NoSecretKey."""
    if number is None:
        return dict.fromkeys(names(column))
    return dict(zip(names(column), values(number, type(row), row.pk, column, settings), strict=True))


def values(number: str, model: type[Row], row_id: str, column: str, settings: Settings) -> tuple[str, bytes, bytes]:
    """The same, without the row. Raises NoSecretKey."""
    sealed = seal(number, settings, of=f"{row_id}.{column}")
    return masked(number), sealed, blind_index(number, settings, of=_where(model, column))


def told(row: Row, column: str, settings: Settings) -> str | None:
    """The number in full; None where there is none. Raises NoSecretKey and NotOpened."""
    sealed: bytes | None = getattr(row, f"{column}_sealed")
    return None if sealed is None else open_sealed(sealed, settings, of=f"{row.pk}.{column}")


def found_by(number: str, model: type[Row], column: str, settings: Settings) -> list[bytes]:
    """The indexes under which rows with this normalised number are found. Raises NoSecretKey."""
    return blind_indexes(number, settings, of=_where(model, column))


async def change_phone(viewer: Viewer, phone: str | None, *, settings: Settings) -> Account:
    """Give the viewer's account a telephone number, or none for a null or empty one. Refuses INVALID. Raises NoSecretKey."""
    number = normalised(phone) if phone and phone.strip() else None
    async with in_transaction():
        account = await Account.select_for_update(of=("account",)).get(id=viewer.account_id)
        columns = kept(number, account, "phone", settings)
        account.update_from_dict(columns)
        await account.save(update_fields=list(columns))
        await record(actor_of(viewer), "phoneChange", account, after={"given": number is not None})
        return account
