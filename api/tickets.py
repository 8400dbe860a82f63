"""Tickets and their comments."""

import models
from api.read.declare import column, computed, many, node, one


@node(models.Ticket, "Ticket (工单): a repair, complaint, suggestion or enquiry.")
class Ticket:
    number = column("Number for people (工单号).", filter=True)
    kind = column("Kind (类别).", filter=True, group=True)
    priority = column("Priority (优先级).", filter=True, group=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    title = column("Title (标题).")
    description = column("What happened (描述).")
    contact_phone = column(
        "Number to call back on (联系电话), masked; `unmask` tells the whole of it.", name="contact_phone_masked"
    )
    opened_at = column("When it was opened (提交时间).", filter=True, sort=True, group=True)
    due_at = column("When it must be closed (截止时间).", filter=True, sort=True)
    accepted_at = column("When it was accepted (受理时间).")
    arrived_at = column("When somebody was on the spot (到场时间).")
    replied_at = column("When whoever opened it had a first answer (首次答复时间).")
    resolved_at = column("When the work was done (处理完成时间).")
    closed_at = column("When it was confirmed (办结时间).")
    version = column("Version, for expectedVersion.")
    overdue = computed(
        bool,
        "({row}.due_at < now() AND {row}.state NOT IN ('RESOLVED', 'CLOSED', 'CANCELLED'))",
        "Whether the deadline has passed before the work was done (是否超时).",
    )
    deadline = one("TicketDeadline", "Deadline that comes next (当前时限); null: none counts any more.", by="next_of_id")
    deadlines = many("TicketDeadline", "Its deadlines (时限), the first first.", by="ticket_id", sort="due")
    pauses = many("TicketPause", "When its clock stood still (暂停记录), the first first.", by="ticket_id", sort="started_at")
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    home = one("Home", "Home (房屋), where it is about one.")
    facility = one("Facility", "Facility (设施), where it is about one.", filter=True)
    alert = one("Alert", "Alert that opened it (告警).")
    organisation = one("Organisation", "Organisation that handles it (承办单位).", filter=True, group=True)
    assignee = one("Account", "Person who handles it, where the viewer may know (处理人).", filter=True)
    comments = many("TicketComment", "Comments (备注), oldest first.", by="ticket_id", sort="at")
    files = many("File", "Files (附件), removed ones too, the first attached first.", by="subject_id", sort="uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.TicketComment, "Remark on a ticket (工单备注).")
class TicketComment:
    body = column("Text (内容).")
    internal = column("Whether only those on duty see it (内部备注).")
    at = column("When (时间).", sort=True)
    author = one("Account", "Who wrote it, where the viewer may know (作者).")
