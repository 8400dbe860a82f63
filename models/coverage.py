"""Coverage counted: of the compounds that a viewer sees, on any days, in one statement. What counts is in domain/coverage.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.access import Reach, Viewer
from domain.coverage import COVERED_BY, SERVICES, CoverageAspect, CoverageBy
from domain.permits import reached
from domain.territory import CompoundKind

from .connection import query

_MEANINGS = [(aspect, role, kind) for aspect, pairs in COVERED_BY.items() for role, kind in sorted(pairs)]


_SERVICES = ", ".join(f"'{service}'" for service in sorted(SERVICES))


def _on(row: str, day: str) -> str:
    return f"{row}.starts_on <= {day} AND ({row}.ends_on IS NULL OR {row}.ends_on >= {day})"


def _serves(mandate: str) -> str:
    """Whether it covers by what is done: whoever serves does property service, in whole or in part."""
    return f"({mandate}.service IS NULL OR {mandate}.service IN ({_SERVICES}))"


def held_sql(days: str) -> str:
    """Rows (day, compound_id, aspects): what compounds have on the days of the set of rows ``d (day)``; none where nothing."""
    meanings = ", ".join(f"('{aspect}', '{role}', '{kind}')" for aspect, role, kind in _MEANINGS)
    return f"""
    SELECT day, compound_id, array_agg(aspect) AS aspects FROM (
        SELECT d.day, m.compound_id, means.aspect FROM {days} JOIN mandate m ON {_on("m", "d.day")}
            JOIN organisation o ON o.id = m.organisation_id
            JOIN (VALUES {meanings}) AS means (aspect, role, kind) ON means.role = m.role AND means.kind = o.kind
        WHERE {_serves("m")}
        UNION SELECT d.day, j.compound_id, '{CoverageAspect.JOINT_OFFICE}' FROM {days} JOIN joint_office j ON {_on("j", "d.day")}
    ) found GROUP BY day, compound_id
    """


def covered_sql(aspect: CoverageAspect, compound: str, day: str) -> str:
    """Whether a compound has it on a day: the condition over two SQL expressions."""
    if aspect is CoverageAspect.JOINT_OFFICE:
        return f"EXISTS (SELECT FROM joint_office held WHERE held.compound_id = {compound} AND {_on('held', day)})"
    pairs = ", ".join(f"('{role}', '{kind}')" for named, role, kind in _MEANINGS if named is aspect)
    return (
        f"EXISTS (SELECT FROM mandate held JOIN organisation body ON body.id = held.organisation_id WHERE {_on('held', day)}"
        f" AND held.compound_id = {compound} AND (held.role, body.kind) IN ({pairs}) AND {_serves('held')})"
    )


@dataclass(frozen=True)
class Among:
    """Compounds that are asked about: of a kind, of a community or village (None: any)."""

    kind: CompoundKind | None = None
    community_id: str | None = None


@dataclass(frozen=True)
class Covered:
    """How many of so many compounds have what on a day. Street, community and kind are None where they are not told apart."""

    on: date
    street_id: str | None
    community_id: str | None
    community_name: str | None
    kind: CompoundKind | None
    compounds: int
    covered: dict[CoverageAspect, int]


#: $1: streets, $2: compounds that are reached; $3: kind, $4: community, null for any.
_SEEN = """
seen AS MATERIALIZED (
    SELECT c.id, c.code, c.name, c.kind, c.street_id, c.community_id, p.name AS community_name
    FROM compound c JOIN place p ON p.id = c.community_id
    WHERE (c.street_id = ANY($1::text[]) OR c.id = ANY($2::text[])) AND ($3::text IS NULL OR c.kind = $3)
        AND ($4::text IS NULL OR c.community_id = $4)
)
"""
_GROUPS = {
    CoverageBy.STREET: "s.street_id",
    CoverageBy.COMMUNITY: "s.community_id, s.community_name",
    CoverageBy.KIND: "s.kind",
}


def _who(viewer: Viewer, among: Among) -> list[Any]:
    streets, compounds = (reached(viewer, "Compound", way) for way in (Reach.STREET, Reach.COMPOUND))
    return [streets, compounds, among.kind, among.community_id]


async def count_covered(
    viewer: Viewer, days: Sequence[date], by: Collection[CoverageBy] = (), among: Among | None = None
) -> list[Covered]:
    """Today's compounds that the viewer sees, counted on each of the days: how many there are, and how many had what then."""
    groups = "".join(f", {_GROUPS[each]}" for each in CoverageBy if each in by)
    counts = ", ".join(f"count(*) FILTER (WHERE '{each}' = ANY(h.aspects))::int AS {each.lower()}" for each in CoverageAspect)
    rows = await query(
        f"""
        WITH {_SEEN}, held AS ({held_sql("unnest($5::date[]) AS d (day)")})
        SELECT d.day, count(*)::int AS compounds, {counts}{groups}
        FROM unnest($5::date[]) AS d (day) CROSS JOIN seen s LEFT JOIN held h ON h.day = d.day AND h.compound_id = s.id
        GROUP BY d.day{groups} ORDER BY d.day{groups}
        """,
        *_who(viewer, among or Among()),
        list(days),
    )
    return [
        Covered(
            row["day"],
            row.get("street_id"),
            row.get("community_id"),
            row.get("community_name"),
            CompoundKind(row["kind"]) if "kind" in row else None,
            row["compounds"],
            {aspect: row[aspect.lower()] for aspect in CoverageAspect},
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Lacking:
    """A compound that lacks something."""

    compound_id: str
    code: str
    name: str
    kind: CompoundKind
    community_id: str
    community_name: str


async def lacking(
    viewer: Viewer, aspect: CoverageAspect, on: date, among: Among, *, first: int, after: str | None = None
) -> tuple[list[Lacking], int]:
    """Of the compounds that the viewer sees, those that lack it on a day, by code: the first so many after the code ``after``;
    and how many lack it in all."""
    short = f"WITH {_SEEN}, short AS (SELECT * FROM seen s WHERE NOT {covered_sql(aspect, 's.id', '$5::date')})"
    given = [*_who(viewer, among), on]
    rows = await query(
        f"{short} SELECT * FROM short WHERE $6::text IS NULL OR code > $6 ORDER BY code LIMIT $7",
        *given,
        after,
        first,
    )
    total = await query(f"{short} SELECT count(*)::int AS total FROM short", *given)
    found = [
        Lacking(row["id"], row["code"], row["name"], CompoundKind(row["kind"]), row["community_id"], row["community_name"])
        for row in rows
    ]
    return found, total[0]["total"]
