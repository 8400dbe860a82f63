"""Which compounds a demo street has, of what kind and where, and how its homes and residents are shared among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from domain.territory import CompoundKind, GovernanceMode, PlaceKind

from . import names
from .plans import PlacePlan
from .size import Size


@dataclass(frozen=True, slots=True)
class Draft:
    """A compound before its size is known. ``style``: storeys, homes a floor, units a building."""

    code: str
    name: str
    kind: CompoundKind
    community: PlacePlan
    year: int
    homes: int | None = None
    residents: int | None = None
    style: tuple[int, int, int] | None = None


def draft_all(size: Size, communities: Sequence[PlacePlan], random: Random) -> list[Draft]:
    """Every compound's kind, name and community; the named ones first, the rest by community."""
    urban = [place for place in communities if place.kind is PlaceKind.COMMUNITY]
    villages = [place for place in communities if place.kind is PlaceKind.VILLAGE]
    weights = [random.uniform(0.6, 1.6) for _ in urban]
    managed, unmanaged, resettled = (
        size.compounds[kind] for kind in (CompoundKind.PROPERTY_MANAGED, CompoundKind.UNMANAGED, CompoundKind.RESETTLEMENT)
    )
    rural = min(3 * len(villages), unmanaged // 4)
    rehoused = min(len(villages) + 1, resettled)
    placed = [
        *((place, CompoundKind.PROPERTY_MANAGED) for place in random.choices(urban, weights, k=managed - 1)),
        *((place, CompoundKind.UNMANAGED) for place in random.choices(urban, weights, k=unmanaged - 1 - rural)),
        *((villages[n % len(villages)], CompoundKind.UNMANAGED) for n in range(rural)),
        *((villages[n % len(villages)], CompoundKind.RESETTLEMENT) for n in range(rehoused)),
        *((urban[-1 - n % len(urban)], CompoundKind.RESETTLEMENT) for n in range(resettled - rehoused)),
    ]
    order = {place.id: n for n, place in enumerate(communities)}
    placed.sort(key=lambda pair: order[pair[0].id])
    estates, yards = names.estates(random), names.yards(random)
    rehousing = {place.id: names.resettlements(place.name) for place in communities}
    numbers = {place.id: count(1) for place in communities}
    kangqiao = Draft(
        *("KQ", "康桥生活公园", CompoundKind.PROPERTY_MANAGED, urban[0], 2008, 1_504, 3_216),
        style=(15, 4, 1),
    )
    shuren = Draft("SR", "树人大院", CompoundKind.UNMANAGED, urban[1], 1986, 47, 89, style=(6, 2, 2))
    drafts = [kangqiao, shuren]
    for place, kind in placed:
        match kind:
            case CompoundKind.PROPERTY_MANAGED:
                name, year = next(estates), random.randint(1999, 2023)
            case CompoundKind.UNMANAGED:
                name, year = next(yards), random.randint(1975, 2002)
            case CompoundKind.RESETTLEMENT:
                name, year = next(rehousing[place.id]), random.randint(2006, 2021)
        drafts.append(Draft(f"{place.code}-{next(numbers[place.id]):02}", name, kind, place, year))
    return drafts


def share_homes(size: Size, drafts: Sequence[Draft], random: Random) -> list[int]:
    """Homes of each compound: they add up to the size's figure for each kind."""
    homes = [draft.homes or 0 for draft in drafts]
    for kind, total in size.homes.items():
        open_ = [n for n, draft in enumerate(drafts) if draft.kind is kind and draft.homes is None]
        given = sum(draft.homes or 0 for draft in drafts if draft.kind is kind)
        weights = [random.lognormvariate(0, 0.6) for _ in open_]
        for n, share in zip(open_, spread(total - given, weights, least=12), strict=True):
            homes[n] = share
    return homes


def share_residents(size: Size, drafts: Sequence[Draft], homes: Sequence[int], random: Random) -> list[int]:
    """Residents of each compound: they add up to the size's figure."""
    residents = [draft.residents or 0 for draft in drafts]
    open_ = [n for n, draft in enumerate(drafts) if draft.residents is None]
    weights = [homes[n] * random.uniform(0.85, 1.15) for n in open_]
    for n, share in zip(open_, spread(size.residents - sum(residents), weights, least=12), strict=True):
        residents[n] = share
    return residents


def spread(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """``total`` as whole parts in proportion to ``weights``, none under ``least``; the parts add up to ``total``."""
    rest, whole = total - least * len(weights), sum(weights)
    exact = [rest * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda n: parts[n] - exact[n])
    for n in by_remainder[: rest - sum(parts)]:
        parts[n] += 1
    return [part + least for part in parts]


def governance(draft: Draft, random: Random) -> GovernanceMode:
    match draft.kind:
        case CompoundKind.PROPERTY_MANAGED:
            return GovernanceMode.COMPANY
        case CompoundKind.UNMANAGED:
            own = draft.code == "SR" or random.random() < 0.2
            return GovernanceMode.SELF_RUN if own else GovernanceMode.COMMUNITY_RUN
        case CompoundKind.RESETTLEMENT:
            return random.choice([GovernanceMode.SELF_RUN, GovernanceMode.SHARED_RUN, GovernanceMode.COMMUNITY_RUN])


def style(draft: Draft, homes: int, random: Random) -> tuple[int, int, int]:
    """Storeys, homes a floor and units a building, as its years built."""
    if draft.kind is CompoundKind.UNMANAGED or homes < 60:
        return random.randint(4, 7), random.randint(2, 4), random.randint(1, 4)
    if draft.year >= 2010 and homes >= 250:
        return random.randint(18, 32), random.randint(4, 6), 1
    if draft.year >= 2004 and homes >= 120:
        return random.randint(11, 16), random.randint(3, 4), random.randint(1, 2)
    return random.randint(6, 8), random.randint(2, 3), random.randint(2, 4)
