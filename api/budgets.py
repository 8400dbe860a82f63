"""Budgets of books, month by month; income and expense beside them are in api/analysis."""

import models
from api.read.declare import column, node, one


@node(models.BudgetLine, "What a month of an account is planned to come to (预算).")
class BudgetLine:
    code = column("Account (科目).", filter=True)
    fund = column("Whose money it is (资金归属).", filter=True)
    month = column("First day of the month (月份).", sort=True, filter=True)
    amount = column("Planned (预算金额), in yuan.")
    resolution = column("By which resolution or notice it was set (依据).")
    set_at = column("When it was set (设置时间).")
    book = one("Book", "Its book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
