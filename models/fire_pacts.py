"""Fire pacts, and who keeps a compound's fire safety: the company that serves it, else the community by a pact."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.fire_pacts import FireDuty, FireKeeperBasis, check_duties, check_homes, check_signed
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .calendar import today
from .connection import constrained, query
from .facts import record
from .organisations import Organisation
from .permits import actor_of, found, permitted, unchanged
from .roles import check_days, check_no_longer
from .rows import Row
from .territory import Compound


class FirePact(Row):
    """A fire pact of a compound with its community's office, from ``signed_on`` to ``ends_on`` (both included; null: open).

    Never two on one day. ``homes_joined``: how many homes signed it; which, is not kept.
    """

    prefix = "fpa"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    signed_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    duties: fields.JSONField[list[str]] = fields.JSONField()
    homes_joined = fields.IntField()
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fire_pact"


@dataclass(frozen=True)
class FireKeeper:
    """Who keeps a compound's fire safety on a day, on what ground, and since when."""

    organisation_id: str
    name: str
    basis: FireKeeperBasis
    since: date


#: $1: compound, $2: day. The company before the community.
_KEEPER = """
SELECT kept.organisation_id, o.name, kept.basis, kept.since FROM (
    SELECT organisation_id, 'MANDATE' AS basis, starts_on AS since, id FROM mandate
    WHERE compound_id = $1 AND service = 'FULL' AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)
    UNION ALL
    SELECT organisation_id, 'PACT', signed_on, id FROM fire_pact
    WHERE compound_id = $1 AND signed_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)
) AS kept JOIN organisation o ON o.id = kept.organisation_id AND (o.ended_on IS NULL OR o.ended_on >= $2)
ORDER BY kept.basis, kept.since DESC, kept.id LIMIT 1
"""


async def keeper_of(compound_id: str, day: date | None = None) -> FireKeeper | None:
    """Who keeps the compound's fire safety on ``day`` (default: today); None: nobody."""
    rows = await query(_KEEPER, compound_id, day or today())
    return next((FireKeeper(r["organisation_id"], r["name"], FireKeeperBasis(r["basis"]), r["since"]) for r in rows), None)


async def sign_pact(
    viewer: Viewer,
    compound_id: str,
    duties: Collection[FireDuty],
    homes_joined: int,
    *,
    organisation_id: str | None = None,
    signed_on: date | None = None,
    ends_on: date | None = None,
) -> FirePact:
    """Record a fire pact of a compound with its community, from ``signed_on`` (default: today) to ``ends_on`` (none: open).

    ``organisation_id``: the community's office; default: the one there is. Refuses NOT_FOUND, FORBIDDEN, INVALID (no duties, more
    homes than there are, days, an organisation that is not the community's office) and CONFLICT (there is one on some of
    these days).
    """
    first = signed_on or today()
    check_signed(first, today())
    check_days(first, ends_on)
    kept = check_duties(duties)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "firePactSign", path=("compound_id",))
        office = await _office(viewer, compound, organisation_id)
        pact = FirePact(
            signed_on=first,
            ends_on=ends_on,
            duties=kept,
            homes_joined=check_homes(homes_joined, compound.home_count),
            organisation_id=office.id,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        async with constrained(_taken()):
            await pact.save(force_create=True)
        told = {"signed_on": first.isoformat(), "ends_on": ends_on and ends_on.isoformat(), "homes_joined": homes_joined}
        await record(actor_of(viewer), "firePactSign", pact, after=told)
        return pact


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("The compound has a fire pact on some of these days.", "该小区在此期间已有消防公约。"),
        path=("signed_on",),
        hint=Text("End that one first: firePactEnd.", "请先终止原公约（firePactEnd）。"),
    )


async def _office(viewer: Viewer, compound: Compound, organisation_id: str | None) -> Organisation:
    day = today()
    offices = await Organisation.filter(kind=OrganisationKind.COMMUNITY_OFFICE, place_id=compound.community_id).order_by("id")
    standing = [office for office in offices if office.ended_on is None or office.ended_on >= day]
    named = await found(Organisation, organisation_id, viewer, path=("organisation_id",)) if organisation_id else None
    chosen = next((office for office in standing if named is None or office.id == named.id), None)
    if chosen is not None:
        return chosen
    raise Refused(
        RefusalCode.INVALID,
        Text("A fire pact is made with the office of the compound's community.", "消防公约由小区所属社区（村）签订。"),
        path=("organisation_id",),
        hint=Text(
            "Name that office; if there is none, let the street found it first.", "请选择该社区（村）；如未登记，请先由街道登记。"
        ),
    )


async def set_homes(viewer: Viewer, pact_id: str, homes_joined: int, *, expected_version: int | None = None) -> FirePact:
    """Say how many homes have joined by now.

    Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        pact = await permitted(FirePact, pact_id, viewer, "firePactSetHomes")
        unchanged(pact.version, expected_version)
        if pact.ends_on is not None and pact.ends_on < today():
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The pact has ended.", "该公约已终止。"),
                path=("id",),
                hint=Text("Sign a new one: firePactSign.", "请重新签订（firePactSign）。"),
            )
        compound = await Compound.get(id=pact.compound_id)
        before, pact.homes_joined = pact.homes_joined, check_homes(homes_joined, compound.home_count)
        pact.version += 1
        await pact.save(update_fields=["homes_joined", "version"])
        await record(
            actor_of(viewer), "firePactSetHomes", pact, before={"homes_joined": before}, after={"homes_joined": homes_joined}
        )
        return pact


async def end_pact(viewer: Viewer, pact_id: str, *, ends_on: date | None = None) -> FirePact:
    """The pact with an earlier last day (default: today). Without a day, one that is over stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a last day before the first, or after the present one).
    """
    async with in_transaction():
        pact = await permitted(FirePact, pact_id, viewer, "firePactEnd")
        if ends_on is None and pact.ends_on is not None and pact.ends_on <= today():
            return pact
        last = ends_on or max(today(), pact.signed_on)
        check_days(pact.signed_on, last)
        check_no_longer(last, pact.ends_on)
        before = {"ends_on": pact.ends_on and pact.ends_on.isoformat()}
        pact.ends_on = last
        pact.version += 1
        await pact.save(update_fields=["ends_on", "version"])
        await record(actor_of(viewer), "firePactEnd", pact, before=before, after={"ends_on": last.isoformat()})
        return pact
