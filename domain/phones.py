"""Telephone numbers: how they are written down, what is shown of them, and why one may be told in full.

A number is kept as E.164 has it (``+8613800138000``). What people write is read like this, blanks, hyphens, dots and brackets
left out, full-width digits taken for what they are:

- a mainland mobile number: eleven digits, ``13`` to ``19`` first; ``86`` or ``+86`` before it does no harm;
- a mainland landline: area code with its ``0`` (``010`` and ``02x``, then eight digits; ``03xx`` to ``09xx``, then seven or
  eight), or the same without the ``0`` behind ``+86``;
- any other country's: ``+`` or ``00``, then seven to fifteen digits that do not begin with ``0``.

Whether a number is in use is not asked. Short numbers, extensions and service numbers (110, 400-…) are no way to reach a person.
"""

import re
import unicodedata

from .refusals import RefusalCode, Refused
from .texts import written
from .words import Text, Word

#: The longest text that is read as a number, and the longest note with a reason.
LONGEST = 40
NOTE_MAX = 500

_FILLING = re.compile(r"[\s\-‐‑–—.()·]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:10|2\d)\d{8}|[3-9]\d{2}\d{7,8}")
_ABROAD = re.compile(r"[1-9]\d{6,14}")
_HOME = "86"


class UnmaskReason(Word):
    """Why somebody needs a whole telephone number."""

    CALL_BACK = "CALL_BACK", "回访", "To call back about what was reported."
    EMERGENCY = "EMERGENCY", "紧急情况", "Somebody or something is in danger."
    ON_SITE = "ON_SITE", "上门联系", "To be let in, or to find the place."
    COMPLAINT = "COMPLAINT", "投诉处理", "To settle a complaint."
    OTHER = "OTHER", "其他", "Something else, which the note says."


def normalised(text: str, field: str = "phone") -> str:
    """The number as E.164 has it. Refuses (INVALID, naming ``field``) what is no number by the rule above."""
    plain = _FILLING.sub("", unicodedata.normalize("NFKC", text[: LONGEST + 1]))
    number = _number(plain) if len(text) <= LONGEST and plain.isascii() else None
    if number is None:
        raise Refused(
            RefusalCode.INVALID,
            Text("This is not a telephone number.", "电话号码格式不正确。"),
            path=(field,),
            hint=Text(
                "Write a mobile number, a landline with its area code, or +country and number.",
                "请填写手机号码、带区号的固定电话，或 + 国家代码加号码。",
            ),
        )
    return number


def _number(plain: str) -> str | None:
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain.startswith(f"+{_HOME}") or (plain.startswith(_HOME) and _MOBILE.fullmatch(plain[2:])):
        national = plain.removeprefix("+").removeprefix(_HOME)
        national = national.removeprefix("0")
        return f"+{_HOME}{national}" if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national) else None
    if plain.startswith("+"):
        return plain if _ABROAD.fullmatch(plain[1:]) else None
    if _MOBILE.fullmatch(plain):
        return f"+{_HOME}{plain}"
    return f"+{_HOME}{plain[1:]}" if plain.startswith("0") and _LANDLINE.fullmatch(plain[1:]) else None


def masked(number: str) -> str:
    """What is shown of a normalised number: ``138****0000``, ``023****78``, ``+44****78``."""
    national = number.removeprefix(f"+{_HOME}")
    if national == number:
        return f"{number[:3]}****{number[-2:]}"
    if _MOBILE.fullmatch(national):
        return f"{national[:3]}****{national[-4:]}"
    return f"0{national[: _area(national)]}****{national[-2:]}"


def _area(national: str) -> int:
    """How many digits the area code of a landline has, its ``0`` left out."""
    return 2 if national[0] in "12" else 3


def checked_note(reason: UnmaskReason, note: str | None) -> str:
    """The note with a reason, empty where none is needed. Refuses (INVALID) ``OTHER`` without one and one too long."""
    return written(note or "", "note", NOTE_MAX, least=1 if reason is UnmaskReason.OTHER else 0)
