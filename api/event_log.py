"""Events as they came in."""

import models
from api.read.declare import column, node, one


@node(models.Event, "Event (事件) accepted by the intake.")
class Event:
    source = column("CloudEvents source (来源).")
    event_id = column("CloudEvents id, unique within its source (事件编号).")
    type = column("CloudEvents type (事件类型).", filter=True)
    subject = column("Code of the device or facility it is about (主体编码).", filter=True)
    time = column("When it happened (发生时间).")
    received_at = column("When it was stored (接收时间).", filter=True, sort=True)
    data = column("Content (内容).")
    device = one("Device", "Device (设备).", filter=True)
    facility = one("Facility", "Facility (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
