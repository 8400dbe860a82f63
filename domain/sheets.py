"""Registers that come as a sheet: which columns there are, what each row says, and what is wrong with it.

What a column means is said by whoever imports (facilities.imports, for one); here is what all sheets share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .words import Text, Word

#: The first row with content is the header; after it so many rows are taken, of so many columns and characters.
MOST_ROWS, MOST_COLUMNS, CELL_MAX, MOST_CHARACTERS = 20_000, 100, 1_000, 10_000_000
#: Faults that are told one by one; more are only counted.
MOST_FAULTS = 500


_NOTHING = Text("", "")
_UNNAMED = (
    Text("The column has no name.", "该列没有列名。"),
    Text("Name it as in the template, or empty it.", "请按模板填写列名，或清空该列。"),
)
_ALPHABET = 26
#: What stands in a cell whose formula went wrong.
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class ImportState(Word):
    """Where an import stands."""

    CHECKING = "CHECKING", "检查中", "The sheet is being read; nothing is written."
    FAULTY = "FAULTY", "有误", "Something in the sheet is wrong; nothing was written."
    READY = "READY", "可导入", "All of it can be entered."
    COMMITTING = "COMMITTING", "导入中", "It is being entered."
    DONE = "DONE", "已导入", "All of it was entered."


@dataclass(frozen=True)
class Heading:
    """A column: ``names`` by which people may call it (the first is printed), its unit, and what is expected below."""

    key: str
    words: Text
    unit: str = ""
    required: bool = False
    expects: Text = _NOTHING

    def title(self, language: str = "zh-CN") -> str:
        """What stands over the column of a template."""
        return f"{self.words.say(language)}{f' ({self.unit})' if self.unit else ''}{' *' if self.required else ''}"


@dataclass(frozen=True)
class SheetFault:
    """What is wrong: in which row (as the sheet counts them) and column ("" for the row as a whole), and the remedy."""

    sheet: str
    row: int
    column: str
    message: Text
    remedy: Text


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the sheet and its cells by column, empty ones left out."""

    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True)
class Sheet:
    """What was read: the columns' titles as they stand in the sheet, by key; the rows; and what was wrong by then."""

    name: str
    titles: Mapping[str, str]
    rows: Sequence[SheetRow]
    faults: Sequence[SheetFault]


class Faults:
    """Collects faults: the first are told, all are counted."""

    def __init__(self) -> None:
        self.told: list[SheetFault] = []
        self.count = 0
        self._rows: set[int] = set()

    @property
    def rows(self) -> int:
        """How many rows have any."""
        return len(self._rows)

    def add(self, fault: SheetFault) -> None:
        self.count += 1
        self._rows.add(fault.row)
        if len(self.told) < MOST_FAULTS:
            self.told.append(fault)


