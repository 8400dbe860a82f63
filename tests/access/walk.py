"""Documents along every path of the schema, each with what its answer must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from .shape import COUNTS, FIELDS, GROUPS, LINKS, LISTS, LOOKUPS, ROOTS, STATS, SUBJECTS
from .story import Person, Story, Told

#: More than any list of the story holds.
ALL = 100


def edges(type_: str) -> list[str]:
    """Fields of a type that lead on: to one row, to a list, to numbers."""
    ways = [*LINKS, *LISTS, *COUNTS, *STATS, *(f"{way} {target}" for way, of in SUBJECTS.items() for target in of)]
    return [way.split(".")[1] for way in ways if way.startswith(f"{type_}.")]


@dataclass
class Part:
    """What is asked of a row of a type: its values, and some of the fields that lead on."""

    type: str
    ways: dict[str, Part | None] = field(default_factory=dict[str, "Part | None"])
    values: bool = True
    first: int = ALL

    @cached_property
    def text(self) -> str:
        asked = [*(FIELDS[self.type] if self.values else ["id"])]
        for way, part in self.ways.items():
            name = f"{self.type}.{way}"
            if " " in way:
                subject, target = way.split(" ")
                some = f"__typename ... on Node {{ id }} ... on {target} {{ {_part(part).text} }}"
                asked.append(f"{subject}{target}: {subject} {{ {some} }}")
            elif name in COUNTS:
                asked.append(way)
            elif name in STATS:
                asked.append(" ".join(_stats_text(way, group, STATS[name][0]) for group in GROUPS[STATS[name][0]]))
            elif name in LINKS:
                asked.append(f"{way} {{ {_part(part).text} }}")
            else:
                asked.append(f"{way}(first: {self.first}) {{ totalCount nodes {{ {_part(part).text} }} }}")
        return " ".join(asked)

    def check(self, story: Story, person: Person, row: Told, value: Any) -> None:
        """Fail unless the value is what the person must be told of the row."""
        assert (value or {}).get("id") == row.id, f"{value} instead of {row.type} {row.id}"
        if self.values:
            check_values(story, person, row, value)
        for way, part in self.ways.items():
            name, where = f"{self.type}.{way}", f"{self.type}.{way} of {row.id}"
            if " " in way:
                subject, target = way.split(" ")
                self._check_subject(story, person, row.links[subject], target, value[f"{subject}{target}"], part)
            elif name in LINKS:
                other = row.links[way]
                if other is None or other.id not in story.seen_by(person) or story.state(person, row, way) == "hidden":
                    assert value[way] is None, f"{where} leads to {value[way]}"
                else:
                    _part(part).check(story, person, other, value[way])
            elif name in COUNTS:
                counted, states = COUNTS[name]
                rows = _listed(story, person, row, counted)
                wanted = sum(not states or r.values.get("state", r.values.get("status")) in states for r in rows)
                assert value[way] == wanted, f"{where} counts {value[way]} instead of {wanted}"
            elif name in STATS:
                for group in GROUPS[STATS[name][0]]:
                    check_groups(story, person, _listed(story, person, row, STATS[name][1]), [group], value[_alias(way, group)])
            else:
                rows = _listed(story, person, row, name)
                assert value[way]["totalCount"] == len(rows), f"{where} counts {value[way]['totalCount']}, not {len(rows)}"
                _part(part).check_list(story, person, rows, value[way]["nodes"], min(self.first, len(rows)), where)

    def _check_subject(
        self, story: Story, person: Person, other: Told | None, target: str, shown: Any, part: Part | None
    ) -> None:
        if other is None or other.id not in story.seen_by(person):
            assert shown is None, f"a subject of {self.type} leads to {shown}"
        else:
            assert (shown["__typename"], shown["id"]) == (other.type, other.id), f"a subject leads to {shown}"
            if other.type == target:
                _part(part).check(story, person, other, shown)

    def check_list(
        self, story: Story, person: Person, rows: Sequence[Told], nodes: Sequence[Any], wanted: int, where: str
    ) -> None:
        by_id = {row.id: row for row in rows}
        found = [node["id"] for node in nodes]
        assert set(found) <= set(by_id), f"{where} lists {set(found) - set(by_id)}"
        assert len(found) == len(set(found)) == wanted, f"{where} lists {len(found)} instead of {wanted}"
        for node in nodes:
            self.check(story, person, by_id[node["id"]], node)


def _part(part: Part | None) -> Part:
    assert part is not None
    return part


def _listed(story: Story, person: Person, row: Told, name: str) -> list[Told]:
    return [each for each in story.linked(row, name.split(".")[1]) if each.id in story.seen_by(person)]


def _alias(way: str, group: str) -> str:
    return f"{way}By{group.title().replace('_', '')}"


def _stats_text(way: str, group: str, type_: str) -> str:
    shown = GROUPS[type_][group]
    return f"{_alias(way, group)}: {way}(groupBy: [{group}]) {{ {shown}{' { id }' if _of_rows(type_, shown) else ''} count }}"


def _of_rows(type_: str, shown: str) -> bool:
    return f"{type_}.{shown}" in LINKS


def group_of(story: Story, person: Person, row: Told, shown: str) -> Any:
    """What a count tells of the row's group: null for a row that the person does not see."""
    if _of_rows(row.type, shown):
        other = row.links[shown]
        return other.id if other and other.id in story.seen_by(person) else None
    if shown.endswith("Month"):
        moment = shown.removesuffix("Month")
        return (row.values[moment] if moment in row.values else row.values[f"{moment}At"]).strftime("%Y-%m-01")
    return _plain(row.values[shown.removesuffix("Group")])


