"""Rows, people, and who sees what as the story tells it: places, homes and desks by name, never by the program's tables.

Every value planted in a row is a number that is nowhere else, so whatever an answer holds can be traced to row and column.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tortoise import fields as columns

from .shape import FIELDS, LISTS
from .table import ONESELF, ROWS, STATES

_NUMBERS = count(100_001)
_SEEN_ID = re.compile(r"[a-z]{3}_[0-7][0-9a-z]{25}")
_CURSOR = re.compile(r'"(?:cursor|startCursor|endCursor)":"([^"]*)"')
_PLANTED = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?![0-9])")
#: A moment that is not of the story, whose are of 2024 or of the first second of a month: its fractions are anybody's.
_ELSEWHEN = re.compile(r"(?!2024|[0-9]{4}-[0-9]{2}-01[T ]0[08]:00:00)[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+")
#: Columns that may be null and are filled all the same; other such columns are null unless the story fills them.
MAY_BE_MISSING = frozenset(
    (
        *("last_seen_at", "acknowledged_at", "accepted_at", "resolved_at", "closed_at", "closes_at", "last_used_at"),
        *("arrived_at", "replied_at", "transferred_at", "warned_at", "breached_at", "source_prefix", "sent_at", "used_at"),
    )
)
#: Columns whose field has another name.
FIELD_OF = {"phone_masked": "phone", "contact_phone_masked": "contactPhone", "distance_m": "distance"}
_BASE = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Hat:
    """A role that somebody holds today, and what it reaches, told by name."""

    role: str
    street: str
    compounds: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    desk: str = ""
    #: Compounds that it may still look at, but do nothing in.
    looks_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """Somebody who asks. ``token``: session, write, read (tokens of machines), password (to be changed), none."""

    name: str
    hats: tuple[Hat, ...] = ()
    token: str = "session"

    @property
    def acts(self) -> bool:
        return self.token in {"session", "write"}

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class Told:
    """A row, and to whom it belongs as the story tells it. ``links``: to-one field → row; ``values``: field → value."""

    type: str
    id: str
    street: str
    compounds: frozenset[str] = frozenset()
    home: str = ""
    desk: str = ""
    office: str = ""
    person: str = ""
    #: Said among those on duty only.
    inside: bool = False
    #: Whoever may, may do away with it: nobody in the story needs it.
    spare: bool = False
    links: dict[str, Told | None] = field(default_factory=dict[str, "Told | None"])
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def ways(self, hat: Hat, person: Person, *, acting: bool = False) -> frozenset[str]:
        """The ways in which somebody who wears this hat sees the row, or may act on it; none: not at all."""
        near = bool(self.compounds & {*hat.compounds, *(() if acting else hat.looks_at)})
        kept = bool(hat.desk) and hat.desk in {self.desk, self.office}
        belongs = {
            "street": self.street == hat.street,
            "area": near,
            "now": bool(self.compounds & {*hat.compounds}),
            "outside": near and not self.inside,
            "home": bool(self.home) and self.home in hat.homes,
            "desk": bool(self.desk) and self.desk == hat.desk,
            "kept": kept,
            "board": kept or (self.street == hat.street and not acting),
            "own": bool(self.person) and self.person == person.name and not (acting and self.type in ONESELF),
        }
        return frozenset(way for way in ROWS[self.type][hat.role] if belongs[way])


def plant() -> int:
    """A number that is nowhere else."""
    return next(_NUMBERS)


def planted(model: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given columns, and a planted value in every other that can hold one and must, or is in MAY_BE_MISSING."""
    made = dict(given)
    for name, column in model._meta.fields_map.items():
        if name in made or f"{name}_id" in made or getattr(column, "enum_type", None) or name in {"id", "street_id"}:
            continue
        if column.null and name not in MAY_BE_MISSING:
            continue
        number = plant()
        if isinstance(column, columns.CharField) and not name.endswith("_id"):
            made[name] = f"~{number}~"[: column.max_length] if column.max_length >= 8 else str(number)
        elif isinstance(column, columns.TextField):
            made[name] = f"~{number}~"
        elif isinstance(column, columns.DatetimeField):
            made[name] = a_moment(number)
        elif isinstance(column, columns.JSONField):
            made[name] = {"planted": f"~{number}~"}
        elif type(column) is columns.IntField:
            made[name] = number
        elif isinstance(column, columns.BinaryField):
            made[name] = f"~{number}~".encode()
    return made


def a_moment(number: int | None = None, *, day: int = 0) -> datetime:
    """A planted moment of the past; ``day`` days later."""
    return _BASE + timedelta(days=day, microseconds=number or plant())


