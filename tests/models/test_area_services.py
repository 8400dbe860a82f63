"""Area-wide services with the mandates that go along, duties for compounds, and the history of who ran one."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.access import Role
from domain.organisations import MandateService, OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.territory import CompoundKind, GovernanceMode
from models import AreaServiceMember, AreaServiceShare, GovernanceTerm, Mandate
from models.area_services import begin, end, join, leave, share_cost
from models.calendar import today
from models.compound_duties import set_duty
from models.territory import set_governance
from models.viewers import viewer_of
from tests.builders import a_community, a_compound, a_mandate, a_street, an_account, an_organisation
from tests.models.ticket_world import refusal as refused_as

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
SERVICES = [MandateService.CLEANING]


async def refusal(act: Awaitable[Any]) -> tuple[RefusalCode, tuple[str, ...]]:
    refused = await refused_as(act)
    return refused.code, refused.path


async def test_compounds_join_and_leave_with_the_company_s_mandate_and_bear_their_share() -> None:
    street = await a_street()
    community = await a_community(street)
    one, two, managed = [
        await a_compound(community, kind=kind) for kind in (*[CompoundKind.UNMANAGED] * 2, CompoundKind.PROPERTY_MANAGED)
    ]
    company, other = [await an_organisation(street, kind=OrganisationKind.PROPERTY_COMPANY) for _ in range(2)]
    office = await an_organisation(street, kind=OrganisationKind.COMMUNITY_OFFICE)
    officer = await viewer_of((await an_account(Role.STREET_OFFICER, place=street)).id)
    assert officer is not None
    first = today() - 30 * DAY
    assert await refusal(begin(officer, office.id, "Together", SERVICES)) == (RefusalCode.INVALID, ("organisation_id",))
    service = await begin(officer, company.id, "Together", SERVICES, starts_on=first)
    rival = await begin(officer, other.id, "Rival", [MandateService.SECURITY], starts_on=first)
    for refused, bad in (
        ((RefusalCode.INVALID, ("compound_id",)), join(officer, service.id, managed.id, area_m2=Decimal(9))),
        ((RefusalCode.INVALID, ("area_m2",)), join(officer, service.id, one.id)),
        ((RefusalCode.INVALID, ("joins_on",)), join(officer, service.id, one.id, area_m2=Decimal(9), joins_on=first - DAY)),
        (
            (RefusalCode.INVALID, ("period_from",)),
            share_cost(officer, service.id, "Cleaning", Decimal("10.00"), first, today()),
        ),
    ):
        assert await refusal(bad) == refused
    # Of two that want it at once, one has it; and the other company's mandate with it.
    joined = await asyncio.gather(
        *(join(officer, each.id, one.id, area_m2=Decimal("1000.00"), joins_on=first) for each in (service, rival)),
        return_exceptions=True,
    )
    (lost,) = [each for each in joined if isinstance(each, Refused)]
    (member,) = [each for each in joined if isinstance(each, AreaServiceMember)]
    assert (lost.code, lost.path, await Mandate.all().count()) == (RefusalCode.CONFLICT, ("joins_on",), 1)
    won = service if member.area_service_id == service.id else rival
    await join(officer, won.id, two.id, area_m2=Decimal("500.00"), joins_on=first)
    assert (await leave(officer, member.id, leaves_on=today() - DAY)).leaves_on == today() - DAY
    assert (await Mandate.get(compound_id=one.id)).ends_on == today() - DAY
    cost = await share_cost(officer, won.id, "A month", Decimal("100.00"), first, first + 29 * DAY)
    shares = await AreaServiceShare.filter(cost_id=cost.id).order_by("-amount").values_list("compound_id", "days", "amount")
    assert shares == [(one.id, 30, Decimal("66.67")), (two.id, 30, Decimal("33.33"))]
    ended = await end(officer, won.id, ends_on=today() + DAY)
    assert (ended.ends_on, (await Mandate.get(compound_id=two.id)).ends_on) == (today() + DAY, today() + DAY)
    assert (await end(officer, won.id, ends_on=today())).version == 3
    # Who does it there already keeps it, and nothing is left half done.
    three = await a_compound(community, kind=CompoundKind.UNMANAGED)
    await a_mandate(other, three, service=MandateService.SECURITY)
    again = await begin(officer, company.id, "Again", [MandateService.CLEANING, MandateService.SECURITY])
    refused = await refusal(join(officer, again.id, three.id, area_m2=Decimal(1)))
    assert refused[0] is RefusalCode.CONFLICT
    assert not await AreaServiceMember.exists(compound_id=three.id)
    # A duty is not due before today.
    assert await refusal(set_duty(officer, one.id, office.id, "Look after it", today() - DAY)) == (
        RefusalCode.INVALID,
        ("due_on",),
    )


async def test_who_ran_a_compound_is_known_for_every_day() -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street), governance=GovernanceMode.COMPANY)
    officer = await viewer_of((await an_account(Role.STREET_OFFICER, place=street)).id)
    assert officer is not None
    since = today() - 90 * DAY
    await set_governance(officer, compound.id, GovernanceMode.SELF_RUN, starts_on=since, basis="Decision 7")
    assert (await set_governance(officer, compound.id, GovernanceMode.SELF_RUN)).version == 2
    for day in (today() + DAY, since - DAY):
        bad = set_governance(officer, compound.id, GovernanceMode.SHARED_RUN, starts_on=day)
        assert await refusal(bad) == (RefusalCode.INVALID, ("starts_on",))
    await set_governance(officer, compound.id, GovernanceMode.COMMUNITY_RUN, starts_on=since)
    await set_governance(officer, compound.id, GovernanceMode.SHARED_RUN)
    terms = await GovernanceTerm.filter(compound_id=compound.id).order_by("ends_on").values_list("mode", "starts_on", "ends_on")
    assert terms == [
        (GovernanceMode.COMPANY, None, since - DAY),
        (GovernanceMode.COMMUNITY_RUN, since, today() - DAY),
        (GovernanceMode.SHARED_RUN, today(), None),
    ]
