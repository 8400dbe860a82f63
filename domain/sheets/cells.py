"""What the cells of one row say, as people write it: full-width digits, thousand separators, days as text or as numbers."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from domain.refusals import Refused
from domain.texts import written
from domain.words import Text, Word

from .words import Faults, SheetFault, SheetRow

W = TypeVar("W", bound=Word)
T = TypeVar("T")

_NUMBER = re.compile(r"\(?[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\)?")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: The day that a spreadsheet counts from, and which counts may be days (1954 to 2064).
_FIRST, _COUNTS = date(1899, 12, 30), (20_000, 60_000)
#: What a number of a spreadsheet may be off by: it keeps 15 digits.
_NOISE = Decimal("1e-9")
_REQUIRED = Text("It is required.", "该项为必填。"), Text("Fill it in.", "请填写该项。")
_NO_NUMBER = Text("It is no number.", "不是数字。"), Text("Write digits only, such as 1234.50.", "请只填写数字，如 1234.50。")
_NO_DAY = Text("It is no day.", "不是日期。"), Text("Write it like 2024-05-01.", "请按 2024-05-01 的格式填写。")


def text_of(cell: object) -> str:
    """A cell as people read it: 12.0 is 12, and none is empty."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


class RowReading:
    """Reads one row. What is wrong goes to ``faults``, one fault a cell; ``good``: nothing was so far."""

    def __init__(self, name: str, titles: Mapping[str, str], row: SheetRow, faults: Faults) -> None:
        self.row, self.number = row, row.number
        self._name, self._titles, self._faults = name, titles, faults
        # What was wrong with a cell already has been told.
        self._told = set(row.told)
        self.good = not self._told

    def wrong(self, key: str, message: Text, remedy: Text) -> None:
        """Tell what is wrong in a column; a column that is missing has been told."""
        self.good = False
        title = self._titles.get(key) if key else ""
        if title is not None and title not in self._told:
            self._told.add(title)
            self._faults.add(SheetFault(self._name, self.number, title, message, remedy))

    def given(self, key: str) -> bool:
        return key in self.row.cells

    def text(self, key: str, most: int, *, required: bool = True) -> str:
        """A text of at most so many characters."""
        cell = self.row.cells.get(key)
        said = text_of(cell)
        if isinstance(cell, date | time | timedelta):
            # A spreadsheet makes a day of what looks like one: "5-1" is no longer there.
            message = Text("The spreadsheet has made a day or a time of it.", "该单元格已被表格软件转换为日期或时间。")
            self.wrong(key, message, Text("Format the column as text and write it again.", "请将该列设为文本格式后重新填写。"))
            return ""
        if not said:
            return self._missing(key, "") if required else ""
        try:
            return written(said, key, most)
        except Refused as refused:
            self.wrong(key, refused.message, refused.hint)
            return ""

    def number_of(
        self, key: str, *, least: Decimal | int, most: Decimal | int, places: int = 0, required: bool = True
    ) -> Decimal | None:
        """A number from ``least`` to ``most`` with at most so many decimals."""
        cell = self.row.cells.get(key)
        if cell is None or text_of(cell) == "":
            return self._missing(key, None) if required else None
        value = _number(cell)
        if value is None:
            self.wrong(key, *_NO_NUMBER)
            return None
        rounded = round(value, places)
        if abs(value - rounded) > (_NOISE if isinstance(cell, float) else 0):
            message = Text(f"It has more than {places} decimals.", f"小数位数超过 {places} 位。")
            self.wrong(key, message, Text(f"Round it to {places}.", f"请保留 {places} 位小数。"))
            return None
        if not least <= rounded <= most:
            message = (
                Text("It is negative.", "数值为负。") if rounded < 0 <= least else Text("It is out of range.", "数值超出范围。")
            )
            self.wrong(key, message, Text(f"Give {least} to {most}.", f"请填写 {least} 到 {most}。"))
            return None
        return rounded

    def whole(self, key: str, *, least: int, most: int, required: bool = True) -> int | None:
        """A whole number."""
        value = self.number_of(key, least=least, most=most, required=required)
        return None if value is None else int(value)

    def money(self, key: str, *, least: Decimal | int, most: Decimal | int, required: bool = True) -> Decimal | None:
        """Yuan to the fen."""
        return self.number_of(key, least=least, most=most, places=2, required=required)

    def day(self, key: str, *, least: date, most: date, required: bool = True) -> date | None:
        """A day from ``least`` to ``most``, both included."""
        cell = self.row.cells.get(key)
        if cell is None:
            return self._missing(key, None) if required else None
        day = _day(cell)
        if day is None:
            self.wrong(key, *_NO_DAY)
        elif not least <= day <= most:
            message = Text("The day is out of range.", "日期超出范围。")
            self.wrong(key, message, Text(f"Give {least} to {most}.", f"请填写 {least} 到 {most}。"))
        else:
            return day
        return None

    def word(self, key: str, words: type[W], *, default: W | None = None) -> W | None:
        """One of the words, by its name in either language; without ``default`` it is required."""
        said = text_of(self.row.cells.get(key))
        if not said:
            return default if default is not None else self._missing(key, None)
        found = next((word for word in words if said.upper() == word or said == word.zh), None)
        if found is None:
            names = "、".join(word.zh for word in words)
            message = Text("It is none of the words.", "不在可选项之内。")
            self.wrong(key, message, Text(f"Use one of: {names}.", f"请使用：{names}。"))
        return found

    def one(self, key: str, known: Mapping[str, str | None], *, required: bool = True) -> str | None:
        """The id of what is called so (None among ``known``: several are)."""
        cell = self.row.cells.get(key)
        said = text_of(cell)
        if not said:
            return self._missing(key, None) if required else None
        found = known.get(said)
        if found is None:
            several = Text("Several are called so.", "存在多个同名项。")
            none = Text("There is none of this name here.", "该小区没有此项。")
            self.wrong(key, several if said in known else none, Text("Give its code.", "请填写编码。"))
        return found

    def _missing(self, key: str, nothing: T) -> T:
        self.wrong(key, *_REQUIRED)
        return nothing


def _number(cell: object) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        said = repr(cell)
    elif isinstance(cell, Decimal):
        said = str(cell)
    elif isinstance(cell, str):
        said = unicodedata.normalize("NFKC", cell).replace(" ", "").strip("¥元")
        if not _NUMBER.fullmatch(said):
            return None
        said = f"-{said[1:-1]}" if said.startswith("(") else said
    else:
        return None
    try:
        value = Decimal(said.replace(",", ""))
    except InvalidOperation:
        return None
    # What has more digits than any amount is none.
    return value if value.is_finite() and abs(value) < Decimal("1e18") else None


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if _COUNTS[0] <= cell <= _COUNTS[1] and cell == int(cell):
            return _FIRST + timedelta(days=int(cell))
        cell = text_of(float(cell)) if abs(cell) < 1e9 else ""
    said = unicodedata.normalize("NFKC", str(cell)).strip()
    match = _DAY.fullmatch(said) or _EIGHT.fullmatch(said)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
