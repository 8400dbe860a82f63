"""The words by which things are found: kept true by the acts that name them, and for whoever writes otherwise by a check.

The database notes in ``search_stale`` whose words are not true any more. Numbers of buildings and doors need no words: it makes
them of the names.
"""

import os
from collections.abc import Sequence

from domain.search import SearchKind, normal, words_of
from models.connection import query
from models.rows import Row

# Every reading of a character is kept, so phrases are not needed, which take fifty megabytes and half a second.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, pinyin

_KINDS = {"cmp": SearchKind.COMPOUND, "plc": SearchKind.PLACE, "org": SearchKind.ORGANISATION}
#: Subjects whose words are made at once.
_BATCH = 500

#: $1: ids.
_FORGET = """
WITH true_again AS (DELETE FROM search_stale WHERE subject_id = ANY($1::text[]))
DELETE FROM search_word WHERE subject_id = ANY($1::text[])
"""
#: $1 to $5: word by word, the subject, its kind and street, the word and its weight.
_WRITE = """
INSERT INTO search_word (subject_id, kind, street_id, word, weight)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[])
"""
_STALE = f"SELECT subject_id FROM search_stale ORDER BY subject_id LIMIT {_BATCH} FOR UPDATE SKIP LOCKED"
_NAMES = """
SELECT id, name, code, address, street_id FROM compound WHERE id = ANY($1::text[])
UNION ALL SELECT id, name, code, '', street_id FROM place WHERE id = ANY($1::text[]) AND ended_on IS NULL
UNION ALL SELECT id, name, code, '', street_id FROM organisation WHERE id = ANY($1::text[])
"""

#: What words are made of, besides the id.
_COLUMNS = ("name", "code", "street_id", "address")

#: A word as it is stored: subject, kind, street, word, weight.
Stored = tuple[str, str, str, str, int]


def words(subject_id: str, name: str, code: str, street_id: str, address: str = "") -> list[Stored]:
    """The words of a compound, place or organisation."""
    text = normal(name)
    readings = [pinyin(character, style=Style.NORMAL, heteronym=True)[0] for character in text]
    kind = _KINDS[subject_id[:3]]
    found = words_of(readings, text, address=normal(address), code=normal(code))
    return [(subject_id, kind.value, street_id, word, weight) for word, weight in found.items()]


async def fill(ids: Sequence[str], stored: Sequence[Stored]) -> None:
    """Store these words as all those of the subjects with these ids."""
    columns = [list(column) for column in zip(*stored, strict=True)] or [[] for _ in range(5)]
    await query(_FORGET, list(ids))
    await query(_WRITE, *columns)


async def remember(*rows: Row) -> None:
    """Make the words of these compounds, places and organisations true, in the transaction that changed them."""
    named = [[row.pk, *(getattr(row, column, "") for column in _COLUMNS)] for row in rows]
    await fill([row.pk for row in rows], [word for each in named for word in words(*each)])


async def refill() -> int:
    """Make true the words of some whose words are not; how many. Call it in a transaction, until there are none."""
    ids = [row["subject_id"] for row in await query(_STALE)]
    if ids:
        rows = await query(_NAMES, ids)
        await fill(ids, [word for row in rows for word in words(row["id"], *(row[column] for column in _COLUMNS))])
    return len(ids)
