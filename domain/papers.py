"""Qualification papers of organisations (资质): their kinds, and when it is said that one runs out."""

from datetime import date

from .refusals import RefusalCode, Refused
from .words import Text, Word

NUMBER_MAX, ISSUER_MAX = 60, 120


class PaperKind(Word):
    """What a paper says that an organisation is or may do."""

    BUSINESS_LICENCE = "BUSINESS_LICENCE", "营业执照", "It is a company."
    PROPERTY_SERVICE = "PROPERTY_SERVICE", "物业服务信用备案", "It is on file as a property company."
    SECURITY = "SECURITY", "保安服务许可证", "It may send guards."
    LIFT_MAINTENANCE = "LIFT_MAINTENANCE", "电梯维修许可证", "It may look after lifts."
    FIRE_MAINTENANCE = "FIRE_MAINTENANCE", "消防技术服务资质", "It may look after fire facilities."
    INSURANCE = "INSURANCE", "公众责任保险", "It is insured for what happens to others."
    FILING = "FILING", "备案证明", "The body is on file with the street."
    OTHER = "OTHER", "其他", "Something else, which the number and the issuer tell."


def check_dates(valid_from: date, valid_to: date | None) -> None:
    """Refuses (INVALID) a paper that runs out before it holds."""
    if valid_to is not None and valid_to < valid_from:
        raise Refused(
            RefusalCode.INVALID,
            Text(
                f"It would run out on {valid_to}, before it holds on {valid_from}.",
                f"有效期止 {valid_to} 早于有效期起 {valid_from}。",
            ),
            path=("valid_to",),
            hint=Text("Give a last day on or after the first, or none.", "请填写不早于起始日的日期，或留空表示长期有效。"),
        )


def warning(valid_to: date | None, today: date, steps: tuple[int, ...], told: int | None) -> int | None:
    """The step (days before the last day) that is to be told today; None: nothing new.

    Of several that have come, the nearest to the end is told alone. Of a paper that has run out nothing is told: it shows so.
    """
    if valid_to is None or valid_to < today:
        return None
    come = [step for step in steps if (valid_to - today).days <= step]
    return min(come) if come and (told is None or min(come) < told) else None
