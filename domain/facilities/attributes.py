"""What an attribute of a facility is, and when a value of it is good. Which kind has which stands in kinds.py.

A name carries its unit (``rated_load_kg``). A value is what JSON holds: a number, a text, ``2024-05-01``, a word, true or false.
What a code demands (``norm``) is not asked of the value: a lane that is too narrow is registered as it is, and told to be short.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.refusals import RefusalCode, Refused
from domain.sheets import text_of
from domain.texts import written
from domain.words import Text, Word

#: No facility is older.
EARLIEST = date(1900, 1, 1)
TEXT_MAX = 120
#: Numbers from here on are not said again.
_SAID = 1e15


class AttributeType(Word):
    """Of what kind the values of an attribute are."""

    WHOLE = "WHOLE", "整数", "A whole number."
    NUMBER = "NUMBER", "数字", "A number."
    TEXT = "TEXT", "文本", "A text."
    DATE = "DATE", "日期", "A day that is not in the future, such as 2024-05-01."
    CHOICE = "CHOICE", "选项", "One of the words that are given."
    FLAG = "FLAG", "是否", "True or false."


@dataclass(frozen=True)
class Attribute:
    """One thing that is kept of a kind. ``norm``: the least that ``clause`` demands, of numbers."""

    key: str
    words: Text
    form: AttributeType
    unit: str = ""
    least: float = 0.0
    most: float = TEXT_MAX
    choices: type[Word] | None = None
    required: bool = False
    norm: float | None = None
    clause: str = ""

    def expects(self) -> Text:
        """What is to be given, in words."""
        match self.form:
            case AttributeType.WHOLE | AttributeType.NUMBER:
                whole = self.form is AttributeType.WHOLE
                span, unit = f"{self.least:g}–{self.most:g}", f" {self.unit}" if self.unit else ""
                return Text(f"Give a {'whole ' if whole else ''}number, {span}{unit}.", f"请填写{self.form.zh} {span}{unit}。")
            case AttributeType.TEXT:
                return Text(f"Write 1 to {self.most:g} characters.", f"请填写 1 到 {self.most:g} 个字符。")
            case AttributeType.DATE:
                return Text("Give a day up to today, such as 2024-05-01.", "请填写不晚于今天的日期，如 2024-05-01。")
            case AttributeType.CHOICE:
                known = list(self.choices or ())
                zh = "、".join(f"{word}（{word.zh}）" for word in known)
                return Text(f"Give one of {', '.join(known)}.", f"请填写其中之一：{zh}。")
            case AttributeType.FLAG:
                return Text("Give true or false.", "请填写是或否（true、false）。")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with an attribute, and what to do about it."""

    key: str
    message: Text
    remedy: Text


class _Wrong(Exception):
    """A value that cannot be; the text says why."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.message = Text(en, zh)


def attributes_of(table: tuple[Attribute, ...]) -> Mapping[str, Attribute]:
    """A kind's attributes by name."""
    return {attribute.key: attribute for attribute in table}


def flaws(table: tuple[Attribute, ...], given: Mapping[str, object], today: date) -> tuple[dict[str, Any], list[Flaw]]:
    """The values as they are kept, and all that is wrong: unknown, missing, of the wrong type or unit, out of range."""
    known, kept, found = attributes_of(table), dict[str, Any](), list[Flaw]()
    for key, value in given.items():
        attribute = known.get(key)
        if attribute is None:
            names = ", ".join(known)
            found.append(
                Flaw(
                    key,
                    Text("This kind has no such attribute.", "该类别没有此属性。"),
                    Text(f"Use of: {names}.", f"可用属性：{names}。"),
                )
            )
        elif value is not None:
            try:
                kept[key] = _value(attribute, value, today)
            except _Wrong as wrong:
                found.append(Flaw(key, wrong.message, attribute.expects()))
    for attribute in table:
        if attribute.required and given.get(attribute.key) is None:
            found.append(
                Flaw(
                    attribute.key,
                    Text(f"{attribute.words.en} is required.", f"{attribute.words.zh}为必填项。"),
                    attribute.expects(),
                )
            )
    return {key: kept[key] for key in known if key in kept}, found


def checked(table: tuple[Attribute, ...], given: object, today: date) -> dict[str, Any]:
    """The values as they are kept. Refuses (INVALID, naming the attribute) the first that is wrong."""
    if not isinstance(given, Mapping):
        raise Refused(
            RefusalCode.INVALID,
            Text("Attributes are names with values.", "属性应为名称和值。"),
            path=("attributes",),
            hint=Text('Send an object, such as {"stops": 18}.', '请提交对象，如 {"stops": 18}。'),
        )
    values, found = flaws(table, {str(key): value for key, value in given.items()}, today)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if found:
        raise Refused(RefusalCode.INVALID, found[0].message, path=("attributes", found[0].key), hint=found[0].remedy)
    return values


