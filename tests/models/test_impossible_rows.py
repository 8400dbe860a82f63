"""What cannot be is refused by the database itself, whoever writes it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role
from models import RoleBinding
from models.ids import new_id
from settings import Settings
from tests.builders import a_building, a_compound, a_mandate, a_role, a_street, an_account, an_organisation

pytestmark = pytest.mark.usefixtures("database")


async def a_role_nowhere(**where: Any) -> None:
    account = await an_account(street_id=(await a_street()).id)
    where |= {
        "account_id": account.id,
        "role": Role.STREET_OFFICER,
        "starts_on": date(2024, 1, 1),
        "street_id": account.street_id,
    }
    await RoleBinding.create(**where)


async def a_role_that_ends_before_it_starts() -> None:
    street = await a_street()
    account = await an_account(street_id=street.id)
    await a_role(account, Role.STREET_OFFICER, place=street, starts_on=date(2024, 6, 1), ends_on=date(2024, 5, 31))


async def a_mandate_that_ends_before_it_starts() -> None:
    compound = await a_compound()
    company = await an_organisation(street_id=compound.street_id)
    await a_mandate(company, compound, starts_on=date(2024, 6, 1), ends_on=date(2024, 5, 31))


async def two_companies_that_serve_one_compound() -> None:
    compound = await a_compound()
    for _ in range(2):
        await a_mandate(await an_organisation(street_id=compound.street_id), compound)


async def a_building_in_another_street_than_its_compound() -> None:
    building = await a_building()
    building.street_id = (await a_street()).id
    await building.save()


@pytest.mark.parametrize(
    "write",
    [
        lambda: a_role_nowhere(place_id=new_id("plc")),
        lambda: a_role_nowhere(compound_id=new_id("cmp")),
        lambda: a_role_nowhere(organisation_id=new_id("org")),
        lambda: a_role_nowhere(home_id=new_id("hom")),
        a_role_nowhere,
        a_role_that_ends_before_it_starts,
        a_mandate_that_ends_before_it_starts,
        two_companies_that_serve_one_compound,
        a_building_in_another_street_than_its_compound,
    ],
)
async def test_the_database_refuses_what_cannot_be(database: Settings, write: Callable[[], Awaitable[None]]):
    with pytest.raises(IntegrityError):
        await write()
