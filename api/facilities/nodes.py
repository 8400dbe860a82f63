"""Facilities and the devices that sense them."""

import models
from api.read.declare import column, many, node, one


@node(models.Facility, "Facility (设施): something that stands in a compound and can break.")
class Facility:
    code = column("Stable code (编码).", filter=True, sort=True)
    kind = column("Kind (类别).", filter=True, group=True)
    name = column("Name (名称).")
    status = column("Whether it can be used (状态).", filter=True, group=True)
    status_since = column("Since when it is so (状态起始时间).")
    version = column("Version, for expectedVersion.")
    attributes = column("What is kept of its kind (属性), by name; in words and with units: `facilityAttributes`.")
    scrap_on = column("Day by which it must be taken out (报废日期); null: nothing says so.", filter=True, sort=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    building = one("Building", "Building (楼栋), null outdoors.", filter=True)
    unit = one("Unit", "Unit (单元) that it is in, null where it is in none.", filter=True)
    devices = many("Device", "Devices that sense it (设备).", by="facility_id", sort="code")
    status_history = many("FacilityStatusChange", "Status over time (状态历史).", by="facility_id", sort="-since")
    tickets = many("Ticket", "Tickets about it (工单).", by="facility_id", sort="-opened_at")
    alerts = many("Alert", "Alerts about it (告警).", by="facility_id", sort="-last_seen_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.FacilityStatusChange, "One entry of a facility's status history (设施状态变更).")
class FacilityStatusChange:
    status = column("Status from then on (状态).")
    since = column("From when (起始时间).", sort=True)
    note = column("Why (说明).")
    facility = one("Facility", "Facility (设施).")


@node(models.Device, "Sensing device (物联设备).")
class Device:
    code = column("Stable code (编码), the subject of its events.", filter=True, sort=True)
    kind = column("Kind (类别).", filter=True)
    name = column("Name (名称).")
    maker = column("Who made it (生产厂家); empty: nobody knows.")
    last_seen_at = column("Event time of its newest event (最近上报时间).", sort=True)
    last_reading = column("Newest value per metric (最近读数).")
    facility = one("Facility", "Facility it senses (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    parent = one("Device", "Through which it is heard (上级设备), a gateway.")
    children = many("Device", "Devices that are heard through it (下级设备).", by="parent_id", sort="code")
    alerts = many("Alert", "Alerts about it (告警).", by="device_id", sort="-last_seen_at")
    events = many("Event", "Events it sent (事件).", by="device_id", sort="-received_at")