def _value(attribute: Attribute, value: object, today: date) -> object:
    if isinstance(value, Mapping):
        value = _measured(attribute, value)  # pyright: ignore[reportUnknownArgumentType]
    match attribute.form:
        case AttributeType.WHOLE | AttributeType.NUMBER:
            return _number(attribute, value)
        case AttributeType.FLAG:
            if not isinstance(value, bool):
                raise _Wrong("It is neither true nor false.", "该值不是“是”或“否”。")
            return value
        case _ if not isinstance(value, str):
            raise _Wrong("It is no text.", "该值不是文本。")
        case AttributeType.TEXT:
            try:
                return written(value, attribute.key, int(attribute.most))
            except Refused as refused:
                raise _Wrong(refused.message.en, refused.message.zh) from None
        case AttributeType.DATE:
            return _day(value, today).isoformat()
        case AttributeType.CHOICE:
            if value not in [str(word) for word in attribute.choices or ()]:
                raise _Wrong("It is none of the words.", "该值不在可选范围内。")
            return value


def _measured(attribute: Attribute, value: Mapping[object, object]) -> object:
    """The value of ``{"value": 1000, "unit": "kg"}``, which says its unit itself."""
    if set(value) != {"value", "unit"}:
        raise _Wrong("It is no single value.", "该值不是单个值。")
    if value["unit"] != attribute.unit:
        unit = attribute.unit
        raise _Wrong(f"The unit is {unit}." if unit else "It has no unit.", f"单位应为 {unit}。" if unit else "该属性没有单位。")
    return value["value"]


def _number(attribute: Attribute, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise _Wrong("It is no number.", "该值不是数字。")
    if not attribute.least <= value <= attribute.most:
        # It may be an int that no float can hold.
        en, zh = (f"{value:g}",) * 2 if abs(value) < _SAID else ("The number", "该数字")
        raise _Wrong(f"{en} is out of range.", f"{zh} 超出范围。")
    if attribute.form is AttributeType.WHOLE and value != int(value):
        raise _Wrong("It is no whole number.", "该值不是整数。")
    return int(value) if value == int(value) else value


def _day(value: str, today: date) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _Wrong("It is no day.", "该值不是日期。") from None
    if not EARLIEST <= day <= today:
        raise _Wrong("The day lies in the future, or too far back.", "日期在未来或过早。")
    return day


_NUMBER = re.compile(r"\s*([+-]?\d{1,15}(?:\.\d{1,9})?)\s*(\S*)\s*")
_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")
_YES, _NO = {"true", "yes", "y", "是", "有", "1"}, {"false", "no", "n", "否", "无", "0"}


def read_cell(attribute: Attribute, cell: object) -> object:
    """What a cell of a sheet says of the attribute, as ``checked`` wants it; what it does not understand, it leaves."""
    if isinstance(cell, datetime | date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return day.isoformat() if attribute.form is AttributeType.DATE else day
    match attribute.form:
        case AttributeType.TEXT:
            return cell if isinstance(cell, time | timedelta) else text_of(cell)
        case _ if not isinstance(cell, str):
            return cell
        case AttributeType.WHOLE | AttributeType.NUMBER:
            match = _NUMBER.fullmatch(cell)
            number = float(match[1]) if match else None
            return cell if match is None else {"value": number, "unit": match[2]} if match[2] else number
        case AttributeType.FLAG:
            said = cell.strip().lower()
            return True if said in _YES else False if said in _NO else cell
        case AttributeType.CHOICE:
            said = cell.strip()
            return next((str(word) for word in attribute.choices or () if said.upper() == word or said == word.zh), said)
        case AttributeType.DATE:
            match = _DAY.fullmatch(cell)
            return f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}" if match else cell


def scrap_on(made_on: date, years: int) -> date:
    """The day ``years`` later; of 29 February, 28 February."""
    try:
        return made_on.replace(year=made_on.year + years)
    except ValueError:
        return made_on.replace(year=made_on.year + years, day=28)


def short_of_norm(attribute: Attribute, value: object) -> bool:
    """Whether a value is less than what the code demands."""
    return attribute.norm is not None and isinstance(value, int | float) and value < attribute.norm