def told_group(value: Any) -> Any:
    """By what a row of counts says that it counts: a row's id, the number that all sums of it tell, or the value."""
    if not isinstance(value, dict):
        return value
    return value["id"] if "id" in value else int(value["max"])


def check_groups(story: Story, person: Person, rows: Sequence[Told], groups: Sequence[str], counted: Any) -> None:
    """Fail unless the counts are those of the rows by these groups."""
    shown = [GROUPS[rows[0].type][group] for group in groups] if rows else []
    wanted = Counter(tuple(group_of(story, person, row, name) for name in shown) for row in rows)
    found = [tuple(told_group(each[name]) for name in shown) for each in counted]
    assert len(found) == len(set(found)), f"groups {groups} are told apart that look alike: {counted}"
    told = dict(zip(found, (each["count"] for each in counted), strict=True))
    assert told == wanted, f"counted by {groups}: {told} instead of {dict(wanted)}"


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def check_values(story: Story, person: Person, row: Told, value: Any) -> None:
    """Fail unless every field is shown to the person as the table says."""
    for name in FIELDS[row.type]:
        if name == "id" or (row.type, name) in _MADE or row.values[name] is ...:
            continue
        state, shown, stored = story.state(person, row, name), value[name], row.values[name]
        where = f"{row.type}.{name} of {row.id}, which is {state},"
        if state == "visible":
            assert same(shown, stored), f"{where} is shown as {shown!r} instead of {stored!r}"
        elif state == "hidden":
            assert shown is None, f"{where} is shown as {shown!r}"
        elif name in _STORED_MASKED or stored is None:
            assert shown == stored, f"{where} is shown as {shown!r}"
            assert "***" in (shown or "***"), f"{where} is shown as {shown!r}"
        else:
            assert shown == stored[:1] + "**", f"{where} is shown as {shown!r}"


#: Stored masked beside what is sealed.
_STORED_MASKED = {"phone", "contactPhone"}
#: What the database makes of other columns when it is asked.
_MADE = {("Ticket", "overdue"), ("TicketDeadline", "paused")}


def same(shown: Any, stored: Any) -> bool:
    """Whether an answer shows what is stored."""
    stored = _plain(stored)
    match stored:
        case datetime():
            return datetime.fromisoformat(shown) == stored
        case date():
            return shown == stored.isoformat()
        case Decimal():
            return Decimal(shown) == stored
        case {"en": _}:
            return shown == stored["en"]
        case _:
            return shown == stored


