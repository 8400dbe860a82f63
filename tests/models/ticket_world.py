"""What the tests of tickets stand on: a served compound, an unserved one, their people."""

from collections.abc import Awaitable
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.refusals import Refused
from models import Account, Compound, Home, Organisation, Place
from models.viewers import viewer_of
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_home,
    a_street,
    a_unit,
    an_account,
)


class World:
    """A served compound and an unserved one of the same community; a community office; a home with a resident."""

    street: Place
    community: Place
    office: Organisation
    compound: Compound
    company: Organisation
    unserved: Compound
    home: Home
    manager: Viewer
    worker: Account


async def somebody(role: Role, **bound: Any) -> Viewer:
    viewer = await viewer_of((await an_account(role, **bound)).id)
    assert viewer is not None
    return viewer


async def a_world() -> World:
    made = World()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.office = await a_community_office(made.community)
    made.compound = await a_compound(made.community)
    made.company = await a_company_serving(made.compound)
    made.unserved = await a_compound(made.community)
    made.home = await a_home(await a_unit(await a_building(made.compound)))
    made.manager = await somebody(Role.COMPANY_MANAGER, organisation=made.company)
    made.worker = await an_account(Role.COMPANY_STAFF, organisation=made.company)
    return made


async def refusal(act: Awaitable[Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        await act
    assert refused.value.message.en
    assert refused.value.message.zh
    assert refused.value.hint.en
    assert refused.value.hint.zh
    return refused.value
