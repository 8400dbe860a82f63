"""Bills, their lines, and credit notes."""

import models
from api.enums import graphql_enum
from api.read.declare import column, localised, many, node, one
from domain.bills import BillKind, BillState, CreditKind, FeeUnit
from domain.ledger import AccountCode

for _word in (AccountCode, BillKind, BillState, CreditKind, FeeUnit):
    graphql_enum(_word)


@node(models.Bill, "Bill (账单): what a home is asked to pay. After issue nothing of it changes but what was paid and credited.")
class Bill:
    number = column("Number (账单号): without gaps in each book.", sort=True)
    kind = column("What it is about (类别).", filter=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    period_from = column("First day it is about (计费起始日).")
    period_to = column("Last day it is about (计费截止日).")
    issued_on = column("When it was issued (开具日期).", filter=True, sort=True)
    due_on = column("By when it is to be paid (到期日).", filter=True, sort=True)
    total = column("What it asks for (账单金额).", aggregate=True)
    paid = column("What was paid of it (已缴金额).", aggregate=True)
    credited = column("What was taken back of it (冲减金额).", aggregate=True)
    open = column("What is still to be paid (未缴金额).", aggregate=True)
    run = one("BillRun", "The run that issued it (出账批次); null: none did.", filter=True)
    corrects = one("Bill", "The bill that it replaces (更正的原账单).")
    book = one("Book", "Book (账套).", filter=True, group=True)
    home = one("Home", "Home (住房).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    organisation = one("Organisation", "Who asks for it (收费单位).")
    allocations = many("Allocation", "What payments went to it (核销明细), the newest first.", by="bill_id", sort="-made_at")
    lines = many("BillLine", "What for (明细).", by="bill_id", sort="number")
    credit_notes = many("CreditNote", "What was taken back of it (冲减单).", by="bill_id", sort="issued_on")


@node(models.BillLine, "Line (账单明细) of a bill: quantity × unit price × factor, rounded as the item says.")
class BillLine:
    number = column("Its place on the bill (序号).", sort=True)
    account = column("What income it is (收入科目).")
    description = localised("What for (说明), in the language of the request.")
    period_from = column("First day (计费起始日).")
    period_to = column("Last day (计费截止日).")
    quantity = column("How much (数量).")
    unit = column("Of what (单位).")
    unit_price = column("What one costs (单价), in yuan; where it is not metered, for a month.")
    factor = column("For how many months, less the discount (系数).")
    amount = column("What it comes to (金额).")
    credited = column("What was taken back of it (冲减金额).")
    tier = column("Which tier of the price (阶梯档次), from 0.")
    withdrawn = column("Whether its days can be billed again (是否可重新出账).")
    bill = one("Bill", "Bill (账单).")
    fee_item = one("FeeItem", "Item (收费项目); null: it was billed by hand.")


@node(models.CreditNote, "Credit note (冲减单): what was taken back of a bill, and why.")
class CreditNote:
    number = column("Number (冲减单号): without gaps in each book.")
    kind = column("On what ground (类别).", filter=True)
    amount = column("How much (金额).")
    why = column("Why (原因).")
    issued_on = column("When it was issued (开具日期).", sort=True)
    bill = one("Bill", "Bill (账单).", filter=True)
    book = one("Book", "Book (账套).")
    home = one("Home", "Home (住房).")
    lines = many("CreditNoteLine", "How much of which line (明细).", by="credit_note_id")


@node(models.CreditNoteLine, "Line (冲减明细) of a credit note: how much of a bill's line it takes back.")
class CreditNoteLine:
    amount = column("How much (金额).")
    credit_note = one("CreditNote", "Credit note (冲减单).")
    bill_line = one("BillLine", "Line of the bill (账单明细).")
