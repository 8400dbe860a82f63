"""One town for everything that only reads; whoever changes something has another."""

from collections.abc import Generator

import pytest

from steward.embedded import Servers

from .town import Town, Towns

#: Documents asked, told at the end of the run.
_asked: list[int] = []


@pytest.fixture(scope="package")
def towns(servers: Servers) -> Generator[Towns]:
    towns = Towns(servers)
    yield towns
    towns.close()
    _asked.append(towns.asked)


@pytest.fixture
def town(towns: Towns) -> Town:
    return towns.at("reading")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _asked:
        terminalreporter.write_line(f"access: {sum(_asked):,} generated documents asked as everybody")
