"""For how long facilities could be used, asked of their status history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.access import Reach, Viewer
from domain.facilities import FacilityKind
from domain.facilities.downtime import AvailabilityPer, Report, Spell, Use, check_period, spells
from domain.permits import reaches
from models.calendar import now
from models.connection import query
from models.permits import found
from models.territory import Compound, Place

from .rows import Facility, FacilityStatusChange

_KEYS: Mapping[AvailabilityPer, str] = {
    AvailabilityPer.STREET: "f.street_id",
    AvailabilityPer.COMPOUND: "f.compound_id",
    AvailabilityPer.KIND: "f.kind",
}


@dataclass(frozen=True)
class Share:
    """What was found of a group: ``key``, an id or a kind; how many facilities were known of, and how many were ever down."""

    key: str
    facilities: int
    ever_down: int
    use: Use


async def downtime(viewer: Viewer, facility_id: str, start: datetime, end: datetime | None = None) -> list[Spell]:
    """How a facility was from ``start`` to ``end`` (default, and at the latest: now).

    Refuses NOT_FOUND and INVALID (the period).
    """
    facility = await found(Facility, facility_id, viewer)
    end = min(end or now(), now())
    check_period(start, end)
    rows = await FacilityStatusChange.filter(facility_id=facility.id, since__lt=end)
    return spells([Report(row.since, row.status, row.id) for row in rows], start, end)


#: $1, $2: the period; $3, $4: streets and compounds that the viewer sees; $5: kinds; $6: a compound. Null: no matter.
_SHARES = """
SELECT key, count(*)::int AS facilities, count(*) FILTER (WHERE out > 0 OR maintained > 0)::int AS ever_down,
    sum(known)::float8 AS known, sum(out)::float8 AS out, sum(maintained)::float8 AS maintained, sum(degraded)::float8 AS degraded
FROM (
    SELECT facility_id, key, sum(seconds) AS known, coalesce(sum(seconds) FILTER (WHERE status = 'OUT_OF_SERVICE'), 0) AS out,
        coalesce(sum(seconds) FILTER (WHERE status = 'UNDER_MAINTENANCE'), 0) AS maintained,
        coalesce(sum(seconds) FILTER (WHERE status = 'DEGRADED'), 0) AS degraded
    FROM (
        SELECT c.facility_id, {key} AS key, c.status,
            extract(epoch FROM least(lead(c.since, 1, $2) OVER w, $2) - greatest(c.since, $1)) AS seconds
        FROM facility f JOIN facility_status_change c ON c.facility_id = f.id
        WHERE (f.street_id = ANY($3::text[]) OR f.compound_id = ANY($4::text[]))
            AND ($5::text[] IS NULL OR f.kind = ANY($5::text[])) AND ($6::text IS NULL OR f.compound_id = $6) AND c.since < $2
        WINDOW w AS (PARTITION BY c.facility_id ORDER BY c.since, c.id)
    ) spells WHERE seconds > 0 AND status <> 'RETIRED' GROUP BY facility_id, key
) uses GROUP BY key ORDER BY key
"""


async def availability(
    viewer: Viewer,
    start: datetime,
    end: datetime | None = None,
    *,
    per: AvailabilityPer = AvailabilityPer.KIND,
    kinds: list[FacilityKind] | None = None,
    compound_id: str | None = None,
) -> list[Share]:
    """How much of a period (until now at the latest) the facilities that the viewer sees could be used, added up by ``per``.

    Refuses NOT_FOUND (the compound) and INVALID (the period).
    """
    if compound_id is not None:
        await found(Compound, compound_id, viewer, path=("compound_id",))
    end = min(end or now(), now())
    check_period(start, end)
    ways = reaches("Facility", viewer.roles)
    streets, compounds = (
        sorted({id_ for role, way in ways if way is reach for id_ in viewer.ids(role, way)})
        for reach in (Reach.STREET, Reach.COMPOUND)
    )
    named = None if kinds is None else [str(kind) for kind in kinds]
    rows = await query(_SHARES.format(key=_KEYS[per]), start, end, streets, compounds, named, compound_id)
    return [
        Share(
            row["key"],
            row["facilities"],
            row["ever_down"],
            Use(*(timedelta(seconds=row[name]) for name in ("known", "out", "maintained", "degraded"))),
        )
        for row in rows
    ]


async def names_of(ids: list[str]) -> dict[str, str]:
    """What streets and compounds are called, by id."""
    compounds = await Compound.filter(id__in=ids).values_list("id", "name")
    return dict(compounds) | dict(await Place.filter(id__in=ids).values_list("id", "name"))
