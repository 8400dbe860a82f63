"""The steward's modules through GraphQL: what watches over a place, by which figures, and who may know it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.access import Role, Viewer
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.steward import MODULES
from models import Alert, Compound
from models.alerts import set_threshold
from models.facts import Actor
from settings import Settings
from tasks import registry
from tasks.clock import strike
from tasks.relay import connect
from tests.api.mutating import a_client
from tests.builders import a_compound, a_device, a_street, an_alert
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


async def raised(compound: Compound, **columns: Any) -> Alert:
    """An alert of fire safety about a device of the compound, raised yesterday."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return await an_alert(await a_device(compound), first_seen_at=yesterday, **columns)


_STATE = """
query ($of: ID!) { stewardModule(ownerId: $of, key: "fire_safety", openAlerts: 2) {
    off { since reason } settings { rule name value default unit source }
    figures { open critical unacknowledged raised falsePercent } openAlerts { alertId rule severity }
} }
"""


async def test_a_module_tells_what_it_raised_and_what_is_open_and_set_of_its_own(world: World, database: Settings) -> None:
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    worst = await raised(world.compound, severity=Severity.CRITICAL, rule="fire_safety.smoke")
    await raised(world.compound, severity=Severity.MINOR, rule="fire_safety.silent")
    await raised(world.compound, severity=Severity.WARNING, rule="fire_safety.tamper")
    ended = {"state": AlertState.CLEARED, "cleared_at": datetime.now(UTC)}
    for outcome in (AlertOutcome.REAL, AlertOutcome.FALSE_ALARM, AlertOutcome.REAL, AlertOutcome.TEST, None):
        await raised(world.compound, rule="fire_safety.smoke", outcome=outcome, **ended)
    await raised(world.compound, rule="fire_safety.smoke", state=AlertState.WITHDRAWN)
    await raised(world.unserved, rule="fire_safety.smoke")
    await set_threshold(Actor("system:test"), "fire_safety.gas", {"alarm_percent": 10}, world.street)
    told = (await asked(database, officer, _STATE, of=world.compound.id))["stewardModule"]
    assert told["off"] is None
    gas = {"rule": "fire_safety.gas", "name": "alarm_percent", "value": 10.0, "default": 5.0, "unit": "%LEL", "source": "STREET"}
    assert told["settings"] == [gas]
    assert told["figures"] == {"open": 3, "critical": 1, "unacknowledged": 3, "raised": 8, "falsePercent": 33}
    assert [alert["severity"] for alert in told["openAlerts"]] == ["CRITICAL", "MINOR"]
    assert told["openAlerts"][0] == {"alertId": worst.id, "rule": "fire_safety.smoke", "severity": "CRITICAL"}
    street = (await asked(database, officer, _STATE, of=world.street.id))["stewardModule"]
    assert street["figures"]["open"] == 4


async def test_a_module_is_switched_off_and_on_in_a_compound(world: World, database: Settings) -> None:
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    await raised(world.compound, rule="fire_safety.tamper", severity=Severity.MINOR)
    async with a_client(database, officer) as client:
        given = {"compoundId": world.compound.id, "module": "fire_safety"}
        off = await client.act("moduleSwitchOff", "compound { id }", **given, reason="The sensors are renewed.")
        assert off == {"compound": {"id": world.compound.id}, "errors": []}
        told = (await client.post(_STATE, of=world.compound.id))["data"]["stewardModule"]
        assert (told["off"]["reason"], told["figures"]["open"]) == ("The sensors are renewed.", 0)
        unknown = await client.act("moduleSwitchOn", "compound { id }", compoundId=world.compound.id, module="weather")
        assert [(error["code"], error["field"]) for error in unknown["errors"]] == [("INVALID", ["module"])]
        on = await client.act("moduleSwitchOn", "compound { id }", **given)
        assert on["errors"] == []
        assert (await client.post(_STATE, of=world.compound.id))["data"]["stewardModule"]["off"] is None
        many = await client.post("query ($of: ID!) { stewardModules(ownerId: $of, openAlerts: 101) { key } }", of=world.street.id)
        assert many["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


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
