"""The words of rounds: what is gone round, by which calendar, where a round stands, and what was found on it."""

from domain.words import Word


class RoundKind(Word):
    """What is gone round by plan."""

    FIRE_PATROL = "FIRE_PATROL", "防火巡查", "A look at exits, lanes and fire facilities on the way."
    FIRE_CHECK = "FIRE_CHECK", "防火检查", "A thorough check of fire safety."
    SECURITY_PATROL = "SECURITY_PATROL", "秩序巡逻", "A guard's walk past points of the compound."
    CLEANING = "CLEANING", "保洁", "Cleaning of stairwells, lifts and grounds, by a company or by the homes in turn."
    GREENING = "GREENING", "绿化养护", "Watering, pruning and care of trees and lawns."
    PEST_CONTROL = "PEST_CONTROL", "病媒防制", "Control of rats, mosquitoes, flies and pests of trees."


class RoundMeasure(Word):
    """What a plan of rounds counts in, from its first day on."""

    DAYS = "DAYS", "天", "Every so many days."
    WEEKS = "WEEKS", "周", "Every so many weeks, on the first day's day of the week."
    MONTHS = "MONTHS", "月", "Every so many months, on the first day's day, or the last one where a month is shorter."


class RoundBasis(Word):
    """By which rule of the fire code a plan was made by itself: one of each in a compound."""

    HIGH_RISE_PATROL = "HIGH_RISE_PATROL", "高层住宅每日防火巡查", "The daily patrol of high-rise buildings."
    PATROL = "PATROL", "每周防火巡查", "The weekly patrol of all other buildings."
    CHECK = "CHECK", "每月防火检查", "The monthly check of every building."


class RoundState(Word):
    """Where a round stands."""

    PLANNED = "PLANNED", "待执行", "It is to be gone."
    UNDER_WAY = "UNDER_WAY", "进行中", "Somebody is on the way."
    DONE = "DONE", "已完成", "Every point was scanned."
    INCOMPLETE = "INCOMPLETE", "未完成", "Some points were left out, or their order was not kept."
    MISSED = "MISSED", "漏巡", "Its time has passed and nobody went."
    CANCELLED = "CANCELLED", "已取消", "It need not be gone."


class RoundMove(Word):
    """What can be done to a round."""

    START = "START", "开始", "Set out."
    COMPLETE = "COMPLETE", "完成", "Come back with every point scanned."
    BREAK_OFF = "BREAK_OFF", "中止", "Come back without some of them."
    LAPSE = "LAPSE", "到时", "Its time passes."
    HEAR_LATE = "HEAR_LATE", "迟到上报", "What was scanned in time is heard of late."
    CANCEL = "CANCEL", "取消", "Let it be."


class RoundSource(Word):
    """How a round came to be."""

    PLAN = "PLAN", "计划生成", "The plan made it ahead of its time."
    HAND = "HAND", "人工发起", "Somebody opened it beyond the plan, to make up for one that was missed."


class ScanSource(Word):
    """How a scan came in."""

    PHONE = "PHONE", "手机", "Scanned on a phone."
    EVENT = "EVENT", "系统上报", "Told by the patrol system of a company."


class RoundAnswer(Word):
    """What is answered to one item of a point's checklist."""

    OK = "OK", "正常", "As it should be."
    NOT_OK = "NOT_OK", "异常", "Not as it should be."
    NOT_APPLICABLE = "NOT_APPLICABLE", "不适用", "There is no such thing here."


class ScanFault(Word):
    """Why a scan that a company's system told did not count."""

    NO_ROUND = "NO_ROUND", "无对应巡查", "No round of the plan was open then."
    NO_POINT = "NO_POINT", "点位不在此次巡查", "The point came later than the round, or has ended."
    OTHER_ORGANISATION = "OTHER_ORGANISATION", "非责任单位", "Another organisation goes the round."
    ANSWERS = "ANSWERS", "检查项不符", "The answers do not fit the point's checklist."
    ON_PHONE = "ON_PHONE", "须手机现场扫码", "The plan asks for a photo or a place: it is scanned on a phone."
