"""One town for everything that only reads; whoever changes something has another."""

from collections.abc import Generator

import pytest

from steward.embedded import Servers

from .town import Town, Towns

#: Documents asked, told at the end of the run.
_asked: list[int] = []


@pytest.fixture(scope="session")
def told(servers: Servers) -> Generator[Towns]:
    """The towns of one story, which is told once however often tests come back to them."""
    towns = Towns(servers)
    yield towns
    _asked.append(towns.asked)


@pytest.fixture(scope="package")
def towns(told: Towns) -> Generator[Towns]:
    yield told
    told.close()


@pytest.fixture
def town(towns: Towns) -> Town:
    return towns.at("reading")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _asked:
        terminalreporter.write_line(f"access: {sum(_asked):,} generated documents asked as everybody")
