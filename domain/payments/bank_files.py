"""Statements of banks: which of their lines are money that came, and what a line says of whose it is.

Every bank writes its own sheet: some rows about the account, then a row of titles, then the lines, then sums. So the titles are
looked for, under the names that banks give them. A payer's name and account are never read, and the remark is not kept: from it
only the numbers of bills and the codes of homes are taken.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

#: Most lines of one file, and bytes of it; the row of titles stands among the first so many rows.
MOST_LINES, MOST_BYTES, TITLES_WITHIN = 5_000, 700_000, 30
_FEN = Decimal("0.01")
_MOST = Decimal("999999999999.99")
_REFERENCE_MAX = 60


class BankColumn(Word):
    """What a column of a bank's statement holds."""

    DATE = "DATE", "交易日期", "The day on which the money came."
    IN = "IN", "收入金额", "What came, where coming and going have columns of their own."
    OUT = "OUT", "支出金额", "What went."
    AMOUNT = "AMOUNT", "交易金额", "What came or, below zero, went."
    SIDE = "SIDE", "借贷标志", "Whether it came or went."
    REFERENCE = "REFERENCE", "流水号", "The bank's number of the line."
    REMARK = "REMARK", "摘要", "What the payer wrote."


#: Under which titles banks have a column, blanks and brackets left out.
TITLES: Mapping[BankColumn, frozenset[str]] = {
    BankColumn.DATE: frozenset(
        {"交易日期", "记账日期", "入账日期", "日期", "交易时间", "交易日", "date", "bookingdate", "transactiondate"}
    ),
    BankColumn.IN: frozenset({"收入金额", "贷方发生额", "贷方金额", "收入", "存入金额", "转入金额", "credit", "in"}),
    BankColumn.OUT: frozenset({"支出金额", "借方发生额", "借方金额", "支出", "转出金额", "debit", "out"}),
    BankColumn.AMOUNT: frozenset({"交易金额", "发生额", "金额", "amount"}),
    BankColumn.SIDE: frozenset({"借贷标志", "收支", "借贷", "收/支", "方向", "side"}),
    BankColumn.REFERENCE: frozenset(
        {"流水号", "交易流水号", "流水", "凭证号", "交易序号", "核心流水号", "reference", "serial", "transactionid"}
    ),
    BankColumn.REMARK: frozenset({"摘要", "附言", "用途", "备注", "交易摘要", "摘要附言", "remark", "text", "memo", "purpose"}),
}
_IN_WORDS = frozenset({"贷", "收", "收入", "转入", "c", "cr", "credit", "in", "+"})
_OUT_WORDS = frozenset({"借", "支", "支出", "转出", "d", "dr", "debit", "out", "-"})
_WIDE = str.maketrans("０１２３４５６７８９．，－＋（）／：", "0123456789.,-+()/:")
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日")
_DAY = re.compile(r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}|\d{4}年\d{1,2}月\d{1,2}日)(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?\s*$")
_BILL = re.compile(r"(?:账单|帳單|bill)\s*(?:编号|号|no\.?)?\s*[#:]?\s*(\d{1,9})(?!\d)", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,79}")


@dataclass(frozen=True)
class BankLine:
    """Money that came, by one line of a statement.

    ``key``: the same line has it in whatever file; two equal lines of a file have two. ``reference``: the bank's number of it.
    ``bills``, ``codes``: numbers and codes that stand in what the payer wrote.
    """

    row: int
    day: date
    amount: Decimal
    reference: str
    key: str
    bills: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As stored."""
        return {
            "row": self.row,
            "day": self.day.isoformat(),
            "amount": str(self.amount),
            "reference": self.reference,
            "key": self.key,
            "bills": list(self.bills),
            "codes": list(self.codes),
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "BankLine":
        """The line that ``told`` wrote."""
        return cls(
            *(told["row"], date.fromisoformat(told["day"]), Decimal(told["amount"]), told["reference"], told["key"]),
            *(tuple(told["bills"]), tuple(told["codes"])),
        )


@dataclass(frozen=True)
class LineFault:
    """A line that is not understood: its row as the sheet counts them, the column's title, what is wrong and the remedy."""

    row: int
    column: str
    message: Text
    remedy: Text


@dataclass(frozen=True)
class BankStatement:
    """What a statement says. ``passed_over``: lines of money that went, and sums."""

    lines: Sequence[BankLine]
    faults: Sequence[LineFault]
    passed_over: int


def read_statement(rows: Iterable[tuple[int, Sequence[object]]], account: str = "") -> BankStatement:
    """The lines of a statement. Refuses (INVALID) a sheet without titles that are known, and one with more than MOST_LINES.

    ``account``: of which account it is, so that equal lines of two accounts are two.
    """
    columns: dict[int, BankColumn] = {}
    titles: dict[BankColumn, str] = {}
    lines, faults, passed, seen = list[BankLine](), list[LineFault](), 0, dict[str, int]()
    for number, cells in rows:
        if not columns:
            columns, titles = _columns(cells)
            if not columns and number > TITLES_WITHIN:
                break
            continue
        told = {columns[place]: cell for place, cell in enumerate(cells) if place in columns and not _empty(cell)}
        if BankColumn.DATE not in told:
            passed += bool(told)  # sums and remarks below the lines
            continue
        if len(lines) + len(faults) + passed >= MOST_LINES:
            raise _refused(
                Text(f"The statement has more than {MOST_LINES} lines.", f"对账单超过 {MOST_LINES} 行。"),
                Text("Split it into several.", "请拆分为多个文件。"),
            )
        try:
            line = _line(number, told, account, seen)
        except _Wrong as wrong:
            faults.append(LineFault(number, titles[wrong.column], wrong.message, wrong.remedy))
            continue
        if line is None:
            passed += 1
        else:
            lines.append(line)
    if not columns:
        raise _refused(
            Text("No row has the titles of a bank's statement.", "未找到对账单的标题行。"),
            Text(
                "It needs a date (交易日期) and an amount (收入金额, 贷方发生额 or 交易金额).",
                "须有“交易日期”和“收入金额”（或“贷方发生额”“交易金额”）列。",
            ),
        )
    return BankStatement(lines, faults, passed)


class _Wrong(Exception):
    def __init__(self, column: BankColumn, message: Text, remedy: Text) -> None:
        super().__init__(message.en)
        self.column, self.message, self.remedy = column, message, remedy


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _plain(cell: object) -> str:
    word = str(cell).translate(_WIDE)
    return re.sub(r"[\s*]|\(.*?\)", "", word).lower()


def _columns(cells: Sequence[object]) -> tuple[dict[int, BankColumn], dict[BankColumn, str]]:
    """Which column holds what, if this is the row of titles; of two columns with one meaning the first counts."""
    found: dict[BankColumn, int] = {}
    titles: dict[BankColumn, str] = {}
    for place, cell in enumerate(cells):
        for column, names in TITLES.items():
            if not _empty(cell) and _plain(cell) in names and column not in found:
                found[column], titles[column] = place, str(cell).strip()
    if BankColumn.DATE in found and {BankColumn.IN, BankColumn.AMOUNT} & set(found):
        return {place: column for column, place in found.items()}, titles
    return {}, {}


def _line(number: int, told: Mapping[BankColumn, object], account: str, seen: dict[str, int]) -> BankLine | None:
    """The line of a row; None: it is not money that came."""
    day = _day(told[BankColumn.DATE])
    amount = _came(told)
    if amount is None:
        return None
    reference = str(told.get(BankColumn.REFERENCE, "")).translate(_WIDE).strip()[:_REFERENCE_MAX]
    remark = str(told.get(BankColumn.REMARK, "")).translate(_WIDE)
    # Of a line without a number its whole content is its name, and its place among equal ones.
    content = "|".join((account, day.isoformat(), str(amount), reference, "" if reference else remark))
    seen[content] = place = seen.get(content, 0) + 1
    key = sha256(f"{content}|{place}".encode()).hexdigest()
    bills = tuple(dict.fromkeys(int(found) for found in _BILL.findall(remark)))
    codes = tuple(dict.fromkeys(code.upper() for code in _CODE.findall(remark)))
    return BankLine(number, day, amount, reference, key, bills, codes)


def _came(told: Mapping[BankColumn, object]) -> Decimal | None:
    """What came by a row; None: nothing, or something went."""
    if BankColumn.IN in told:
        came = _amount(told[BankColumn.IN], BankColumn.IN)
        return came if came > 0 else None
    if BankColumn.AMOUNT not in told:
        return None
    amount = _amount(told[BankColumn.AMOUNT], BankColumn.AMOUNT)
    side = _plain(told.get(BankColumn.SIDE, ""))
    if side and side not in _IN_WORDS | _OUT_WORDS:
        raise _Wrong(
            BankColumn.SIDE,
            Text("It does not say whether the money came or went.", "无法识别收支方向。"),
            Text("Write 贷 (came) or 借 (went).", "请填写“贷”（收入）或“借”（支出）。"),
        )
    return amount if amount > 0 and side not in _OUT_WORDS else None


def _amount(cell: object, column: BankColumn) -> Decimal:
    text = str(cell).translate(_WIDE).replace(",", "").replace(" ", "").lstrip("¥￥")
    try:
        amount = Decimal(text)
        fen = amount.quantize(_FEN)
    except InvalidOperation:
        amount = fen = Decimal("NaN")
    if amount.is_finite() and abs(amount) <= _MOST and amount == fen:
        return fen
    raise _Wrong(
        column,
        Text("This is no amount of yuan and fen.", "金额不正确。"),
        Text("Write it as 1234.50.", "请填写如 1234.50。"),
    )


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.match(str(cell).translate(_WIDE))
    for form in _DAYS if found else ():
        try:
            return datetime.strptime(found[1] if found else "", form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise _Wrong(
        BankColumn.DATE,
        Text("This is no date.", "日期不正确。"),
        Text("Write it as 2026-03-01.", "请填写如 2026-03-01。"),
    )


def _refused(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=("content",), hint=hint)
