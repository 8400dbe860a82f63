"""Opaque cursors: the sort they belong to, the sort key (none where it is null) and the id of a row, in base64url.

The id comes last and is of one length, so that a cursor that was cut is known by it, and one of another type as well.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from .errors import refuse

_SEPARATOR = "\x1f"
_ID = re.compile(r"([a-z]{3})_[0-9a-z]{26}")


def cursor_sql(sort: str, key: str | None, id_: str) -> str:
    """SQL for the cursor of a row; needs no JSON escaping."""
    first = f" || coalesce(({key})::text || '{_SEPARATOR}', '')" if key else ""
    text = f"'{sort}{_SEPARATOR}'{first} || {id_}"
    return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')"


def parse_cursor(
    cursor: str, sort: str, prefix: str, read: Callable[[str], Any] = str, *, nullable: bool = True
) -> tuple[Any, str]:
    """The sort key and id of a cursor made under ``sort``, of an id with ``prefix``. ``read`` understands PostgreSQL's text.

    Raises an error with code BAD_CURSOR for anything else.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_under, row = urlsafe_b64decode(padded.encode("ascii")).decode("utf-8").split(_SEPARATOR, 1)
    except ValueError:
        raise _not_ours() from None
    *key, id_ = row.rsplit(_SEPARATOR, 1)
    whole = _ID.fullmatch(id_)
    if whole is None or whole[1] != prefix:
        raise _not_ours()
    if made_under != sort:
        raise refuse("BAD_CURSOR", "This cursor is of another order; page with the same sort that gave it.")
    try:
        return None if nullable and not key else read(key[0]), id_
    except (ValueError, ArithmeticError, IndexError):
        raise _not_ours() from None


def _not_ours() -> GraphQLError:
    return refuse("BAD_CURSOR", "This is not a cursor of this connection; use one from pageInfo or edges.")
