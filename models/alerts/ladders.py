"""To whom the alerts of a compound climb: the rungs that there are, with their organisations and the people on duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.access import Role
from domain.alerts.care import CareRung
from domain.duty import DutyLevel
from domain.organisations import OrganisationKind
from models.calendar import zone
from models.connection import query
from models.duty import on_duty
from models.organisations import Organisation, lasting
from models.territory import Compound
from models.tickets import handling_organisation

#: Managers who are told where nobody is on a managers' roster.
_MANAGERS = 20

#: $1: organisations, $2: day, $3: at most so many.
_ANY_MANAGER = f"""
SELECT DISTINCT b.account_id FROM role_binding b JOIN account a ON a.id = b.account_id AND a.disabled_at IS NULL
WHERE b.organisation_id = ANY($1::text[]) AND b.role = '{Role.COMPANY_MANAGER}' AND b.starts_on <= $2
    AND (b.ends_on IS NULL OR b.ends_on >= $2)
ORDER BY b.account_id LIMIT $3
"""


@dataclass(frozen=True)
class Rung:
    """Who is told on a rung."""

    name: CareRung
    organisations: frozenset[str]
    accounts: frozenset[str]


async def ladder_of(compound_id: str, moment: datetime) -> list[Rung]:
    """The rungs of a compound at ``moment``, from below; one on which there is nobody is left out.

    Managers are people: their organisation was told on the rung below.
    """
    compound = await Compound.get(id=compound_id)
    day = moment.astimezone(zone()).date()
    handling = await handling_organisation(compound_id, day)
    local = await _offices(compound.street_id, day, {OrganisationKind.COMMUNITY_OFFICE: compound.community_id})
    local |= await _offices(compound.street_id, day, {OrganisationKind.GRID_TEAM: compound.grid_id})
    street = await _offices(compound.street_id, day, {OrganisationKind.STREET_OFFICE: None})
    own = {handling} - {None}
    rungs = [
        Rung(CareRung.DUTY, _ids(own), await _called(own, compound_id, moment, DutyLevel.DUTY)),
        Rung(CareRung.MANAGER, _ids(own), await _managers(own, compound_id, moment, day)),
        Rung(CareRung.COMMUNITY, _ids(local - own), await _called(local - own, compound_id, moment, DutyLevel.DUTY)),
        Rung(CareRung.STREET, _ids(street - own), await _called(street - own, compound_id, moment, DutyLevel.DUTY)),
    ]
    return [rung for rung in rungs if rung.accounts or (rung.organisations and rung.name is not CareRung.MANAGER)]


def standing_on(ladder: Sequence[Rung], rung: CareRung | None) -> int:
    """The number of the rung on which an alert stands that climbed to ``rung``, also if the ladder was another one then."""
    order = list(CareRung)
    reached = [number for number, each in enumerate(ladder) if rung and order.index(each.name) <= order.index(rung)]
    return max(reached, default=0)


def _ids(found: Iterable[str | None]) -> frozenset[str]:
    return frozenset(each for each in found if each)


async def _offices(street_id: str, day: date, kinds: dict[OrganisationKind, str | None]) -> set[str | None]:
    """Those of the offices that have not ended by the day."""
    found: set[str | None] = set()
    for kind, place_id in kinds.items():
        offices = Organisation.filter(lasting(day), kind=kind, street_id=street_id)
        if kind is not OrganisationKind.STREET_OFFICE:
            offices = offices.filter(place_id=place_id or "")
        found |= {office.id for office in await offices}
    return found


async def _called(organisations: Iterable[str | None], compound_id: str, moment: datetime, level: DutyLevel) -> frozenset[str]:
    called: set[str] = set()
    for organisation_id in _ids(organisations):
        called |= {*await on_duty(organisation_id, compound_id, moment, level)}
    return frozenset(called)


async def _managers(organisations: Iterable[str | None], compound_id: str, moment: datetime, day: date) -> frozenset[str]:
    """Those on duty as managers; where nobody is, the company's managers on ``day``, whoever they are."""
    called = await _called(organisations, compound_id, moment, DutyLevel.MANAGER)
    if called or not _ids(organisations):
        return called
    return frozenset([row["account_id"] for row in await query(_ANY_MANAGER, sorted(_ids(organisations)), day, _MANAGERS)])
