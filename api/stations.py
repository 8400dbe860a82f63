"""Warm stations and what is theirs; what is open near a point."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.declare import column, computed, many, node, one, stats
from api.read.errors import refuse
from domain.refusals import Refused
from domain.stations import Point, PointKind
from models.stations import open_near

_CLOCK = "to_char(now(), 'HH24:MI')"
#: domain/stations/opening.py in SQL, for one row at this moment.
_OPEN = f"""({{row}}.ended_at IS NULL AND ({{row}}.opens IS NULL OR CASE WHEN {{row}}.opens < {{row}}.closes
    THEN {_CLOCK} >= {{row}}.opens AND {_CLOCK} < {{row}}.closes ELSE {_CLOCK} >= {{row}}.opens OR {_CLOCK} < {{row}}.closes END)
    AND NOT EXISTS (SELECT FROM station_closure closed WHERE closed.station_id = {{row}}.id AND closed.starts_at <= now()
        AND (closed.ends_at IS NULL OR closed.ends_at > now())))"""
_OPENS = 'When it opens every day (开放时间), such as "08:00"; null: round the clock.'
_CLOSES = "When it closes every day (关闭时间), perhaps after midnight; null: round the clock."


@node(models.Station, "Warm station (暖新驿站) of a business grid, for whoever works outdoors.")
class Station:
    code = column("Stable code (编码).", filter=True, sort=True)
    name = column("Name (名称).")
    address = column("Address (地址).")
    latitude = column("Latitude in degrees (纬度), WGS 84.")
    longitude = column("Longitude in degrees (经度), WGS 84.")
    opens = column(_OPENS)
    closes = column(_CLOSES)
    police_point = column("Whether there is a police point (警务点) in it.")
    opened_at = column("When it was opened (设立时间).")
    ended_at = column("When it was ended (撤销时间).")
    version = column("Version, for expectedVersion.")
    open_now = computed(bool, _OPEN, "Whether it is open at this moment (当前是否开放).")
    grid = one("Place", "Business grid (商圈网格).", filter=True)
    organisation = one("Organisation", "Organisation that runs it (运营单位).", filter=True)
    office = one("Organisation", "Office of the community that looks after it (协管社区).", filter=True)
    closures = many("StationClosure", "Closures (停用记录), the newest first.", by="station_id", sort="-starts_at")
    equipment = many("StationEquipment", "Furnishing and equipment (设施).", by="station_id", sort="kind")
    items = many("StationItem", "What it has in stock (物品).", by="station_id", sort="kind")
    services = many("StationService", "What partners offer in it (共建服务).", by="station_id", sort="-starts_on")
    points = many("StationPoint", "Its service points (服务点).", by="station_id", sort="kind")
    loans = many("StationLoan", "What was lent (借用), the newest first.", by="station_id", sort="-lent_at")
    movements = many("StationMovement", "How its stock changed (出入库), the newest first.", by="station_id", sort="-at")
    visits = many("StationVisit", "Visits by the hour (人次), the newest first.", by="station_id", sort="-hour")
    visit_stats = stats("StationVisit", "Its visits counted (人次统计).", by="station_id")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.StationClosure, "Closure (停用): a time for which a station is closed. No two of a station overlap.")
class StationClosure:
    starts_at = column("When it begins (开始时间).", sort=True)
    ends_at = column("When it ends (结束时间), not included; null: until further notice.")
    reason = column("Why (原因).")
    note = column("More of it (说明).")
    station = one("Station", "Station (驿站).")


@node(models.StationEquipment, "Furnishing or equipment (设施) of a station.")
class StationEquipment:
    kind = column("Kind (类别).", filter=True, sort=True)
    name = column("Name (名称).")
    amount = column("How many (数量).")
    state = column("How it is (状态).", filter=True)
    state_since = column("Since when it is so (状态起始时间).")
    note = column("More of it (说明).")
    removed_at = column("When it was taken out (移出时间).")
    station = one("Station", "Station (驿站).")


@node(models.StationItem, "Item (物品): something that a station gives away or lends.")
class StationItem:
    kind = column("Kind (类别).", filter=True, sort=True)
    name = column("Name (名称).")
    unit = column("What it is counted in (单位).")
    in_stock = column("How many there are (现存数量).")
    lent = column("How many are with people (借出数量).")
    minimum = column("How many there should always be (最低库存).")
    low_since = column("Since when there are less (缺货起始时间); null: there is enough.", filter=True)
    added_at = column("When it was listed (登记时间).")
    removed_at = column("When it was struck off the list (移除时间).")
    short = computed(
        bool, "({row}.removed_at IS NULL AND {row}.in_stock < {row}.minimum)", "Whether there are less than that (是否缺货)."
    )
    station = one("Station", "Station (驿站).", filter=True)
    loans = many("StationLoan", "What was lent of it (借用), the newest first.", by="item_id", sort="-lent_at")
    movements = many("StationMovement", "How its stock changed (出入库), the newest first.", by="item_id", sort="-at")


@node(models.StationLoan, "Loan (借用): one piece of an item, with whoever has the slip. Nobody writes down who that is.")
class StationLoan:
    slip = column("Number of the slip (借条编号).", filter=True)
    state = column("Where the thing is (状态).", filter=True)
    lent_at = column("When it was lent (借出时间).", sort=True)
    due_at = column("When it should be back (应还时间).", filter=True)
    closed_at = column("When it came back or was written off (办结时间).")
    overdue = computed(bool, "({row}.state = 'OUT' AND {row}.due_at < now())", "Whether it should be back by now (是否逾期).")
    item = one("StationItem", "What was lent (物品).", filter=True)
    station = one("Station", "Station (驿站).", filter=True)


@node(models.StationMovement, "Movement (出入库) of an item's stock.")
class StationMovement:
    kind = column("Why it changed (类别).", filter=True, group=True)
    amount = column("How many more there were, or less (数量).", aggregate=True)
    in_stock = column("How many there were then (结存).")
    at = column("When (时间).", sort=True, group=True)
    item = one("StationItem", "Item (物品).", filter=True)
    station = one("Station", "Station (驿站).", filter=True, group=True)


@node(models.StationService, "Partner's service (共建服务) in a station.")
class StationService:
    kind = column("Kind (类别).")
    name = column("Name (名称).")
    partner = column("Who offers it (共建单位).")
    times = column("When, in words (服务时间).")
    starts_on = column("First day (开始日期).", sort=True)
    ends_on = column("Last day (结束日期); null: open.")
    station = one("Station", "Station (驿站).")


@node(models.StationPoint, "Service point (服务点) that a station keeps beyond its own doors.")
class StationPoint:
    kind = column("Kind (类别).", filter=True, sort=True)
    name = column("Name (名称).")
    address = column("Address (地址).")
    latitude = column("Latitude in degrees (纬度), WGS 84.")
    longitude = column("Longitude in degrees (经度), WGS 84.")
    opens = column(_OPENS)
    closes = column(_CLOSES)
    opened_at = column("When it was opened (设立时间).")
    ended_at = column("When it was ended (撤销时间).")
    station = one("Station", "Station that keeps it (驿站).", filter=True)


@node(models.StationVisit, "Visits (人次) of an hour, by line of work: how many came, never who.")
class StationVisit:
    hour = column("When the hour begins (时段).", filter=True, sort=True, group=True)
    visitors = column("Whose visits (人群).", filter=True, group=True)
    visits = column("How many (人次).", aggregate=True)
    station = one("Station", "Station (驿站).", filter=True, group=True)


graphql_enum(PointKind)


@strawberry.type(description="Something open near a point (附近开放): a station, or a service point of one.")
class OpenNearby:
    station_id: strawberry.ID = strawberry.field(description="Station (驿站), for node(id:).")
    point_id: strawberry.ID | None = strawberry.field(
        description="Service point (服务点), for node(id:); null: the station itself."
    )
    kind: PointKind | None = strawberry.field(description="Kind of the service point (服务点类别); null: the station itself.")
    name: str = strawberry.field(description="Name (名称).")
    address: str = strawberry.field(description="Address (地址).")
    latitude: float = strawberry.field(description="Latitude in degrees (纬度), WGS 84.")
    longitude: float = strawberry.field(description="Longitude in degrees (经度), WGS 84.")
    distance_metres: int = strawberry.field(description="How far it is as the crow flies (直线距离), in metres.")
    until: datetime | None = strawberry.field(description="When it closes next (关闭时间); null: nobody has said.")


async def _open_nearby(
    info: strawberry.Info[Context, Any],
    latitude: Annotated[float, strawberry.argument(description="Latitude in degrees (纬度), WGS 84.")],
    longitude: Annotated[float, strawberry.argument(description="Longitude in degrees (经度), WGS 84.")],
    within_metres: Annotated[int, strawberry.argument(description="How far is near (距离), 1 to 20000 metres.")] = 2_000,
) -> list[OpenNearby]:
    try:
        found = await open_near(info.context.viewer, Point(latitude, longitude), within_metres)
    except Refused as refused:
        words = (refused.message, refused.hint)
        raise refuse("BAD_USER_INPUT", " ".join(text.say(info.context.language) for text in words)) from refused
    return [
        OpenNearby(
            station_id=strawberry.ID(each.station_id),
            point_id=strawberry.ID(each.point_id) if each.point_id else None,
            kind=each.kind,
            name=each.name,
            address=each.address,
            latitude=each.at.latitude,
            longitude=each.at.longitude,
            distance_metres=each.distance_m,
            until=each.until,
        )
        for each in found
    ]


open_nearby = strawberry.field(
    _open_nearby,
    description="Stations (驿站) and service points (服务点) within some metres of a point that are open now, the nearest first;"
    " fifty at most, within 20 km.",
)
