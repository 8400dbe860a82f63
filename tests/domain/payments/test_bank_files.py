"""What statements of banks say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.payments import BankStatement, read_statement
from domain.refusals import Refused


def _read(*rows: Sequence[object]) -> BankStatement:
    return read_statement(enumerate(rows, start=1))


def test_the_lines_below_the_titles_are_read_and_no_payer_is() -> None:
    told = _read(
        ["对账单", "", "", ""],
        ["账号：6222", None, None, None],
        ["交易日期", "对方户名", "贷方发生额（元）", "借方发生额（元）", "流水号", "摘 要"],
        ["2026-03-01", "某某", "１,２００.５０", None, "S1", "物业费 账单号：12 KQ-3-1-502"],
        [datetime(2026, 3, 2, 10, 30, tzinfo=UTC), "某某", 80.4, "", "S2", "hydt"],
        ["20260303", "某某", None, "33.00", "S3", "电费"],
        [None, "合计", "1280.90", "33.00", None, None],
    )
    first, second = told.lines
    assert (first.row, first.day, first.amount, first.reference) == (4, date(2026, 3, 1), Decimal("1200.50"), "S1")
    assert (first.bills, first.codes) == ((12,), ("KQ-3-1-502",))
    assert (second.amount, second.codes) == (Decimal("80.40"), ("HYDT",))
    assert (told.passed_over, list(told.faults)) == (2, [])
    assert "某某" not in repr(told)


def test_one_column_for_both_sides_is_understood_by_its_sign_or_by_the_word_beside_it() -> None:
    told = _read(["Date", "Amount"], ["2026/3/1", "-5"], ["2026/3/1", "7.10"])
    assert [line.amount for line in told.lines] == [Decimal("7.10")]
    told = _read(["日期", "金额", "借贷标志"], ["2026.3.1", "5", "借"], ["2026年3月1日", "6", "贷"], ["2026-03-01", "7", "?"])
    assert [line.amount for line in told.lines] == [Decimal("6.00")]
    assert [(fault.row, fault.column) for fault in told.faults] == [(4, "借贷标志")]


def test_equal_lines_of_a_file_are_two_and_the_same_line_has_one_key_in_every_file() -> None:
    title = ["日期", "金额", "摘要"]
    row = ["2026-03-01", "5.00", "物业费"]
    one, two = _read(title, row), _read(["x"], title, row, row)
    assert [line.key for line in one.lines] == [two.lines[0].key]
    assert two.lines[0].key != two.lines[1].key


def test_what_is_not_understood_is_told_with_its_row_and_column() -> None:
    told = _read(["日期", "金额"], ["2026-02-30", "5"], ["2026-03-01", "5.001"], ["yesterday", "5"], ["2026-03-01", "five"])
    assert [(fault.row, fault.column) for fault in told.faults] == [(2, "日期"), (3, "金额"), (4, "日期"), (5, "金额")]
    for rows in (["日期", "摘要"], ["金额"], []):
        with pytest.raises(Refused):
            _read(list(rows))
    with pytest.raises(Refused):
        _read(["日期", "金额"], *[["2026-03-01", "1"]] * 5_001)
