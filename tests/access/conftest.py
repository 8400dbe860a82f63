"""One town for everything that only reads; whoever changes something opens another."""

from collections.abc import Generator

import pytest

from steward.embedded import Servers

from .town import Town, Towns


@pytest.fixture(scope="session")
def towns(servers: Servers) -> Towns:
    return Towns(servers)


@pytest.fixture(scope="package")
def town(towns: Towns) -> Generator[Town]:
    with towns.opened() as town:
        yield town
