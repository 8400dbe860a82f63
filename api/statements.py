"""Statements to the owners: their lines, what these are made of, and what is asked about them."""

import models
from api.read.declare import column, localised, many, node, one


@node(models.Statement, "Statement (收支公示表) to the owners: what came in and went out of a book in a period.")
class Statement:
    state = column("Where it stands (状态).", filter=True)
    edition = column("Its edition (版次): 1, and one more with each correction.")
    period_from = column("First day of the period (期间首日).", sort=True)
    period_to = column("Last day of the period (期间末日).", filter=True)
    title = localised("What it is called (标题).")
    content = column("Its content (内容), to the character: the JSON whose SHA-256 is `sha256`.")
    sha256 = column("SHA-256 of the content, in hex (校验值).")
    review = column("How it was reviewed (审核情况), once it is published.")
    remarks = column("Why it was given back (退回意见).")
    corrected_why = column("Why it corrects the edition before (更正原因).")
    drafted_at = column("When it was drafted (起草时间).")
    submitted_at = column("When it was submitted (提交时间).")
    review_by = column("Last day for its review (审核期限).")
    reviewed_at = column("When it was found right (审核时间).")
    published_at = column("When it was published (公示时间).")
    version = column("Version, for expectedVersion.")
    book = one("Book", "The books that it is drawn from (账套), for those who see them.", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps the books (记账单位).", filter=True)
    corrects = one("Statement", "The edition that it corrects (被更正版).")
    corrected_by = many(
        "Statement", "Editions that correct it (更正版), discarded ones too.", by="corrects_id", sort="period_from"
    )
    lines = many("StatementLine", "Its lines (各行), in their order.", by="statement_id", sort="position")
    questions = many("StatementQuestion", "What was asked about it (提问), newest first.", by="statement_id", sort="-asked_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.StatementLine, "Line (公示行) of a statement.")
class StatementLine:
    position = column("Its place in the statement (序号).", sort=True)
    part = column("Whose money (部分).")
    kind = column("What it tells (行类别).")
    code = column("Account of the chart (科目); empty for balances.")
    name = localised("What it is called (名称).")
    amount = column("Amount in yuan (本期金额).")
    previous = column("The same of the period before (上期金额); null: the book was not open yet.")
    was = column("The same before the correction (更正前金额); null: nothing is corrected.")
    entry_count = column("How many journal entries it is made of (凭证数).")
    statement = one("Statement", "Its statement (公示表).")
    entries = many(
        "StatementEntry", "What it is made of (追溯), for those who see the entries, by day.", by="line_id", sort="booked_on"
    )


@node(models.StatementEntry, "What a journal entry adds to a line of a statement (公示行追溯).")
class StatementEntry:
    number = column("The entry's number in the book (凭证号).")
    kind = column("What the entry is about (凭证类型).")
    booked_on = column("Day of the books (记账日期).", sort=True)
    amount = column("What it adds, in yuan (金额).")
    line = one("StatementLine", "The line (公示行).")
    entry = one("JournalEntry", "The entry (凭证), for those who see it.")


@node(models.StatementQuestion, "Question (提问) about a published statement; who asked it is told to nobody.")
class StatementQuestion:
    state = column("Where it stands (状态).", filter=True)
    body = column("What was asked (问题).")
    answer = column("What was answered (答复); empty: nothing yet.")
    asked_at = column("When it was asked (提问时间).", sort=True)
    answered_at = column("When it was answered (答复时间).")
    hidden_at = column("When the office hid it (隐藏时间); null: it is shown.")
    hidden_why = column("Why (隐藏原因).")
    version = column("Version, for expectedVersion.")
    statement = one("Statement", "The statement (公示表).")
    line = one("StatementLine", "The line that it is about (公示行); null: the statement as a whole.")
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who is to answer (答复单位).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
