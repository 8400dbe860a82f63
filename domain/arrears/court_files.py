"""What a court or an arbitration is given (起诉材料): the bills, the reminders with what proves that they came, and the sum."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from domain.bills import BillKind
from domain.money import Money

from .cases import DeliveryWay
from .ladder import ReminderKind


@dataclass(frozen=True)
class CourtBill:
    """A bill that is asked for."""

    number: int
    kind: BillKind
    period_from: date
    period_to: date
    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal
    credited: Decimal
    open: Decimal


@dataclass(frozen=True)
class CourtReminder:
    """A reminder, and what proves that it came: times at which it stood in inboxes and was read, and how it came on paper."""

    kind: ReminderKind
    sent_on: date
    pay_by: date
    amount: Decimal
    text: str
    told: Sequence[str]
    read: Sequence[str]
    delivered_way: DeliveryWay | None
    delivered_on: date | None
    slip: str


@dataclass(frozen=True)
class CourtStatement:
    """All that the file says. It names the home, which is the debtor, and no person: whose home it is, the register tells."""

    made_on: date
    keeper: str
    credit_code: str
    compound: str
    address: str
    home: str
    area_m2: str
    bills: Sequence[CourtBill]
    reminders: Sequence[CourtReminder]

    @property
    def amount(self) -> Money:
        """What is asked for, in yuan."""
        return Money(sum((bill.open for bill in self.bills), Decimal(0)))


_STYLE = (
    "body{font-family:serif;margin:2em}table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "th,td{border:1px solid #555;padding:.25em .5em;text-align:left;vertical-align:top}h1{text-align:center}"
)
_LEGAL = (
    "依据《中华人民共和国民法典》第九百四十四条：业主应当按照约定向物业服务人支付物业费；业主违反约定逾期不支付的，"
    "物业服务人可以催告其在合理期限内支付；合理期限届满仍不支付的，物业服务人可以提起诉讼或者申请仲裁。"
)


def printed(statement: CourtStatement) -> str:
    """The file as an HTML page in Chinese, complete in itself; the same for the same statement, byte for byte."""
    facts = [
        ("债权人", statement.keeper),
        ("统一社会信用代码", statement.credit_code or "未登记"),
        ("小区", f"{statement.compound}（{statement.address}）"),
        ("房屋", statement.home),
        ("建筑面积（平方米）", statement.area_m2 or "未登记"),
        ("主张金额（元）", statement.amount.write()),
        ("制作日期", statement.made_on.isoformat()),
    ]
    head = ["账单号", "类别", "计费期间", "开具日", "应缴日", "金额", "已缴", "已冲减", "未缴"]
    ways = ["种类", "发出日", "限期至", "当时欠费", "站内送达", "站内已读", "书面送达", "内容"]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>物业费欠费材料</title>',
            f"<style>{_STYLE}</style></head>\n<body>\n<h1>物业费欠费材料</h1>",
            _table([], facts),
            "<h2>一、欠费账单</h2>",
            _table(head, [*(_bill(bill) for bill in statement.bills), _sum(statement)]),
            "<h2>二、催告及送达</h2>",
            _table(ways, [_reminder(reminder) for reminder in statement.reminders]),
            f"<h2>三、依据</h2>\n<p>{_LEGAL}</p>",
            "<p>本材料仅列房屋、账单与催告记录；业主身份以不动产登记为准。有异议或在分期履行中的账单未列入。</p>",
            "</body>\n</html>\n",
        ]
    )


def _bill(bill: CourtBill) -> Sequence[str]:
    amounts = [Money(each).write() for each in (bill.total, bill.paid, bill.credited, bill.open)]
    period = f"{bill.period_from} 至 {bill.period_to}"
    return [str(bill.number), bill.kind.zh, period, bill.issued_on.isoformat(), bill.due_on.isoformat(), *amounts]


def _sum(statement: CourtStatement) -> Sequence[str]:
    return ["合计", "", "", "", "", "", "", "", statement.amount.write()]


def _reminder(reminder: CourtReminder) -> Sequence[str]:
    paper = reminder.delivered_way and f"{reminder.delivered_way.zh} {reminder.delivered_on} {reminder.slip}".strip()
    return [
        reminder.kind.zh,
        reminder.sent_on.isoformat(),
        reminder.pay_by.isoformat(),
        Money(reminder.amount).write(),
        "；".join(reminder.told) or "无",
        "；".join(reminder.read) or "无",
        paper or "无",
        reminder.text,
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    names = f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>\n" if head else ""
    lines = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f"<table>\n{names}{chr(10).join(lines)}\n</table>"
