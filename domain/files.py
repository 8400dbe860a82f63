"""Files that people attach: which kinds are taken, and under which name they are shown."""

import unicodedata
from collections.abc import Mapping

#: Kinds that are taken, by media type, with the endings their names may have; the first is given to a name that has none.
#: Others hold the place where they were made, where we cannot take it out (HEIC, films), or are whatever opens them (text).
KINDS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "text/csv": (".csv",),
}
#: Files of one subject at a time.
MOST = 50
#: Characters of a shown name, and of how much of a name is looked at.
NAME_MAX, _LOOKED_AT = 120, 1_000
_UNNAMED = "file"


def shown_name(name: str, media_type: str) -> str:
    """A name for people, whatever was sent: the last step of a path, one line of printable characters, with an ending that
    fits the kind. Nothing is ever stored under it.
    """
    text = unicodedata.normalize("NFC", name[:_LOOKED_AT].encode(errors="replace").decode())
    last = text.replace("\\", "/").rpartition("/")[2]
    printable = "".join(" " if character.isspace() else character for character in last if _printable(character))
    plain = " ".join(printable.split()).strip(". ")
    endings = KINDS[media_type]
    ending = next((each for each in endings if plain.lower().endswith(each)), endings[0])
    stem = plain[: -len(ending)] if plain.lower().endswith(ending) else plain
    return (stem.strip(". ")[: NAME_MAX - len(ending)].strip(". ") or _UNNAMED) + ending


def _printable(character: str) -> bool:
    """Not a control, a sign that turns the direction of reading, half a pair, or what is not assigned."""
    return character.isspace() or not unicodedata.category(character).startswith("C")
