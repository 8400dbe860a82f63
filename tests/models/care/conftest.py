"""The story that every test here begins with."""

import pytest

from domain.access import Role
from domain.alerts import Severity
from domain.organisations import OrganisationKind
from models.calendar import now
from tests.builders import (
    a_channel,
    an_organisation,
)
from tests.models.ticket_world import a_world, somebody

from .story import Story


@pytest.fixture
async def story() -> Story:
    """A world with a street office, an officer, and a channel of each organisation that wants to hear everything."""
    world = await a_world()
    world.__class__ = Story
    assert isinstance(world, Story)
    world.officer = await somebody(Role.STREET_OFFICER, place=world.street)
    world.street_office = await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE)
    for organisation in (world.company, world.office, world.street_office):
        await a_channel(organisation, least=Severity.WARNING)
    world.start = now()
    return world
