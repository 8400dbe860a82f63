"""Opaque cursors: the sort they belong to, the id and the sort key of a row (no key where it is null), in base64url."""

from base64 import urlsafe_b64decode
from binascii import Error as BadBase64
from collections.abc import Callable
from typing import Any

from .errors import refuse

_SEPARATOR = "\x1f"


def cursor_sql(sort: str, key: str | None, id_: str) -> str:
    """SQL for the cursor of a row; needs no JSON escaping."""
    last = f" || coalesce('{_SEPARATOR}' || ({key})::text, '')" if key else ""
    text = f"'{sort}{_SEPARATOR}' || {id_}{last}"
    return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')"


def parse_cursor(cursor: str, sort: str, read: Callable[[str], Any] = str, *, nullable: bool = True) -> tuple[Any, str]:
    """The sort key and id of a cursor made under ``sort``. ``read`` understands PostgreSQL's text of the key.

    Raises an error with code BAD_CURSOR for anything else.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_under, id_, *key = urlsafe_b64decode(padded.encode("ascii")).decode("utf-8").split(_SEPARATOR, 2)
        if made_under != sort:
            raise refuse("BAD_CURSOR", "This cursor is of another order; page with the same sort that gave it.")
        return None if nullable and not key else read(key[0]), id_
    except (BadBase64, ValueError, ArithmeticError, IndexError):
        raise refuse("BAD_CURSOR", "This is not a cursor of this connection; use one from pageInfo or edges.") from None
