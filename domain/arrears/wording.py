"""The words of reminders, and what they never say."""

import re

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .ladder import ReminderKind

_NEEDS = "access|entry|gate|lift|elevator|parking|water|power|electricity|gas|heat|heating|card|service"
#: Ways of making a home pay that are unlawful (Civil Code art. 944): no reminder names one, not even to say that it is not meant.
_THREATS = re.compile(
    "|".join(
        (
            r"(停|断|限|掐|拉|关)(止|掉|闭)?(供|水|电|气|暖|热|闸|网)",
            r"(限|禁)(制|止)?(通行|出入|进出|进入|入内|用水|用电|用气|停车|充电|乘梯)",
            r"(停用|注销|取消|冻结|锁|失效)(门禁|电梯|车位|梯控|车辆|道闸)",
            r"(门禁|电梯|车位|梯控|道闸|车辆)(停用|注销|冻结|失效|锁)",
            r"(拒绝?|不予)(放行|入内|进入)",
            r"(公示|公布)(姓名|名单|欠费)|曝光|黑名单",
            r"\b(cut|shut|switch|turn)\w*\b.{0,20}\boff\b|\bdisconnect",
            r"\block(ed|s|ing)?\b.{0,12}\bout\b|\brefus\w+ (you|entry|access|service)\b",
            rf"\b(blocked|blocking|bar|barred|deny|denied|revoke|disable|suspend|withhold|stop)\w*\b.{{0,40}}\b({_NEEDS})\b",
            r"\bblacklist|\bname and shame\b",
        )
    ),
    re.IGNORECASE,
)

#: Per kind of reminder: what it says, over ``home``, ``amount``, ``bills``, ``due``, ``pay_by`` and ``keeper``.
WORDS: dict[ReminderKind, Text] = {
    ReminderKind.NOTICE: Text(
        "{bills} bills of home {home} are past due, the oldest since {due}: {amount} yuan in all. If you have paid meanwhile,"
        " please take this as done. You can pay or ask {keeper} until {pay_by}; what you think is wrong, dispute it.",
        "{home}有 {bills} 张账单已过应缴日，最早应缴日为 {due}，合计 {amount} 元。如已缴纳，请忽略本提示。"
        "请于 {pay_by} 前缴纳或向{keeper}咨询；对账单有异议的，可提出异议。",
    ),
    ReminderKind.REMINDER: Text(
        "{bills} bills of home {home} are unpaid, the oldest due on {due}: {amount} yuan in all. Please pay by {pay_by}. If that"
        " is hard now, ask {keeper} for instalments; a bill that you dispute is looked into before you are reminded of it again.",
        "{home}有 {bills} 张账单未缴，最早应缴日为 {due}，合计 {amount} 元，请于 {pay_by} 前缴纳。"
        "一次缴清有困难的，可与{keeper}协商分期；对账单提出异议的，处理期间不再催缴。",
    ),
    ReminderKind.DEMAND: Text(
        "Demand by art. 944 of the Civil Code. Home {home} owes {amount} yuan from {bills} bills, the oldest due on {due}. Please"
        " pay within a reasonable period, by {pay_by}. You may dispute a bill, or agree instalments with {keeper}.",
        "根据《中华人民共和国民法典》第九百四十四条催告：{home}有 {bills} 张账单未缴，最早应缴日为 {due}，合计 {amount} 元，"
        "请在合理期限内（{pay_by} 前）支付。对账单有异议的，可提出异议；也可与{keeper}协商分期。",
    ),
    ReminderKind.LAST_DEMAND: Text(
        "Last demand by art. 944 of the Civil Code. Home {home} owes {amount} yuan from {bills} bills, the oldest due on {due}."
        " Please pay by {pay_by}. After that {keeper} may sue or ask for arbitration. Until then you may still dispute a bill,"
        " or agree instalments.",
        "根据《中华人民共和国民法典》第九百四十四条最后催告：{home}有 {bills} 张账单未缴，最早应缴日为 {due}，合计 {amount} 元，"
        "请于 {pay_by} 前支付。合理期限届满仍不支付的，{keeper}可以提起诉讼或者申请仲裁。在此之前仍可提出异议或协商分期。",
    ),
}


def said(kind: ReminderKind, *, home: str, amount: str, bills: int, due: str, pay_by: str, keeper: str) -> Text:
    """A reminder in words."""
    facts = {"home": home, "amount": amount, "bills": bills, "due": due, "pay_by": pay_by, "keeper": keeper}
    return Text(WORDS[kind].en.format_map(facts), WORDS[kind].zh.format_map(facts))


def threat(text: str) -> str | None:
    """The unlawful means of which a text speaks; None: of none."""
    found = _THREATS.search(" ".join(text.split())) or _THREATS.search("".join(text.split()))
    return found[0] if found else None


def check_lawful(text: str, field: str) -> str:
    """The text itself. Refuses (INVALID, naming ``field``) one that speaks of making a home pay by unlawful means."""
    means = threat(text)
    if means is None:
        return text
    raise Refused(
        RefusalCode.INVALID,
        Text(f"A reminder may not speak of this: {means[:40]!r}.", f"催缴内容不得出现“{means[:40]}”。"),
        path=(field,),
        hint=Text(
            "Ask to pay, name the period and the ways to object. Water, power, gas, gate, lift and parking are no means"
            " (Civil Code art. 944).",
            "请写明应缴金额、合理期限和异议途径；不得以停水、停电、停气或限制通行、乘梯、停车等方式催缴（《民法典》第九百四十四条）。",
        ),
    )
