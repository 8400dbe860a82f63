"""Opaque cursors: the sort they belong to, the sort key and the id of a row, in base64url."""

from base64 import urlsafe_b64decode
from binascii import Error as BadBase64

from .errors import refuse

_SEPARATOR, _NULL = "\x1f", "\x1e"


def cursor_sql(sort: str, key: str | None, id_: str) -> str:
    """SQL for the cursor of a row; needs no JSON escaping."""
    middle = f" || coalesce(({key})::text, '{_NULL}') || '{_SEPARATOR}' || " if key else f" || '{_SEPARATOR}' || "
    text = f"'{sort}{_SEPARATOR}'{middle}{id_}"
    return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')"


def parse_cursor(cursor: str, sort: str) -> tuple[str | None, str]:
    """The sort key (as PostgreSQL's text, None for null) and id of a cursor made under ``sort``.

    Raises an error with code BAD_CURSOR for anything else.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_under, key, id_ = urlsafe_b64decode(padded.encode("ascii")).decode("utf-8").split(_SEPARATOR)
    except (BadBase64, ValueError):
        raise refuse("BAD_CURSOR", "This is not a cursor of this connection; use one from pageInfo or edges.") from None
    if made_under != sort:
        raise refuse("BAD_CURSOR", "This cursor is of another order; page with the same sort that gave it.")
    return None if key == _NULL else key, id_
