"""Jobs: long work that somebody asked for, and how far it is."""

from .words import Text, Word


class JobKind(Word):
    """What is being done."""

    SHEET_CHECK = "SHEET_CHECK", "检查表格", "A sheet is checked; nothing is entered."
    SHEET_COMMIT = "SHEET_COMMIT", "导入表格", "A checked sheet is entered, all of it or nothing."
    BILL_RUN = "BILL_RUN", "批量出账", "Bills are made for many homes."
    BILL_RUN_REVERSE = "BILL_RUN_REVERSE", "撤销出账", "The bills of a run are taken back."
    BANK_FILE = "BANK_FILE", "导入银行流水", "A bank's file is read and matched."


class JobState(Word):
    """Where a job stands."""

    QUEUED = "QUEUED", "排队中", "Nobody has begun with it yet."
    RUNNING = "RUNNING", "进行中", "It is being done."
    DONE = "DONE", "已完成", "All of it was done."
    FAILED = "FAILED", "失败", "It was broken off; its message says why."
    CANCELLED = "CANCELLED", "已取消", "Somebody has called it off."

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""
        return self not in GOING_ON


#: The states in which it still goes on: one job of a kind at a time about the same thing.
GOING_ON = (JobState.QUEUED, JobState.RUNNING)

#: What is said of a job from which nothing was heard for too long.
LOST = Text("Nothing has been heard of it for too long. Start it again.", "长时间没有进展，请重新发起。")
