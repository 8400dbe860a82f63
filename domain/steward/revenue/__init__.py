"""Income and expenses (收支分析): the rules, in one table. Everything about them, documents included, is read from here."""

from domain.steward.rules import Module
from domain.words import Text

from . import disclosing, invoices, keeping, spending
from .invoices import INVOICE_BOUNDS
from .invoices import RULES as INVOICE_RULES
from .invoices import bounds as invoice_bounds
from .spending import OF_KIND, SPENDING_BOUNDS
from .spending import bounds as spending_bounds

__all__ = ["INVOICE_BOUNDS", "INVOICE_RULES", "MODULE", "OF_KIND", "SPENDING_BOUNDS", "invoice_bounds", "spending_bounds"]

MODULE = Module(
    key="revenue",
    name=Text("Income and expenses", "收支分析"),
    about=Text(
        "What is spent beside what is usual and what was planned, invoices, cash, and what owners are told of it."
        " Alerts name no amount, supplier or home, and no account of a company's own money.",
        "支出是否异常、是否超预算，发票是否重复或拆分，资金是否充足，是否向业主公示；告警不含金额、供应商和住户，企业自有资金不指明科目。",
    ),
    rules=(*spending.RULES, *invoices.RULES, *keeping.RULES, *disclosing.RULES),
)
