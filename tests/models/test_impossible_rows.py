"""What cannot be is refused by the database itself, whoever writes it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role
from domain.alerts.versions import DryRunState, RuleVersionState
from models import RoleBinding, Threshold
from models.ids import new_id
from settings import Settings
from tests.builders import (
    a_building,
    a_compound,
    a_device,
    a_dry_run,
    a_mandate,
    a_role,
    a_rule_version,
    a_street,
    an_account,
    an_organisation,
)

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


async def two_rules_that_hold_at_once() -> None:
    street = await a_street()
    for number in (101, 102):
        await a_rule_version(street, number=number, state=RuleVersionState.LIVE)


async def a_rule_version_numbered(number: int) -> None:
    await a_rule_version(number=number)


async def two_drafts_of_a_rule() -> None:
    street = await a_street()
    for number in (101, 102):
        await a_rule_version(street, number=number)


async def two_dry_runs_of_a_version_at_once() -> None:
    version = await a_rule_version()
    for _ in range(2):
        await a_dry_run(version, state=DryRunState.RUNNING)


async def figures_of(**owner: Any) -> None:
    street = await a_street()
    await Threshold.create(rule="fire_safety.gas", values={}, **{"street_id": street.id, **owner})


async def figures_of_a_device_in_no_compound() -> None:
    await figures_of(device_id=(await a_device()).id)


async def figures_of_a_compound_in_another_street() -> None:
    await figures_of(compound_id=(await a_compound()).id)


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
        two_rules_that_hold_at_once,
        two_drafts_of_a_rule,
        two_dry_runs_of_a_version_at_once,
        lambda: a_rule_version_numbered(100),
        figures_of_a_device_in_no_compound,
        figures_of_a_compound_in_another_street,
    ],
)
async def test_the_database_refuses_what_cannot_be(database: Settings, write: Callable[[], Awaitable[None]]):
    with pytest.raises(IntegrityError):
        await write()
