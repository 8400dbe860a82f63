"""The acts of the audit trail in words, and what facts show of their columns."""

from collections.abc import Mapping

from .access import Role
from .audit import Door
from .words import Text

#: Every action in words, ``{}`` standing for who did it. Nothing in them names a person.
SENTENCES: Mapping[str, Text] = {
    "accountCreate": Text("{} made the account.", "{}创建了账号。"),
    "accountDisable": Text("{} closed the account.", "{}停用了账号。"),
    "accountEnable": Text("{} opened the account again.", "{}恢复了账号。"),
    "accountErase": Text("{} erased the account and what was personal in it.", "{}注销了账号并清除了个人信息。"),
    "accountLinkIdentity": Text("{} linked a log-in of another system.", "{}关联了外部登录身份。"),
    "accountResetPassword": Text("{} gave the account a new password.", "{}重置了账号密码。"),
    "accountUnlinkIdentity": Text("{} took away a log-in of another system.", "{}解除了外部登录身份。"),
    "alertAcknowledge": Text("{} took note of the alert.", "{}确认了告警。"),
    "alertAmend": Text("{} put the alert right after late readings.", "{}按迟到的读数更正了告警。"),
    "alertClear": Text("{} cleared the alert.", "{}解除了告警。"),
    "alertEscalate": Text("{} called the next on duty: nobody had taken note of the alert.", "{}因无人确认升级了告警。"),
    "alertPolicySet": Text("{} set how alerts are told.", "{}设置了告警通知参数。"),
    "alertRaise": Text("{} raised the alert.", "{}发出了告警。"),
    "alertRuleDraft": Text("{} drafted a rule.", "{}起草了告警规则。"),
    "alertRuleDryRun": Text("{} tried the rule on what was stored.", "{}用历史数据试运行了告警规则。"),
    "alertRulePublish": Text("{} let the rule hold.", "{}发布了告警规则。"),
    "alertRuleRetire": Text("{} took the rule back.", "{}停用了告警规则。"),
    "alertShelve": Text("{} put the alert aside for a while.", "{}暂时搁置了告警。"),
    "alertUnshelve": Text("{} took the alert up again.", "{}取消了告警搁置。"),
    "alertWithdraw": Text("{} withdrew the alert after late readings.", "{}按迟到的读数撤回了告警。"),
    "alertWorsen": Text("{} found that the alert has become worse.", "{}提高了告警级别。"),
    "apiTokenCreate": Text("{} made an API token.", "{}创建了令牌。"),
    "apiTokenRevoke": Text("{} revoked an API token.", "{}吊销了令牌。"),
    "apiTokenRotate": Text("{} replaced an API token.", "{}轮换了令牌。"),
    "calendarDaySet": Text("{} made a day a working day or a day off.", "{}调整了工作日历。"),
    "callBackRecord": Text("{} called back about the ticket.", "{}回访了工单。"),
    "channelAdd": Text("{} added a channel for notices.", "{}添加了通知渠道。"),
    "channelPause": Text("{} paused a channel for notices.", "{}暂停了通知渠道。"),
    "channelRemove": Text("{} removed a channel for notices.", "{}移除了通知渠道。"),
    "channelResend": Text("{} sent again what a channel gave up.", "{}重发了失败的通知。"),
    "channelResume": Text("{} let a channel for notices go on.", "{}恢复了通知渠道。"),
    "channelTest": Text("{} tried a channel for notices out.", "{}测试了通知渠道。"),
    "channelSet": Text("{} set what a channel is told, and when.", "{}设置了通知渠道的接收偏好。"),
    "checkRun": Text("{} let a check run now.", "{}立即执行了一项检查。"),
    "dataExport": Text("{} took a copy of their own data.", "{}导出了本人数据。"),
    "deviceAttach": Text("{} said through which device it is heard.", "{}设置了设备的上级设备。"),
    "deviceSetMaker": Text("{} said who made the device.", "{}登记了设备的生产厂家。"),
    "dutyRosterCreate": Text("{} made the duty roster.", "{}新建了值班表。"),
    "dutyRosterEnd": Text("{} ended the duty roster.", "{}停用了值班表。"),
    "dutyShiftAdd": Text("{} put somebody on duty.", "{}安排了值班。"),
    "dutyShiftRemove": Text("{} took a shift off the roster.", "{}取消了班次。"),
    "dutyShiftSwap": Text("{} let two people swap shifts.", "{}调换了班次。"),
    "facilityReportStatus": Text("{} reported the facility's status.", "{}上报了设施状态。"),
    "fileAttach": Text("{} attached a file.", "{}添加了附件。"),
    "fileRemove": Text("{} removed a file.", "{}移除了附件。"),
    "findByPhone": Text("{} looked for a telephone number.", "{}按电话号码进行了查找。"),
    "invitationRevoke": Text("{} took an invitation back.", "{}撤回了邀请。"),
    "keyCreate": Text("{} made an intake key.", "{}创建了接入密钥。"),
    "keyRevoke": Text("{} revoked an intake key.", "{}吊销了接入密钥。"),
    "keyRotate": Text("{} replaced an intake key.", "{}轮换了接入密钥。"),
    "logIn": Text("{} logged in.", "{}登录了系统。"),
    "logOut": Text("{} logged out.", "{}退出了登录。"),
    "logOutEverywhere": Text("{} logged out everywhere.", "{}在所有设备上退出了登录。"),
    "mandateEnd": Text("{} set the last day of the mandate.", "{}设定了服务关系的结束日期。"),
    "mandateStart": Text("{} recorded the mandate.", "{}登记了服务关系。"),
    "noticeResend": Text("{} sent a notice again.", "{}重发了一条通知。"),
    "noticeTemplateReset": Text("{} went back to the common words of a notice.", "{}恢复了默认通知模板。"),
    "noticeTemplateSet": Text("{} wrote the words of a notice.", "{}修改了通知模板。"),
    "passwordChange": Text("{} chose a new password.", "{}修改了密码。"),
    "phoneChange": Text("{} changed their telephone number.", "{}修改了电话号码。"),
    "registerResident": Text("{} made the account by invitation.", "{}凭邀请码注册了账号。"),
    "residentInvite": Text("{} invited a resident.", "{}邀请了居民。"),
    "roleEnd": Text("{} ended a role of the account.", "{}终止了账号的一项任职。"),
    "roleGrant": Text("{} gave the account a role.", "{}授予了账号一项任职。"),
    "serviceAccountCreate": Text("{} made a service account.", "{}创建了服务账号。"),
    "sessionRevoke": Text("{} ended a session.", "{}结束了一个会话。"),
    "sessionTheft": Text("{} ended a session whose token had been copied.", "{}结束了令牌被盗用的会话。"),
    "slaPolicySet": Text("{} set a time limit for tickets.", "{}设置了工单时限。"),
    "silenceCreate": Text("{} made a silence.", "{}设置了静默。"),
    "silenceEnd": Text("{} ended a silence.", "{}结束了静默。"),
    "thresholdSet": Text("{} set the figures of a rule.", "{}设置了规则阈值。"),
    "ticketAccept": Text("{} accepted the ticket.", "{}受理了工单。"),
    "ticketArrive": Text("{} was on the spot.", "{}到达了现场。"),
    "ticketAssign": Text("{} assigned the ticket.", "{}指派了工单。"),
    "ticketBreach": Text("{} found a deadline of the ticket passed.", "{}记录了工单超时。"),
    "ticketCancel": Text("{} withdrew the ticket.", "{}撤销了工单。"),
    "ticketClassify": Text("{} classified the ticket.", "{}调整了工单类别。"),
    "ticketComment": Text("{} wrote a remark.", "{}添加了备注。"),
    "ticketConfirm": Text("{} agreed that the work is done.", "{}确认工单已办结。"),
    "ticketEscalate": Text("{} brought the late ticket before the next level.", "{}将超时工单升级。"),
    "ticketFollow": Text("{} carried over what became of the ticket that this one duplicates.", "{}按主单同步了工单状态。"),
    "ticketLink": Text("{} linked the ticket to another.", "{}关联了其他工单。"),
    "ticketOpen": Text("{} opened the ticket.", "{}提交了工单。"),
    "ticketPartyAdd": Text("{} let an organisation take part.", "{}添加了参与单位。"),
    "ticketPartyRemove": Text("{} let an organisation take part no more.", "{}移出了参与单位。"),
    "ticketPause": Text("{} stopped the ticket's clock.", "{}暂停了工单计时。"),
    "ticketRate": Text("{} rated the work.", "{}评价了工单。"),
    "ticketReopen": Text("{} opened the ticket again.", "{}重新打开了工单。"),
    "ticketReschedule": Text("{} worked a deadline of the ticket out anew.", "{}重新计算了工单时限。"),
    "ticketResolve": Text("{} reported the work done.", "{}处理完成了工单。"),
    "ticketResume": Text("{} let the ticket's clock go on.", "{}恢复了工单计时。"),
    "ticketRouteRemove": Text("{} took a route of tickets back.", "{}移除了分派规则。"),
    "ticketRouteSet": Text("{} set where tickets go.", "{}设置了分派规则。"),
    "ticketSetPriority": Text("{} changed the ticket's priority.", "{}调整了工单优先级。"),
    "ticketSignOff": Text("{} signed the work off.", "{}会签了工单。"),
    "ticketStart": Text("{} began the work.", "{}开始处理工单。"),
    "ticketUnlink": Text("{} took a link to another ticket away.", "{}解除了工单关联。"),
    "ticketUnwatch": Text("{} stopped watching the ticket.", "{}取消了关注工单。"),
    "ticketWarn": Text("{} warned that a deadline of the ticket is near.", "{}发出了工单到期预警。"),
    "ticketWatch": Text("{} began to watch the ticket.", "{}关注了工单。"),
    "unmask": Text("{} was told the whole telephone number.", "{}查看了完整电话号码。"),
    "webhookReplay": Text("{} had a webhook tell again what it had told.", "{}重放了网络回调。"),
    "webhookRotateSecret": Text("{} replaced the secret of a webhook.", "{}轮换了网络回调的签名密钥。"),
    "workingHoursSet": Text("{} set working hours.", "{}设置了工作时间。"),
}
_ANY = Text("{} did something.", "{}执行了一项操作。")

