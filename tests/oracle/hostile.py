"""Values that break whoever quotes, splits, rounds or truncates by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

#: Texts that break whoever quotes, splits, formats or truncates by hand. PostgreSQL holds anything but NUL.
HOSTILE = (
    *('He said "hi"', "it's", "back\\slash \\u0041 \\", "tab\tline\nreturn\r", "\x01\x1d\x1e\x1f\x7f\x80\x9f", "\x1e", "\x1f"),
    *("\u2028\u2029", "😀 👩‍👩‍👧 小区", "$1 $2 %s {row} {}", "'; DROP TABLE ticket; --", "</script><!--", "", " ", "\ufeffbom"),
    *("e\u0301 é", "\U0010ffff\ue000\uffff", "null", "Żółć", "a,b", "长" * 60, "-1", "E'\\n'", "||", "$$", "/*", "?", "ÿ"),
)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
#: An instant with microseconds, around which ties and neighbours one microsecond apart are made.
_T = datetime(2026, 2, 28, 15, 59, 59, 999_999, UTC)
MOMENTS = [_T + timedelta(microseconds=n) for n in (0, 0, 0, 1, 1, 120_000, 500)] + [
    datetime(1969, 12, 31, 23, 59, 59, 5, UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2031, 6, 1, 0, 0, 0, 100, UTC),
]
#: Ids of nothing.
STRAY = ("", "nonsense", "tkt", "tkt_gone", "dev_\"'\\", "TKT_0")
_JSON: list[Any] = [
    {},
    {"smoke_alarm": True, "battery_percent": 91.5},
    {"小区 \u2028 \"'\\": ["😀", None, 1.0, -0.0, 1e-7, 12345678901234567890, {"\x01": []}]},
    {"aa": 1, "b": {"z": "\x7f", "": ""}, "deep": [[[[]]]]},
]


class Making:
    """Choices from one seed, and ids that do not follow the order in which rows are made."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self._texts = self._in_turn(HOSTILE)
        self._codes = self._in_turn(HOSTILE)
        self._numbers = iter(range(10_000))

    def _in_turn(self, values: tuple[str, ...]) -> Iterator[str]:
        while True:
            yield from values

    def id(self, row: Any) -> str:
        """An id for a row of the model."""
        return f"{row.prefix}_0" + "".join(self.random.choices(_CROCKFORD, k=25))

    def text(self, longest: int = 60) -> str:
        return next(self._texts)[:longest]

    def code(self, longest: int = 40) -> str:
        return f"{next(self._codes)[: longest - 6]}{next(self._numbers)}"

    def of(self, values: Any) -> Any:
        return self.random.choice(list(values))

    def maybe(self, values: Any) -> Any:
        return self.of([*values, None])

    def moment(self) -> datetime:
        return self.of(MOMENTS)

    def json(self) -> Any:
        return self.of(_JSON)

    def phone(self, name: str) -> dict[str, Any]:
        """The columns of a telephone number, or of none."""
        parts = {"masked": self.text(20), "sealed": b"\0", "index": b"\xff"}
        return self.of([{}, {f"{name}_{part}": value for part, value in parts.items()}])

    def words(self) -> dict[str, str | None]:
        """A text by language; perhaps not in every language, or in none."""
        en, zh = self.text(), self.text()
        return self.of([{"en": en, "zh-CN": zh}, {"en": en}, {"zh-CN": zh}, {"en": en, "zh-CN": None}, {}])
