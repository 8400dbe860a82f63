"""Sheets for books: homes' parts in fee items, meters and what they show, what homes owe, balances, entries and expenses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.bills import DESCRIPTION_MAX
from domain.charges import ExemptionReason
from domain.charges.prices import GROUNDS
from domain.expenses import BASIS_MAX, NUMBER_MAX, WHAT_MAX, ExpenseCategory
from domain.ledger import CONTROLLED, AccountCode, Fund
from domain.payments import PaymentMethod
from domain.words import Text

from .cells import RowReading
from .words import Heading

#: No book goes back further, and no day that is asked for lies further ahead.
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
MOST = Decimal("99999999.99")
_MEASURE = Decimal("9999999999.999")
_HOME = Heading("home", Text("Home code", "房屋编码"), required=True, expects=Text("As in the register.", "登记的房屋编码。"))
_ITEM = Heading("item", Text("Fee item", "收费项目"), required=True, expects=Text("Code or name.", "编码或名称。"))
_DAY = Text("A day, such as 2024-05-01.", "日期，如 2024-05-01。")
_AMOUNT = Text("Yuan to the fen, above 0.", "金额（元），大于 0。")
_FLAG = frozenset({"是", "yes", "y", "true", "1", "√"}), frozenset({"", "否", "no", "n", "false", "0"})
ASSIGNMENTS = (
    _HOME,
    _ITEM,
    Heading("starts_on", Text("From", "起始日期"), required=True, expects=_DAY),
    Heading("ends_on", Text("Until", "结束日期"), expects=Text("Empty: open.", "不填为长期。")),
    Heading("quantity", Text("Quantity", "数量"), expects=Text("Empty: 1.", "不填为 1。")),
    Heading("discount", Text("Discount", "减免比例"), "%", expects=Text("0 to 100; empty: none.", "0 到 100；不填为 0。")),
    Heading(
        "exemption",
        Text("Exempt because", "免收原因"),
        expects=Text("A word; empty: it pays.", "、".join(e.zh for e in ExemptionReason)),
    ),
)
METERS = (
    Heading("code", Text("Meter code", "表号"), required=True),
    _HOME,
    _ITEM,
    Heading(
        "digits", Text("Digits", "表盘位数"), required=True, expects=Text("Before the point: 3 to 9.", "小数点前的位数，3 到 9。")
    ),
    Heading("value", Text("First reading", "起始读数"), expects=Text("Empty: 0.", "不填为 0。")),
    Heading("ratio", Text("Ratio", "倍率"), expects=Text("Empty: 1.", "不填为 1。")),
    Heading("started_on", Text("Since", "启用日期"), required=True, expects=_DAY),
)
READINGS = (
    Heading("code", Text("Meter code", "表号"), required=True),
    Heading("read_on", Text("Read on", "抄表日期"), required=True, expects=_DAY),
    Heading("value", Text("Reading", "读数"), required=True),
    Heading("rolled_over", Text("Rolled over", "是否归零"), expects=Text("Yes, or empty.", "是；不填为否。")),
)
BILLS = (
    _HOME,
    Heading("amount", Text("Amount", "金额"), required=True, expects=_AMOUNT),
    Heading("what", Text("What for", "费用说明"), required=True, expects=Text("It names nobody.", "不填姓名。")),
    Heading("account", Text("Income account", "收入科目"), expects=Text("Empty: service fees.", "不填为物业服务费收入。")),
    Heading("period_from", Text("First day", "计费起始日"), required=True, expects=_DAY),
    Heading("period_to", Text("Last day", "计费截止日"), required=True, expects=_DAY),
    Heading("issued_on", Text("Issued on", "开具日期"), required=True, expects=Text("A day of the book.", "账套启用日或之后。")),
    Heading("due_on", Text("Due on", "到期日"), required=True, expects=_DAY),
)
PAYMENTS = (
    _HOME,
    Heading("amount", Text("Amount", "金额"), required=True, expects=_AMOUNT),
    Heading("received_on", Text("Received on", "收款日期"), required=True, expects=_DAY),
    Heading("method", Text("Method", "收款方式"), expects=Text("Cash or transfer; empty: transfer.", "现金或转账；不填为转账。")),
    Heading("reference", Text("Reference", "流水号"), expects=Text("The bank's; of a transfer.", "转账须填写银行流水号。")),
)
BALANCES = (
    Heading("account", Text("Account", "科目"), required=True, expects=Text("Its name.", "科目名称。")),
    Heading(
        "amount", Text("Balance", "期初余额"), required=True, expects=Text("What the account grows by.", "按科目余额方向填写。")
    ),
)
ENTRIES = (
    Heading("entry", Text("Entry", "凭证序号"), required=True, expects=Text("The same for all its lines.", "同一凭证各行相同。")),
    Heading("booked_on", Text("Day", "日期"), required=True, expects=_DAY),
    Heading("account", Text("Account", "科目"), required=True, expects=Text("Its name.", "科目名称。")),
    Heading("debit", Text("Debit", "借方"), expects=Text("One of the two.", "借贷填一项。")),
    Heading("credit", Text("Credit", "贷方"), expects=Text("One of the two.", "借贷填一项。")),
    Heading("text", Text("Text", "摘要"), required=True, expects=Text("Why; it names nobody.", "事由，不填姓名。")),
)
EXPENSES = (
    Heading(
        "category", Text("Category", "类目"), required=True, expects=Text("A word.", "、".join(e.zh for e in ExpenseCategory))
    ),
    Heading("amount", Text("Amount", "金额"), required=True, expects=_AMOUNT),
    Heading("what", Text("What for", "用途"), required=True, expects=Text("It names nobody.", "不填姓名。")),
    Heading(
        "fund",
        Text("Fund", "资金来源"),
        expects=Text("Empty: the company's.", f"{'、'.join(e.zh for e in Fund)}；不填为企业自有。"),
    ),
    Heading("spent_on", Text("Day", "支出日期"), required=True, expects=_DAY),
    Heading("supplier", Text("Supplier", "供应商"), expects=Text("Its name, as it is listed.", "已登记的名称。")),
    Heading("invoice_number", Text("Invoice number", "发票号码")),
    Heading("invoice_on", Text("Invoice day", "开票日期"), expects=_DAY),
    Heading(
        "basis", Text("Basis", "依据"), expects=Text("Of the owners' money: the resolution.", "使用业主资金时填写决议文号。")
    ),
)


@dataclass(frozen=True)
class Item:
    """A fee item that a row may name."""

    id: str
    starts_on: date
    ended_on: date | None
    metered: bool


def item_of(reading: RowReading, items: Mapping[str, Item]) -> Item | None:
    """The item that the row names."""
    found = reading.one("item", {name: name for name in items})
    return items[found] if found else None


def assignment(reading: RowReading, homes: Mapping[str, str | None], items: Mapping[str, Item]) -> dict[str, str | None]:
    """A home's part in an item; it holds if the reading is still good."""
    home, item = reading.one("home", homes), item_of(reading, items)
    least = item.starts_on if item else EARLIEST
    first = reading.day("starts_on", least=least, most=(item.ended_on if item else None) or LATEST)
    last = reading.day("ends_on", least=first or EARLIEST, most=LATEST, required=False)
    quantity = reading.number_of("quantity", least=Decimal("0.01"), most=10_000, places=2, required=False)
    discount = reading.number_of("discount", least=0, most=100, places=2, required=False)
    exemption = reading.word("exemption", ExemptionReason) if reading.given("exemption") else None
    said = {"home": home, "item": item and item.id, "from": _iso(first), "until": _iso(last)}
    return {**said, "quantity": str(quantity or 1), "discount": str(discount or 0), "exemption": exemption}


