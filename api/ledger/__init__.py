"""The books: accounts, entries and their lines, months that were closed."""

import models
from api.read.declare import column, many, node, one, one_of


@node(models.Book, "Books (账套) of a compound, by the organisation that keeps them.")
class Book:
    regime = column("By which contract the money is kept (计费方式).", filter=True)
    opened_on = column("First day of which it has entries (启用日期).", sort=True)
    closed_on = column("Last such day (停用日期), null while open.", filter=True)
    approval_limit = column("What is spent above it needs another person's approval (审批限额).")
    version = column("Version, for expectedVersion.")
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who keeps them (记账单位).", filter=True)
    accounts = many("LedgerAccount", "Its accounts (科目).", by="book_id", sort="code")
    entries = many("JournalEntry", "Its entries (凭证), the latest first.", by="book_id", sort="-booked_on")
    expenses = many("Expense", "What was spent (支出), the latest first.", by="book_id", sort="-spent_on")
    periods = many("LedgerPeriod", "Months that were closed (结账记录), the latest first.", by="book_id", sort="-month")
    budget_lines = many("BudgetLine", "What is planned (预算), the latest month first.", by="book_id", sort="-month")
    statements = many("Statement", "Statements drawn from them (收支公示).", by="book_id", sort="-period_from")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.LedgerAccount, "Account (科目) of a book.")
class LedgerAccount:
    code = column("Which of the chart (科目代码).", sort=True, filter=True)
    type = column("What it tells of (科目类别).", filter=True)
    fund = column("Whose money it is (资金归属).", filter=True)
    book = one("Book", "Its book (账套).", filter=True)
    lines = many("JournalLine", "What was posted to it (明细账), the latest first.", by="account_id", sort="-booked_on")


@node(models.JournalEntry, "Entry (记账凭证) of a book: never changed, and taken back by another one only.")
class JournalEntry:
    number = column("Its number in the book (凭证号), without gaps.", filter=True)
    booked_on = column("Day of the books that it is of (记账日期).", sort=True, filter=True)
    kind = column("What it is about (凭证类型).", filter=True)
    text = column("Why it was posted, by hand (摘要).")
    posted_at = column("When it was posted (过账时间).")
    source = one_of(description="What it is about (来源): a bill, a payment, an expense; null by hand.")
    book = one("Book", "Its book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    reverses = one("JournalEntry", "The entry that it takes back (冲销凭证).")
    lines = many("JournalLine", "Its lines (分录), as they were given.", by="entry_id")
    reversed_by = one("JournalEntry", "The entry that took it back (被冲销于).", by="reverses_id")


@node(models.JournalLine, "Line (分录) of an entry: yuan in debit or in credit, of which one is 0.")
class JournalLine:
    code = column("Account of the chart (科目).", filter=True)
    fund = column("Whose money it is (资金归属).", filter=True)
    debit = column("Debit (借方), in yuan.")
    credit = column("Credit (贷方), in yuan.")
    category = column("What was spent, finer than the account (支出类别).")
    booked_on = column("Day of the books (记账日期).", sort=True, filter=True)
    entry = one("JournalEntry", "Its entry (凭证).")
    account = one("LedgerAccount", "Its account (科目).")
    compound = one("Compound", "Compound (小区).", filter=True)
    home = one("Home", "Whose it is (房屋), for whoever keeps the books.")


@node(models.LedgerPeriod, "Month of a book that was closed (结账).")
class LedgerPeriod:
    month = column("First day of the month (月份).", sort=True)
    closed_at = column("When it was closed (结账时间).")
    reopened_at = column("When it was opened again (反结账时间), null: it is closed.")
    reopened_why = column("Why (反结账原因).")
    book = one("Book", "Its book (账套).", filter=True)
    closed_by = one("Account", "Who closed it (结账人).")
    reopened_by = one("Account", "Who opened it again (反结账人).")
