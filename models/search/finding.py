"""Finding: one statement, which knows what the viewer may read, so that nothing else is counted, ranked or told."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from domain.access import Reach, Via, Viewer
from domain.permits import reaches
from domain.refusals import RefusalCode, Refused
from domain.search import FIRST_MAX, FIRST_USUAL, NAMED, SearchKind, Sought, sought
from domain.words import Text
from models.connection import query
from models.organisations import Organisation
from models.rows import Row
from models.territory.rows import Building, Compound, Home, Place

_ROWS: dict[SearchKind, type[Row]] = {
    SearchKind.COMPOUND: Compound,
    SearchKind.BUILDING: Building,
    SearchKind.HOME: Home,
    SearchKind.PLACE: Place,
    SearchKind.ORGANISATION: Organisation,
}
#: Beyond every word that begins alike.
_LAST = "\U0010ffff"

#: The words that begin with a text: of one letter only those that begin a name, of which there are not too many.
_WORDS = """SELECT w.subject_id, min(w.weight * 2 + (w.word <> {text})::int) AS rank FROM search_word w
    WHERE w.word >= {text} AND w.word < {last} AND w.kind = {kind}{here} AND w.weight <= {weight}
    GROUP BY 1"""
#: What hits of each kind tell, and where from; ``n``: the words that were found, of the thing or of its compound.
_TOLD = {
    SearchKind.COMPOUND: "r.name, r.id, r.name, r.address",
    SearchKind.PLACE: "r.name, NULL, NULL, coalesce(above.name, '')",
    SearchKind.ORGANISATION: "r.name, NULL, NULL, ''",
    SearchKind.BUILDING: "r.name, c.id, c.name, c.address",
    SearchKind.HOME: "concat_ws(' ', b.name, u.name, r.door), c.id, c.name, c.address",
}
_FROM = {
    SearchKind.COMPOUND: "compound r JOIN named n ON n.subject_id = r.id",
    SearchKind.PLACE: "place r JOIN named n ON n.subject_id = r.id LEFT JOIN place above ON above.id = r.parent_id",
    SearchKind.ORGANISATION: "organisation r JOIN named n ON n.subject_id = r.id",
    SearchKind.BUILDING: "building r JOIN compound c ON c.id = r.compound_id",
    SearchKind.HOME: "home r JOIN compound c ON c.id = r.compound_id JOIN unit u ON u.id = r.unit_id"
    " JOIN building b ON b.id = u.building_id",
}


@dataclass(frozen=True)
class Hit:
    """Something that was found. ``address``: of the compound; of a place, the name of the one above it."""

    kind: SearchKind
    subject_id: str
    name: str
    compound_id: str | None
    compound: str | None
    address: str


async def search(viewer: Viewer, text: str, kinds: Collection[SearchKind] | None = None, first: int = FIRST_USUAL) -> list[Hit]:
    """What the viewer may read and the text asks for, the best first.

    Refuses INVALID (more than 60 characters, or more than 50 answers).
    """
    if not 1 <= first <= FIRST_MAX:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{first} is out of range.", f"数值 {first} 超出范围。"),
            path=("first",),
            hint=Text(f"Give 1 to {FIRST_MAX}.", f"请填写 1 到 {FIRST_MAX}。"),
        )
    asked = sought(text)
    wanted = [kind for kind in SearchKind if kinds is None or kind in kinds]
    if asked is None or "\0" in text:
        return []
    parts = _Parts(viewer, asked)
    made = [part for kind in wanted for part in parts.of(kind)]
    if not made:
        return []
    sql = " UNION ALL ".join(f"({each})" for each in made)
    limit = parts.value(first, "int")
    found = await query(
        f"SELECT kind, id, name, compound_id, compound, address FROM ({sql}) hits"
        f" (kind, id, rank, name, compound_id, compound, address) ORDER BY rank, length(name), compound, name, id LIMIT {limit}",
        *parts.values,
    )
    return [
        Hit(SearchKind(row["kind"]), row["id"], row["name"], row["compound_id"], row["compound"], row["address"]) for row in found
    ]


class _Parts:
    """Writes the selections that one search is made of; ``values``: their parameters."""

    def __init__(self, viewer: Viewer, asked: Sought) -> None:
        self.values: list[Any] = []
        self._viewer, self._asked = viewer, asked
        self._streets = sorted({id_ for held in viewer.reach.values() for id_ in held.get(Reach.STREET, ())})

    def value(self, value: Any, cast: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{cast}"

    def of(self, kind: SearchKind) -> list[str]:
        """The selections that find things of a kind; none where the text asks for none, or the viewer sees none."""
        if kind in NAMED:
            seen = self._seen(_ROWS[kind])
            return [self._selection(kind, "n.rank", self._asked.whole, [seen])] if seen else []
        found = self._numbers(kind)
        if found is None or not (seen := self._seen(_ROWS[kind])):
            return []
        rank, numbers = found
        conditions = [f"{column} = {self.value(number, 'text')}" for column, number in numbers.items()]
        return [self._selection(kind, str(rank), self._asked.name, [*conditions, seen])]

    def _selection(self, kind: SearchKind, rank: str, name: str, conditions: list[str]) -> str:
        """Things of a kind; where ``name`` is given, those of that name, or in the compounds of that name."""
        chosen = f"{_TOLD[kind]} FROM {_FROM[kind]}"
        if not name:
            return f"SELECT '{kind}', r.id, {rank}, {chosen} WHERE {' AND '.join(conditions)}"
        if kind not in NAMED:
            rank, chosen = f"{rank} + n.rank", f"{chosen} JOIN named n ON n.subject_id = c.id"
        words = self._words(name, kind if kind in NAMED else SearchKind.COMPOUND)
        where = " AND ".join(conditions)
        return f"WITH named AS MATERIALIZED ({words}) SELECT '{kind}', r.id, {rank}, {chosen} WHERE {where}"

    def _words(self, text: str, kind: SearchKind) -> str:
        # Whoever once served a compound may be of another street.
        elsewhere = kind is SearchKind.ORGANISATION
        return _WORDS.format(
            text=self.value(text, "text"),
            last=self.value(text + _LAST, "text"),
            kind=self.value(kind.value, "text"),
            here="" if elsewhere else f" AND w.street_id = ANY({self.value(self._streets, 'text[]')})",
            weight=self.value(2 if len(text) == 1 and text.isascii() else 9, "int"),
        )

    def _numbers(self, kind: SearchKind) -> tuple[int, dict[str, str]] | None:
        """How far from the best things of a kind are that are found by their numbers, and by which; None: by none."""
        asked = self._asked
        if kind is SearchKind.BUILDING:
            if asked.building:
                return 1 if asked.door else 0, {"r.number": asked.building}
            plain = asked.name and not asked.unit and asked.door and asked.door.isdecimal()
            return (8, {"r.number": str(int(asked.door))}) if plain and asked.door else None
        if not asked.door or not (asked.building or asked.name):
            return None
        numbers = {"b.number": asked.building, "u.number": asked.unit, "r.door": asked.door}
        return 0 if asked.building else 9, {column: number for column, number in numbers.items() if number}

    def _seen(self, model: type[Row]) -> str:
        """The condition under which the viewer sees ``r``, a row of the model; empty: never."""
        ids: dict[str | Via, set[str]] = {}
        for role, reach in reaches(model.__name__, self._viewer.roles):
            if (belongs := model.belonging.get(reach)) is not None and (reached := self._viewer.ids(role, reach)):
                ids.setdefault(belongs, set()).update(reached)
        conditions: list[str] = []
        for belongs, reached in ids.items():
            among = f"= ANY({self.value(sorted(reached), 'text[]')})"
            if isinstance(belongs, Via):
                linked = f"v.{belongs.key} = r.id AND v.{belongs.column} {among}"
                conditions.append(f"EXISTS (SELECT FROM {belongs.table} v WHERE {linked})")
            else:
                conditions.append(f"r.{belongs} {among}")
        return f"({' OR '.join(conditions)})" if conditions else ""
