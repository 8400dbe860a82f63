"""Which zones of a compound cameras cover, as the schema tells it."""

from typing import Annotated, Any

import strawberry

from api.context import Context
from api.enums import graphql_enum
from domain.facilities import ZoneKind
from domain.refusals import Refused
from models.facilities.zones import coverage

graphql_enum(ZoneKind)


@strawberry.type(description="A zone that no camera covers now (未覆盖区域).")
class MissingZone:
    id: strawberry.ID = strawberry.field(description="Id, for node(id:).")
    kind: ZoneKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description="Name (名称).")


@strawberry.type(description="How far cameras reach in a compound (监控覆盖).")
class CameraCoverage:
    declared: int = strawberry.field(description="Zones that are to be covered (应覆盖).")
    covered: int = strawberry.field(description="Zones that a camera covers which works and is on line (已覆盖).")
    percent: float | None = strawberry.field(description="Share that is covered, in percent (覆盖率); null: none are declared.")
    missing: list[MissingZone] = strawberry.field(description="Zones that are not covered (未覆盖).")


async def _coverage(
    info: strawberry.Info[Context, Any],
    compound_id: Annotated[strawberry.ID, strawberry.argument(description="Compound (小区).")],
) -> CameraCoverage | None:
    try:
        told = await coverage(info.context.viewer, compound_id)
    except Refused:
        return None
    return CameraCoverage(
        declared=told.declared,
        covered=told.covered,
        percent=round(100 * told.covered / told.declared, 1) if told.declared else None,
        missing=[MissingZone(id=strawberry.ID(zone.id), kind=zone.kind, name=zone.name) for zone in told.missing],
    )


camera_coverage = strawberry.field(
    _coverage, description="Which zones of a compound cameras cover now (监控覆盖); null where the viewer does not see its zones."
)