@dataclass(frozen=True)
class Document:
    """One document, and what it asks of the root: ``root`` names the field, ``part`` what is asked of each row."""

    root: str
    part: Part

    @cached_property
    def text(self) -> str:
        asked = self.part.text
        match self.root:
            case "node":
                return f"query ($id: ID!) {{ node(id: $id) {{ ... on {self.part.type} {{ {asked} }} }} }}"
            case "nodes":
                return f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {self.part.type} {{ {asked} }} }} }}"
            case root if root in LOOKUPS:
                by = LOOKUPS[root][1]
                return f"query ($by: {'ID' if by == 'id' else 'String'}!) {{ {root}({by}: $by) {{ {asked} }} }}"
            case root:
                return f"{{ {root}(first: {ALL}) {{ totalCount nodes {{ {asked} }} }} }}"

    def variables(self, story: Story, row: Told | None) -> dict[str, Any]:
        match self.root:
            case "node":
                return {"id": row.id if row else ""}
            case "nodes":
                return {"ids": [row.id for row in self._at_once(story)]}
            case root if root in LOOKUPS:
                return {"by": row.values[LOOKUPS[root][1]] if row else ""}
            case _:
                return {}

    def _at_once(self, story: Story) -> list[Told]:
        """The rows of the type; of more than may be asked for at once every second, third and so on."""
        rows = story.of_type[self.part.type]
        return rows[:: -(-len(rows) // ALL) or 1]

    def check(self, story: Story, person: Person, row: Told | None, value: Any) -> None:
        """Fail unless the field's value is what the person must be told."""
        rows, seen = story.of_type[self.part.type], story.seen_by(person)
        match self.root:
            case "nodes":
                for each, shown in zip(self._at_once(story), value, strict=True):
                    if each.id in seen:
                        self.part.check(story, person, each, shown)
                    else:
                        assert shown is None, f"{each.id} is shown"
            case root if root in ROOTS:
                visible = [each for each in rows if each.id in seen]
                assert value["totalCount"] == len(visible), f"{root} counts {value['totalCount']} instead of {len(visible)}"
                self.part.check_list(story, person, visible, value["nodes"], len(visible), root)
            case _:
                assert row is not None
                if row.id in seen:
                    self.part.check(story, person, row, value)
                else:
                    assert value is None, f"{row.id} is shown"


def roots_of(type_: str) -> list[str]:
    """Every root field by which rows of a type are reached."""
    lists = [root for root, of in ROOTS.items() if of == type_]
    return [*lists, *(root for root, (of, _) in LOOKUPS.items() if of == type_), "node", "nodes"]


def target_of(name: str) -> str:
    """The type to which a way leads; "" for numbers."""
    return name.partition(" ")[2] or LINKS.get(name) or LISTS.get(name, ("",))[0]


def part(type_: str, ways: Sequence[str], *, first: int = ALL, below: int = 0) -> Part:
    """A part that goes these ways, and ``below`` steps further in every way."""
    made = Part(type_, first=first)
    for way in ways:
        name = f"{type_}.{way}"
        target = target_of(name)
        made.ways[way] = part(target, edges(target) if below else (), first=first, below=below - 1) if target else None
    return made


def broad_paths() -> Iterator[list[Document]]:
    """In every way from a type, and from there in every way again: the documents that do so, one from each root."""
    for type_ in FIELDS:
        for way in edges(type_) or [""]:
            yield [Document(root, part(type_, [way] if way else [], below=1)) for root in roots_of(type_)]


def deep_paths() -> Iterator[list[Document]]:
    """Along every two ways from a type, and from there in every way again: the documents that do so, one from each root."""
    for type_ in FIELDS:
        for way in edges(type_):
            target = target_of(f"{type_}.{way}")
            for further in edges(target) if target else ():
                end = target_of(f"{target}.{further}")
                if end:
                    last = part(end, edges(end), first=2)
                    middle = Part(target, {further: last}, values=False, first=2)
                    asked = Part(type_, {way: middle}, values=False, first=2)
                    yield [Document(root, asked) for root in roots_of(type_)]
