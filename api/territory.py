"""Territory: places, compounds, buildings, units, homes."""

from typing import Any

import models
from api.read.declare import column, computed, count, many, node, one, stats
from domain.coverage import CoverageAspect
from models.coverage import covered_sql
from models.facilities.zones import COVERED

_A = CoverageAspect


def _has(aspect: CoverageAspect, description: str) -> Any:
    """Whether it has it today, by the street's own date."""
    return computed(bool, covered_sql(aspect, "{row}.id", "current_date"), description)


_LATITUDE, _LONGITUDE = "Latitude in degrees (纬度), WGS 84.", "Longitude in degrees (经度), WGS 84."
_OUTLINE = "Outline (边界): a GeoJSON Polygon or MultiPolygon, longitude first; null: nobody has drawn it."


@node(models.Place, "Place (地域): a street, community, village or grid.")
class Place:
    code = column("Stable code (编码).", filter=True, sort=True)
    kind = column("Kind (类别).", filter=True)
    name = column("Name (名称).", filter=True)
    latitude = column(_LATITUDE)
    longitude = column(_LONGITUDE)
    outline = column(_OUTLINE)
    version = column("Version, for expectedVersion.")
    ended_on = column("When it ended (撤销日期); null: it goes on.")
    living = column("Whether it goes on (是否有效).", filter=True)
    became = one("Place", "What it was merged into (并入的网格).")
    split_from = one("Place", "What it was split from (拆分来源).")
    absorbed = many("Place", "What was merged into it (已并入的网格).", by="became_id", sort="code")
    split_off = many("Place", "What was split from it (已拆出的网格).", by="split_from_id", sort="code")
    parent = one("Place", "The place above it; null for a street.", filter=True)
    places = many("Place", "The places directly below it.", by="parent_id", sort="code")
    compounds = many("Compound", "Compounds (小区) of this community or village.", by="community_id", sort="code")
    grid_compounds = many("Compound", "Compounds (小区) of this grid.", by="grid_id", sort="code")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.Compound, "Residential compound (小区).")
