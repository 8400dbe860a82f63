"""Mutations on places; the acts are in models/territory/."""

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.points import Point
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.words import Text
from models import territory

graphql_enum(PlaceKind)

LATITUDE, LONGITUDE = "Latitude in degrees (纬度), WGS 84.", "Longitude in degrees (经度), WGS 84."
OUTLINE = "Outline (边界): a GeoJSON Polygon or MultiPolygon in WGS 84, longitude first, at most 500 corners; null takes it away."
_PLACE = "The place as it is now (地域); null when refused."


def point_of(latitude: float | None, longitude: float | None) -> Point | None:
    """The point that is given; none where neither is. Refuses (INVALID) one without the other."""
    if latitude is not None and longitude is not None:
        return Point(latitude, longitude)
    if latitude is longitude:
        return None
    raise Refused(
        RefusalCode.INVALID,
        Text("One half of the point is missing.", "坐标不完整。"),
        path=("longitude" if longitude is None else "latitude",),
        hint=Text("Give latitude and longitude, or neither.", "请同时填写经度和纬度，或都留空。"),
    )


@strawberry.input(description="A place to add.")
class PlaceAddInput(OnceInput):
    parent_id: strawberry.ID = strawberry.field(description="Place above it (上级地域).")
    kind: PlaceKind = strawberry.field(description="Kind (类别).")
    code: str = strawberry.field(description="Code of its own (编码), 1 to 40 characters.")
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")


@bound("What placeAdd answers.")
class PlaceAddPayload(Payload):
    place = by_id("Place", "subject_id", description=_PLACE)


@mutation("Add a community or village below a street, or a grid below one of these (新增地域).")
async def place_add(context: Context, given: PlaceAddInput) -> PlaceAddPayload:
    done = await territory.add_place(context.viewer, given.parent_id, given.kind, code=given.code, name=given.name)
    return PlaceAddPayload(subject_id=done.id)


@strawberry.input(description="A place and what it is called from now on.")
class PlaceRenameInput(ChangeInput):
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")


@bound("What placeRename answers.")
class PlaceRenamePayload(Payload):
    place = by_id("Place", "subject_id", description=_PLACE)


@mutation("Rename a place (变更地域名称).")
async def place_rename(context: Context, given: PlaceRenameInput) -> PlaceRenamePayload:
    done = await territory.rename_place(context.viewer, given.id, given.name, expected_version=given.expected_version)
    return PlaceRenamePayload(subject_id=done.id)


@strawberry.input(description="A place and where it lies.")
class PlaceSetPointInput(ChangeInput):
    latitude: float | None = strawberry.field(description=LATITUDE, default=strawberry.UNSET)
    longitude: float | None = strawberry.field(description=LONGITUDE, default=strawberry.UNSET)


@bound("What placeSetPoint answers.")
class PlaceSetPointPayload(Payload):
    place = by_id("Place", "subject_id", description=_PLACE)


@mutation("Say where a place lies (更新地域位置); neither: nobody knows.")
async def place_set_point(context: Context, given: PlaceSetPointInput) -> PlaceSetPointPayload:
    done = await territory.set_place_point(
        context.viewer, given.id, point_of(given.latitude, given.longitude), expected_version=given.expected_version
    )
    return PlaceSetPointPayload(subject_id=done.id)


@strawberry.input(description="A place and its outline.")
class PlaceSetOutlineInput(ChangeInput):
    outline: JSON | None = strawberry.field(description=OUTLINE, default=strawberry.UNSET)


@bound("What placeSetOutline answers.")
class PlaceSetOutlinePayload(Payload):
    place = by_id("Place", "subject_id", description=_PLACE)


@mutation("Draw the outline of a place (绘制地域边界).")
async def place_set_outline(context: Context, given: PlaceSetOutlineInput) -> PlaceSetOutlinePayload:
    done = await territory.set_place_outline(context.viewer, given.id, given.outline, expected_version=given.expected_version)
    return PlaceSetOutlinePayload(subject_id=done.id)