def meter(reading: RowReading, homes: Mapping[str, str | None], items: Mapping[str, Item], today: date) -> dict[str, str | None]:
    """A meter; it holds if the reading is still good."""
    code, home, item = reading.text("code", 40), reading.one("home", homes), item_of(reading, items)
    if item is not None and not item.metered:
        reading.wrong(
            "item",
            Text("The item is not metered.", "该项目不是按表计量项目。"),
            Text("Name one that is.", "请选择按表计量项目。"),
        )
    digits = reading.whole("digits", least=3, most=9)
    value = reading.number_of("value", least=0, most=(10 ** (digits or 9)) - Decimal("0.001"), places=3, required=False)
    ratio = reading.number_of("ratio", least=Decimal("0.001"), most=10_000, places=3, required=False)
    day = reading.day("started_on", least=EARLIEST, most=today)
    said = {"code": code, "home": home, "item": item and item.id, "digits": None if digits is None else str(digits)}
    return {**said, "value": str(value or 0), "ratio": str(ratio or 1), "from": _iso(day)}


def shown(reading: RowReading, meters: Mapping[str, str | None], today: date) -> dict[str, str | bool | None]:
    """What a meter showed; it holds if the reading is still good."""
    found = reading.one("code", meters)
    day = reading.day("read_on", least=EARLIEST, most=today)
    value = reading.number_of("value", least=0, most=_MEASURE, places=3)
    said = str(reading.row.cells.get("rolled_over", "")).strip().lower()
    if said not in _FLAG[0] | _FLAG[1]:
        reading.wrong(
            "rolled_over", Text("It is neither yes nor no.", "不是“是”或“否”。"), Text("Write yes or no.", "请填写是或否。")
        )
    return {"meter": found, "on": _iso(day), "value": None if value is None else str(value), "rolled": said in _FLAG[0]}


