"""Suppliers and expenses."""

import models
from api.read.declare import column, many, node, one


@node(models.Supplier, "Supplier (供应商) of an organisation: a body, never a person.")
class Supplier:
    name = column("Its name (名称).", sort=True)
    credit_code = column("Its unified social credit code (统一社会信用代码).")
    added_at = column("When it was added (登记时间).")
    ended_at = column("Since when nothing is bought of it (停用时间), null while it goes on.", filter=True)
    version = column("Version, for expectedVersion.")
    organisation = one("Organisation", "Whose supplier it is (所属单位).", filter=True)
    expenses = many("Expense", "What was bought of it (支出), the latest first.", by="supplier_id", sort="-spent_on")


@node(models.Expense, "Expense (支出), out of a fund of a book.")
class Expense:
    state = column("Where it stands (状态).", filter=True)
    category = column("What was spent on (支出类别).", filter=True)
    fund = column("Out of whose money (资金归属).", filter=True)
    amount = column("How much (金额), in yuan.")
    what = column("What it was for (事由).")
    spent_on = column("Day of the books (记账日期).", sort=True, filter=True)
    invoice_number = column("Number of the invoice (发票号码).")
    invoice_on = column("Day of the invoice (开票日期).")
    basis = column("Vote or resolution by which the owners' money is spent (依据).")
    drafted_at = column("When it was entered (录入时间).")
    submitted_at = column("When it was submitted (提交时间).")
    approved_at = column("When it was approved (批准时间).")
    paid_on = column("When it was paid (付款日期).")
    paid_from = column("From which account (付款账户).")
    said = column("Why it was sent back or taken back (驳回、冲销原因).")
    version = column("Version, for expectedVersion.")
    book = one("Book", "Its book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    supplier = one("Supplier", "Of whom it was bought (供应商).", filter=True)
    alike = one("Expense", "One of the same supplier and amount, that it may be (疑似重复).")
    ticket = one("Ticket", "Ticket (工单) that it was for.")
    work_order = one("WorkOrder", "Work order (作业单) that it was for.")
    drafted_by = one("Account", "Who entered it (录入人).")
    submitted_by = one("Account", "Who submitted it (提交人).")
    approved_by = one("Account", "Who approved it (审批人), null where nobody had to.")
    files = many("File", "Its documents (凭据).", by="subject_id", sort="uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
