"""The unified social credit code (统一社会信用代码) of GB 32100-2015: eighteen characters, the last of them a check."""

from .refusals import RefusalCode, Refused
from .words import Text

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18


def check_character(body: str) -> str:
    """The check character of the seventeen before it: 31 less the sum of their values times powers of 3, modulo 31."""
    total = sum(_CHARACTERS.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    return _CHARACTERS[-total % 31]


def credit_code(text: str, field: str = "credit_code") -> str:
    """The code in capitals. Refuses (INVALID) what is none: another length or character, or a check that does not fit."""
    code = text.strip().upper()
    plain = len(code) == _LENGTH and all(each in _CHARACTERS for each in code)
    if not plain or check_character(code[:-1]) != code[-1]:
        hint = (
            Text(
                "Copy its 18 characters from the licence; the last one checks the others.",
                "请核对证照上的 18 位代码，末位为校验码。",
            )
            if plain
            else Text(
                "It has 18 characters: digits and capitals without I, O, S, V, Z.",
                "应为 18 位数字或大写字母（不含 I、O、S、V、Z）。",
            )
        )
        message = Text("This is no unified social credit code.", "统一社会信用代码不正确。")
        raise Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
    return code
