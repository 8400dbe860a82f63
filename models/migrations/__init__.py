"""The migrations, in order; and what they share."""

from typing import Any

from tortoise.migrations import operations as ops


class Declared(ops.AddField):
    """A column that a migration's SQL adds: known to the migration state, not added by the ORM."""

    async def database_forward(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the SQL does it."""


class DeclaredAs(ops.AlterField):
    """A column that a migration's SQL makes otherwise: known to the migration state, not altered by the ORM."""

    async def database_forward(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the SQL does it."""
