"""JSON Schemas of the event types, made from the models that check them."""

from __future__ import annotations

from functools import cache

import orjson
from pydantic.json_schema import GenerateJsonSchema

from .envelope import EVENTS


@cache
def schema_text(event_type: str) -> str:
    """The JSON Schema of a whole event of the type. Raises KeyError for a type that is not taken."""
    schema = EVENTS[event_type].model_json_schema(mode="validation")
    schema = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"{event_type}.json", **schema}
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() + "\n"
