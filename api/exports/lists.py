"""The lists that can be taken away as sheets: what is asked of each row, and under which title it stands.

Whoever asks gets the rows that they see, each field as the policy shows it to them: the same documents answer at /graphql.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from domain.bills import BillKind, BillState
from domain.expenses import ExpenseCategory, ExpenseState
from domain.facilities import FacilityKind, FacilityStatus
from domain.ledger import AccountCode, EntryKind, Fund
from domain.payments import PaymentMethod, PaymentState
from domain.territory import HomeUse
from domain.tickets import TicketKind, TicketPriority, TicketSource, TicketState
from domain.words import Text, Word
from models.calendar import zone

from .writing import Value

#: Rows that are asked for at once.
PAGE = 100


@dataclass(frozen=True)
class Field:
    """A column: its title, and the fields that lead to its value. ``words``: those of which it is one; ``number``: it is one."""

    title: Text
    path: str
    words: type[Word] | None = None
    number: bool = False

    def asked(self) -> str:
        """As it is asked for in a document."""
        first, *rest = self.path.split(".")
        return f"{first} {{ {Field(self.title, '.'.join(rest)).asked()} }}" if rest else first

    def value(self, row: Mapping[str, Any], language: str) -> Value:
        """What stands in its cell."""
        found: Any = row
        for name in self.path.split("."):
            found = cast("dict[str, Any]", found).get(name) if isinstance(found, dict) else None
        if found is None or found == "":
            return None
        if self.number:
            return Decimal(str(found))
        if self.words is not None:
            word = self.words(found)
            return word.value if language.lower().startswith("en") else word.zh
        if isinstance(found, bool):
            return Text("yes", "是").say(language) if found else Text("no", "否").say(language)
        return _moment(found) if isinstance(found, str) else str(found)


def _moment(text: str) -> str:
    """A moment in the street's time; any other text as it is."""
    if len(text) < 20 or text[10:11] != "T":
        return text
    try:
        return datetime.fromisoformat(text).astimezone(zone()).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


@dataclass(frozen=True)
class Listed:
    """A list. ``of``: the connection, of the compound's, or (``root``) of the root's, filtered by the compound.

    ``each``: the list in every row whose rows are told, with what the outer row tells. ``of_books``: it is filtered by the
    compound's books, one after the other.
    """

    words: Text
    of: str
    fields: Sequence[Field]
    root: bool = False
    each: str = ""
    of_books: bool = False

    @cached_property
    def document(self) -> str:
        """What is asked, page by page: $c the compound, $a the cursor after which it goes on."""
        own = [field for field in self.fields if not (self.each and field.path.startswith(f"{self.each}."))]
        asked = " ".join(field.asked() for field in own)
        if self.each:
            inner = " ".join(
                Field(field.title, field.path.removeprefix(f"{self.each}.")).asked() for field in self.fields if field not in own
            )
            asked += f" {self.each}(first: {PAGE}) {{ nodes {{ {inner} }} }}"
        page = f"nodes {{ {asked} }} pageInfo {{ endCursor hasNextPage }}"
        if self.root:
            given = f"first: {PAGE}, after: $a, filter: {{{'book' if self.of_books else 'compound'}: {{eq: $c}}}}"
            return f"query ($c: ID!, $a: String) {{ {self.of}({given}) {{ {page} }} }}"
        inside = f"... on Compound {{ {self.of}(first: {PAGE}, after: $a) {{ {page} }} }}"
        return f"query ($c: ID!, $a: String) {{ node(id: $c) {{ {inside} }} }}"

    def page(self, data: Mapping[str, Any], language: str) -> tuple[list[list[Value]], str | None]:
        """The rows of an answer, and the cursor after which there are more; None: there are none."""
        within: dict[str, Any] = dict(data) if self.root else data["node"] or {}
        found: dict[str, Any] | None = within.get(self.of)
        if found is None:
            return [], None
        rows: list[list[Value]] = []
        for node in cast("list[dict[str, Any]]", found["nodes"]):
            parts: list[Any] = node[self.each]["nodes"] if self.each else [None]
            for part in parts:
                row = {**node, self.each: part} if self.each else node
                rows.append([field.value(row, language) for field in self.fields])
        more: dict[str, Any] = found["pageInfo"]
        return rows, more["endCursor"] if more["hasNextPage"] else None


def _f(en: str, zh: str, path: str, words: type[Word] | None = None) -> Field:
    return Field(Text(en, zh), path, words)


def _n(en: str, zh: str, path: str) -> Field:
    return Field(Text(en, zh), path, number=True)


