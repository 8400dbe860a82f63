"""What a report seems to be about, and which others report the same: suggestions for people, never decisions.

How like two texts are is told by a function that the caller brings (``Likeness``): symmetric, 0 to 1, 1 for equal texts.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.facilities import FacilityKind

from .categories import CATEGORIES, REPAIRS_OF, TicketCategory, allowed
from .cues import CATEGORY_CUES, DENIALS, KIND_CUES, PRIORITY_CUES
from .words import TicketKind, TicketPriority

Likeness = Callable[[str, str], float]
W = TypeVar("W", TicketKind, TicketCategory, TicketPriority)

#: Suggestions of categories at most, and of duplicates.
MOST_CATEGORIES, MOST_DUPLICATES = 3, 5
#: How like another ticket must be to be suggested as reporting the same.
ALIKE = 0.5
#: How like a passage must be to a cue of four characters or more.
_NEARLY = 0.75
#: Of a description as many characters are read.
_READ = 300
#: A cue in the title counts as this many.
_TITLE = 2.0
#: Score of a category of the facility itself, and what half-way certainty takes.
_OF_FACILITY, _HALF = 3.0, 2.0

_EVERY_CUE = frozenset(cue for cues in CATEGORY_CUES.values() for cue in cues)
_NUMBERED = re.compile(r"(\d+)\s*(号楼|栋|幢|单元|号梯|号电梯|楼|层|building|unit|lift)")
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")


@dataclass(frozen=True)
class Suggested(Generic[W]):
    """A word that fits, how surely (0 to 1), and the cues that speak for it."""

    word: W
    score: float
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What somebody reports, as far as it can be compared. ``id``: of its ticket, or empty."""

    title: str
    description: str = ""
    facility_id: str | None = None
    category: TicketCategory | None = None
    home_id: str | None = None
    id: str = ""


def plain(text: str) -> str:
    """A text as cues are looked for in it: full-width characters narrowed, small letters, blanks made one."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def cues_in(text: str, cues: Iterable[str], like: Likeness) -> tuple[str, ...]:
    """Those of the cues that the text holds, and does not deny."""
    return tuple(cue for cue in cues if _holds(text, cue, like))


def _holds(text: str, cue: str, like: Likeness) -> bool:
    at = text.find(cue)
    while at >= 0:
        if not text[:at].endswith(DENIALS):
            return True
        at = text.find(cue, at + 1)
    if len(cue) < 4 or cue.isascii() or cue in text:
        return False
    passages = (text[n : n + len(cue)] for n in range(len(text) - len(cue) + 1))
    return any(set(passage) & set(cue) and like(passage, cue) >= _NEARLY for passage in passages)


def _weighed(
    title: str, description: str, table: Mapping[W, Sequence[str]], like: Likeness
) -> dict[W, tuple[float, tuple[str, ...]]]:
    told, rest = plain(title), plain(description[:_READ])
    found: dict[W, tuple[float, tuple[str, ...]]] = {}
    for word, cues in table.items():
        first, second = cues_in(told, cues, like), cues_in(rest, cues, like)
        if first or second:
            found[word] = _TITLE * len(first) + len(second), tuple(dict.fromkeys((*first, *second)))
    return found


def _ranked(weights: Mapping[W, tuple[float, tuple[str, ...]]], order: Sequence[W]) -> list[Suggested[W]]:
    ranked = sorted(weights, key=lambda word: (-weights[word][0], order.index(word)))
    return [Suggested(word, round(weights[word][0] / (weights[word][0] + _HALF), 3), weights[word][1]) for word in ranked]


def suggest_kind(report: Report, like: Likeness) -> list[Suggested[TicketKind]]:
    """What the report seems to ask for, the likeliest first: by what it says of that, and half as much by what it is about."""
    weights = _weighed(report.title, report.description, KIND_CUES, like)
    about = _weighed(report.title, report.description, CATEGORY_CUES, like)
    for kind in (TicketKind.REPAIR, TicketKind.COMPLAINT):
        best = max((about[word] for word in CATEGORIES[kind] if word in about), default=(0.0, ()), key=lambda each: each[0])
        weight, cues = weights.get(kind, (0.0, ()))
        if best[0]:
            weights[kind] = weight + best[0] / 2, tuple(dict.fromkeys((*cues, *best[1])))
    return _ranked(weights, list(TicketKind))


def suggest_categories(
    report: Report, kind: TicketKind, facility: FacilityKind | None, like: Likeness
) -> list[Suggested[TicketCategory]]:
    """The categories that seem to fit, the likeliest first; all of them such that the kind and the facility allow them."""
    order = list(allowed(kind, facility))
    weights = _weighed(report.title, report.description, {word: CATEGORY_CUES[word] for word in order}, like)
    if kind is TicketKind.REPAIR and facility is not None:
        usual = REPAIRS_OF[facility][0]
        weight, cues = weights.get(usual, (0.0, ()))
        weights[usual] = weight + _OF_FACILITY, (facility.zh, *cues)
    return _ranked(weights, order)[:MOST_CATEGORIES]


def suggest_priority(report: Report, like: Likeness) -> Suggested[TicketPriority]:
    """How fast it seems to have to move: the most urgent that a cue speaks for, else ORDINARY."""
    weights = _weighed(report.title, report.description, PRIORITY_CUES, like)
    ranked = _ranked(weights, list(TicketPriority))
    first = min(ranked, key=lambda each: list(TicketPriority).index(each.word), default=None)
    return first or Suggested(TicketPriority.ORDINARY, 0.0, ())


def numbers_in(text: str) -> dict[str, set[str]]:
    """The numbered places that a text names: ``3号楼`` → ``{"号楼": {"3"}}``."""
    found: dict[str, set[str]] = {}
    for number, what in _NUMBERED.findall(plain(text).translate(_DIGITS)):
        found.setdefault("号楼" if what in {"栋", "幢"} else what, set()).add(number.lstrip("0"))
    return found


def _whole(report: Report) -> str:
    return plain(f"{report.title} {report.description[:_READ]}")


def _spoken_of(report: Report) -> set[str]:
    """What the title speaks of, by the cues of all categories."""
    title = plain(report.title)
    return {cue for cue in _EVERY_CUE if cue in title}


def alike(one: Report, other: Report, like: Likeness) -> float:
    """How likely two reports are of the same thing, 0 to 1; the same whichever comes first."""
    title = like(plain(one.title), plain(other.title))
    whole = like(_whole(one), _whole(other))
    score = max(title, 0.5 * title + 0.5 * whole)
    mine, theirs = _spoken_of(one), _spoken_of(other)
    if mine and theirs:
        score = 0.6 * score + 0.4 * len(mine & theirs) / len(mine | theirs)
    if one.facility_id and other.facility_id:
        score = score + 0.3 * (1 - score) if one.facility_id == other.facility_id else score * 0.4
    if one.category and other.category and one.category is not other.category:
        score *= 0.7
    here, there = numbers_in(_whole(one)), numbers_in(_whole(other))
    if any(here[what].isdisjoint(there[what]) for what in here.keys() & there.keys()):
        score *= 0.5
    return round(min(score, 1.0), 3)


def suggest_duplicates(report: Report, others: Iterable[Report], like: Likeness) -> list[tuple[Report, float]]:
    """The others that seem to report the same, the likeliest first; never the report itself."""
    scored = [(other, alike(report, other, like)) for other in others if not report.id or other.id != report.id]
    return sorted((each for each in scored if each[1] >= ALIKE), key=lambda each: (-each[1], each[0].id))[:MOST_DUPLICATES]