#: Columns whose values a fact shows to whoever may see it. All others (ids, names of keys) are for auditors of the table.
SHOWN = (
    *("state", "version", "kind", "priority", "accepted_at", "resolved_at", "closed_at", "acknowledged_at", "removed_at"),
    *("category", "score", "reasons", "link", "sign_off", "signed_off_at", "reopened_count", "target"),
    *("status", "status_since", "severity", "outcome", "rule", "internal", "reason", "role", "starts_on", "ends_on"),
    *("paused_at", "pause_reason", "count"),
    *("level", "starts_at", "ends_at", "goal", "due_at", "arrived_at", "ended_at", "amount", "measure", "warn_percent"),
    *("escalate_minutes", "pause_minutes", "hours", "days", "number", "day", "works"),
    *("module", "rung", "figures", "until", "maker"),
)


def sentence(action: str, actor: str, role: Role | None, door: Door) -> Text:
    """A fact in a sentence. Who did it is told by the role under which it was done; ``actor`` is the id of the actor."""
    words, who = SENTENCES.get(action, _ANY), _who(actor, role, door)
    return Text(words.en.format(who.en), words.zh.format(who.zh))


def _who(actor: str, role: Role | None, door: Door) -> Text:
    if role is not None:
        return Text(f"The {role.replace('_', ' ').lower()}", role.zh)
    if actor.startswith("acc_"):
        return Text("Somebody", "用户")
    if actor.startswith("key_"):
        return Text("A machine", "接入设备")
    return Text("The operator", "运维人员") if door is Door.CLI else Text("The system", "系统")
