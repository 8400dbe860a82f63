"""A statement as it is printed: what stands where, in Chinese; the same for paper (PDF) and for a sheet (XLSX)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.printed import Printed, PrintedRow, PrintedTable

from .content import StatementHead, StatementLine, totals
from .periods import named
from .words import StatementLineKind, StatementPart, StatementReview, StatementState

_K = StatementLineKind
#: Lines that are set off from those above.
_SUMS = frozenset({_K.OPENING, _K.CLOSING, _K.RESULT})
_GROUPS = {_K.INCOME: "收入", _K.COST: "成本支出", _K.USE: "使用支出"}


@dataclass(frozen=True)
class Standing:
    """What became of the statement by now: how it was reviewed, when it was published, and by which edition it was replaced."""

    state: StatementState
    review: StatementReview | None = None
    published_on: date | None = None
    sha256: str = ""


def printed(head: StatementHead, lines: Sequence[StatementLine], standing: Standing) -> Printed:
    """The statement as it is printed."""
    period = named(head.period_from, head.period_to).zh
    corrected = any(line.was is not None for line in lines)
    columns = ("本期（元）", "上期（元）", *(("更正前（元）",) if corrected else ()))
    facts = [
        ("小区", head.compound),
        ("账套单位", f"{head.keeper}（{head.regime_name.zh}）"),
        ("期间", f"{period}（{head.period_from} 至 {head.period_to}）"),
        ("版次", f"第 {head.edition} 版" + (f"，更正原因：{head.reason}" if head.reason else "")),
        ("状态", _standing(standing)),
    ]
    tables = [_table(part, [line for line in lines if line.part is part], columns) for part in StatementPart]
    public = standing.state in {StatementState.PUBLISHED, StatementState.REPLACED}
    return Printed(
        title=f"{head.compound}{period}收支公示表" + ("（更正）" if head.edition > 1 else ""),
        facts=tuple(facts),
        tables=tuple(table for table in tables if table.rows),
        notes=_notes(head, standing),
        mark="" if public else "未公示",
    )


def _standing(standing: Standing) -> str:
    words = [standing.state.zh]
    if standing.published_on is not None:
        words.append(f"公示日期 {standing.published_on}")
    if standing.review is not None:
        words.append(f"业主组织{standing.review.zh}")
    return "，".join(words)


def _notes(head: StatementHead, standing: Standing) -> tuple[str, ...]:
    notes = [
        f"金额单位为人民币元，均取自账套分录（截至第 {head.through} 号），每一金额可在系统中追溯到对应分录。",
        "公共收益、维修资金属于全体业主（《民法典》第二百八十二条、第九百四十三条）。对内容有疑问，可在系统中公开提问。",
        f"内容校验值（SHA-256）：{standing.sha256}",
    ]
    if standing.state is StatementState.REPLACED:
        notes.insert(0, "本版已被更正，请以最新版为准。")
    return tuple(notes)


def _table(part: StatementPart, lines: Sequence[StatementLine], columns: tuple[str, ...]) -> PrintedTable:
    rows: list[PrintedRow] = []
    sums = totals(lines).get(part, {})
    groups: set[StatementLineKind] = set()
    for line in lines:
        if line.kind in _GROUPS and line.kind not in groups:
            groups.add(line.kind)
            rows.append(_group(line.kind, sums[line.kind], [each for each in lines if each.kind is line.kind], len(columns)))
        amounts = (line.amount, line.previous, line.was)[: len(columns)]
        label = line.kind.zh if line.kind in _SUMS else line.name.zh
        rows.append(PrintedRow(label, amounts, strong=line.kind in _SUMS, deep=line.kind in _GROUPS, changed=line.changed))
    return PrintedTable(part.zh, columns, tuple(rows))


def _group(kind: StatementLineKind, amount: Decimal, lines: Sequence[StatementLine], columns: int) -> PrintedRow:
    previous = [line.previous for line in lines if line.previous is not None]
    was = [line.was for line in lines if line.was is not None]
    told = (amount, sum(previous, Decimal(0)) if previous else None, sum(was, Decimal(0)) if was else None)
    return PrintedRow(f"{_GROUPS[kind]}合计", told[:columns], strong=True)
