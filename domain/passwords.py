"""What a new password must be like. Passwords that exist are never judged by these rules."""

import re
from itertools import pairwise

from .refusals import RefusalCode, Refused
from .words import Text

LEAST, MOST = 12, 256
#: What guessers try first; each counts as one character, whatever digits and signs dress it up.
_COMMON = (
    *("administrator", "password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "letmein", "welcome", "changeme"),
    *("iloveyou", "sunshine", "dragon", "monkey", "football", "secret", "default", "qwerty", "azerty", "asdfgh", "zxcvbn"),
    *("qazwsx", "1q2w3e", "abc123", "admin", "login", "steward", "property", "community", "zhongshan", "yongchuan"),
    *("chongqing", "zhihuiguanjia", "guanjia", "woaini", "woaiwojia", "mima", "密码", "智慧管家", "管家", "物业", "中山路"),
)
_COMMON_WORD = re.compile("|".join(map(re.escape, sorted(_COMMON, key=len, reverse=True))))
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_NEXT = {pair for row in _ROWS for pair in pairwise(row)} | {pair[::-1] for row in _ROWS for pair in pairwise(row)}
_LEAST_TELLING = 8
_LEAST_DISTINCT = 5


def check_password(password: str, login: str, *, field: str = "password") -> None:
    """Whether ``login`` may choose this password.

    It has 12 to 256 characters (one that is not ASCII counts for one and a half: eight Chinese characters will do), does
    not hold the log-in name, and is neither of a few characters repeated nor of the words and rows of keys that guessers
    try first. Refuses INVALID, naming ``field``; the refusal never repeats the password.
    """
    if any(character < " " or "\ud800" <= character <= "\udfff" for character in password):
        raise _refused(field, Text("The password holds a character that cannot be typed.", "密码含有无法输入的字符。"))
    if len(password) + sum(not character.isascii() for character in password) // 2 < LEAST or len(password) > MOST:
        raise _refused(
            field, Text(f"The password must have {LEAST} to {MOST} characters.", f"密码应为 {LEAST} 至 {MOST} 个字符。")
        )
    plain = password.casefold()
    if len(login) >= 3 and login.casefold() in plain:
        raise _refused(field, Text("The password holds the log-in name.", "密码中包含登录名。"))
    if len(set(plain)) < _LEAST_DISTINCT or _telling(plain) < _LEAST_TELLING - sum(not c.isascii() for c in plain) // 2:
        raise _refused(field, Text("The password is too easy to guess.", "密码过于简单，容易被猜到。"))


def _telling(plain: str) -> int:
    """How many characters a guesser must find out: a common word, a row of keys and a repetition count once."""
    rest = _COMMON_WORD.sub("\0", plain)
    rest = re.sub(r"(.{1,6}?)\1+", r"\1", rest)
    runs = sum(1 for a, b in pairwise(rest) if abs(ord(a) - ord(b)) == 1 or a == b or (a, b) in _NEXT)
    return len(rest) - runs


def _refused(field: str, message: Text) -> Refused:
    hint = Text("Four words that do not belong together make a good one.", "建议使用几个互不相关的词语组成的短句。")
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
