"""Mutations on partners' services, service points and visits; the acts are in models/stations/."""

from datetime import date, datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.stations import Point, PointKind, ServiceKind, Visitors
from models import stations

from .keeping import CLOSES, OPENS, STATION

for _word in (PointKind, ServiceKind, Visitors):
    graphql_enum(_word)

_SERVICE = "The service as it is now (共建服务); null when refused."
_POINT = "The service point as it is now (服务点); null when refused."
_VISITS = "The count of the hour (人次); null when refused."


@strawberry.input(description="What a partner offers in a station.")
class StationServiceOfferInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    kind: ServiceKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    partner: str = strawberry.field(description="Who offers it (共建单位), 1 to 120 characters; an organisation.")
    times: str = strawberry.field(description="When (服务时间), in words, 1 to 120 characters.")
    starts_on: date | None = strawberry.field(description="First day (开始日期); default: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What stationServiceOffer answers.")
class StationServiceOfferPayload(Payload):
    service = by_id("StationService", "subject_id", description=_SERVICE)


@mutation("Say what a partner offers in a station (登记共建服务).")
async def station_service_offer(context: Context, given: StationServiceOfferInput) -> StationServiceOfferPayload:
    done = await stations.offer_service(
        context.viewer,
        given.station_id,
        kind=given.kind,
        name=given.name,
        partner=given.partner,
        times=given.times,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return StationServiceOfferPayload(subject_id=done.id)


@strawberry.input(description="A partner's service and its last day.")
class StationServiceEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Service (共建服务).")
    ends_on: date | None = strawberry.field(
        description="Last day (结束日期); none: it is over at once.", default=strawberry.UNSET
    )


@bound("What stationServiceEnd answers.")
class StationServiceEndPayload(Payload):
    station = by_id("Station", "subject_id", description=STATION)


@mutation("End a partner's service (结束共建服务).")
async def station_service_end(context: Context, given: StationServiceEndInput) -> StationServiceEndPayload:
    done = await stations.end_service(context.viewer, given.id, given.ends_on)
    return StationServiceEndPayload(subject_id=done.id)


@strawberry.input(description="A service point to open.")
class StationPointOpenInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    kind: PointKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    address: str = strawberry.field(description="Address (地址), 1 to 200 characters.")
    latitude: float = strawberry.field(description="Latitude in degrees (纬度), WGS 84.")
    longitude: float = strawberry.field(description="Longitude in degrees (经度), WGS 84.")
    opens: str | None = strawberry.field(description=OPENS, default=strawberry.UNSET)
    closes: str | None = strawberry.field(description=CLOSES, default=strawberry.UNSET)


@bound("What stationPointOpen answers.")
class StationPointOpenPayload(Payload):
    point = by_id("StationPoint", "subject_id", description=_POINT)


@mutation("Open a service point of a station (设立服务点).")
async def station_point_open(context: Context, given: StationPointOpenInput) -> StationPointOpenPayload:
    done = await stations.open_point(
        context.viewer,
        given.station_id,
        kind=given.kind,
        name=given.name,
        address=given.address,
        point=Point(given.latitude, given.longitude),
        opens=given.opens,
        closes=given.closes,
    )
    return StationPointOpenPayload(subject_id=done.id)


@strawberry.input(description="A service point to end.")
class StationPointEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Service point (服务点).")


@bound("What stationPointEnd answers.")
class StationPointEndPayload(Payload):
    point = by_id("StationPoint", "subject_id", description=_POINT)


@mutation("End a service point (撤销服务点).")
async def station_point_end(context: Context, given: StationPointEndInput) -> StationPointEndPayload:
    done = await stations.end_point(context.viewer, given.id)
    return StationPointEndPayload(subject_id=done.id)


@strawberry.input(description="Visits of this hour.")
class StationVisitsAddInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    visitors: Visitors = strawberry.field(description="Whose visits (人群).", default=Visitors.OTHER)
    visits: int = strawberry.field(description="How many more (人次).", default=1)


@bound("What stationVisitsAdd answers.")
class StationVisitsAddPayload(Payload):
    visits = by_id("StationVisit", "subject_id", description=_VISITS)


@mutation("Count visits of this hour (登记人次), besides those counted already; of nobody by name.")
async def station_visits_add(context: Context, given: StationVisitsAddInput) -> StationVisitsAddPayload:
    done = await stations.add_visits(context.viewer, given.station_id, given.visitors, given.visits)
    return StationVisitsAddPayload(subject_id=done.id)


@strawberry.input(description="Visits of an hour.")
class StationVisitsSetInput(OnceInput):
    station_id: strawberry.ID = strawberry.field(description="Station (驿站).")
    hour: datetime = strawberry.field(description="A moment of the hour (时段), within 31 days and not to come.")
    visitors: Visitors = strawberry.field(description="Whose visits (人群).")
    visits: int = strawberry.field(description="How many came in all (人次).")


@bound("What stationVisitsSet answers.")
class StationVisitsSetPayload(Payload):
    visits = by_id("StationVisit", "subject_id", description=_VISITS)


@mutation("Say how many came in an hour (更正人次), whatever was counted before.")
async def station_visits_set(context: Context, given: StationVisitsSetInput) -> StationVisitsSetPayload:
    done = await stations.set_visits(context.viewer, given.station_id, given.hour, given.visitors, given.visits)
    return StationVisitsSetPayload(subject_id=done.id)
