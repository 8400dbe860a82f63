"""One town for everything that only reads; whoever changes something has another."""

from collections.abc import Generator

import pytest

from steward.embedded import Servers

from .town import Town, Towns


@pytest.fixture(scope="package")
def towns(servers: Servers) -> Generator[Towns]:
    towns = Towns(servers)
    yield towns
    towns.close()


@pytest.fixture
def town(towns: Towns) -> Town:
    return towns.at("reading")
