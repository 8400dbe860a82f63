"""Who does the work in a compound, and who answers for what stands there: by the mandates of a day."""

from datetime import date

from domain.access import Reach, Role, Viewer
from domain.organisations import OFFICES, MandateService
from domain.upkeep import UpkeepKind
from models.connection import query

_NAMES = ", ".join(f"'{kind}'" for kind in sorted(OFFICES))
_CURRENT = "m.starts_on <= $2 AND (m.ends_on IS NULL OR m.ends_on >= $2)"
_LASTING = "(o.ended_on IS NULL OR o.ended_on >= $2)"
#: $1: compound, $2: day, $3: services, the wanted first. Who serves it so, else the office of its community.
_SERVING = f"""
SELECT organisation_id AS id FROM (
    SELECT m.organisation_id, array_position($3::text[], m.service::text) AS rank, m.starts_on, m.id FROM mandate m
    WHERE m.compound_id = $1 AND m.service = ANY($3::text[]) AND {_CURRENT}
    UNION ALL
    SELECT o.id, 99, NULL, o.id FROM compound c JOIN organisation o ON o.place_id = c.community_id AND o.kind = 'COMMUNITY_OFFICE'
    WHERE c.id = $1 AND {_LASTING}
) AS candidate ORDER BY rank, starts_on DESC, candidate.id LIMIT 1
"""
#: $1: compound, $2: day, $3: organisation. Whether it may do work there.
_MAY_DO = f"""
SELECT 1 FROM organisation o JOIN compound c ON c.id = $1 AND c.street_id = o.street_id
WHERE o.id = $3 AND (o.kind IN ({_NAMES}) AND {_LASTING} OR EXISTS (
    SELECT FROM mandate m WHERE m.organisation_id = o.id AND m.compound_id = c.id AND m.role = 'SERVES' AND {_CURRENT}
))
"""


def _services(kind: UpkeepKind) -> list[MandateService]:
    if kind.startswith("LIFT_"):
        return [MandateService.LIFT_MAINTENANCE, MandateService.FULL]
    if kind.startswith("FIRE_") or kind in {UpkeepKind.EXTINGUISHER_CHECK, UpkeepKind.HYDRANT_CHECK, UpkeepKind.TANK_LEVEL}:
        return [MandateService.FIRE_MAINTENANCE, MandateService.FULL, MandateService.REPAIRS]
    return [MandateService.REPAIRS, MandateService.FULL]


async def doer_of(compound_id: str, kind: UpkeepKind, day: date) -> str | None:
    """Who does such work there: who serves the compound with it, else with all, else the office of the community."""
    rows = await query(_SERVING, compound_id, day, _services(kind))
    return rows[0]["id"] if rows else None


async def user_of(compound_id: str, day: date) -> str | None:
    """Who uses what stands there and answers for it: the property company, else the office of the community."""
    rows = await query(_SERVING, compound_id, day, [MandateService.FULL])
    return rows[0]["id"] if rows else None


async def may_do(organisation_id: str, compound_id: str, day: date) -> bool:
    """Whether the organisation serves the compound on that day, or is an office of the street."""
    return bool(await query(_MAY_DO, compound_id, day, organisation_id))


def works_for(viewer: Viewer) -> frozenset[str]:
    """The organisations that the viewer works for now."""
    return frozenset(id_ for role in viewer.roles for id_ in viewer.ids(role, Reach.ORGANISATION))


def is_office(viewer: Viewer) -> bool:
    """Whether the viewer looks after how others do their work."""
    return not viewer.roles.isdisjoint({Role.STREET_OFFICER, Role.COMMUNITY_STAFF})
