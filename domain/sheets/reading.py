"""What the rows of a sheet say under their headings, one after the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from domain.words import Text

from .words import CELL_MAX, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Faults, Heading, SheetFault, SheetRow

_UNNAMED = (
    Text("The column has no name.", "该列没有列名。"),
    Text("Name it as in the template, or empty it.", "请按模板填写列名，或清空该列。"),
)
_GARBLED = (
    Text("The text is garbled: the file was saved in another encoding.", "文字乱码：文件编码有误。"),
    Text("Save it as UTF-8 CSV or as .xlsx and send it again.", "请另存为 UTF-8 编码的 CSV 或 .xlsx 后重新上传。"),
)
_MERGED = (
    Text("Cells are merged: only the first of them has a value.", "单元格已合并，只有第一格有值。"),
    Text("Take the merging back and fill in each of them.", "请取消合并单元格并逐格填写。"),
)
_ALPHABET = 26
#: Rows with content among which the header is looked for: a title may stand above it.
_ABOVE = 10
#: What stands in a cell whose formula went wrong.
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

Numbered = tuple[int, Sequence[object]]


class SheetReader:
    """Reads the rows of a sheet called ``name``; what is wrong goes to ``faults``.

    Wrong are: headings that are not known, come twice, have another unit or are missing; cells in a column that has none;
    formulas, which nobody reckons here, and their errors; cells that are too long, garbled or merged; more rows than ``most`` or
    columns than MOST_COLUMNS; and a sheet that is quite another one (``others``: the headings of those, by what they are called).
    """

    def __init__(
        self,
        name: str,
        headings: Sequence[Heading],
        faults: Faults,
        *,
        others: Mapping[Text, Sequence[Heading]] | None = None,
        merged: Iterable[tuple[int, int, int]] = (),
        most: int = MOST_ROWS,
    ) -> None:
        self.name, self.faults = name, faults
        #: The columns' titles as they stand in the sheet, by key.
        self.titles: dict[str, str] = {}
        #: How many rows there were.
        self.count = 0
        self._headings, self._others, self._merged, self._most = headings, others or {}, tuple(merged), most
        self._columns: dict[int, Heading] = {}
        self._named: set[int] = set()
        self._said: set[str] = set()

    def rows(self, rows: Iterable[Numbered]) -> Iterator[SheetRow]:
        """The rows below the header, of numbered rows from the first; empty ones are left out."""
        filled = ((number, cells) for number, cells in rows if not all(_empty(cell) for cell in cells))
        first = list(islice(filled, _ABOVE))
        if not first:
            self._wrong(
                *(1, ""),
                Text("The sheet is empty.", "表格为空。"),
                Text("Use the template; its first row names the columns.", "请使用模板，首行为列名。"),
            )
            return
        known = _known(self._headings)
        place = next((n for n, (_, cells) in enumerate(first) if _hits(cells, known) > 1), 0)
        if not self._head(*first[place], known):
            return
        below = (row for row in self._merged if row[1] > first[place][0])
        for at, _, column in below:
            self._wrong(max(at, first[place][0] + 1), _letters(column), *_MERGED)
        characters = 0
        for number, cells in chain(first[place + 1 :], filled):
            if self.count >= self._most or characters > MOST_CHARACTERS:
                self._wrong(
                    *(number, ""),
                    Text(
                        f"The sheet has more than {self._most} rows, or too much text.", f"表格超过 {self._most} 行或内容过多。"
                    ),
                    Text("Split it into several.", "请拆分为多个文件。"),
                )
                return
            self.count += 1
            row = self._row(number, cells)
            characters += sum(len(cell) if isinstance(cell, str) else 8 for cell in row.cells.values())
            yield row

    def _row(self, number: int, cells: Sequence[object]) -> SheetRow:
        row, told = dict[str, object](), set[str]()
        for place, cell in enumerate(cells):
            if _empty(cell):
                continue
            if place not in self._named:
                # Told once: whoever named it, or emptied it, need not hear of each row.
                self._named.add(place)
                self._wrong(number, _letters(place), *_UNNAMED)
            if (heading := self._columns.get(place)) is None:
                continue
            if fault := _fault_of(cell):
                told.add(self.titles[heading.key])
                self._wrong(number, self.titles[heading.key], *fault)
            else:
                row[heading.key] = _plain_text(cell)
        return SheetRow(number, row, frozenset(told))

    def _head(self, number: int, cells: Sequence[object], known: Mapping[str, Heading]) -> bool:
        """Take the row as the header; False: it is of quite another sheet."""
        if not _hits(cells, known):
            self._wrong(number, "", *self._another(cells))
            return False
        for place, cell in enumerate(cells):
            if _empty(cell):
                continue
            self._named.add(place)
            if place >= MOST_COLUMNS:
                self._wrong(
                    *(number, _letters(place)),
                    Text(f"The sheet has more than {MOST_COLUMNS} columns.", f"表格超过 {MOST_COLUMNS} 列。"),
                    Text("Leave out what the template does not have.", "请删除模板以外的列。"),
                )
                break
            self._title(number, place, str(cell).strip()[:80], known)
        for heading in self._headings:
            if heading.required and heading.key not in self.titles and heading.title() not in self._said:
                self._wrong(
                    *(number, heading.title()),
                    Text("This column is missing.", "缺少该列。"),
                    Text("Take it over from the template.", "请按模板补充该列。"),
                )
        return True

    def _title(self, number: int, place: int, title: str, known: Mapping[str, Heading]) -> None:
        word, unit = _parted(title)
        heading = known.get(_plain(word))
        if heading is None:
            names = "、".join(each.title() for each in self._headings)
            self._wrong(
                *(number, title),
                Text("This column is not known.", "无法识别该列。"),
                Text(f"Use of: {names}.", f"可用的列：{names}。"),
            )
        elif heading.key in self.titles:
            self._wrong(
                *(number, title),
                Text("This column comes twice.", "该列重复出现。"),
                Text("Leave one of them.", "请只保留一列。"),
            )
        elif unit and unit != heading.unit:
            self._said.add(heading.title())
            self._wrong(
                *(number, title),
                Text(f"The unit is {unit}.", f"单位为 {unit}。"),
                Text(f"Give it in {heading.unit or 'no unit'}.", f"请使用单位 {heading.unit or '（无）'}。"),
            )
        else:
            self._columns[place], self.titles[heading.key] = heading, title

    def _another(self, cells: Sequence[object]) -> tuple[Text, Text]:
        wanted = "、".join(each.title() for each in self._headings if each.required)
        like = max(self._others, key=lambda words: _hits(cells, _known(self._others[words])), default=None)
        remedy = Text(f"Use the template: its columns are {wanted}.", f"请使用模板，必填列为：{wanted}。")
        if like is None or _hits(cells, _known(self._others[like])) < 2:
            return Text("This is another sheet: none of its columns is known.", "表格有误：没有可识别的列。"), remedy
        return Text(f"This looks like the sheet of another kind: {like.en}.", f"表格有误：这似乎是“{like.zh}”的表格。"), remedy

    def _wrong(self, number: int, title: str, message: Text, remedy: Text) -> None:
        self._said.add(title)
        self.faults.add(SheetFault(self.name, number, title, message, remedy))


def _known(headings: Sequence[Heading]) -> dict[str, Heading]:
    return {_plain(word): heading for heading in headings for word in (heading.key, heading.words.en, heading.words.zh)}


def _hits(cells: Sequence[object], known: Mapping[str, Heading]) -> int:
    """How many columns the row would name."""
    return len({known[word].key for cell in cells if (word := _plain(_parted(str(cell))[0])) in known})


def _parted(title: str) -> tuple[str, str]:
    word, _, unit = title.strip().replace("（", "(").replace("）", ")").rstrip("* ").partition("(")
    return word, unit.strip().removesuffix(")").strip()


def _plain(word: str) -> str:
    return "".join(word.split()).rstrip("*").lower()


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _letters(place: int) -> str:
    """How a sheet calls the column: A to Z, AA and so on."""
    return ("" if place < _ALPHABET else chr(64 + place // _ALPHABET)) + chr(65 + place % _ALPHABET)


def _plain_text(cell: object) -> object:
    """A text without the quote that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if isinstance(cell, str) and len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


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
    if "\ufffd" in cell:
        return _GARBLED
    if len(cell) > CELL_MAX:
        return (
            Text(f"The cell has {len(cell)} characters.", f"单元格共 {len(cell)} 个字符。"),
            Text(f"Write at most {CELL_MAX}.", f"请不要超过 {CELL_MAX} 个字符。"),
        )
    return None
