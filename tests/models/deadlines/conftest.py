"""The world, and the hour, that the tests of clocks begin with."""

from collections.abc import Callable
from datetime import datetime

import pytest

from settings import Settings
from tests.models.ticket_world import World, a_world


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the hour of acts and of clocks."""

    def set_hour(moment: datetime) -> None:
        for module in ("models.deadlines.acts.now", "models.deadlines.clock.this_moment", "models.tickets.acts.now"):
            monkeypatch.setattr(module, lambda: moment)

    return set_hour
