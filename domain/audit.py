"""The audit trail: where acts came from, how facts are sealed into a chain, and how a break in it is found.

A fact's digest is the SHA-256 of its canonical form. A seal holds the ids and digests of the facts of one street and one
day that were sealed together, and a hash over them and over the street's previous seal: nothing before it can change
without changing every later hash.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv6Address, ip_address, ip_network

from .words import Word


class Door(Word):
    """By which way an act came in."""

    GRAPHQL = "GRAPHQL", "接口", "Somebody's request to the API."
    EVENTS = "EVENTS", "事件", "An event that a machine sent."
    CLI = "CLI", "命令行", "A command on the server."
    SYSTEM = "SYSTEM", "系统", "The system itself: work that was due."


def network(address: str) -> str | None:
    """The network that a client's address lies in, ``203.0.113.0/24`` or ``2001:db8:1::/48``; None for what is no address.

    A trail must tell one origin from another; it need not know the household behind it.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((parsed, 48), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, 24), strict=False))


#: Of what a fact's canonical form consists, in this order, by version. A version that facts were sealed under never changes.
FIELDS: Mapping[int, tuple[str, ...]] = {
    1: (
        *("seq", "id", "at", "actor", "roles", "door", "address", "action", "subject_id"),
        *("before", "after", "compound_id", "street_id", "audience_id"),
    )
}
VERSION = max(FIELDS)
#: What the first seal of a street follows.
BEGINNING = bytes(32)
_DIGEST = 32


def digest(values: Sequence[str | None]) -> bytes:
    """The digest of a fact, given the texts of its fields in the order of ``FIELDS``."""
    return hashlib.sha256(_canonical(values)).digest()


def _canonical(values: Sequence[object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Stored:
    """A fact as it is stored now. ``day`` is the street's date of its moment."""

    seq: int
    id: str
    street_id: str
    day: date
    digest: bytes


@dataclass(frozen=True)
class Seal:
    """Facts of one street and day that were sealed together, in order. ``number`` counts the street's seals from 1.

    ``last_seq`` is the last number of all facts that were sealed at that time, in whatever street.
    """

    street_id: str
    number: int
    day: date
    last_seq: int
    version: int
    ids: Sequence[str]
    digests: bytes
    hash: bytes

    def expected(self) -> dict[str, bytes]:
        """Each fact's digest by its id."""
        return {id_: self.digests[n * _DIGEST : (n + 1) * _DIGEST] for n, id_ in enumerate(self.ids)}


def make_seals(facts: Sequence[Stored], heads: Mapping[str, tuple[int, bytes]]) -> list[Seal]:
    """Seal facts, given in order: one seal a street and day. ``heads``: each street's newest number and hash."""
    groups: dict[tuple[str, date], list[Stored]] = {}
    for fact in facts:
        groups.setdefault((fact.street_id, fact.day), []).append(fact)
    newest, seals = dict(heads), list[Seal]()
    for (street_id, day), group in groups.items():
        number, previous = newest.get(street_id, (0, BEGINNING))
        ids, digests = [fact.id for fact in group], b"".join(fact.digest for fact in group)
        unhashed = Seal(street_id, number + 1, day, facts[-1].seq, VERSION, ids, digests, b"")
        seals.append(replace(unhashed, hash=hash_of(unhashed, previous)))
        newest[street_id] = (seals[-1].number, seals[-1].hash)
    return seals


def hash_of(seal: Seal, previous: bytes) -> bytes:
    """The hash that a seal must have after the seal whose hash is ``previous``."""
    head = _canonical([seal.street_id, seal.number, seal.day.isoformat(), seal.last_seq, seal.version, list(seal.ids)])
    return hashlib.sha256(previous + hashlib.sha256(head).digest() + seal.digests).digest()


class Damage(Word):
    """What is wrong with the record."""

    CHANGED = "CHANGED", "被改动", "The fact is not as it was sealed."
    MISSING = "MISSING", "缺失", "The fact was sealed and is gone."
    ADDED = "ADDED", "被添加", "The fact was put in after its time was sealed."
    REORDERED = "REORDERED", "顺序被改", "The fact is not in the place where it was sealed."
    SEAL_CHANGED = "SEAL_CHANGED", "封印被改动", "The seal is not as it was made."
    SEAL_MISSING = "SEAL_MISSING", "封印缺失", "A seal is gone."


@dataclass(frozen=True)
class Break:
    """Where the record stops being what it was. ``id``: the fact's, or the number of the seal."""

    problem: Damage
    street_id: str
    day: date
    id: str


def first_break(seals: Sequence[Seal], facts: Sequence[Stored], heads: dict[str, tuple[int, bytes]]) -> Break | None:
    """The first break among facts that were sealed together; None where there is none.

    ``seals``: all with the same ``last_seq``; ``facts``: all that are stored with numbers after the last seals' and up to
    theirs, in order. ``heads`` (each street's previous number and hash) is moved on. The seals are looked at first; then
    what is missing, what was added, what lies elsewhere, what was changed.
    """
    for seal in seals:
        number, previous = heads.get(seal.street_id, (0, BEGINNING))
        if seal.number != number + 1:
            return Break(Damage.SEAL_MISSING, seal.street_id, seal.day, str(number + 1))
        if seal.hash != hash_of(seal, previous) or len(seal.digests) != len(seal.ids) * _DIGEST:
            return Break(Damage.SEAL_CHANGED, seal.street_id, seal.day, str(seal.number))
        heads[seal.street_id] = (seal.number, seal.hash)
    return (
        _missing(seals, {fact.id for fact in facts})
        or _added(seals, facts)
        or next((found for seal in seals if (found := _differs(seal, facts))), None)
    )


def _missing(seals: Sequence[Seal], stored: set[str]) -> Break | None:
    gone = (Break(Damage.MISSING, seal.street_id, seal.day, id_) for seal in seals for id_ in seal.ids if id_ not in stored)
    return next(gone, None)


def _added(seals: Sequence[Seal], facts: Sequence[Stored]) -> Break | None:
    known = {id_ for seal in seals for id_ in seal.ids}
    more = (Break(Damage.ADDED, fact.street_id, fact.day, fact.id) for fact in facts if fact.id not in known)
    return next(more, None)


def _differs(seal: Seal, facts: Sequence[Stored]) -> Break | None:
    expected = seal.expected()
    mine = [fact for fact in facts if fact.id in expected]
    for id_, fact in zip(seal.ids, mine, strict=True):
        if id_ != fact.id:
            return Break(Damage.REORDERED, seal.street_id, seal.day, id_)
    for fact in mine:
        if fact.digest != expected[fact.id]:
            return Break(Damage.CHANGED, seal.street_id, seal.day, fact.id)
    return None
