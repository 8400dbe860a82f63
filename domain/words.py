"""Enumerations that name themselves: every member carries its Chinese name and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A closed vocabulary. A member is written ``NAME = "NAME", "中文名", "What it means."``.

    The value equals the GraphQL name and is what the database stores.
    """

    zh: str
    meaning: str

    def __new__(cls, value: str, zh: str, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.meaning = meaning
        return member

    @property
    def description(self) -> str:
        """The Chinese name, then the meaning: what schema and documents print."""
        return f"{self.zh}: {self.meaning}"


@dataclass(frozen=True)
class Text:
    """A sentence for people, in both languages side by side."""

    en: str
    zh: str

    def say(self, language: str) -> str:
        """The sentence in ``language`` (a BCP 47 tag); anything but English gets Chinese, the default."""
        return self.en if language.lower().startswith("en") else self.zh

    def both(self) -> dict[str, str]:
        """As stored in JSON columns."""
        return {"en": self.en, "zh-CN": self.zh}


def stored(both: Mapping[str, str]) -> Text:
    """The text that ``Text.both`` wrote."""
    return Text(both["en"], both["zh-CN"])
