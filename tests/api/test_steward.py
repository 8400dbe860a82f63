"""The steward's modules through GraphQL: what watches over a place, by which figures, and who may know it."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.access import Role, Viewer
from domain.steward import MODULES
from models.alerts import set_threshold
from models.facts import Actor
from settings import Settings
from tasks import registry
from tasks.clock import strike
from tasks.relay import connect
from tests.api.mutating import a_client
from tests.builders import a_compound, a_street
from tests.models.ticket_world import World, a_world, somebody

__all__ = ["registry"]

_ASKED = "key name about rules { key figures { name value source } } checks { name cadence }"
_MODULES = f"query ($of: ID!) {{ stewardModules(ownerId: $of) {{ {_ASKED} }} }}"
_MODULE = f"query ($of: ID!, $key: String!) {{ stewardModule(ownerId: $of, key: $key) {{ {_ASKED} }} }}"


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def asked(settings: Settings, viewer: Viewer, query: str, **variables: Any) -> Any:
    """What somebody is answered, in English."""
    async with a_client(settings, viewer) as client:
        answer = await client.post(query, **variables)
        return answer["data"]


async def test_a_module_tells_its_rules_with_the_figures_that_hold_there_and_its_checks(world: World, database: Settings) -> None:
    connection = await connect(database, "a clock")
    try:
        await strike(connection, ZoneInfo("Asia/Shanghai"))
    finally:
        await connection.close()
    await set_threshold(Actor("system:test"), "equipment.lift_stands_still", {"still_hours": 12}, world.compound)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    data = await asked(database, officer, _MODULES, of=world.compound.id)
    modules = {module["key"]: module for module in data["stewardModules"]}
    assert list(modules) == [module.key for module in MODULES]
    equipment = modules["equipment"]
    assert {"name": "equipment.lifts", "cadence": "*/10 * * * *"} in equipment["checks"]
    (still,) = [rule for rule in equipment["rules"] if rule["key"] == "equipment.lift_stands_still"]
    assert still["figures"] == [
        {"name": "still_hours", "value": 12.0, "source": "COMPOUND"},
        {"name": "margin_hours", "value": 0.0, "source": "RULE"},
    ]
    one = await asked(database, officer, _MODULE, of=world.compound.id, key="equipment")
    assert one["stewardModule"] == equipment
    assert (await asked(database, officer, _MODULE, of=world.compound.id, key="weather"))["stewardModule"] is None


async def test_a_company_knows_the_rules_of_its_compounds_and_no_clock_and_residents_and_strangers_nothing(
    world: World, database: Settings
) -> None:
    manager = await somebody(Role.COMPANY_MANAGER, organisation=world.company)
    modules = (await asked(database, manager, _MODULES, of=world.compound.id))["stewardModules"]
    assert modules
    assert [module["checks"] for module in modules] == [[] for _ in modules]
    elsewhere = await a_compound()
    assert (await asked(database, manager, _MODULES, of=elsewhere.id))["stewardModules"] == []
    resident = await somebody(Role.RESIDENT, home=world.home)
    assert (await asked(database, resident, _MODULES, of=world.compound.id))["stewardModules"] == []
    officer = await somebody(Role.STREET_OFFICER, place=await a_street())
    assert (await asked(database, officer, _MODULES, of=world.compound.id))["stewardModules"] == []
    assert (await asked(database, manager, _MODULES, of="nonsense"))["stewardModules"] == []
