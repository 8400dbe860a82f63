"""The words of sheets: what they can be about, their columns, and what is wrong in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.words import Text, Word

#: So many rows are taken after the header, of so many columns and characters.
MOST_ROWS, MOST_COLUMNS, CELL_MAX, MOST_CHARACTERS = 100_000, 100, 1_000, 50_000_000
#: Faults that are told one by one; more are only counted.
MOST_FAULTS = 500
_NOTHING = Text("", "")


class SheetKind(Word):
    """What the rows of a sheet are."""

    FACILITIES = "FACILITIES", "设施", "Facilities of one kind that are new to the register."
    HOMES = "HOMES", "房屋", "Homes that are new to the register."
    RESIDENTS = "RESIDENTS", "居住人数", "How many live in each home: a count, and nobody."
    FEE_ASSIGNMENTS = "FEE_ASSIGNMENTS", "收费项目分配", "Homes' parts in fee items of a book."
    METERS = "METERS", "计量表", "Meters of homes, for metered items of a book."
    METER_READINGS = "METER_READINGS", "抄表读数", "What meters of a book's items showed."
    BILLS = "BILLS", "欠费账单", "What homes owed before: each row becomes a bill."
    PAYMENTS = "PAYMENTS", "历史收款", "What homes paid before, in cash or by transfer."
    OPENING_BALANCES = "OPENING_BALANCES", "期初余额", "What was on the accounts when the book was opened."
    JOURNAL_ENTRIES = "JOURNAL_ENTRIES", "手工凭证", "Lines of entries by hand; those of one entry balance."
    EXPENSES = "EXPENSES", "支出", "Expenses, entered as drafts."


class ImportState(Word):
    """Where an import stands."""

    CHECKING = "CHECKING", "检查中", "The sheet is being read; nothing is written."
    FAULTY = "FAULTY", "有误", "Something in the sheet is wrong; nothing was written."
    READY = "READY", "可导入", "All of it can be entered."
    COMMITTING = "COMMITTING", "导入中", "It is being entered."
    DONE = "DONE", "已导入", "All of it was entered."


@dataclass(frozen=True)
class Heading:
    """A column: ``words`` by which people may call it besides ``key``, its unit, and what is expected below."""

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
    """One row: its number in the sheet and its cells by column, empty ones left out. ``told``: titles of cells found wrong."""

    number: int
    cells: Mapping[str, object]
    told: frozenset[str] = field(default_factory=frozenset[str])


class Faults:
    """Collects faults: the first are told, all are counted."""

    def __init__(self) -> None:
        self._told: list[SheetFault] = []
        self.count = 0
        self._rows: set[int] = set()

    @property
    def told(self) -> list[SheetFault]:
        """The first of them, by rows."""
        return sorted(self._told, key=lambda fault: fault.row)

    @property
    def rows(self) -> int:
        """How many rows have any."""
        return len(self._rows)

    def add(self, fault: SheetFault) -> None:
        self.count += 1
        self._rows.add(fault.row)
        if len(self._told) < MOST_FAULTS:
            self._told.append(fault)
