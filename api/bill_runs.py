"""Bill runs: what they bill per item, and what they could not."""

import models
from api.enums import graphql_enum
from api.read.declare import column, many, node, one
from domain.bill_runs import BillRunState
from domain.charges import ChargeFault

for _word in (BillRunState, ChargeFault):
    graphql_enum(_word)


@node(models.BillRun, "Bill run (出账批次): all homes of a book are billed for a month. Its job tells how far it is.")
class BillRun:
    month = column("First day of the month (计费月份).", sort=True)
    state = column("Where it stands (状态).", filter=True)
    issued_on = column("What day its bills bear (开具日期).")
    due_on = column("By when they are to be paid (到期日).")
    homes = column("Homes that were looked at (处理户数).")
    bills = column("Bills that it would issue, or issued and did not take back (账单数).")
    faults = column("How often a home could not be charged for an item (未能计费数).")
    total = column("What these bills ask for (账单总额).")
    examples = column("Some bills as they would be (账单示例).")
    why = column("Why it was reversed (撤销原因).")
    started_at = column("When it was asked for (发起时间).")
    ended_at = column("When it was through (完成时间).")
    version = column("Version, for expectedVersion.")
    job = one("Job", "Its job (任务), for progress.")
    book = one("Book", "Book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    items = many("BillRunItem", "What it bills per item (分项汇总).", by="run_id")
    fault_list = many("BillRunFault", "Where it could not (未能计费明细).", by="run_id")
    issued = many("Bill", "The bills that it issued (账单).", by="run_id", sort="number")


@node(models.BillRunItem, "What a bill run bills of an item (分项汇总).")
class BillRunItem:
    period_from = column("First day of the period (计费起始日).")
    period_to = column("Last day of the period (计费截止日).")
    homes = column("Homes that pay (计费户数).")
    exempt = column("Homes that pay nothing (免收户数).")
    already = column("Homes that were billed for it before (已出账户数).")
    faults = column("Homes that could not be charged (未能计费户数).")
    amount = column("What it comes to (金额).")
    run = one("BillRun", "Run (出账批次).")
    fee_item = one("FeeItem", "Item (收费项目).")


@node(models.BillRunFault, "An item that a bill run could not charge to a home (未能计费), and why.")
class BillRunFault:
    fault = column("Why (原因).", filter=True)
    run = one("BillRun", "Run (出账批次).")
    fee_item = one("FeeItem", "Item (收费项目).")
    home = one("Home", "Home (住房).")
