"""Tickets and their comments."""

import models
from api.read.declare import column, computed, localised, many, node, one


@node(models.Ticket, "Ticket (工单): a repair, complaint, suggestion or enquiry.")
class Ticket:
    number = column("Number for people (工单号).", filter=True)
    kind = column("Kind (类别).", filter=True, group=True)
    source = column("How it came in (来源).", filter=True, group=True)
    case_number = column("The city hotline's number of the case (热线编号).", filter=True)
    category = column("What it is about (问题类别); null: nobody has said yet.", filter=True, group=True)
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
    transferred_at = column("When it was last handed on to another organisation (转办时间).")
    arrived_at = column("When somebody was on the spot (到场时间).")
    replied_at = column("When whoever opened it had a first answer (首次答复时间).")
    resolved_at = column("When the work was done (处理完成时间).")
    closed_at = column("When it was confirmed, or closed by itself (办结时间).")
    closes_at = column("When it is closed by itself if nobody confirms it (自动办结时间); null: its reporter was not told yet.")
    reopened_count = column("How often it was opened again (重开次数).")
    routing = localised("Why it went to its organisation, and who is proposed there (分派说明).")
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
    proposed_assignee = one("Account", "Person proposed by duty roster and load, where the viewer may know (建议处理人).")
    parties = many("TicketParty", "Organisations that take part (参与单位), the first first.", by="ticket_id", sort="added_at")
    watchers = many("TicketWatcher", "People who hear of every move (关注人).", by="ticket_id", sort="since")
    links = many("TicketLink", "What it is to other tickets (关联).", by="ticket_id", sort="made_at")
    linked_from = many("TicketLink", "What other tickets are to it (被关联).", by="other_id", sort="made_at")
    rating = one("TicketRating", "What its reporter thinks of the work (评价).", by="ticket_id")
    call_backs = many("CallBack", "Call-backs (回访).", by="ticket_id", sort="closed_on")
    comments = many("TicketComment", "Comments (备注), oldest first.", by="ticket_id", sort="at")
    files = many("File", "Files (附件), removed ones too, the first attached first.", by="subject_id", sort="uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.TicketComment, "Remark on a ticket (工单备注).")
class TicketComment:
    body = column("Text (内容).")
    internal = column("Whether only those on duty see it (内部备注).")
    at = column("When (时间).", sort=True)
    author = one("Account", "Who wrote it, where the viewer may know (作者).")


@node(models.TicketParty, "Organisation that takes part in a ticket (参与单位).")
class TicketParty:
    sign_off = column("Whether the work is done only when it has signed (需会签).")
    added_at = column("Since when (加入时间).", sort=True)
    signed_off_at = column("When it signed off (会签时间).")
    ticket = one("Ticket", "Ticket (工单).")
    organisation = one("Organisation", "Organisation (单位).")
    signed_off_by = one("Account", "Who signed for it, where the viewer may know (会签人).")


@node(models.TicketWatcher, "Somebody who hears of every move of a ticket (关注人).")
class TicketWatcher:
    since = column("Since when (关注时间).", sort=True)
    ticket = one("Ticket", "Ticket (工单).")
    account = one("Account", "Who, where the viewer may know (关注人).")


@node(models.TicketLink, "What one ticket is to another (工单关联).")
class TicketLink:
    kind = column("What it is to the other (关联类型).")
    made_at = column("When it was linked (关联时间).", sort=True)
    ticket = one("Ticket", "The ticket (工单).")
    other = one("Ticket", "The other ticket (关联工单), where the viewer sees it.")


@node(models.TicketRating, "What a reporter thinks of the work on a ticket (工单评价).")
class TicketRating:
    score = column("1 (bad) to 5 (good) (评分).", filter=True, group=True, aggregate=True)
    reasons = column("Names of RatingReason (原因).")
    note = column("In their own words (说明).")
    rated_at = column("When (评价时间).", filter=True, group=True)
    ticket = one("Ticket", "Ticket (工单).")
    organisation = one("Organisation", "Organisation that handled it then (承办单位).", filter=True, group=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)


@node(models.CallBack, "That a reporter is asked how it went (回访).")
class CallBack:
    state = column("Whether somebody is still to call (状态).", filter=True, group=True)
    closed_on = column("Day of closing that it was drawn from (办结日期).", filter=True, sort=True)
    attempts = column("How often somebody called (拨打次数).")
    called_at = column("When somebody called last (回访时间).")
    outcome = column("What came of it (回访结果).", filter=True, group=True)
    score = column("1 (bad) to 5 (good), as told (评分).")
    note = column("Remark of whoever called (回访备注).")
    ticket = one("Ticket", "Ticket (工单).")
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    called_by = one("Account", "Who called last, where the viewer may know (回访人).")


@node(models.TicketRoute, "Where the street sends tickets (分派规则); the nearest place counts first, then category, then kind.")
class TicketRoute:
    kind = column("Tickets of this kind (工单类型); null: of any.")
    category = column("Tickets of this category (问题类别); null: of any.")
    target = column("To whom, as seen from the compound (承办对象).")
    set_at = column("When it was set (设置时间).", sort=True)
    removed_at = column("When it ceased to count (失效时间).")
    compound = one("Compound", "In this compound (小区).")
    place = one("Place", "In this community or grid (社区或网格).")
    organisation = one("Organisation", "To this organisation (承办单位).")
