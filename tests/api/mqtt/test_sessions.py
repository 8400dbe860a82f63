"""Whatever dies, nothing is lost and nothing is doubled."""

from __future__ import annotations

import pytest

from api.mqtt import bridge as bridges
from tests.broker import Broker, Machine, a_machine
from tests.waiting import until

from .conftest import Begin, World, a_message, stored


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "_FIRST_WAIT", 0.02)
    monkeypatch.setattr(bridges, "_LONGEST_WAIT", 0.1)


async def test_what_comes_while_the_bridge_is_away_waits_for_it(machine: Machine, world: World, begin: Begin) -> None:
    async with begin():
        pass
    for number in range(30):
        machine.publish(world.topic, a_message(id=str(number)))
    async with begin(mqtt_receive_maximum=7):
        await stored(30)


async def test_a_broker_that_is_killed_and_comes_back_has_what_waited(broker: Broker, world: World, begin: Begin) -> None:
    async with begin():
        pass
    with a_machine(broker.port) as machine:
        for number in range(50):
            machine.publish(world.topic, a_message(id=str(number)))
    last = str(49).encode()
    await until(lambda: b'"id": "' + last in broker.saved.read_bytes(), what="the broker's file")
    broker.kill()
    broker.start()
    async with begin():
        await stored(50)


async def test_a_broker_killed_under_the_bridge_is_found_again_and_nothing_is_doubled(
    broker: Broker, world: World, begin: Begin
) -> None:
    async with begin() as bridge:
        for round_ in range(2):
            with a_machine(broker.port) as machine:
                for number in range(20):
                    machine.publish(world.topic, a_message(id=f"{round_} {number}"))
                await stored(20 * (round_ + 1))
            broker.kill()
            await until(lambda: not bridge.connected, what="the connection's end")
            broker.start()
            await until(lambda: bridge.connected, what="the next connection")


async def test_a_second_bridge_of_the_same_name_is_seen_and_takes_nothing_away(
    machine: Machine, world: World, begin: Begin, capsys: pytest.CaptureFixture[str]
) -> None:
    async with begin(), begin():
        await until(lambda: "the connection ended" in capsys.readouterr().out, what="the log's line")
        for number in range(10):
            machine.publish(world.topic, a_message(id=str(number)))
        await stored(10)
