"""What becomes of alerts after they were raised: care, silences, the figures of telling, and where alerts come from."""

import models
from api.read.declare import column, many, node, one


@node(models.AlertCare, "Care for an alert (告警跟进): who was told of it, what holds it back, how far it has climbed.")
class AlertCare:
    standing = column("Where it stands (状态).", filter=True)
    raised_at = column("When it was taken up (开始时间).", sort=True)
    told_severity = column("As how bad it was told (通知级别); null: not told yet.")
    said_at = column("When it was told or repeated last (最近通知时间).")
    look_at = column("When the next thing is due (下次处理时间); null: when something happens to it.")
    repeats = column("How often it was repeated (重复次数).")
    rung = column("To whom it has climbed (通知层级); null: not told yet.")
    group_id = column("The same for alerts that were told together (合并编号); null: told alone.")
    shelved_until = column("Until when somebody put it aside (搁置至).")
    shelve_reason = column("Why (搁置原因).")
    shelved_by = one("Account", "Who put it aside, where the viewer may know (搁置人).")
    silence = one("Silence", "The silence that covers it (静默).", filter=True)
    parent_alert = one("Alert", "The alert that explains it (上级告警): of the gateway through which its device is heard.")
    alert = one("Alert", "Alert (告警).")
    compound = one("Compound", "Compound (小区).", filter=True)


@node(models.Silence, "Silence (静默): what is kept quiet for a while, and why; never what is CRITICAL.")
class Silence:
    starts_at = column("From when (开始时间).")
    ends_at = column("Until when (结束时间), not included.", filter=True)
    why = column("Why (原因).")
    module = column("Only alerts of this module (模块); null: of any.", filter=True)
    rule = column("Only alerts of this rule (规则); null: of any.", filter=True)
    worst = column("Nothing worse than this (最重级别).")
    created_at = column("When it was made (创建时间).", sort=True)
    created_by = one("Account", "Who made it, where the viewer may know (创建人).")
    device = one("Device", "Only alerts of this device (设备); null: of any.", filter=True)
    compound = one("Compound", "Only alerts in this compound (小区); null: in the whole street.", filter=True)
    held = many("AlertCare", "What it keeps quiet now (被静默告警).", by="silence_id", sort="-raised_at")


@node(models.AlertPolicy, "How alerts of a severity are told in a street (告警通知参数): the figures that it has of its own.")
class AlertPolicy:
    severity = column("Severity (级别).", filter=True, sort=True)
    figures = column("Its figures by name (参数); the others are the defaults.")


@node(models.AlertSource, "Where alerts come from (告警来源): one rule at one subject over the last 30 days.")
class AlertSource:
    rule = column("Rule (规则).", filter=True, group=True)
    module = column("Module (模块).", filter=True, group=True)
    maker = column("Maker of the device (生产厂家); empty: nobody knows.", filter=True, group=True)
    raised = column("Alerts (告警数).", sort=True, aggregate=True)
    seen = column("How often the condition was seen (出现次数).", aggregate=True)
    confirmed = column("Alerts that were what they said (属实).", aggregate=True)
    false_alarms = column("False alarms (误报).", sort=True, aggregate=True)
    tests = column("Tests (测试).", aggregate=True)
    duplicates = column("Duplicates (重复).", aggregate=True)
    unknown = column("Alerts whose outcome nobody has told (未登记).", aggregate=True)
    false_percent = column(
        "False alarms among those found true or false, in percent (误报率).", sort=True, share=("false_alarms", "confirmed")
    )
    last_seen_at = column("When it was seen last (最近时间).")
    device = one("Device", "Device (设备).", filter=True, group=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