def read(name: str, rows: Iterable[tuple[int, Sequence[object]]], headings: Sequence[Heading]) -> Sheet:
    """What the rows of a sheet say under these headings. Wrong are: headings that are not known, come twice, have another unit or
    are missing; cells in a column that has none; formulas, which nobody reckons here, and their errors; cells that are too long;
    more rows than MOST_ROWS or columns than MOST_COLUMNS.
    """
    faults, found = list[SheetFault](), list[SheetRow]()
    columns: dict[int, Heading] | None = None
    named: set[int] = set()
    titles: dict[str, str] = {}
    characters = 0
    for number, cells in rows:
        if all(_empty(cell) for cell in cells):
            continue
        if columns is None:
            columns, titles, faults = _columns(name, number, cells, headings)
            named = {place for place, cell in enumerate(cells) if not _empty(cell)}
            continue
        if len(found) >= MOST_ROWS or characters > MOST_CHARACTERS:
            faults.append(
                SheetFault(
                    *(name, number, ""),
                    Text(f"The sheet has more than {MOST_ROWS} rows, or too much text.", f"表格超过 {MOST_ROWS} 行或内容过多。"),
                    Text("Split it into several.", "请拆分为多个文件。"),
                )
            )
            break
        row: dict[str, object] = {}
        for place, cell in enumerate(cells):
            if _empty(cell):
                continue
            if place not in named:
                # Told once: whoever named it, or emptied it, need not hear of each row.
                named.add(place)
                faults.append(SheetFault(name, number, _letters(place), *_UNNAMED))
            if (heading := columns.get(place)) is None:
                continue
            characters += len(cell) if isinstance(cell, str) else 8
            if fault := _fault_of(cell):
                faults.append(SheetFault(name, number, titles[heading.key], *fault))
            else:
                row[heading.key] = cell
        found.append(SheetRow(number, row))
    if columns is None:
        faults.append(
            SheetFault(
                *(name, 1, ""),
                Text("The sheet is empty.", "表格为空。"),
                Text("Use the template; its first row names the columns.", "请使用模板，首行为列名。"),
            )
        )
    return Sheet(name, titles, found, faults)


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _letters(place: int) -> str:
    """How a sheet calls the column: A to Z, AA and so on."""
    return ("" if place < _ALPHABET else chr(64 + place // _ALPHABET)) + chr(65 + place % _ALPHABET)


def text_of(cell: object) -> str:
    """A cell as people read it: 12.0 is 12, and none is empty."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _fault_of(cell: object) -> tuple[Text, Text] | None:
    if not isinstance(cell, str):
        return None
    if cell.startswith("="):
        return (
            Text("It is a formula; formulas are not reckoned here.", "该单元格为公式，不会计算。"),
            Text("Paste its value.", "请粘贴为数值。"),
        )
    if cell.strip() in _ERRORS:
        return (
            Text("A formula went wrong here.", "该单元格为公式错误值。"),
            Text("Put it right, or leave the cell empty.", "请更正，或将该单元格留空。"),
        )
    if len(cell) > CELL_MAX:
        return (
            Text(f"The cell has {len(cell)} characters.", f"单元格共 {len(cell)} 个字符。"),
            Text(f"Write at most {CELL_MAX}.", f"请不要超过 {CELL_MAX} 个字符。"),
        )
    return None


def _columns(
    name: str, number: int, cells: Sequence[object], headings: Sequence[Heading]
) -> tuple[dict[int, Heading], dict[str, str], list[SheetFault]]:
    """Which column has which heading."""
    known = {_plain(word): heading for heading in headings for word in (heading.key, heading.words.en, heading.words.zh)}
    columns, titles, faults = dict[int, Heading](), dict[str, str](), list[SheetFault]()
    for place, cell in enumerate(cells):
        if _empty(cell):
            continue
        if place >= MOST_COLUMNS:
            faults.append(
                SheetFault(
                    *(name, number, _letters(place)),
                    Text(f"The sheet has more than {MOST_COLUMNS} columns.", f"表格超过 {MOST_COLUMNS} 列。"),
                    Text("Leave out what the template does not have.", "请删除模板以外的列。"),
                )
            )
            break
        title = str(cell).strip()[:80]
        word, _, unit = title.replace("（", "(").replace("）", ")").rstrip("* ").partition("(")
        heading, unit = known.get(_plain(word)), unit.strip().removesuffix(")").strip()
        wrong: tuple[Text, Text] | None = None
        if heading is None:
            names = "、".join(each.title() for each in headings)
            wrong = Text("This column is not known.", "无法识别该列。"), Text(f"Use of: {names}.", f"可用的列：{names}。")
        elif heading.key in titles:
            wrong = Text("This column comes twice.", "该列重复出现。"), Text("Leave one of them.", "请只保留一列。")
        elif unit and unit != heading.unit:
            wrong = (
                Text(f"The unit is {unit}.", f"单位为 {unit}。"),
                Text(f"Give it in {heading.unit or 'no unit'}.", f"请使用单位 {heading.unit or '（无）'}。"),
            )
        else:
            columns[place], titles[heading.key] = heading, title
        if wrong:
            faults.append(SheetFault(name, number, title, *wrong))
    for heading in headings:
        if heading.required and heading.key not in titles and not any(fault.column == heading.title() for fault in faults):
            faults.append(
                SheetFault(
                    *(name, number, heading.title()),
                    Text("This column is missing.", "缺少该列。"),
                    Text("Take it over from the template.", "请按模板补充该列。"),
                )
            )
    return columns, titles, faults


def _plain(word: str) -> str:
    return "".join(word.split()).rstrip("*").lower()
