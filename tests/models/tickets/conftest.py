"""The world that the tests of the desk begin with."""

import pytest

from settings import Settings
from tests.models.ticket_world import World, a_world


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()
