"""What tests of the API share."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of every statement that this process sends from now on."""
    sent: list[str] = []
    execute: Callable[..., Any] = vars(asyncpg.Connection)["_execute"]

    async def counted(self: Any, query: str, *given: Any, **more: Any) -> Any:
        sent.append(query)
        return await execute(self, query, *given, **more)

    monkeypatch.setattr(asyncpg.Connection, "_execute", counted)
    return sent
