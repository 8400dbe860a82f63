"""Documents that do something, what they answer to whom, and whether anything came of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import asyncpg
import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_input_field,
)

from api.schema import SCHEMA

from .people import PASSWORD
from .story import Person, Story, Told
from .table import ACTS, FOR_REPORTERS, ITS_REPORTERS, MADE, OF_EVERYBODY, ON_ONES_OWN
from .town import Town

#: What is written into the fields of inputs that must have something.
_WRITTEN: dict[str, object] = {
    "score": 4,
    "target": "https://example.com/hook",
    "login": "somebody.else",
    "issuer": "https://issuer.example.com",
    "current": PASSWORD,
    "new": "another four trees",
    "password": "not the right one",
    "phone": "13912345678",
    "fromSequence": 1,
    "digits": 5,
    "perDay": "0.0003",
    "cap": "0.30",
    "charges": [{"account": "SERVICE_INCOME", "what": "Card", "amount": "1.00"}],
    "homes": [{"code": "H-1", "name": "1", "floor": 1, "areaM2": "50.00"}],
    "elected": [{"kind": "MEMBER", "holder": "Somebody"}],
    "items": [],
    "points": [{"name": "Gate"}],
    "point": {"name": "Gate"},
    "lines": [{"account": "CASH", "debit": "1.00"}, {"account": "BANK", "credit": "1.00"}],
    "expense": {"category": "OFFICE", "amount": "1.00", "what": "Paper"},
    "balances": [{"account": "CASH", "balance": "1.00"}],
}
#: What is chosen of enums where the first value will not do.
_CHOSEN = {("feeItemAdd", "account"): "SERVICE_INCOME"}
#: The same, by the kind of the field.
_OF_KIND = {
    "DateTime": "2026-03-01T08:00:00+08:00",
    "Date": "2026-03-01",
    "Int": 1,
    "Float": 29.3,
    "Decimal": "50.00",
    "Money": "50.00",
    "Boolean": True,
}
#: A digest of every table but those of attempts, and of when a token was used last.
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('attempt', 'access_change')
"""
_DIGEST = """
SELECT '{0}' AS name, md5(string_agg(row, ' ' ORDER BY row)) AS digest
FROM (SELECT (to_jsonb(t) - 'last_used_at')::text AS row FROM "{0}" t) rows
"""


@cache
def document(act: str) -> str:
    """The mutation, asking for everything that its payload tells."""
    assert SCHEMA.mutation_type is not None
    field = SCHEMA.mutation_type.fields[act]
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    asked = [
        name if is_leaf_type(kind := get_named_type(each.type)) else f"{name} {{ {_identifying(kind)} }}"
        for name, each in payload.fields.items()
    ]
    return f"mutation ($input: {_input(act).name}!) {{ {act}(input: $input) {{ {' '.join(asked)} }} }}"


def _identifying(type_: Any) -> str:
    """What is asked of an object in a payload."""
    known = ("id", "code field message hint", "name")
    return next(names for names in known if set(names.split()) <= type_.fields.keys())


def _input(act: str) -> GraphQLInputObjectType:
    assert SCHEMA.mutation_type is not None
    asked = get_named_type(SCHEMA.mutation_type.fields[act].args["input"].type)
    assert isinstance(asked, GraphQLInputObjectType)
    return asked


def given(act: str, ids: dict[str, str]) -> dict[str, Any]:
    """An input with these ids and whatever else it must have."""
    values: dict[str, Any] = dict(ids)
    for name, field in _input(act).fields.items():
        if name not in values and is_required_input_field(field):
            kind = get_named_type(field.type)
            first = next(iter(kind.values)) if isinstance(kind, GraphQLEnumType) else None
            values[name] = _CHOSEN.get((act, name)) or first or _WRITTEN.get(name, _OF_KIND.get(kind.name, "something"))
    return values


def id_fields(act: str) -> set[str]:
    """The ids that an act's input may hold."""
    return {name for name, field in _input(act).fields.items() if get_named_type(field.type).name == "ID"}


def absent(row: Told | str) -> str:
    """An id like the row's, of nothing."""
    return f"{(row if isinstance(row, str) else row.id)[:4]}{'7z' * 13}"


def wanted(story: Story, person: Person, act: str, row: Told) -> str:
    """What an act on the row answers to the person: a code, or "" where they may do it."""
    if person.token == "none":
        return "UNAUTHENTICATED"
    if not person.acts:
        return "FORBIDDEN"
    if row.id not in story.seen_by(person):
        return "NOT_FOUND"
    of = Told(MADE[act], row.id, row.street, row.compounds, desk=row.desk) if act in MADE else row
    may = any(hat.role in ACTS[act] and of.ways(hat, person, acting=True) for hat in person.hats)
    own = act in ON_ONES_OWN and row.person == person.name
    if may and act in ITS_REPORTERS:
        may = row.person == person.name or any(
            hat.role in FOR_REPORTERS and of.ways(hat, person, acting=True) for hat in person.hats
        )
    return "" if may or own or act in OF_EVERYBODY else "FORBIDDEN"


async def do(town: Town, person: Person, act: str, ids: dict[str, str]) -> str:
    """The body of an act's answer."""
    return await town.ask(person, document(act), {"input": given(act, ids)})


def codes(body: str) -> list[str]:
    """Why an act was refused; nothing where it was done."""
    answer = orjson.loads(body)
    assert "errors" not in answer, body
    (payload,) = answer["data"].values()
    return [error["code"] for error in payload["errors"]]


async def state(town: Town) -> dict[str, str]:
    """A digest of every table."""
    connection = await asyncpg.connect(town.settings.database_url)
    try:
        tables = [row["relname"] for row in await connection.fetch(_TABLES)]
        digests = await connection.fetch(" UNION ALL ".join(map(_DIGEST.format, tables)))
        return {row["name"]: str(row["digest"]) for row in digests}
    finally:
        await connection.close()
