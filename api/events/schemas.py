"""JSON Schemas of the event types, made from the models that check them. ``python -m api.events --write``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import orjson
from pydantic.json_schema import GenerateJsonSchema

from .envelope import EVENTS

FOLDER = Path(__file__).parents[2] / "docs" / "events"


@cache
def schema_text(event_type: str) -> str | None:
    """The JSON Schema of a whole event of the type; None for a type that is not taken."""
    model = EVENTS.get(event_type)
    if model is None:
        return None
    schema = model.model_json_schema(mode="validation")
    schema = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"{event_type}.json", **schema}
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() + "\n"


def _files() -> dict[Path, str]:
    return {FOLDER / f"{name}.schema.json": schema_text(name) or "" for name in EVENTS}


def stale_schemas() -> list[str]:
    """Names of the files in docs/events that are not what the models say, are missing, or are left over."""
    files = _files()
    wrong = [path.name for path, text in files.items() if not path.is_file() or path.read_text("utf-8") != text]
    return sorted([*wrong, *(path.name for path in FOLDER.glob("*.schema.json") if path not in files)])


def write_schemas() -> None:
    """Bring docs/events in line with the models."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = _files()
    for path in FOLDER.glob("*.schema.json"):
        if path not in files:
            path.unlink()
    for path, text in files.items():
        path.write_text(text, "utf-8")
