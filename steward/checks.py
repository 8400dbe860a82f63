"""``python -m steward.checks [--write]``: what is generated agrees with what it is generated from.

Migrations hold every change of the rows, ``schema.graphql`` is the schema, ``docs/settings.md`` lists every setting,
``docs/who-sees-what.md`` tells the policy, ``docs/notice-types.md`` what is told, ``docs/modules`` what the steward watches,
``docs/events`` has the schema of each type of event, and what each kind of device measures. ``--write`` writes these files
anew. Needs no server.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State

from api.events.envelope import EVENTS
from api.events.schemas import schema_text
from api.schema import sdl
from domain.steward import MODULES
from models.database import known_migrations, tortoise_config
from settings import Settings
from steward.devices_page import devices_page
from steward.modules_page import module_page, modules_page
from steward.notices_page import notices_page
from steward.policy_page import policy_page

ROOT = Path(__file__).resolve().parents[1]


class _Differences(MigrationAutodetector):
    """Finds changes of the rows, but not of what their docstrings say."""

    def _current_state(self) -> State:
        return _without_descriptions(super()._current_state())

    async def _project_state(self) -> State:
        return _without_descriptions(await super()._project_state())


def _without_descriptions(state: State) -> State:
    for model in state.models.values():
        model.options.pop("table_description", None)
    return state


async def missing_migrations() -> list[str]:
    """The changes of the rows that no migration makes yet."""
    config = tortoise_config(Settings.model_construct(**_defaults()))
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        if context.apps is None:
            return ["no models found"]
        writers = await _Differences(context.apps, config["apps"]).changes()
        return [f"{type(operation).__name__} {_name(operation)}" for writer in writers for operation in writer.operations]


def forks(names: Iterable[str]) -> list[str]:
    """Numbers that more than one migration has: they are a chain."""
    numbers = Counter(name[:4] for name in names)
    return [number for number, count in sorted(numbers.items()) if count > 1]


def _name(operation: Any) -> str:
    words = (getattr(operation, attribute, None) for attribute in ("model_name", "name"))
    return ".".join(word for word in words if isinstance(word, str))


def _defaults() -> dict[str, Any]:
    return {name: field.default for name, field in Settings.model_fields.items()}


def settings_page() -> str:
    """Every setting as docs/settings.md lists it."""
    rows = [
        f"| `{variable(name, field)}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Every process reads these variables from its environment when it starts. `steward up` sets `DATABASE_URL`,",
            "`REDIS_URL`, `STEWARD_DATA`, `STEWARD_HOST`, `STEWARD_PORT`, `STEWARD_SECRET_KEY` and `STEWARD_SECRET_KEYS_BEFORE`",
            "for the processes it starts.",
            "This page is written by `python -m steward.checks --write` from `settings.py`.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable that a setting is read from."""
    return name.upper() if field.validation_alias else f"STEWARD_{name.upper()}"


def _shown(default: Any) -> str:
    if default is None:
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


#: The files that are generated, and from what.
GENERATED: dict[Path, Callable[[], str]] = {
    ROOT / "schema.graphql": sdl,
    ROOT / "docs" / "settings.md": settings_page,
    ROOT / "docs" / "who-sees-what.md": policy_page,
    ROOT / "docs" / "notice-types.md": notices_page,
    ROOT / "docs" / "modules" / "README.md": modules_page,
    **{ROOT / "docs" / "modules" / f"{module.key}.md": partial(module_page, module) for module in MODULES},
    ROOT / "docs" / "events" / "devices.md": devices_page,
    **{ROOT / "docs" / "events" / f"{name}.schema.json": partial(schema_text, name) for name in EVENTS},
}


def stale() -> list[Path]:
    """The generated files that are not as they would be written now."""
    return [path for path, text in GENERATED.items() if not path.exists() or path.read_text("utf-8") != text()]


def write() -> None:
    """Write every generated file."""
    for path, text in GENERATED.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(), "utf-8")


def main(arguments: list[str]) -> int:
    """0 when all agree; otherwise 1, after a sentence for each that does not."""
    if arguments == ["--write"]:
        write()
    complaints = [f"no migration makes this change: {change}" for change in asyncio.run(missing_migrations())]
    complaints += [f"two migrations have the number {number}: they are a chain" for number in forks(known_migrations())]
    complaints += [f"{path.relative_to(ROOT)} is out of date: run `python -m steward.checks --write`" for path in stale()]
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
