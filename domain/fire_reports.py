"""The monthly fire report (消防月报): what is counted of a compound in a month. A street's is the sum of its compounds'."""

from collections.abc import Mapping
from datetime import date, timedelta

from domain.words import Text

#: How many days after its month a report is kept as it stands: until then, outcomes of alerts are still being told.
KEPT_AFTER = timedelta(days=5)
#: How many months back a report can be asked for.
MONTHS_BACK = 60

#: What is counted, in the order of the documents.
FIGURES: Mapping[str, Text] = {
    "rounds_planned": Text("Fire patrols and checks that were to be over by now.", "应完成消防巡查检查"),
    "rounds_done": Text("Of these, those that were gone in full.", "已完成"),
    "rounds_incomplete": Text("Those of which points were left out.", "未走完"),
    "rounds_missed": Text("Those that nobody went.", "漏巡"),
    "hazards_found": Text("Hazards that were found in the month.", "本月发现隐患"),
    "major_hazards_found": Text("Of these, major ones.", "其中重大隐患"),
    "hazards_closed": Text("Hazards that were put right and looked at again in the month.", "本月整改销案"),
    "hazards_open": Text("Hazards that were open at its end.", "月末未销案"),
    "hazards_late": Text("Of these, those that were to be put right by then.", "其中逾期未整改"),
    "drills": Text("Evacuation drills that were held.", "疏散演练"),
    "trainings": Text("Trainings that were held.", "消防培训"),
    "participants": Text("Heads that took part in both.", "参加人次"),
    "alerts": Text("Fire alerts that were raised in the month.", "消防告警"),
    "alerts_real": Text("Of these, real ones.", "真实"),
    "alerts_false": Text("False alarms.", "误报"),
    "alerts_test": Text("Tests.", "测试"),
    "alerts_duplicate": Text("Duplicates.", "重复"),
    "alerts_unknown": Text("Those of which nobody has said what they were.", "未填写结果"),
    "control_room_gaps": Text("How often a control room was short of people.", "消控室人员不足次数"),
    "control_room_gap_minutes": Text("For how many minutes in all.", "消控室人员不足分钟数"),
    "without_keeper": Text("Compounds whose fire safety nobody kept at its end.", "月末无人负责的小区"),
}


def month_of(day: date) -> tuple[date, date]:
    """The first day of the day's month, and that of the next month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def may_be_kept(month: date, today: date) -> bool:
    """Whether the report of the month that begins on ``month`` changes no more."""
    return today >= month_of(month)[1] + KEPT_AFTER
