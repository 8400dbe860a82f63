"""Everything that is told: its types, what each carries, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from domain.alerts import Severity
from domain.words import Text

#: What a notice tells: its ``type``, as receivers of webhooks see it.
ALERT_RAISED = "steward.alert.raised.v1"
ALERT_CLEARED = "steward.alert.cleared.v1"
ALERT_WITHDRAWN = "steward.alert.withdrawn.v1"
ALERTS_RAISED = "steward.alerts.raised.v1"
ALERTS_CLEARED = "steward.alerts.cleared.v1"
ALERTS_WITHDRAWN = "steward.alerts.withdrawn.v1"
ALERT_REPEATED = "steward.alert.repeated.v1"
ALERT_ESCALATED = "steward.alert.escalated.v1"
ALERT_RULE_PUBLISHED = "steward.alert_rule.published.v1"
ALERT_RULE_RETIRED = "steward.alert_rule.retired.v1"
TICKET_OPENED = "steward.ticket.opened.v1"
CHANNEL_PAUSED = "steward.channel.paused.v1"
CHANNEL_TEST = "steward.channel.test.v1"
TICKET_WARNED = "steward.ticket.warned.v1"
TICKET_BREACHED = "steward.ticket.breached.v1"
TICKET_ESCALATED = "steward.ticket.escalated.v1"
TICKET_CLOSING = "steward.ticket.closing.v1"
TICKET_MOVED = "steward.ticket.moved.v1"
TICKET_TRANSFERRED = "steward.ticket.transferred.v1"
TICKET_PROPOSED = "steward.ticket.proposed.v1"
TICKET_RATED = "steward.ticket.rated.v1"
TICKET_NEWS = "steward.ticket.news.v1"
STATION_STOCK_LOW = "steward.station.stock_low.v1"
TICKETS_HANDED_OVER = "steward.tickets.handed_over.v1"
TERM_ENDING = "steward.term.ending.v1"
PAPER_EXPIRING = "steward.paper.expiring.v1"
UPKEEP_WARNED = "steward.upkeep.warned.v1"
UPKEEP_OVERDUE = "steward.upkeep.overdue.v1"
HAZARD_REPORTED = "steward.hazard.reported.v1"
HAZARD_ASSIGNED = "steward.hazard.assigned.v1"
HAZARD_ESCALATED = "steward.hazard.escalated.v1"
FEE_REMINDER = "steward.fee.reminder.v1"
FEE_PLAN_BROKEN = "steward.fee.plan_broken.v1"
BILL_DISPUTED = "steward.bill.disputed.v1"
BILL_DISPUTE_ANSWERED = "steward.bill.dispute_answered.v1"
STATEMENT_SUBMITTED = "steward.statement.submitted.v1"
STATEMENT_REVIEWED = "steward.statement.reviewed.v1"
STATEMENT_PUBLISHED = "steward.statement.published.v1"
STATEMENT_ASKED = "steward.statement.asked.v1"
STATEMENT_ANSWERED = "steward.statement.answered.v1"
#: What waited for a digest, or through quiet hours, told as one.
DIGEST = "steward.digest.v1"


#: What templates may name besides what a type carries.
_SAID: Mapping[str, Text] = {
    "event": Text("What happened, in a few words", "事件名称"),
    "severity": Text("How bad it is", "级别"),
}
_MESSAGE = {"message": Text("What happened, in a sentence", "说明")}
#: What everything carries that happens in a compound.
_THERE = {
    **_MESSAGE,
    "compound.id": Text("The compound's id", "小区标识"),
    "compound.code": Text("The compound's code", "小区编码"),
    "compound.name": Text("The compound's name", "小区名称"),
}
_TITLE = Text("{event}: {compound.name}", "{event}：{compound.name}")
_BODY = Text("{message}\n{compound.name} ({compound.code})", "{message}\n{compound.name}（{compound.code}）")


@dataclass(frozen=True, eq=False)
class EventType:
    """A kind of thing that is told, and in which words.

    ``machines``: people are not told of it, unless they asked for it by name. ``fields``: exactly what its ``data`` holds, each
    path of names (``ticket.number``) with what it is; ``[]`` after a name: each of a list. ``title`` and ``body``: templates
    (see templates.py) over these; a street may write its own. ``asked``: whether a channel can ask for it by name. ``owing``: it
    tells a home of what it owes, and so threatens with nothing that is unlawful, in whoever's words.
    """

    name: Text
    machines: bool = False
    fields: Mapping[str, Text] = field(default_factory=dict[str, Text])
    title: Text = _TITLE
    body: Text = _BODY
    asked: bool = True
    owing: bool = False

    @property
    def known(self) -> Mapping[str, Text]:
        """Every field that a template of this type may name."""
        return {**_SAID, **{name: what for name, what in self.fields.items() if "[]" not in name}}

    @cached_property
    def shape(self) -> "Shape":
        """Its fields by name; None: there is nothing below."""
        shape: Shape = {}
        for path in self.fields:
            *above, name = path.split(".")
            below = shape
            for each in above:
                below = cast("Shape", below.setdefault(each, {}))
            below[name] = None
        return shape


#: Names of fields with what is below each; None: its value is told as it is.
Shape = dict[str, "Shape | None"]


def shaped(data: Mapping[str, Any], shape: Shape, of: str = "") -> tuple[dict[str, Any], list[str]]:
    """The data with exactly the fields of the shape, null where there is nothing, and the paths of what it has besides."""
    made: dict[str, Any] = {}
    besides = [f"{of}{name}" for name in data if name not in shape and f"{name}[]" not in shape]
    for name, below in shape.items():
        plain = name.removesuffix("[]")
        value = data.get(plain)
        if below is None or value is None:
            made[plain] = value
        elif name != plain:
            parts = [shaped(each, below, f"{of}{name}.") for each in value]
            made[plain], besides = [part for part, _ in parts], [*besides, *(path for _, paths in parts for path in paths)]
        else:
            made[plain], more = shaped(value, below, f"{of}{name}.")
            besides += more
    return made, besides


_ALERT = {
    **_THERE,
    "alert.id": Text("The alert's id", "告警编号"),
    "alert.rule": Text("The rule that raised it", "规则"),
    "alert.ruleVersion": Text("The version of the rule", "规则版本"),
    "alert.module": Text("The module of the rule", "模块"),
    "alert.severity": Text("How bad it is", "级别"),
    "alert.state": Text("Whether it still holds", "状态"),
    "alert.firstSeenAt": Text("When it was first seen", "首次发生时间"),
    "alert.lastSeenAt": Text("When it was last seen", "最近发生时间"),
    "alert.clearedAt": Text("When it was over", "解除时间"),
    "alert.deviceId": Text("The device it is about", "设备标识"),
    "alert.facilityId": Text("The facility it is about", "设施标识"),
}
_TOGETHER = {
    "count": Text("How many alerts", "告警条数"),
    "minutes": Text("Minutes since it was raised", "发生至今分钟数"),
    "rung": Text("To whom it has climbed: DUTY, MANAGER, COMMUNITY or STREET", "通知层级"),
    "alerts[].id": Text("Ids of the first fifty, the worst first", "各告警编号（最多五十条，重者在前）"),
    "alerts[].rule": Text("Their rules", "各告警规则"),
    "alerts[].severity": Text("How bad they are", "各告警级别"),
    "alerts[].message": Text("What each says", "各告警说明"),
}
_DISPUTE = {
    **_THERE,
    "dispute.id": Text("The dispute's id", "异议标识"),
    "dispute.reason": Text("Why the bill is disputed", "异议理由"),
    "dispute.state": Text("Where it stands", "异议状态"),
    "bill.id": Text("The bill's id", "账单标识"),
}
_RULE = {
    **_MESSAGE,
    "street.id": Text("The street's id", "街道标识"),
    "street.code": Text("The street's code", "街道编码"),
    "street.name": Text("The street's name", "街道名称"),
    "rule.key": Text("The rule", "规则"),
    "rule.module": Text("Its module", "模块"),
    "version.id": Text("The id of the street's version", "版本标识"),
    "version.number": Text("Its number: the ruleVersion of its alerts", "版本号"),
    "before.number": Text("The number of the version that held until then; of the product's rules as well", "原生效版本号"),
    "after.number": Text("The number of the version that holds now; null where none does", "现生效版本号"),
}
_OF_RULE = Text("{event}: {rule.key}", "{event}：{rule.key}")
_RULE_SAID = Text("{message}\n{street.name} ({street.code})", "{message}\n{street.name}（{street.code}）")
_UNNOTED = Text(
    "{message}\n{compound.name} ({compound.code})\nNot acknowledged for {minutes} min.",
    "{message}\n{compound.name}（{compound.code}）\n已 {minutes} 分钟无人确认。",
)
_TICKET = {
    "ticket.id": Text("The ticket's id", "工单标识"),
    "ticket.number": Text("The ticket's number", "工单号"),
    "ticket.dueAt": Text("When it is due", "到期时间"),
}
_CHANNEL = {
    "channel.id": Text("The channel's id", "渠道编号"),
    "channel.kind": Text("How it delivers", "渠道类别"),
    "channel.hint": Text("Scheme and host of its target", "渠道地址提示"),
}
_DEADLINE = {
    **_THERE,
    **_TICKET,
    "ticket.kind": Text("What the ticket asks for", "工单类别"),
    "ticket.priority": Text("How fast it must move", "优先级"),
    "ticket.state": Text("Where the ticket stands", "工单状态"),
    "deadline.id": Text("The deadline's id", "时限标识"),
    "deadline.goal": Text("What must have happened", "目标"),
    "deadline.state": Text("Where the deadline stands", "时限状态"),
    "deadline.level": Text("Who answers for it now", "升级层级"),
    "deadline.dueAt": Text("When it ends", "截止时间"),
}
#: What the desk tells of a ticket besides.
_DESK = {
    **_THERE,
    **_TICKET,
    "ticket.kind": Text("What it asks for", "工单类型"),
    "ticket.category": Text("What it is about", "问题类别"),
    "ticket.priority": Text("How fast it must move", "优先级"),
    "ticket.source": Text("How it came in", "来源"),
    "ticket.state": Text("Where it stands", "状态"),
    "ticket.version": Text("Its version", "版本"),
    "ticket.facilityId": Text("The facility it is about", "设施标识"),
    "ticket.organisationId": Text("The organisation that handles it", "承办单位标识"),
    "ticket.openedAt": Text("When it was opened", "提交时间"),
}

_UPKEEP = {
    **_THERE,
    "facility.id": Text("The facility's id", "设施标识"),
    "facility.code": Text("The facility's code", "设施编码"),
    "facility.name": Text("The facility's name", "设施名称"),
    "facility.kind": Text("The facility's kind", "设施类别"),
    "due.id": Text("The id of what is due", "到期事项标识"),
    "due.kind": Text("What is to be done", "事项"),
    "due.on": Text("The day", "到期日"),
    "due.clause": Text("By which clause", "依据条款"),
}
_HAZARD = {
    **_THERE,
    "hazard.id": Text("The hazard's id", "隐患标识"),
    "hazard.grade": Text("How bad it is", "隐患等级"),
    "hazard.state": Text("Where it stands", "状态"),
    "hazard.dueAt": Text("By when the next thing must be done", "期限"),
    "hazard.level": Text("To whom it has climbed; null: it is not late", "升级层级"),
    "hazard.facilityId": Text("The facility it is about", "设施标识"),
    "hazard.organisationId": Text("Who puts it right", "整改单位标识"),
}
_STATEMENT = {
    **_THERE,
    "statement.id": Text("The statement's id", "公示表标识"),
    "statement.state": Text("Where it stands", "状态"),
    "statement.edition": Text("Its edition", "版次"),
    "statement.periodFrom": Text("First day of its period", "期间首日"),
    "statement.periodTo": Text("Last day of its period", "期间末日"),
    "statement.sha256": Text("SHA-256 of its content, in hex", "内容校验值"),
    "statement.organisationId": Text("Who keeps the books", "记账单位标识"),
    "statement.questionId": Text("The question that it is about; null: none", "问题标识"),
}
_OF_TICKET = Text("{event}: {ticket.number}", "{event}：{ticket.number}")
_LATE = Text(
    "{message}\n{compound.name} ({compound.code})\nDue: {deadline.dueAt}",
    "{message}\n{compound.name}（{compound.code}）\n截止时间：{deadline.dueAt}",
)

_BODY_ENDS = {
    **_MESSAGE,
    "organisation.id": Text("The organisation's id", "组织标识"),
    "organisation.code": Text("The organisation's code", "组织编码"),
    "organisation.name": Text("The organisation's name", "组织名称"),
    "endsOn": Text("The last day", "截止日期"),
}
_OF_A_BODY = Text("{event}: {organisation.name}", "{event}：{organisation.name}")
_SOON = Text("{message}\n{organisation.name} ({organisation.code})", "{message}\n{organisation.name}（{organisation.code}）")

#: Everything that is told, by its type.
EVENT_TYPES: Mapping[str, EventType] = {
    ALERT_RAISED: EventType(
        Text("An alert was raised.", "发生告警。"),
        fields={**_ALERT, **_TICKET},
        title=Text("[{severity}] {compound.name}", "[{severity}] {compound.name}"),
        body=Text(
            "{message}\n{compound.name} ({compound.code})\nSeen: {alert.lastSeenAt}\nTicket: {ticket.number}",
            "{message}\n{compound.name}（{compound.code}）\n发生时间：{alert.lastSeenAt}\n工单：{ticket.number}",
        ),
    ),
    ALERT_CLEARED: EventType(
        Text("An alert is over.", "告警解除。"),
        fields={**_ALERT, **_TICKET},
        title=Text("[Cleared] {compound.name}", "[已解除] {compound.name}"),
        body=Text(
            "{message}\n{compound.name} ({compound.code})\nCleared: {alert.clearedAt}",
            "{message}\n{compound.name}（{compound.code}）\n解除时间：{alert.clearedAt}",
        ),
    ),
    ALERT_WITHDRAWN: EventType(
        Text("Late readings show that an alert never was.", "告警撤回。"),
        fields={**_ALERT, **_TICKET},
        title=Text("[Withdrawn] {compound.name}", "[已撤回] {compound.name}"),
        body=Text(
            "Withdrawn after late readings: {message}\n{compound.name} ({compound.code})",
            "根据迟到的读数，以下告警已撤回：{message}\n{compound.name}（{compound.code}）",
        ),
    ),
    ALERTS_RAISED: EventType(
        Text("Several alerts were raised.", "发生多条告警。"),
        fields={**_ALERT, **_TOGETHER},
        title=Text("[{severity}] {compound.name}: {count} alerts", "[{severity}] {compound.name}：{count} 条告警"),
        body=_BODY,
    ),
    ALERTS_CLEARED: EventType(
        Text("Several alerts are over.", "多条告警解除。"),
        fields={**_ALERT, **_TOGETHER},
        title=Text("[Cleared] {compound.name}: {count} alerts", "[已解除] {compound.name}：{count} 条告警"),
        body=_BODY,
    ),
    ALERTS_WITHDRAWN: EventType(
        Text("Late readings show that several alerts never were.", "多条告警撤回。"),
        fields={**_ALERT, **_TOGETHER},
        title=Text("[Withdrawn] {compound.name}: {count} alerts", "[已撤回] {compound.name}：{count} 条告警"),
        body=Text(
            "Withdrawn after late readings: {message}\n{compound.name} ({compound.code})",
            "根据迟到的读数，以下告警已撤回：{message}\n{compound.name}（{compound.code}）",
        ),
    ),
    ALERT_REPEATED: EventType(
        Text("Nobody has taken note of an alert.", "告警仍未确认。"),
        fields={**_ALERT, **_TOGETHER},
        title=Text("[{severity}] Still not acknowledged: {compound.name}", "[{severity}] 仍未确认：{compound.name}"),
        body=_UNNOTED,
    ),
    ALERT_ESCALATED: EventType(
        Text("An alert has climbed to you: nobody took note of it.", "告警无人确认，已升级。"),
        fields={**_ALERT, **_TOGETHER},
        title=Text("[{severity}] Escalated: {compound.name}", "[{severity}] 升级通知：{compound.name}"),
        body=_UNNOTED,
    ),
    ALERT_RULE_PUBLISHED: EventType(
        Text("A street's own version of a rule holds now.", "本街道规则版本已发布。"),
        fields=_RULE,
        title=_OF_RULE,
        body=_RULE_SAID,
    ),
    ALERT_RULE_RETIRED: EventType(
        Text("A street's own version of a rule holds no more.", "本街道规则版本已停用。"),
        fields=_RULE,
        title=_OF_RULE,
        body=_RULE_SAID,
    ),
    TICKET_OPENED: EventType(
        Text("A ticket was opened.", "工单提交。"),
        machines=True,
        fields={**_ALERT, **_DESK},
        body=Text(
            "{message}\nTicket: {ticket.number}\nDue: {ticket.dueAt}", "{message}\n工单：{ticket.number}\n到期：{ticket.dueAt}"
        ),
    ),
    CHANNEL_PAUSED: EventType(
        Text("A channel was paused.", "通知渠道暂停。"),
        fields={
            **_CHANNEL,
            "reason": Text("Why", "原因"),
            "pausedAt": Text("When", "暂停时间"),
            "failures": Text("Failures in a row", "连续失败次数"),
        },
        title=Text("A channel was paused: {channel.hint}", "通知渠道已暂停：{channel.hint}"),
        body=Text(
            "Its target accepts nothing any more: {failures} failures in a row. What it is to be told waits until somebody"
            " resumes it (channelResume).\nPaused: {pausedAt}",
            "该渠道已无法送达，连续失败 {failures} 次。待发送的通知将保留，恢复渠道（channelResume）后继续发送。"
            "\n暂停时间：{pausedAt}",
        ),
    ),
    CHANNEL_TEST: EventType(
        Text("A channel is tried out.", "渠道测试。"),
        fields=_CHANNEL,
        title=Text("A test of this channel", "通知渠道测试"),
        body=Text("If you read this, the channel works. Nothing needs to be done.", "收到本消息表示渠道可用，无需处理。"),
        asked=False,
    ),
    TICKET_WARNED: EventType(
        Text("A deadline of a ticket is near.", "工单即将到期。"), fields=_DEADLINE, title=_OF_TICKET, body=_LATE
    ),
    TICKET_BREACHED: EventType(
        Text("A deadline of a ticket has passed.", "工单已超时。"), fields=_DEADLINE, title=_OF_TICKET, body=_LATE
    ),
    TICKET_ESCALATED: EventType(
        Text("A late ticket is now with the level above.", "工单已升级。"), fields=_DEADLINE, title=_OF_TICKET, body=_LATE
    ),
    TICKET_MOVED: EventType(Text("A ticket has moved.", "工单流转。"), machines=True, fields=_DESK, title=_OF_TICKET),
    TICKET_TRANSFERRED: EventType(
        Text("A ticket was handed on to another organisation.", "工单转办。"),
        fields={**_DESK, "before.organisationId": Text("The organisation that handled it before", "原承办单位标识")},
        title=_OF_TICKET,
        body=Text("{message}\nDue: {ticket.dueAt}", "{message}\n到期：{ticket.dueAt}"),
    ),
    TICKET_CLOSING: EventType(
        Text("A ticket will be closed, unless somebody says that it is not done.", "工单即将自动办结。"),
        fields={**_DESK, "closesAt": Text("When it is closed", "自动办结时间")},
        title=_OF_TICKET,
    ),
    TICKET_NEWS: EventType(Text("News of a ticket.", "工单动态。"), fields=_DESK, title=_OF_TICKET),
    TICKET_PROPOSED: EventType(Text("You are proposed for a ticket.", "建议由您处理工单。"), fields=_DESK, title=_OF_TICKET),
    TICKET_RATED: EventType(
        Text("The work on a ticket was rated.", "工单评价。"),
        machines=True,
        title=_OF_TICKET,
        fields={**_DESK, "score": Text("1 (bad) to 5 (good)", "评分"), "reasons": Text("Why", "原因")},
    ),
    STATION_STOCK_LOW: EventType(
        Text("A station runs short.", "驿站物资不足。"),
        fields={
            **_MESSAGE,
            "station.id": Text("The station's id", "驿站标识"),
            "station.code": Text("The station's code", "驿站编码"),
            "station.name": Text("The station's name", "驿站名称"),
            "item.id": Text("The item's id", "物品标识"),
            "item.kind": Text("Its kind", "物品类别"),
            "item.name": Text("What runs short", "物品名称"),
            "item.unit": Text("What it is counted in", "单位"),
            "item.inStock": Text("How many there are", "现存数量"),
            "item.minimum": Text("How many there should be", "最低库存"),
        },
        title=Text("[Stock] {station.name}: {item.name}", "[补货] {station.name}：{item.name}"),
        body=Text("{message}\n{station.name} ({station.code})", "{message}\n{station.name}（{station.code}）"),
    ),
    TICKETS_HANDED_OVER: EventType(
        Text("Open tickets were handed over to you.", "工单移交。"),
        fields={
            **_THERE,
            "count": Text("How many tickets", "工单数"),
            "from.id": Text("Who had them", "移交单位标识"),
            "from.name": Text("Who had them, by name", "移交单位"),
            "to.id": Text("Who has them now", "接收单位标识"),
            "to.name": Text("Who has them now, by name", "接收单位"),
        },
    ),
    TERM_ENDING: EventType(Text("A term ends soon.", "任期将届满。"), fields=_BODY_ENDS, title=_OF_A_BODY, body=_SOON),
    PAPER_EXPIRING: EventType(
        Text("A qualification paper runs out.", "资质将到期。"),
        fields={**_BODY_ENDS, "paper.id": Text("The paper's id", "资质标识"), "paper.kind": Text("Its kind", "资质类别")},
        title=_OF_A_BODY,
        body=_SOON,
    ),
    UPKEEP_WARNED: EventType(
        Text("Upkeep of a facility is due soon.", "设施维保即将到期。"),
        fields=_UPKEEP,
        title=Text("[Due {due.on}] {facility.name}", "[{due.on} 到期] {facility.name}"),
    ),
    UPKEEP_OVERDUE: EventType(
        Text("Upkeep of a facility is overdue.", "设施维保逾期。"),
        fields=_UPKEEP,
        title=Text("[Overdue] {facility.name}", "[逾期] {facility.name}"),
    ),
    HAZARD_REPORTED: EventType(
        Text("A hazard was found.", "发现隐患。"),
        fields=_HAZARD,
        title=Text("[Hazard] {compound.name}", "[隐患] {compound.name}"),
    ),
    HAZARD_ASSIGNED: EventType(
        Text("A hazard is yours to put right.", "隐患待整改。"),
        fields=_HAZARD,
        title=Text("[To put right] {compound.name}", "[整改] {compound.name}"),
    ),
    HAZARD_ESCALATED: EventType(
        Text("A late hazard is now with you.", "隐患逾期升级。"),
        fields=_HAZARD,
        title=Text("[Late hazard] {compound.name}", "[隐患逾期] {compound.name}"),
    ),
    FEE_REMINDER: EventType(
        Text("A home is reminded of bills that are past due.", "缴费催告。"),
        fields={
            **_THERE,
            "home.id": Text("The home's id", "房屋标识"),
            "reminder.id": Text("The reminder's id", "催缴标识"),
            "reminder.kind": Text("How firmly it speaks: NOTICE, REMINDER, DEMAND or LAST_DEMAND", "催缴种类"),
            "reminder.payBy": Text("By when it asks to pay", "限期"),
        },
        title=Text("{reminder.kind}: {compound.name}", "{reminder.kind}：{compound.name}"),
        owing=True,
    ),
    FEE_PLAN_BROKEN: EventType(
        Text("An instalment plan was not kept.", "分期未履行。"),
        fields={
            **_THERE,
            "home.id": Text("The home's id", "房屋标识"),
            "plan.id": Text("The plan's id", "分期标识"),
            "plan.state": Text("Where it stands", "分期状态"),
        },
        owing=True,
    ),
    BILL_DISPUTED: EventType(Text("A home disputes a bill.", "账单异议。"), fields=_DISPUTE),
    BILL_DISPUTE_ANSWERED: EventType(Text("A dispute of a bill was answered.", "账单异议已答复。"), fields=_DISPUTE, owing=True),
    STATEMENT_SUBMITTED: EventType(
        Text("A statement to the owners is to be reviewed.", "收支公示待审核。"),
        fields=_STATEMENT,
        title=Text("[To review] {compound.name}", "[公示审核] {compound.name}"),
    ),
    STATEMENT_REVIEWED: EventType(Text("A statement to the owners was reviewed.", "收支公示审核结果。"), fields=_STATEMENT),
    STATEMENT_PUBLISHED: EventType(
        Text("A statement to the owners was published.", "收支公示发布。"),
        fields=_STATEMENT,
        title=Text("[Statement] {compound.name}", "[收支公示] {compound.name}"),
    ),
    STATEMENT_ASKED: EventType(Text("An owner asked about a statement.", "业主对收支公示提问。"), fields=_STATEMENT),
    STATEMENT_ANSWERED: EventType(Text("A question about a statement was answered.", "收支公示提问已答复。"), fields=_STATEMENT),
    DIGEST: EventType(
        Text("What waited, in one.", "通知汇总。"),
        fields={"count": Text("How many notices", "通知数"), "titles": Text("Their titles, one a line", "各通知标题，每行一条")},
        title=Text("{count} notices", "{count} 条通知"),
        body=Text("{titles}", "{titles}"),
        asked=False,
    ),
}


@dataclass(frozen=True)
class Announcement:
    """Something that happened and must be told.

    ``type``: one of EVENT_TYPES. ``topic``: it is told once per channel and topic. ``data``: ids, words and times; nothing
    about a person. ``severity``: CRITICAL waits for nothing. ``organisations``: whose channels are told. ``accounts``: people
    who are told through channels of their own. ``concerned``: organisations whose channels hear of it if they asked for
    its type by name.
    """

    type: str
    topic: str
    data: Mapping[str, Any]
    street_id: str
    compound_id: str | None
    severity: Severity | None = None
    organisations: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    concerned: frozenset[str] = frozenset()
    alert_id: str | None = None
    ticket_id: str | None = None
