"""What is said of a ticket: its kinds, priorities, states and sources, and what can be done to it."""

from domain.words import Text, Word

TITLE_MAX, DESCRIPTION_MAX, REMARK_MAX, CASE_NUMBER_MAX = 200, 5_000, 2_000, 60

#: What stands where a reporter's words were taken away; it is stored in Chinese, the street's language.
CLEARED = Text("(cleared)", "（已清除）")


class TicketKind(Word):
    """What a ticket asks for."""

    REPAIR = "REPAIR", "报修", "Something is broken."
    COMPLAINT = "COMPLAINT", "投诉", "Somebody is dissatisfied."
    SUGGESTION = "SUGGESTION", "建议", "Somebody proposes an improvement."
    ENQUIRY = "ENQUIRY", "咨询", "Somebody asks."


class TicketPriority(Word):
    """How fast a ticket must move."""

    EMERGENCY = "EMERGENCY", "紧急", "Trapped, burst, fire, power."
    URGENT = "URGENT", "加急", "Today."
    ORDINARY = "ORDINARY", "普通", "Within the ordinary limits."


class TicketState(Word):
    """Where a ticket stands."""

    OPEN = "OPEN", "待受理", "Nobody has accepted it yet."
    ACCEPTED = "ACCEPTED", "已受理", "Somebody answers for it."
    ASSIGNED = "ASSIGNED", "已派单", "A person has been named."
    IN_PROGRESS = "IN_PROGRESS", "处理中", "The person is at work."
    RESOLVED = "RESOLVED", "已处理", "Done, to be confirmed."
    CLOSED = "CLOSED", "已办结", "Confirmed."
    CANCELLED = "CANCELLED", "已取消", "Withdrawn before work was done."


class TicketSource(Word):
    """How a ticket came in."""

    RESIDENT = "RESIDENT", "居民提交", "Somebody who lives there, or sits in the owners' body."
    STAFF = "STAFF", "工作人员登记", "Somebody on duty wrote it down."
    HOTLINE = "HOTLINE", "热线转办", "The city's hotline; it has the number of the case there."
    ALERT = "ALERT", "告警", "An alert opened it."
    JOINT_WORK = "JOINT_WORK", "联访联议", "A joint visit or deliberation brought it up."
    QR = "QR", "扫码提交", "The code on a facility was scanned."


class TicketMove(Word):
    """What a person can do to a ticket's state."""

    ACCEPT = "ACCEPT", "受理", "Answer for it."
    ASSIGN = "ASSIGN", "派单", "Name the person who handles it."
    START = "START", "开始处理", "Begin the work."
    TRANSFER = "TRANSFER", "转办", "Hand it on to another organisation."
    RESOLVE = "RESOLVE", "处理完成", "Report the work done."
    CONFIRM = "CONFIRM", "确认办结", "Agree that it is done."
    REOPEN = "REOPEN", "重新打开", "Say that it is not done."
    CANCEL = "CANCEL", "取消", "Withdraw it."