def camel(name: str) -> str:
    """``opened_at`` → ``openedAt``."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _planted_in(body: str) -> set[int]:
    """What may be planted numbers in an answer, ids and moments of today apart."""
    return {*map(int, _PLANTED.findall(_ELSEWHEN.sub(" ", _SEEN_ID.sub(" ", body))))}


def _numbers_of(value: Any) -> Iterator[int]:
    if isinstance(value, datetime):
        yield value.microsecond
        return
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)  # sealed values hold no plant
    yield from map(int, _PLANTED.findall(_SEEN_ID.sub(" ", text)))


@dataclass
class Story:
    """Everything that is told."""

    rows: dict[str, Told] = field(default_factory=dict[str, Told])
    of_type: dict[str, list[Told]] = field(default_factory=lambda: defaultdict[str, list[Told]](list))
    people: dict[str, Person] = field(default_factory=dict[str, Person])
    #: Planted number → (row id, column).
    planted: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    #: Telephone numbers in full, which no answer holds but that of an act that asks for them.
    phones: list[str] = field(default_factory=list[str])
    #: Number → ids of the rows that have it.
    has_phone: dict[str, list[str]] = field(default_factory=lambda: defaultdict[str, list[str]](list))
    _seen: dict[Person, frozenset[str]] = field(default_factory=dict[Person, frozenset[str]])
    _listed: dict[tuple[str, str], list[Told]] | None = None

    def tell(
        self,
        row: Any,
        street: str,
        *compounds: str,
        links: Mapping[str, Told | None] | None = None,
        kept: Iterable[int] = (),
        **belongs: Any,
    ) -> Told:
        """Note a stored row and whatever is planted in it; ``kept``: what is planted there and never shown."""
        type_ = type(row).__name__
        told = Told(type_, row.id, street, frozenset(compounds), links=dict(links or {}), **belongs)
        for name, column in row._meta.fields_map.items():
            if isinstance(column, columns.relational.ForeignKeyFieldInstance):
                continue
            value = getattr(row, name)
            told.values[FIELD_OF.get(name, camel(name))] = value
            for number in () if name == "id" or name.endswith("_id") else _numbers_of(value):
                self.planted.setdefault(number, (row.id, name))
        self.planted.update((number, (row.id, "kept_inside")) for number in kept)
        self.rows[row.id] = told
        self.of_type[type_].append(told)
        return told

    def seen_by(self, person: Person) -> frozenset[str]:
        """The ids of all rows that the person sees."""
        if person not in self._seen:
            self._seen[person] = frozenset(
                row.id for row in self.rows.values() if any(row.ways(hat, person) for hat in person.hats)
            )
        return self._seen[person]

    def visible(self, person: Person, type_: str) -> list[Told]:
        seen = self.seen_by(person)
        return [row for row in self.of_type[type_] if row.id in seen]

    def foreign(self, person: Person, type_: str) -> list[Told]:
        seen = self.seen_by(person)
        return [row for row in self.of_type[type_] if row.id not in seen]

    def linked(self, row: Told, field_: str) -> list[Told]:
        """The rows that a list of the row holds, whoever asks."""
        if self._listed is None:
            self._listed = {}
            for name, (target, back) in LISTS.items():
                for other in self.of_type[target]:
                    if (owner := other.links.get(back)) is not None and owner.type == name.split(".")[0]:
                        self._listed.setdefault((owner.id, name), []).append(other)
        return self._listed.get((row.id, f"{row.type}.{field_}"), [])

    def state(self, person: Person, row: Told, field_: str) -> str:
        """How the person sees a field of the row: visible, masked or hidden; the best that one of the hats allows."""
        if row.id not in self.seen_by(person):
            return "hidden"
        shown = STATES.get(f"{row.type}.{field_}")
        if shown is None:
            return "visible"
        cells = [
            (shown["own" if way in {"own", "home"} else hat.role], way) for hat in person.hats for way in row.ways(hat, person)
        ]
        states = {cell if cell != "desk" else "visible" if way == "desk" else "hidden" for cell, way in cells}
        return next(state for state in ("visible", "masked", "hidden") if state in states)

    def mentions(self, body: str, person: Person, *, own: Iterable[str] = (), after: bool = False) -> list[str]:
        """Whatever the body tells that the person may not know: in words, for a failing test.

        ``after``: of something that was done, which may have made rows that the story does not know.
        """
        seen = self.seen_by(person) | {*own}
        opened = body
        for cursor in _CURSOR.findall(body):
            opened = opened.replace(cursor, "") + urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        problems = ["a telephone number is told in full"] if any(phone in opened for phone in self.phones) else []
        problems += [
            f"{self._named(id_)} is mentioned"
            for id_ in sorted({*_SEEN_ID.findall(opened)} - seen)
            if id_ in self.rows or not after
        ]
        for number in _planted_in(opened):
            if (found := self.planted.get(number)) is None:
                continue
            row, column = self.rows[found[0]], found[1]
            field_ = FIELD_OF.get(column, camel(column))
            if field_ not in FIELDS[row.type]:
                problems.append(f"{row.type}.{column} is shown, and nobody may see it")
            elif row.id not in seen:
                problems.append(f"{field_} of {self._named(row.id)} is shown")
            elif self.state(person, row, field_) == "hidden" and row.id not in own:
                problems.append(f"{row.type}.{field_} of {row.id} is shown, and is {self.state(person, row, field_)}")
        return problems

    def traced(self, body: str) -> set[str]:
        """The ids of all rows that the body mentions or tells anything of."""
        numbers = _planted_in(body) & self.planted.keys()
        return {*_SEEN_ID.findall(body), *(self.planted[number][0] for number in numbers)}

    def _named(self, id_: str) -> str:
        row = self.rows.get(id_)
        return f"{row.type} {id_} ({row.street}, {', '.join(sorted(row.compounds))})" if row else f"the unknown {id_}"
