"""The words of upkeep: what is done to facilities, by which calendar, and where the work stands."""

from domain.words import Word

#: The kind of the work rows that work out anew what is due of ``{"facilities": [id, …]}``.
UPKEEP_WORK = "upkeep"


class UpkeepKind(Word):
    """What is done to a facility again and again, or now and then."""

    LIFT_HALF_MONTH = "LIFT_HALF_MONTH", "电梯半月维保", "A lift's maintenance every 15 days."
    LIFT_QUARTER = "LIFT_QUARTER", "电梯季度维保", "A lift's quarterly maintenance, the half-monthly one included."
    LIFT_HALF_YEAR = "LIFT_HALF_YEAR", "电梯半年维保", "A lift's half-yearly maintenance, the shorter ones included."
    LIFT_YEAR = "LIFT_YEAR", "电梯年度维保", "A lift's yearly maintenance, all shorter ones included."
    LIFT_INSPECTION = "LIFT_INSPECTION", "电梯定期检验", "Inspection of a lift by the inspection body."
    LIFT_SELF_TEST = "LIFT_SELF_TEST", "电梯自行检测", "Test of a lift in a year without inspection."
    LIFT_ASSESSMENT = "LIFT_ASSESSMENT", "电梯安全评估", "Safety assessment of an old lift."
    FIRE_PUMP_START = "FIRE_PUMP_START", "消防泵自动巡检", "A fire pump's automatic start."
    FIRE_PUMP_RUN = "FIRE_PUMP_RUN", "消防泵手动运行", "A fire pump run by hand."
    FIRE_PUMP_FLOW = "FIRE_PUMP_FLOW", "消防泵流量压力测试", "A fire pump's flow and pressure measured."
    TANK_LEVEL = "TANK_LEVEL", "水箱水位检查", "Level of a tank read."
    TANK_CLEAN = "TANK_CLEAN", "水箱清洗消毒", "A tank cleaned and disinfected."
    TANK_WATER_TEST = "TANK_WATER_TEST", "二次供水水质检测", "Water of a tank tested."
    EXTINGUISHER_CHECK = "EXTINGUISHER_CHECK", "灭火器检查", "An extinguisher looked at."
    HYDRANT_CHECK = "HYDRANT_CHECK", "消火栓检查", "A hydrant looked at and tried for leaks."
    FIRE_FULL_TEST = "FIRE_FULL_TEST", "消防设施全面检测", "All fire facilities tested."
    FIRE_ASSESSMENT = "FIRE_ASSESSMENT", "消防安全评估", "The fire safety of a whole building assessed."
    LIGHTNING_TEST = "LIGHTNING_TEST", "防雷检测", "Lightning protection and earthing tested."
    CHECK = "CHECK", "巡检", "A look at anything, by a plan of the street."
    REPAIR = "REPAIR", "维修", "Something mended."


class CadenceMeasure(Word):
    """What a plan counts in."""

    DAYS = "DAYS", "每隔若干天", "Every so many days from when it was done last."
    MONTHS = "MONTHS", "每隔若干月", "Every so many months from when it was done last."
    WEEKDAYS = "WEEKDAYS", "每周固定日", "On days of the week: 1 is Monday, 7 is Sunday."
    MONTH_DAYS = "MONTH_DAYS", "每月固定日", "On days of the month, the last one where a month is shorter."
    ANNIVERSARIES = "ANNIVERSARIES", "按使用年限", "So many years after it was first used."


class PlanSource(Word):
    """Who says how often."""

    DEFAULT = "DEFAULT", "默认", "The law or the product's default."
    STREET = "STREET", "街道", "The street."
    COMPOUND = "COMPOUND", "小区", "The street, for one compound."
    FACILITY = "FACILITY", "设施", "The street, for one facility."


class DueState(Word):
    """Whether a clock of upkeep runs."""

    RUNNING = "RUNNING", "计时中", "It is due on a day."
    STANDING = "STANDING", "依法停止", "The clock stands still lawfully."
    UNKNOWN = "UNKNOWN", "未知", "The register lacks what tells when it is due."
    ENDED = "ENDED", "已终止", "Nothing more is due."


class InspectionResult(Word):
    """What came of an inspection."""

    PASSED = "PASSED", "合格", "It passed."
    PASSED_AGAIN = "PASSED_AGAIN", "复检合格", "It passed when it was looked at once more."
    FAILED = "FAILED", "不合格", "It did not pass: it stays due."


class WorkOrderState(Word):
    """Where a work order stands."""

    PLANNED = "PLANNED", "待派工", "It is to be done; nobody was named."
    ASSIGNED = "ASSIGNED", "已派工", "An organisation or a person was named by hand."
    IN_PROGRESS = "IN_PROGRESS", "作业中", "Somebody is at work."
    DONE = "DONE", "已完成", "Done, to be countersigned."
    REJECTED = "REJECTED", "已退回", "Not accepted: it is to be done again."
    COUNTERSIGNED = "COUNTERSIGNED", "已签认", "The user's side agreed that it is done."
    CANCELLED = "CANCELLED", "已取消", "It will not be done."


class WorkOrderMove(Word):
    """What can be done to a work order."""

    ASSIGN = "ASSIGN", "派工", "Name who does it."
    START = "START", "开始作业", "Begin."
    FINISH = "FINISH", "完成作业", "Report it done."
    COUNTERSIGN = "COUNTERSIGN", "签认", "Agree that it is done."
    REJECT = "REJECT", "退回", "Say that it is not done, and why."
    CANCEL = "CANCEL", "取消", "Let it be."


class WorkOrderSource(Word):
    """How a work order came to be."""

    PLAN = "PLAN", "计划生成", "The plan made it ahead of the day."
    HAND = "HAND", "人工开具", "Somebody opened it."
    TICKET = "TICKET", "工单转入", "Somebody opened it for a ticket."


class ItemResult(Word):
    """What was found at one item of a checklist."""

    OK = "OK", "正常", "As it should be."
    FAULT = "FAULT", "异常", "Not as it should be."
    NOT_APPLICABLE = "NOT_APPLICABLE", "不适用", "There is no such thing here."
