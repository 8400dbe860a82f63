"""Who goes a round: by the mandates of a day, else the community; and whether a viewer is of them."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.access import Reach, Role, Viewer
from domain.organisations import OFFICES, OrganisationKind
from domain.permits import allowing
from domain.rounds import KINDS, RoundKind, invalid
from domain.words import Text
from models.connection import query
from models.organisations import Organisation
from models.upkeep.sides import is_office, may_do, works_for

from .rows import Round, RoundPlan, RoundPoint

_OFFICIALS = frozenset({Role.STREET_OFFICER, Role.COMMUNITY_STAFF})
_OFFICE_KINDS = ", ".join(f"'{kind}'" for kind in sorted(OFFICES))
_CURRENT = "m.starts_on <= $4 AND (m.ends_on IS NULL OR m.ends_on >= $4)"
_LASTING = "(o.ended_on IS NULL OR o.ended_on >= $4)"
#: $1: plans, $2 and $3: kinds and the services that do them (by commas, the first first), $4: day.
_RESPONSIBLE = f"""
SELECT p.id, coalesce(
    (SELECT o.id FROM organisation o WHERE o.id = p.organisation_id AND (o.kind IN ({_OFFICE_KINDS}) AND {_LASTING} OR EXISTS (
        SELECT FROM mandate m
        WHERE m.organisation_id = o.id AND m.compound_id = p.compound_id AND m.role = 'SERVES' AND {_CURRENT}
    ))),
    (SELECT m.organisation_id FROM mandate m WHERE m.compound_id = p.compound_id
        AND m.service = ANY(string_to_array(k.services, ',')) AND {_CURRENT}
        ORDER BY array_position(string_to_array(k.services, ','), m.service::text), m.starts_on DESC, m.id LIMIT 1),
    (SELECT o.id FROM compound c JOIN organisation o ON o.place_id = c.community_id AND o.kind = 'COMMUNITY_OFFICE'
        WHERE c.id = p.compound_id AND {_LASTING} ORDER BY o.id LIMIT 1)
) AS organisation_id
FROM round_plan p JOIN unnest($2::text[], $3::text[]) AS k (kind, services) ON k.kind = p.kind WHERE p.id = ANY($1::text[])
"""


async def responsible(plan_ids: Sequence[str], day: date) -> Mapping[str, str | None]:
    """Who goes the rounds of these plans on a day, by plan: who is named, else who serves the compound so, else the office of
    its community; None: nobody is there."""
    services = [",".join(KINDS[kind].services) for kind in RoundKind]
    rows = await query(_RESPONSIBLE, list(plan_ids), list(RoundKind), services, day)
    return {row["id"]: row["organisation_id"] for row in rows}


async def check_named(organisation: Organisation, compound_id: str, day: date) -> None:
    """Refuses (INVALID) an organisation that does not serve the compound on that day, nor is an office."""
    if not await may_do(organisation.id, compound_id, day):
        raise invalid(
            ("organisation_id",),
            Text("The organisation does not serve this compound today.", "该单位当前不服务此小区。"),
            Text(
                "Name one that does, or none: then it is whoever serves the compound.",
                "请选择当前服务单位，或留空由现任单位负责。",
            ),
        )


async def check_walker(viewer: Viewer, organisation_id: str | None, compound_id: str) -> None:
    """Refuses (INVALID) whoever does not work for the organisation that goes.

    For the office of a community goes everybody who works for the community or its grids there; where there is nobody to go,
    anybody of these or of the street.
    """
    if organisation_id in works_for(viewer):
        return
    local = any(
        compound_id in viewer.ids(role, Reach.COMPOUND)
        for role in (Role.COMMUNITY_STAFF, Role.GRID_WORKER)
        if role in viewer.roles
    )
    if organisation_id is None and (local or is_office(viewer)):
        return
    if local and await Organisation.exists(id=organisation_id, kind=OrganisationKind.COMMUNITY_OFFICE):
        return
    raise invalid(
        ("id",),
        Text("Another organisation goes this round.", "该巡查由其他单位负责。"),
        Text("Ask whoever plans the rounds to name yours (roundPlanAmend).", "请由负责人将巡查单位改为您所在的单位。"),
    )


def check_may_loosen(viewer: Viewer, act: str, kind: RoundKind, row: RoundPlan | RoundPoint) -> None:
    """Refuses (INVALID) whoever may not make less of what the law asks for: that is the community's there and the street's."""
    if KINDS[kind].lawful and _OFFICIALS.isdisjoint(allowing(viewer, act, type(row).__name__, row.belongs())):
        raise invalid(
            ("id",),
            Text("What the fire code asks for is changed by the community or the street.", "法定消防巡查由社区或街道调整。"),
            Text(
                "Ask the community's office; you may add points, or a plan of your own.", "请联系社区；您可增加点位或另设计划。"
            ),
        )


def check_apart(viewer: Viewer, round_: Round) -> None:
    """Refuses (INVALID) whoever works for the organisation that goes the round."""
    if round_.organisation_id is not None and round_.organisation_id in works_for(viewer):
        raise invalid(
            ("id",),
            Text("Whoever goes a round does not say that it need not be gone.", "巡查单位不能取消本单位的巡查。"),
            Text(
                "Ask the street's office, or the community's where a company goes it.", "请联系街道；由企业巡查的，请联系社区。"
            ),
        )
