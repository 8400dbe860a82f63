"""Documents of hypothesis-graphql: it knows the schema and nothing of the data.

The schema it is shown has types of their own for ids, texts and page sizes, so that what it writes there can be
real; and nothing that the ORM reads. One half of its documents has ``first``, the other ``last``; cursors are
left to documents.py.
"""

from __future__ import annotations

import random
import re
from typing import Any

from graphql import build_schema, print_schema
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from .documents import Written
from .executor import Oracle
from .hostile import HOSTILE


def wild_documents(oracle: Oracle) -> st.SearchStrategy[Written]:
    """Any document of hypothesis-graphql, as one that is run twice."""
    rows = [row for of in oracle.store.rows.values() for row in of]
    ids = [row.id for row in random.Random(1).sample(rows, 60)]
    codes = [row.columns["code"] for row in rows if "code" in row.columns]
    moments = ["2026-02-28T23:59:59.999999+08:00", "2024-02-29T12:00:00Z", "1969-12-31T23:59:59.000005Z"]

    def among(values: Any) -> st.SearchStrategy[Any]:
        return st.sampled_from([*values]).map(nodes.String)

    shown = build_schema(print_schema(oracle.schema))
    for type_, name in oracle.by_orm:
        del shown.type_map[type_].fields[name]  # pyright: ignore[reportAttributeAccessIssue]
    scalars = {
        "Text": among([*codes, *HOSTILE]),
        "Size": st.integers(0, 5).map(nodes.Int),
        "DateTime": among(moments),
        "Date": among(["2024-01-01", "2026-03-01"]),
        "Decimal": among(["0.1"]),
        "Money": among(["0.10"]),
        "JSON": among(["x"]),
        "AnyId": among([*ids, "x"]),
    }
    forward, backward = (
        queries(_retold(print_schema(shown), dropped), custom_scalars=scalars, allow_x00=False, codec="utf-8")
        for dropped in ("last|after|before", "first|after|before")
    )
    return st.one_of(forward, backward).map(lambda query: Written(query, [{}, {}], None))


def _retold(sdl: str, dropped: str) -> str:
    sdl = re.sub(r'^\s*""".*?"""\n', "", sdl, flags=re.MULTILINE | re.DOTALL)
    sdl = re.sub(rf"^\s*({dropped}): \w+\n", "", sdl, flags=re.MULTILINE)
    for before, after in ((r"(?<=first: |.last: )Int", "Size"), (r"\bID\b", "AnyId"), (r"\bString\b", "Text")):
        sdl = re.sub(before, after, sdl)
    return f"{sdl}\nscalar Size scalar Text scalar AnyId"
