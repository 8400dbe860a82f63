"""A statement: its SQL, and what its parameters are taken from at each run."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from graphql.execution.values import VariableValues

from domain.access import Viewer

from .arguments import Argument


@dataclass(frozen=True)
class Proof:
    """What a statement is given to prove that the viewer of its request is still who they were when they were looked up.

    ``losses``: of the connections, before that. Where one has broken since, the server may have, and have forgotten.
    """

    parts: Mapping[str, str]
    losses: int


@dataclass(frozen=True)
class Asking:
    """What a statement's parameters are taken from at each run. ``proof`` None: the viewer was looked up just now."""

    variables: VariableValues
    viewer: Viewer
    language: str
    id: str | None = None
    proof: Proof | None = None


Getter = Callable[[Asking], Any]


@dataclass(frozen=True)
class Statement:
    """SQL that yields one row with one text, and how to fetch its parameters."""

    sql: str
    getters: tuple[Getter, ...]

    def values(self, asking: Asking) -> list[Any]:
        """The parameters for one run; raises an error of the client's (a bad cursor, a bad page size)."""
        return [get(asking) for get in self.getters]

    def proving(self, still: str) -> "Statement":
        """This statement, with no row to yield unless ``still`` holds for the proof of the request's viewer."""
        names = [name for _, name, _, _ in Formatter().parse(still) if name]
        parts = {name: f"${number}" for number, name in enumerate(dict.fromkeys(names), len(self.getters) + 1)}

        def part(name: str) -> Getter:
            return lambda asking: asking.proof and asking.proof.parts[name]

        return Statement(f"{self.sql} WHERE {still.format_map(parts)}", (*self.getters, *map(part, parts)))


def viewer_shape(viewer: Viewer) -> Hashable:
    """What of a viewer decides the statement: by which roles, in which ways, and whether one or many ids are reached."""
    return frozenset((role, reach, len(ids) == 1) for role, held in viewer.reach.items() for reach, ids in held.items() if ids)


class Parameters:
    """The parameters of a statement that is being written; and the names of its tables, which no two share."""

    def __init__(self) -> None:
        self.getters: list[Getter] = []
        self._known: dict[Hashable, str] = {}
        self._aliases = 0

    def add(self, key: Hashable, getter: Getter, cast: str) -> str:
        """The SQL of a parameter; the same for the same key."""
        if key not in self._known:
            self.getters.append(getter)
            self._known[key] = f"${len(self.getters)}::{cast}"
        return self._known[key]

    def argument(self, argument: Argument, cast: str, convert: Callable[[Any], Any] = lambda value: value) -> str:
        """The SQL of an argument's value, which ``convert`` may refuse."""
        return self.add(object(), lambda asking: convert(argument.get(asking.variables)), cast)

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def statement(self, sql: str) -> Statement:
        """The statement that answers ``sql``. A parameter that nothing reads (the size of a page that is only counted) is given
        a place: PostgreSQL wants its type."""
        idle = [parameter for parameter in self._known.values() if parameter not in sql]
        return Statement(f"SELECT {sql}" + (f" FROM (SELECT {', '.join(idle)}) idle" if idle else ""), tuple(self.getters))
