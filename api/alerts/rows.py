"""Alerts and their occurrences."""

import models
from api.read.declare import column, localised, many, node, one, one_of


@node(models.Alert, "Alert (告警): something somebody must look at; one open per rule and subject.")
class Alert:
    rule = column("Rule that raised it (规则).", filter=True, group=True)
    rule_version = column("Version of that rule.")
    module = column("Steward module of the rule (模块).", filter=True, group=True)
    severity = column("How bad (级别).", filter=True, group=True)
    severity_rank = column("0 is worst; for sorting.", sort=True)
    state = column("Whether its condition still holds (状态).", filter=True, group=True)
    count = column("How often the condition was seen (次数).")
    first_seen_at = column("Event time of the first (首次时间).", group=True)
    last_seen_at = column("Event time of the newest (最近时间).", filter=True, sort=True)
    acknowledged_at = column("When somebody took note (确认时间).")
    acknowledged_by = one("Account", "Who took note, where the viewer may know (确认人).")
    cleared_at = column("When it was cleared, or withdrawn (解除时间).")
    outcome = column("What it turned out to be (处置结果).", filter=True, group=True)
    outcome_note = column("Remark on the outcome (处置说明).")
    message = localised("What is wrong, where, in the language of the request (内容).")
    reading = column("The reading that raised it last (读数).")
    version = column("Version, for expectedVersion.")
    subject = one_of(
        *("Device", "Facility", "Compound", "Ticket", "ComplaintCluster", "Hazard", "Post", "RoundPlan"),
        description="What it is about (对象).",
    )
    device = one("Device", "Device (设备).", filter=True)
    facility = one("Facility", "Facility (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    ticket = one("Ticket", "Ticket it opened (工单).", by="alert_id")
    care = one("AlertCare", "What is done about it (跟进); null where nothing was begun.", by="alert_id")
    occurrences = many("AlertOccurrence", "When its condition was seen (发生记录).", by="alert_id", sort="-at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.AlertOccurrence, "One time at which an alert's condition was seen (告警发生记录).")
class AlertOccurrence:
    kind = column("RAISED, REPEATED, WORSENED or CLEARED; late readings: AMENDED or WITHDRAWN.")
    at = column("Event time (时间).", sort=True)
    severity = column("Severity then (级别).")
    reading = column("The reading (读数).")