class Compound:
    code = column("Stable code (编码).", filter=True, sort=True)
    name = column("Name (名称).", filter=True, sort=True)
    kind = column("Kind (类别).", filter=True, group=True)
    governance = column("Who runs it (管理模式).", group=True)
    address = column("Address (地址).")
    latitude = column(_LATITUDE)
    longitude = column(_LONGITUDE)
    outline = column(_OUTLINE)
    handed_over_year = column("Year of handover (交付年份).")
    home_count = column("Number of homes (户数).", aggregate=True)
    resident_count = column("Number of residents (居民人数).", aggregate=True)
    version = column("Version, for expectedVersion.")
    street = one("Place", "Street (街道).")
    community = one("Place", "Community or village (社区、村).", filter=True, group=True)
    grid = one("Place", "Grid (网格).", filter=True)
    buildings = many("Building", "Buildings (楼栋).", by="compound_id", sort="code")
    homes = many("Home", "Homes (房屋).", by="compound_id", sort="code")
    home_stats = stats("Home", "Its homes counted (房屋统计).", by="compound_id")
    mandates = many("Mandate", "Who does what for it (服务与治理关系).", by="compound_id", sort="starts_on")
    facilities = many("Facility", "Facilities (设施).", by="compound_id", sort="code")
    devices = many("Device", "Devices (设备).", by="compound_id", sort="code")
    tickets = many("Ticket", "Tickets (工单), newest first.", by="compound_id", sort="-opened_at")
    alerts = many("Alert", "Alerts (告警), newest first.", by="compound_id", sort="-last_seen_at")
    ticket_stats = stats("Ticket", "Its tickets counted (工单统计).", by="compound_id")
    alert_stats = stats("Alert", "Its alerts counted (告警统计).", by="compound_id")
    hazards = many("Hazard", "Hazards (隐患), newest first.", by="compound_id", sort="-found_at")
    hazard_stats = stats("Hazard", "Its hazards counted (隐患统计).", by="compound_id")
    round_plans = many("RoundPlan", "Plans of rounds (巡查计划).", by="compound_id", sort="-starts_on")
    rounds = many("Round", "Rounds (巡查), the latest first.", by="compound_id", sort="-opens_at")
    fire_drills = many(
        "FireDrill", "Fire drills and trainings (消防演练、培训), newest first.", by="compound_id", sort="-planned_on"
    )
    fire_pacts = many("FirePact", "Fire pacts (消防公约).", by="compound_id", sort="-signed_on")
    statements = many(
        "Statement", "Statements to the owners (收支公示), the latest period first.", by="compound_id", sort="-period_from"
    )
    books = many("Book", "Books (账套) that are kept of it.", by="compound_id", sort="opened_on")
    joint_offices = many("JointOffice", "Joint offices (合署办公点).", by="compound_id", sort="starts_on")
    fee_items = many("FeeItem", "Fee items (收费项目).", by="compound_id", sort="code")
    posts = many("Post", "Staffed posts (值守岗位).", by="compound_id", sort="opened_at")
    figures = many("CompoundFigures", "Its key figures by day (关键指标), the newest first.", by="compound_id", sort="-day")
    has_party_organisation = _has(_A.PARTY_ORGANISATION, "Whether a Party branch guides it today (党的组织覆盖).")
    has_party_work = _has(
        _A.PARTY_WORK, "Whether there is Party work today (党的工作覆盖), by a branch, an instructor or liaison."
    )
    has_owners_body = _has(_A.OWNERS_BODY, "Whether it has a body of the owners or residents today (业主组织覆盖).")
    has_company = _has(_A.COMPANY, "Whether a property company serves it today (物业服务覆盖).")
    has_joint_office = _has(_A.JOINT_OFFICE, "Whether it has a joint office today (合署办公覆盖).")
    zones = many("Zone", "Zones (监控区域) that cameras are to cover, withdrawn ones too.", by="compound_id", sort="declared_at")
    zone_count = count(
        "Zone", "Number of zones that cameras are to cover (应覆盖区域数).", by="compound_id", where="{row}.ended_at IS NULL"
    )
    covered_zone_count = count(
        "Zone",
        "How many of them a camera covers that works and is on line (已覆盖区域数).",
        by="compound_id",
        where="{row}.ended_at IS NULL AND " + COVERED,
    )
    facility_count = count("Facility", "Number of facilities (设施数).", by="compound_id")
    facilities_out_count = count(
        "Facility",
        "Number of facilities out of service (停用设施数).",
        by="compound_id",
        where="{row}.status = 'OUT_OF_SERVICE'",
    )
    open_alert_count = count("Alert", "Number of open alerts (未解除告警数).", by="compound_id", where="{row}.state = 'OPEN'")
    open_ticket_count = count(
        "Ticket",
        "Number of tickets neither closed nor cancelled (在办工单数).",
        by="compound_id",
        where="{row}.state NOT IN ('CLOSED', 'CANCELLED')",
    )
    overdue_ticket_count = count(
        "Ticket",
        "Number of tickets whose work was not done by the deadline (超时工单数).",
        by="compound_id",
        where="{row}.state NOT IN ('RESOLVED', 'CLOSED', 'CANCELLED') AND {row}.due_at < now()",
    )
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.Building, "Building (楼栋) of a compound.")
class Building:
    code = column("Stable code (编码).", sort=True)
    name = column("Name (名称).")
    storeys = column("Storeys (层数).")
    height_m = column("Height in metres (高度); over 27 m is high-rise.")
    compound = one("Compound", "Compound (小区).", filter=True)
    units = many("Unit", "Units (单元).", by="building_id", sort="code")
    facilities = many("Facility", "Facilities in this building (设施).", by="building_id", sort="code")


@node(models.Unit, "Unit (单元): a stairwell of a building.")
class Unit:
    code = column("Stable code (编码).", sort=True)
    name = column("Name (名称).")
    building = one("Building", "Building (楼栋).")
    homes = many("Home", "Homes (房屋).", by="unit_id", sort="code")


@node(models.Home, "Home (房屋).")
class Home:
    code = column("Stable code (编码).", filter=True, sort=True)
    name = column("Number on the door (门牌).")
    floor = column("Floor (楼层).")
    area_m2 = column("Area in square metres (建筑面积).")
    use = column("What it is used for (用途).", filter=True, group=True)
    residents = column("How many live there (居住人数); a count, no names.")
    version = column("Version, for expectedVersion.")
    unit = one("Unit", "Unit (单元).")
    compound = one("Compound", "Compound (小区).", filter=True)
    fee_assignments = many("FeeAssignment", "Its parts in fee items (收费项目分配).", by="home_id", sort="-starts_on")
    meters = many("Meter", "Its meters (计量表).", by="home_id", sort="-started_on")
    bills = many("Bill", "Its bills (账单), the latest first.", by="home_id", sort="-issued_on")
