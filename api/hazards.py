"""Hazards: what was found, who puts it right, and who looks again."""

import models
from api.read.declare import column, computed, many, node, one

_LATE = (
    "({row}.state <> 'CLOSED'"
    " AND CASE WHEN {row}.state = 'RECTIFIED' THEN coalesce({row}.recheck_by, {row}.due_at) ELSE {row}.due_at END < now())"
)


@node(models.Hazard, "Hazard (隐患): what can start a fire, feed it or keep people from getting out; and how it was put right.")
class Hazard:
    grade = column("How bad it is (等级).", filter=True, group=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    source = column("How it came to be known (来源).", filter=True, group=True)
    outcome = column("How it came to its end (结论); null: it has not.", group=True)
    level = column("To whom it has climbed (升级层级); null: it is not late.", filter=True, group=True)
    what = column("What it is (隐患内容).")
    spot = column("Where, in words (具体位置).")
    interim_measure = column("What keeps people safe until it is put right (临时措施).")
    remedy = column("How it was put right (整改说明).")
    objection = column("Why it is not put right, or why it was dismissed (复查意见或撤销原因).")
    found_count = column("How often it was found while it was open (发现次数).")
    reopened_count = column("How often it was there again after it was reported put right (退回次数).")
    found_at = column("When it was found (发现时间).", filter=True, sort=True)
    last_found_at = column("When it was found last (最近发现时间).")
    due_at = column("By when it is to be put right (整改期限).", filter=True, sort=True)
    recheck_by = column("By when it is to be looked at again (复查期限); null: it is not put right yet.")
    assigned_at = column("Since when it is with whoever puts it right, or with them again (派发时间).")
    rectified_at = column("When it was reported put right last (整改时间).")
    closed_at = column("When it came to its end (销案时间).")
    late = computed(bool, _LATE, "Whether what is next of it is late (是否逾期).")
    version = column("Version, for expectedVersion.")
    facility = one("Facility", "Facility (设施) that it is about; null: none.", filter=True)
    building = one("Building", "Building (楼栋) that it is in; null: none is named.")
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    organisation = one("Organisation", "Who puts it right (整改单位).", filter=True, group=True)
    assignee = one("Account", "Who of them, where the viewer may know (整改人).")
    found_by = one("Account", "Who found it, where the viewer may know (发现人).")
    rectified_by = one("Account", "Who put it right last, where the viewer may know (整改报告人).")
    closed_by = one("Account", "Who looked again, or dismissed it, where the viewer may know (销案人).")
    scan = one("RoundScan", "Scan (扫描记录) of the round that found it first.")
    alert = one("Alert", "Alert that led to it (来源告警).")
    files = many("File", "Evidence and other files (照片和附件).", by="subject_id", sort="-uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
