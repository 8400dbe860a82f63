"""A place in a definition: gives what stands there, or refuses it with its path and the remedy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from string import Formatter
from typing import TypeVar, cast

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

W = TypeVar("W", bound=Word)

#: What a definition says.
FIELDS = ("name", "kinds", "metric", "condition", "figures", "severity", "worse", "message", "ticket", "again", "schedule")


def refused(path: tuple[str, ...], message: Text, hint: Text) -> Refused:
    """INVALID, at a path in the input."""
    return Refused(RefusalCode.INVALID, message, path=path, hint=hint)


def one_of(names: Iterable[str], like: str = "") -> Text:
    """The remedy where a name must be one of these: those like it, if there are any."""
    known = list(names)
    listed = get_close_matches(like, known, n=3) or known
    return Text(f"Use one of: {', '.join(listed)}.", f"可用：{'、'.join(listed)}。")


@dataclass(frozen=True)
class Spot:
    """A JSON value and the path that leads to it."""

    value: object
    path: tuple[str, ...]

    def fails(self, message: Text, hint: Text) -> Refused:
        """The refusal of what stands here."""
        return refused(self.path, message, hint)

    def at(self, name: str) -> "Spot":
        """What stands under a name of this object; None where nothing does."""
        return Spot(self.object().get(name), (*self.path, name))

    def object(self, known: Iterable[str] | None = None) -> Mapping[str, object]:
        """An object, of which every name is one of ``known`` (None: any)."""
        if not isinstance(self.value, Mapping):
            raise self.fails(
                Text(f"{self.path[-1]} is no object.", f"{self.path[-1]} 不是对象。"),
                Text("Give it as {name: value}.", "请按 {名称: 值} 填写。"),
            )
        named = cast("Mapping[str, object]", self.value)
        if known is not None:
            allowed = list(known)
            for name in named:
                if name not in allowed:
                    raise refused(
                        (*self.path, name), Text(f"There is no field {name!r}.", f"没有字段 {name!r}。"), one_of(allowed, name)
                    )
        return named

    def list(self, most: int) -> "list[Spot]":
        """A list of at most so many entries."""
        entries = cast("list[object]", self.value) if isinstance(self.value, list) else []
        if not isinstance(self.value, list) or len(entries) > most:
            raise self.fails(
                Text(f"{self.path[-1]} is no list, or too long.", f"{self.path[-1]} 不是列表，或过长。"),
                Text(f"Give a list of at most {most}.", f"请填写列表，最多 {most} 项。"),
            )
        return [Spot(entry, (*self.path, str(n))) for n, entry in enumerate(entries)]

    def yes(self) -> bool:
        """Yes or no; no where nothing stands."""
        if self.value is not None and not isinstance(self.value, bool):
            raise self.fails(
                Text(f"{self.path[-1]} is neither yes nor no.", f"{self.path[-1]} 不是布尔值。"),
                Text("Give true or false.", "请填写 true 或 false。"),
            )
        return bool(self.value)

    def number(self, least: float, most: float, unit: str = "", *, whole: bool = False) -> float:
        """A number in a range."""
        value, of = self.value, f" {unit}" if unit else ""
        good = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and least <= value <= most
        if not good or (whole and value != int(cast("float", value))):
            raise self.fails(
                Text(f"{self.path[-1]} cannot be {value}.", f"{self.path[-1]} 不能是 {value}。"),
                Text(
                    f"Give a {'whole ' if whole else ''}number from {least:g} to {most:g}{of}.",
                    f"请填写 {least:g} 到 {most:g}{of} 之间的{'整数' if whole else '数字'}。",
                ),
            )
        return float(cast("float", value))

    def choice(self, known: Iterable[str]) -> str:
        """One of these words."""
        words = list(known)
        if not isinstance(self.value, str) or self.value not in words:
            raise self.fails(
                Text(f"{self.path[-1]} cannot be {self.value!r}.", f"{self.path[-1]} 不能是 {self.value!r}。"),
                one_of(words, self.value if isinstance(self.value, str) else ""),
            )
        return self.value

    def word(self, words: type[W]) -> W:
        """A member of a vocabulary."""
        return words(self.choice(list(words)))

    def text(self, most: int, names: Iterable[str] | None = None) -> Text:
        """A sentence in both languages; a template over ``names``, if these are given."""
        self.object(("en", "zh-CN"))
        en, zh = (self.at(language).line(most, names) for language in ("en", "zh-CN"))
        return Text(en, zh)

    def line(self, most: int, names: Iterable[str] | None = None) -> str:
        """A sentence; a template over ``names``, if these are given."""
        value = self.value.strip() if isinstance(self.value, str) else ""
        if not 1 <= len(value) <= most or any(each == "\0" or "\ud800" <= each <= "\udfff" for each in value):
            raise self.fails(
                Text("The text is missing, too long, or cannot be stored.", "文本缺失、过长或无法保存。"),
                Text(f"Write 1 to {most} characters.", f"请填写 1 到 {most} 个字符。"),
            )
        if names is not None:
            self._template(value, list(names))
        return value

    def _template(self, value: str, names: "list[str]") -> None:
        try:
            fields = [(name, spec, turned) for _, name, spec, turned in Formatter().parse(value) if name is not None]
        except ValueError:
            raise self.fails(
                Text("A brace of the template is not closed, or not opened.", "模板中的大括号不成对。"),
                Text("Write {name} for a field, and {{ or }} for a brace.", "字段写作 {名称}，大括号本身写作 {{ 或 }}。"),
            ) from None
        for name, spec, turned in fields:
            if name not in names or spec or turned:
                raise self.fails(
                    Text(f"The template knows no field {{{name}}}.", f"模板没有字段 {{{name}}}。"), one_of(names, name)
                )
