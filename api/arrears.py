"""Arrears: cases, reminders, plans, disputes, late fees, files for courts."""

import models
from api.read.declare import column, localised, many, node, one


@node(models.ReminderLadder, "Reminder ladder (催缴阶梯) of a book: what a home that is behind is told, and when.")
class ReminderLadder:
    steps = column("Its steps (步骤): each with kind, after_days (past due) and period_days (to pay).")
    running = column("Whether reminders are sent (是否启用).")
    set_at = column("When it was set (设置时间).", sort=True)
    version = column("Version, for expectedVersion.")
    book = one("Book", "Book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.LateFeeTerms, "Late fee terms (违约金约定): what a contract says. Without terms no late fee is asked for.")
class LateFeeTerms:
    contract_number = column("Number of the contract (合同编号).")
    per_day = column("Share of what is unpaid that is owed for each day (日比例): 0.0003 is 0.03 %.")
    cap = column("The most in all, as a share of what was billed (上限比例).")
    grace_days = column("Days past due that cost nothing (宽限天数).")
    starts_on = column("From when on they hold (起始日期).", sort=True)
    ends_on = column("Last day (结束日期), null while open.", filter=True)
    version = column("Version, for expectedVersion.")
    book = one("Book", "Book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.ArrearsCase, "Arrears case (欠费催缴) of a home, from its first reminder until nothing is past due.")
class ArrearsCase:
    state = column("Where it stands (状态).", filter=True, group=True)
    opened_on = column("When it began (开始日期).", filter=True, sort=True)
    closed_on = column("When nothing was past due any more (了结日期).")
    step = column("Step of the ladder that was sent last (已发步骤); 0: none.", filter=True)
    sent_on = column("When that was sent (发出日期).")
    pay_by = column("By when it asked to pay (限期).", filter=True)
    version = column("Version, for expectedVersion.")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    reminders = many("Reminder", "Its reminders (催缴记录), newest first.", by="case_id", sort="-sent_at")
    court_files = many("CourtFile", "Files made for a court or an arbitration (移交材料).", by="case_id", sort="-made_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.Reminder, "Reminder (催缴记录): what a home was told, of which bills, and how it came there.")
class Reminder:
    kind = column("How firmly it speaks (种类).", filter=True, group=True)
    step = column("Step of the ladder (步骤).")
    amount = column("What was past due then (欠费金额).")
    bill_count = column("Of how many bills (账单数).")
    oldest_due_on = column("When the oldest of them was due (最早应缴日).")
    pay_by = column("By when it asks to pay (限期).", filter=True)
    sent_at = column("When it was sent (发出时间).", sort=True)
    told = column("Through how many inboxes and channels of residents it went (站内送达数).")
    message = localised("What it says (内容).")
    bills = column("The bills then (账单): each with id, number, due_on and open.")
    delivered_way = column("How it came on paper (书面送达方式); null: it did not.", filter=True)
    delivered_on = column("When it came on paper (送达日期).")
    slip = column("Number of the post's slip (邮寄单号).")
    version = column("Version, for expectedVersion.")
    case = one("ArrearsCase", "Case (欠费催缴).")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(
    models.InstalmentPlan, "Instalment plan (分期): bills of a home that are paid in parts; while it is kept nobody is reminded."
)
class InstalmentPlan:
    state = column("Where it stands (状态).", filter=True, group=True)
    agreed_on = column("When it was agreed (约定日期).", sort=True)
    ended_on = column("When it ended (结束日期), null while it runs.")
    total = column("What was owed then (总额).")
    paid = column("What was paid or credited of it, when it was looked at last (已缴).")
    parts = column("In how many parts (期数).")
    bill_ids = column("Ids of the bills that it covers (账单): ask `nodes` for more of them.")
    version = column("Version, for expectedVersion.")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    instalments = many("Instalment", "Its parts (各期), the first one first.", by="plan_id", sort="due_on")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.Instalment, "Instalment (分期款): so much by a day.")
class Instalment:
    number = column("Which one it is (期次).")
    due_on = column("By when (应缴日).", sort=True)
    amount = column("How much (金额).")
    plan = one("InstalmentPlan", "Plan (分期).")


@node(models.BillDispute, "Dispute of a bill (账单异议): until it is settled nobody is reminded of it, and no late fee grows.")
class BillDispute:
    reason = column("Why (理由).", filter=True, group=True)
    text = column("In the home's words (说明).")
    state = column("Where it stands (状态).", filter=True, group=True)
    opened_at = column("When it was opened (提出时间).", filter=True, sort=True)
    answer = column("What was answered (答复).")
    answered_at = column("When (答复时间).")
    closed_at = column("When it was settled (办结时间).")
    credited = column("What was credited of the bill (冲减金额), where it was upheld.")
    version = column("Version, for expectedVersion.")
    bill = one("Bill", "Bill (账单).", filter=True)
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.LateFeeCharge, "Late fee (违约金) that was billed for late payment of a bill, for its days up to one.")
class LateFeeCharge:
    until = column("The last day that is counted (计算截止日).", sort=True)
    days = column("Days counted in all (天数), those of charges before included.")
    amount = column("What was billed (金额).")
    bill = one("Bill", "Bill that was paid late (欠费账单).", filter=True)
    late_bill = one("Bill", "Bill of the late fee (违约金账单).")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)


@node(models.CourtFile, "File for a court or an arbitration (移交材料): frozen; its document is at /court-files/<id>.html.")
class CourtFile:
    made_at = column("When it was made (制作时间).", sort=True)
    amount = column("What is asked for (主张金额).")
    bill_count = column("Of how many bills (账单数).")
    sha256 = column("SHA-256 of the document (文件摘要).")
    case = one("ArrearsCase", "Case (欠费催缴).", filter=True)
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the book (建账单位).", filter=True)
    made_by = one("Account", "Who made it, where the viewer may know (制作人).")
    history = many("Fact", "What was done to it, who read it included (操作记录), newest first.", by="subject_id", sort="-at")
