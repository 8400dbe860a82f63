"""The eight queries, and when two servers' answers to them are the same.

Steward, the plain server and the SQL by hand answer ``documents/Q*.graphql``. PostGraphile names things its own way: its
documents rename them, and ``shaped`` undoes what renaming cannot: ``x__count`` stands for a connection's total, ``x__zh``
for the Chinese of a JSON text, ``x__list`` for the nodes of a connection that Steward has as a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from .world import World

_DOCUMENTS = Path(__file__).parent / "documents"


@dataclass(frozen=True)
class Query:
    """One query. ``login``: who asks it of Steward; the other servers do not ask who somebody is."""

    name: str
    title: str
    variables: dict[str, Any]
    login: str = "street"

    @property
    def document(self) -> str:
        return (_DOCUMENTS / f"{self.name}.graphql").read_text("utf-8")

    @property
    def postgraphile(self) -> str:
        return (_DOCUMENTS / f"{self.name}.postgraphile.graphql").read_text("utf-8")


def queries(world: World) -> list[Query]:
    """The queries over the rows of ``world``."""
    pages = {f"c{n}": id_ for n, id_ in enumerate(world.busy_compounds)}
    return [
        Query("Q1", "50 compounds with organisations, 10 facilities each and a count", {}),
        Query("Q2", "100 filtered, sorted tickets with compound and facility", {}),
        Query("Q3", "one ticket, nested", {"id": world.ticket_id}),
        Query("Q4", "1,000 tickets × 8 scalars, as ten aliased pages of 100", pages),
        Query("Q5", "compound page", {"code": world.compound_code}),
        Query("Q6", "duty list: 50 open alerts, worst first", {}),
        Query("Q7", "my tickets: 20 of a company's manager", {"me": world.company}, "company"),
        Query("Q8", "monthly counts of a street's tickets by state", {"since": world.since}),
    ]


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def shaped(value: Any) -> Any:
    """A decoded answer in the form in which all servers' answers are equal: Steward's names, moments in UTC."""
    match value:
        case dict():
            return dict(_shaped_field(key, item) for key, item in cast("dict[str, Any]", value).items())
        case list():
            return [shaped(item) for item in cast("list[Any]", value)]
        case str() if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC).isoformat()
        case _:
            return value


def _shaped_field(key: str, value: Any) -> tuple[str, Any]:
    name, _, how = key.partition("__")
    match how:
        case "count":
            return name, value["totalCount"]
        case "zh":
            return name, value["zh-CN"]
        case "list":
            return name, shaped(value["nodes"])
        case _:
            return name, shaped(value)
