"""Facilities and the devices that sense them."""

import models
from api.read.declare import column, computed, many, node, one
from models.facilities.zones import COVERED


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
    qr = computed(str, "'/facilities/' || {row}.id || '/qr.svg'", "Path of its QR code (二维码) on this server, an SVG picture.")
    compound = one("Compound", "Compound (小区).", filter=True)
    building = one("Building", "Building (楼栋), null outdoors.", filter=True)
    unit = one("Unit", "Unit (单元) that it is in, null where it is in none.", filter=True)
    devices = many("Device", "Devices that sense it (设备).", by="facility_id", sort="code")
    status_history = many("FacilityStatusChange", "Status over time (状态历史).", by="facility_id", sort="-since")
    tickets = many("Ticket", "Tickets about it (工单).", by="facility_id", sort="-opened_at")
    alerts = many("Alert", "Alerts about it (告警).", by="facility_id", sort="-last_seen_at")
    zones = many("ZoneCamera", "Zones (监控区域) that it covers, of a camera.", by="facility_id", sort="since")
    next_due = one("UpkeepDue", "What is due of it next (最近到期事项), and why then; null: nothing is.", by="next_of_id")
    dues = many("UpkeepDue", "What is due of it (维保到期), the next first.", by="facility_id", sort="due_on")
    work_orders = many("WorkOrder", "Work orders on it (作业单), newest first.", by="facility_id", sort="-opened_at")
    inspections = many("Inspection", "Inspections of it (检验检测), the latest first.", by="facility_id", sort="-done_on")
    hazards = many("Hazard", "Hazards (隐患) of it, newest first.", by="facility_id", sort="-found_at")
    suspensions = many("Suspension", "When it was suspended (停用记录), the latest first.", by="facility_id", sort="-starts_on")
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


@node(models.Zone, "Zone (监控区域) of a compound that cameras are to cover.")
class Zone:
    kind = column("Kind (类别).", filter=True)
    name = column("Name (名称).")
    declared_at = column("When it was declared (登记时间).", sort=True)
    ended_at = column("Since when it is not asked any more (撤销时间); null: it is.")
    covered = computed(bool, COVERED, "Whether a camera covers it that is in service, and on line as far as is known (是否覆盖).")
    compound = one("Compound", "Compound (小区).", filter=True)
    cameras = many("ZoneCamera", "Cameras (摄像头) that cover it, in service or not.", by="zone_id", sort="since")


@node(models.ZoneCamera, "Camera that covers a zone (监控覆盖).")
class ZoneCamera:
    since = column("Since when (起始时间).", sort=True)
    zone = one("Zone", "Zone (监控区域).")
    facility = one("Facility", "Camera (摄像头).")
    compound = one("Compound", "Compound (小区).")