#: Every list by its name in addresses.
LISTS: Mapping[str, Listed] = {
    "homes": Listed(
        Text("Homes", "房屋"),
        "homes",
        (
            *(_f("Home code", "房屋编码", "code"), _f("Door number", "房号", "name")),
            *(_f("Building", "楼栋", "unit.building.name"), _f("Stairwell", "单元", "unit.name"), _n("Floor", "楼层", "floor")),
            *(_n("Area (m²)", "建筑面积 (m²)", "areaM2"), _f("Use", "用途", "use", HomeUse)),
            _n("Residents", "居住人数", "residents"),
        ),
    ),
    "facilities": Listed(
        Text("Facilities", "设施"),
        "facilities",
        (
            *(_f("Code", "编码", "code"), _f("Kind", "类别", "kind", FacilityKind), _f("Name", "名称", "name")),
            *(_f("Building", "楼栋", "building.name"), _f("Stairwell", "单元", "unit.name")),
            *(
                _f("Status", "状态", "status", FacilityStatus),
                _f("Since", "状态起始", "statusSince"),
                _f("Scrap on", "报废日期", "scrapOn"),
            ),
        ),
    ),
    "tickets": Listed(
        Text("Tickets", "工单"),
        "tickets",
        (
            *(
                _f("Number", "工单号", "number"),
                _f("Kind", "类别", "kind", TicketKind),
                _f("Source", "来源", "source", TicketSource),
            ),
            *(_f("Priority", "优先级", "priority", TicketPriority), _f("State", "状态", "state", TicketState)),
            *(_f("Title", "标题", "title"), _f("Opened", "提交时间", "openedAt"), _f("Due", "到期时间", "dueAt")),
            *(
                _f("Accepted", "受理时间", "acceptedAt"),
                _f("Resolved", "办结时间", "resolvedAt"),
                _f("Closed", "关闭时间", "closedAt"),
            ),
            *(_f("Facility", "设施", "facility.code"), _f("Handled by", "承办单位", "organisation.name")),
        ),
    ),
    "meters": Listed(
        Text("Meters", "计量表"),
        "homes",
        (
            *(_f("Home code", "房屋编码", "code"), _f("Meter code", "表号", "meters.code")),
            *(_f("Fee item", "收费项目", "meters.feeItem.code"), _n("Last reading", "上次读数", "meters.value")),
            *(_f("Read on", "上次抄表日期", "meters.readOn"), _n("Ratio", "倍率", "meters.ratio")),
            *(_f("Since", "启用日期", "meters.startedOn"), _f("Until", "停用日期", "meters.endedOn")),
        ),
        each="meters",
    ),
    "bills": Listed(
        Text("Bills", "账单"),
        "bills",
        (
            *(_n("Number", "账单号", "number"), _f("Home code", "房屋编码", "home.code"), _f("Kind", "类别", "kind", BillKind)),
            *(_f("From", "计费起始日", "periodFrom"), _f("To", "计费截止日", "periodTo")),
            *(_f("Issued on", "开具日期", "issuedOn"), _f("Due on", "到期日", "dueOn")),
            *(_n("Total", "账单金额", "total"), _n("Paid", "已缴金额", "paid"), _n("Credited", "冲减金额", "credited")),
            *(_n("Open", "未缴金额", "open"), _f("State", "状态", "state", BillState)),
        ),
        root=True,
    ),
    "payments": Listed(
        Text("Payments", "收款"),
        "payments",
        (
            *(_f("Home code", "房屋编码", "home.code"), _f("Method", "收款方式", "method", PaymentMethod)),
            *(_n("Amount", "金额", "amount"), _n("Allocated", "已核销", "allocated"), _n("Left", "余额", "unallocated")),
            *(_n("Refunded", "已退款", "refunded"), _n("Charged back", "已拒付", "chargedBack")),
            *(_f("Received on", "收款日期", "receivedOn"), _f("Entered", "登记时间", "enteredAt")),
            *(_f("Reference", "流水号", "reference"), _f("State", "状态", "state", PaymentState)),
        ),
        root=True,
        of_books=True,
    ),
    "expenses": Listed(
        Text("Expenses", "支出"),
        "expenses",
        (
            *(_f("Category", "类目", "category", ExpenseCategory), _f("Fund", "资金来源", "fund", Fund)),
            *(_n("Amount", "金额", "amount"), _f("What for", "用途", "what"), _f("Day", "支出日期", "spentOn")),
            *(_f("Supplier", "供应商", "supplier.name"), _f("Invoice number", "发票号码", "invoiceNumber")),
            *(_f("Invoice day", "开票日期", "invoiceOn"), _f("Basis", "依据", "basis")),
            *(_f("State", "状态", "state", ExpenseState), _f("Paid on", "付款日期", "paidOn")),
        ),
        root=True,
    ),
    "journal": Listed(
        Text("Journal", "记账凭证"),
        "journalLines",
        (
            *(_n("Entry", "凭证号", "entry.number"), _f("Day", "日期", "bookedOn"), _f("Kind", "类别", "entry.kind", EntryKind)),
            *(_f("Account", "科目", "code", AccountCode), _f("Fund", "资金归属", "fund", Fund)),
            *(_n("Debit", "借方", "debit"), _n("Credit", "贷方", "credit"), _f("Home code", "房屋编码", "home.code")),
            *(_f("Category", "类目", "category"), _f("Text", "摘要", "entry.text")),
        ),
        root=True,
    ),
}
