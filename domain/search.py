"""Search: what a line of text asks for, and the words by which something is found.

Something is found by its name ("康桥"), by the first letters of its name ("kqsh"), by its name spelt out ("kangqiao"), by its
address and by its code: by any of these from the beginning, and by name, letters and spelling from any later character.
A building is found by its number however it is written ("24栋", "24幢", "２４号楼"), a home by building and door ("24栋3-1",
"24-1-301").
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .refusals import RefusalCode, Refused
from .words import Text, Word

#: Characters that are read of what somebody types, and answers that they get at most.
TEXT_MAX, FIRST_USUAL, FIRST_MAX = 60, 20, 50
#: Characters that are kept of a word; syllables at its beginning that are also kept in their other readings.
WORD_MAX, _READ_OTHERWISE = 40, 4


class SearchKind(Word):
    """What can be found."""

    COMPOUND = "COMPOUND", "小区", "Residential compounds."
    BUILDING = "BUILDING", "楼栋", "Buildings, by their number."
    HOME = "HOME", "房屋", "Homes, by compound or building and door."
    PLACE = "PLACE", "地域", "Streets, communities, villages and grids."
    ORGANISATION = "ORGANISATION", "组织", "Organisations."


#: Those that have words; buildings and homes have numbers.
NAMED = (SearchKind.COMPOUND, SearchKind.PLACE, SearchKind.ORGANISATION)

_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = "[0-9]{1,4}|[零〇一二两三四五六七八九十]{1,4}"
_SHORT = re.compile(r"(?P<name>.*?)(?P<building>[0-9]{1,4})-(?P<unit>[0-9]{1,2})-(?P<door>[0-9]{1,3}-[0-9]{1,4}|[0-9]{1,5})")
_LONG = re.compile(
    rf"(?P<name>.*?)(?:(?P<building>{_NUMBER}|[a-z])(?:栋|幢|号楼|座|#楼?))?(?:(?P<unit>{_NUMBER})单元)?"
    r"(?P<door>[0-9]{1,3}-[0-9]{1,4}|[0-9]{1,5})?(?:室|号|户|房)?"
)
#: What separates, and so may be left out; a hyphen tells floor from door.
_BETWEEN = re.compile(r"[\s\W_]+")


@dataclass(frozen=True)
class Sought:
    """What a text asks for. ``whole``: all of it. ``name``: what stands before building, unit and door."""

    whole: str
    name: str
    building: str | None = None
    unit: str | None = None
    door: str | None = None


def normal(text: str) -> str:
    """Text as it is compared: one form for every character, small, without what stands between."""
    flat = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(each if each in "-#" else _BETWEEN.sub("", each) for each in flat)
    return kept.strip("-")


def sought(text: str) -> Sought | None:
    """What a text asks for; None: nothing. Refuses (INVALID) more than 60 characters."""
    if len(text) > TEXT_MAX:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"The text has {len(text)} characters.", f"文本共 {len(text)} 个字符。"),
            path=("text",),
            hint=Text(f"Ask with {TEXT_MAX} characters at most.", f"请输入不超过 {TEXT_MAX} 个字符。"),
        )
    whole = normal(text)
    if not whole:
        return None
    parts = _SHORT.fullmatch(whole) or _LONG.fullmatch(whole)
    if parts is None:
        return Sought(whole, whole)
    number, unit, door = parts["building"], parts["unit"], parts["door"]
    return Sought(whole, parts["name"], _number(number), _number(unit), door)


def _number(digits: str | None) -> str | None:
    """A number in figures: ``二十四`` → ``24``, ``007`` → ``7``."""
    if digits is None or not (digits.isdecimal() or set(digits) <= {*_DIGITS, "十"}):
        return digits
    if digits.isdecimal():
        return str(int(digits))
    if "十" not in digits:
        return str(int("".join(str(_DIGITS[digit]) for digit in digits)))
    tens, _, ones = digits.partition("十")
    if len(tens) > 1 or len(ones) > 1 or ones == "十":
        return digits
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


def words_of(name: Sequence[Sequence[str]], text: str, *, address: str = "", code: str = "") -> dict[str, int]:
    """The words by which something is found, and how far each is from the best: 0 is the name from its beginning.

    ``name``: for each character of ``text``, the name as it is compared, its readings, the usual one first; for what is not
    Chinese the character itself.
    """
    words: dict[str, int] = {}

    def keep(word: str, weight: int) -> None:
        word = word[:WORD_MAX]
        if word and words.get(word, weight) >= weight:
            words[word] = weight

    for start in range(len(text)):
        keep(text[start:], 3 if start else 0)
        for readings in _readings(name[start:]):
            keep("".join(reading[0] for reading in readings), 4 if start else 1)
            keep("".join(readings), 4 if start else 1)
    keep(code, 2)
    for start in range(len(address)):
        keep(address[start:], 6 if start else 5)
    return words


def _readings(name: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """How a name is read: as usual, and with one of its first characters read otherwise."""
    usual = [each[0] for each in name]
    yield usual
    for n, readings in enumerate(name[:_READ_OTHERWISE]):
        for other in readings[1:]:
            yield [*usual[:n], other, *usual[n + 1 :]]
