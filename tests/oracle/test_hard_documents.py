"""Both sides agree on documents that somebody thought hard about."""

import pytest

from api.read.declare import NODES, Many

from .hard import BY_HAND, everything, of_ids
from .house import House


@pytest.mark.parametrize("title", BY_HAND)
def test_a_hard_document_is_answered_alike(house: House, title: str) -> None:
    query, runs = BY_HAND[title]
    for viewer in house.viewers if len(runs) < 10 else ("both streets", "everything", "resident", "anonymous"):
        for variables in runs:
            house.compare(query, variables, viewer=viewer, language="zh-CN")


def test_every_field_of_every_row_is_answered_alike(house: House) -> None:
    for query, variables in everything(house.oracle):
        for viewer in house.viewers:
            house.compare(query, variables, viewer=viewer)
    for viewer in ("both streets", "manager", "resident"):
        for query, variables in of_ids(house.oracle):
            house.compare(query, variables, viewer=viewer)


@pytest.mark.parametrize("language", ["en", "zh-CN", "fr", "", "'"])
def test_texts_are_answered_alike_in_every_language(house: House, language: str) -> None:
    house.compare("{ alerts(first: 100) { nodes { message } } }", viewer="both streets", language=language)


def test_every_connection_is_paged_alike_in_every_order(house: House) -> None:
    for (parent, name), binding in house.oracle.bindings.items():
        if parent != "Query" or not isinstance(binding, Many):
            continue
        for order in ("null", *[f"{sort}_{way}" for sort in NODES[binding.target].sorts for way in ("ASC", "DESC")]):
            for size, cursor, end, more in (
                ("first", "after", "endCursor", "hasNextPage"),
                ("last", "before", "startCursor", "hasPreviousPage"),
            ):
                query = f"""query ($n: Int, $c: String) {{ {name}({size}: $n, {cursor}: $c, sort: {order}) {{
                  nodes {{ id }} edges {{ cursor node {{ id }} }} totalCount
                  pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }}"""
                seen: list[str] = []
                page = {"pageInfo": {end: None, more: True}}
                while page["pageInfo"][more]:
                    page = house.compare(query, {"n": 9, "c": page["pageInfo"][end]}, viewer="both streets")[name]
                    seen += [node["id"] for node in page["nodes"]]
                assert len(seen) == len(set(seen)) == page["totalCount"]
