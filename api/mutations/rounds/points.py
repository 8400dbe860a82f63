"""Mutations on the points of plans; the acts are in models/rounds/points.py."""

from io import BytesIO

import segno
import strawberry

from api.context import Context
from api.mutations.payloads import OnceInput, Payload, UserError, mutation, private_mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.points import Point
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models import rounds

_POINT = "The point as it is now (点位); null when refused."


@strawberry.input(description="A point of a plan.")
class RoundPointInput:
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    place: str = strawberry.field(description="Where it is, in words (位置), at most 120 characters.", default="")
    latitude: float | None = strawberry.field(
        description="Where it is: degrees, WGS 84 (纬度). Default: nobody is asked there where they stand.",
        default=strawberry.UNSET,
    )
    longitude: float | None = strawberry.field(description="The same (经度).", default=strawberry.UNSET)
    items: list[str] | None = strawberry.field(
        description="What is asked there (检查项), 30 at most of 1 to 120 characters. Default: what the kind of rounds asks.",
        default=strawberry.UNSET,
    )
    building_id: strawberry.ID | None = strawberry.field(description="Building (楼栋).", default=strawberry.UNSET)
    facility_id: strawberry.ID | None = strawberry.field(description="Facility (设施).", default=strawberry.UNSET)


def as_point(given: RoundPointInput, path: tuple[str, ...] = ()) -> rounds.NewPoint:
    """A point as the acts take it. Refuses (INVALID) half of a place."""
    return rounds.NewPoint(
        name=given.name,
        place=given.place,
        at=as_place(given.latitude, given.longitude, path),
        items=given.items,
        building_id=given.building_id,
        facility_id=given.facility_id,
    )


def as_place(latitude: float | None, longitude: float | None, path: tuple[str, ...] = ()) -> Point | None:
    """A place, or none. Refuses (INVALID) half of one."""
    if latitude is not None and longitude is not None:
        return Point(latitude, longitude)
    if latitude is None and longitude is None:
        return None
    raise Refused(
        RefusalCode.INVALID,
        Text("Half of a place is none.", "经纬度须同时填写。"),
        path=(*path, "latitude" if latitude is None else "longitude"),
        hint=Text("Give both latitude and longitude, or neither.", "请同时填写经度和纬度，或都不填。"),
    )


@strawberry.input(description="A point to be added to a plan.")
class RoundPointAddInput(OnceInput):
    plan_id: strawberry.ID = strawberry.field(description="Plan (巡查计划).")
    point: RoundPointInput = strawberry.field(description="The point (点位).")
    number: int | None = strawberry.field(
        description="Its place in the order (序号), 1 to 999. Default: after the last.", default=strawberry.UNSET
    )


@bound("What roundPointAdd answers.")
class RoundPointAddPayload(Payload):
    round_point = by_id("RoundPoint", "subject_id", description=_POINT)


@mutation("Add a point to a plan of rounds (新增巡查点); it counts for rounds that open from now on.")
async def round_point_add(context: Context, given: RoundPointAddInput) -> RoundPointAddPayload:
    made = await rounds.add_point(context.viewer, given.plan_id, as_point(given.point, ("point",)), number=given.number)
    return RoundPointAddPayload(subject_id=made.id)


@strawberry.input(description="A point that is scanned no more.")
class RoundPointEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Point (点位).")


@bound("What roundPointEnd answers.")
class RoundPointEndPayload(Payload):
    round_point = by_id("RoundPoint", "subject_id", description=_POINT)


@mutation("Let a point be scanned no more (停用巡查点); what was scanned stays.")
async def round_point_end(context: Context, given: RoundPointEndInput) -> RoundPointEndPayload:
    changed = await rounds.end_point(context.viewer, given.id)
    return RoundPointEndPayload(subject_id=changed.id)


@strawberry.type(description="What is told of a point's code.")
class _CodePayload:
    code: str | None = strawberry.field(description="What the QR code holds (巡查点编码); null when refused.", default=None)
    qr: str | None = strawberry.field(description="The QR code (二维码) to be printed, as SVG; null when refused.", default=None)
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@strawberry.input(description="A point whose code is to be printed.")
class RoundPointPrintInput:
    id: strawberry.ID = strawberry.field(description="Point (点位).")


@strawberry.type(description="What roundPointPrint answers.")
class RoundPointPrintPayload(_CodePayload):
    pass


@private_mutation("Be told the code of a point, to print and hang it up (打印巡查点二维码); it is on record.")
async def round_point_print(context: Context, given: RoundPointPrintInput) -> RoundPointPrintPayload:
    code = await rounds.print_point(context.viewer, given.id)
    return RoundPointPrintPayload(code=code, qr=_svg(code))


@strawberry.input(description="A point that gets a new code.")
class RoundPointRenewInput:
    id: strawberry.ID = strawberry.field(description="Point (点位).")


@strawberry.type(description="What roundPointRenew answers.")
class RoundPointRenewPayload(_CodePayload):
    pass


@private_mutation("Give a point a new code (更换巡查点二维码): somebody scans the old one from afar. The old one is no more.")
async def round_point_renew(context: Context, given: RoundPointRenewInput) -> RoundPointRenewPayload:
    code = await rounds.print_point(context.viewer, given.id, renew=True)
    return RoundPointRenewPayload(code=code, qr=_svg(code))


def _svg(code: str) -> str:
    picture = BytesIO()
    segno.make(code, error="m", micro=False).save(picture, kind="svg", scale=4, dark="#000", light="#fff")
    return picture.getvalue().decode()