def owed(reading: RowReading, homes: Mapping[str, str | None], today: date) -> dict[str, str | None]:
    """What a home owes; it holds if the reading is still good."""
    home, amount = reading.one("home", homes), reading.money("amount", least=Decimal("0.01"), most=MOST)
    account = reading.word("account", AccountCode, default=AccountCode.SERVICE_INCOME)
    if account is not None and account not in GROUNDS:
        names = "、".join(each.zh for each in GROUNDS)
        reading.wrong(
            "account", Text("No fee is booked to it.", "收费不能记入该科目。"), Text(f"Use: {names}.", f"请使用：{names}。")
        )
    first = reading.day("period_from", least=EARLIEST, most=LATEST)
    last = reading.day("period_to", least=first or EARLIEST, most=LATEST)
    issued = reading.day("issued_on", least=EARLIEST, most=today)
    due = reading.day("due_on", least=issued or EARLIEST, most=LATEST)
    days = {"from": _iso(first), "to": _iso(last), "issued": _iso(issued), "due": _iso(due)}
    what = reading.text("what", DESCRIPTION_MAX)
    return {"home": home, "amount": None if amount is None else str(amount), "what": what, "account": account, **days}


def payment(reading: RowReading, homes: Mapping[str, str | None], opened_on: date, today: date) -> dict[str, str | None]:
    """What a home paid; it holds if the reading is still good."""
    home, amount = reading.one("home", homes), reading.money("amount", least=Decimal("0.01"), most=10_000_000)
    day = reading.day("received_on", least=opened_on, most=today)
    method = reading.word("method", PaymentMethod, default=PaymentMethod.TRANSFER)
    if method not in {None, PaymentMethod.CASH, PaymentMethod.TRANSFER}:
        reading.wrong(
            "method",
            Text("It comes from files and providers only.", "该方式只能由银行流水或支付平台产生。"),
            Text("Use cash or transfer.", "请使用现金或转账。"),
        )
    reference = reading.text("reference", 60, required=method is PaymentMethod.TRANSFER)
    said = {"home": home, "amount": None if amount is None else str(amount), "on": _iso(day)}
    return {**said, "method": method, "reference": reference}


def balance(reading: RowReading) -> tuple[str, str | None]:
    """An account and what was on it."""
    account, amount = _account(reading), reading.money("amount", least=-MOST, most=MOST)
    return account, None if amount is None else str(amount)


def line(reading: RowReading) -> dict[str, str | None]:
    """A line of an entry by hand; it holds if the reading is still good."""
    account = _account(reading)
    debit, credit = (reading.money(key, least=0, most=MOST, required=False) or Decimal(0) for key in ("debit", "credit"))
    if (debit > 0) is (credit > 0) and reading.good:
        reading.wrong(
            "debit",
            Text("One of debit and credit is above 0.", "借方、贷方须且只能填写一项。"),
            Text("Fill in one, and leave the other empty.", "请只填写一项，另一项留空。"),
        )
    day = reading.day("booked_on", least=EARLIEST, most=LATEST)
    said = {"entry": reading.text("entry", 40), "on": _iso(day), "account": account, "text": reading.text("text", 300)}
    return {**said, "debit": str(debit), "credit": str(credit)}


def expense(reading: RowReading, suppliers: Mapping[str, str | None], today: date) -> dict[str, str | None]:
    """Something spent; it holds if the reading is still good."""
    category, amount = reading.word("category", ExpenseCategory), reading.money("amount", least=Decimal("0.01"), most=MOST)
    what, fund = reading.text("what", WHAT_MAX), reading.word("fund", Fund, default=Fund.COMPANY)
    spent = reading.day("spent_on", least=EARLIEST, most=today)
    invoiced = reading.day("invoice_on", least=EARLIEST, most=today, required=False)
    basis = reading.text("basis", BASIS_MAX, required=False)
    if fund is not None and fund is not Fund.COMPANY and not basis:
        reading.wrong(
            "basis",
            Text("The owners' money is spent by a resolution.", "使用业主资金须有依据。"),
            Text("Name it.", "请填写决议文号。"),
        )
    said = {"category": category, "amount": None if amount is None else str(amount), "what": what, "fund": fund}
    number, supplier = (
        reading.text("invoice_number", NUMBER_MAX, required=False),
        reading.one("supplier", suppliers, required=False),
    )
    return {
        **said,
        "spent": _iso(spent),
        "invoiced": _iso(invoiced),
        "basis": basis,
        "number": number.upper(),
        "supplier": supplier,
    }


def _account(reading: RowReading) -> str:
    account = reading.word("account", AccountCode)
    if account in CONTROLLED:
        reading.wrong(
            "account",
            Text("It follows from bills and payments.", "该科目由账单和收款自动记账。"),
            Text("Import bills or payments instead.", "请改为导入账单或收款。"),
        )
    return account or ""


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
