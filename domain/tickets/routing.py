"""Who handles a ticket: by its kind, its category and its place; and who there, by the duty roster and by load."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.words import Text, Word

from .categories import TicketCategory
from .words import TicketKind


class RouteTarget(Word):
    """To whom tickets go, as seen from the compound."""

    COMPANY = "COMPANY", "物业公司", "The organisation that serves it."
    COMMITTEE = "COMMITTEE", "业主组织", "The body that speaks for its owners, or governs it."
    GRID = "GRID", "网格队伍", "The team of its grid."
    COMMUNITY = "COMMUNITY", "社区居委会", "The office of its community or village."
    STREET = "STREET", "街道办事处", "The street office."


_T, _C = RouteTarget, TicketCategory

#: Where a ticket goes when there is nobody of the kind that it should go to.
LADDER = (_T.COMPANY, _T.COMMUNITY, _T.STREET)

#: Per category: where tickets go unless the street says otherwise. All others: to whoever serves the compound.
DEFAULTS: Mapping[TicketCategory | None, RouteTarget] = {
    **dict.fromkeys((None, *TicketCategory), _T.COMPANY),
    _C.NEIGHBOURS: _T.COMMUNITY,
    _C.OWNERS_COMMITTEE: _T.COMMUNITY,
    _C.UNLAWFUL_ACTS: _T.STREET,
}


@dataclass(frozen=True)
class Route:
    """What the street says: tickets of this kind and category (None: of any) in this compound, grid, community or in all of it
    go to ``target``, or to one organisation. The nearest place counts first, then the category, then the kind.
    """

    kind: TicketKind | None = None
    category: TicketCategory | None = None
    place_id: str | None = None
    target: RouteTarget | None = None
    organisation_id: str | None = None


def chosen(routes: Iterable[Route], kind: TicketKind, category: TicketCategory | None, places: Sequence[str]) -> Route | None:
    """The route that counts for a ticket, whose ``places`` are told the nearest first (compound, grid, community); None: none."""

    def nearness(route: Route) -> tuple[int, bool, bool]:
        near = len(places) - places.index(route.place_id) if route.place_id is not None else 0
        return near, route.category is not None, route.kind is not None

    fitting = [
        route
        for route in routes
        if route.kind in {None, kind}
        and route.category in {None, category}
        and (route.place_id is None or route.place_id in places)
    ]
    return max(fitting, key=nearness, default=None)


def ladder(target: RouteTarget) -> tuple[RouteTarget, ...]:
    """Whom to ask in turn: the target, then whoever stands above it."""
    later = LADDER[LADDER.index(target) + 1 :] if target in LADDER else (_T.COMMUNITY, _T.STREET)
    return (target, *later)


def least_loaded(loads: Mapping[str, int]) -> str | None:
    """Who has the fewest open tickets; of several the first by id. None: there is nobody."""
    return min(loads, key=lambda id_: (loads[id_], id_), default=None)


def why_there(route: Route | None, category: TicketCategory | None, wanted: RouteTarget | None, got: RouteTarget | None) -> Text:
    """Why a ticket went to an organisation. ``wanted``: as the route or the default says; ``got``: as was there to be had."""
    if wanted is None:
        return Text("The street's own route names the organisation.", "按街道自定分派规则指定承办单位。")
    by = (
        Text("By the street's own route it goes to", "按街道自定分派规则，应由")
        if route
        else Text(f"{category} goes to" if category else "It goes to", f"“{category.zh}”类应由" if category else "应由")
    )
    rest = Text(f"{by.en} {_EN[wanted]}.", f"{by.zh}{wanted.zh}承办。")
    if got is wanted:
        return rest
    if got is None:
        return Text(f"{rest.en} There is none, nor anybody above.", f"{rest.zh}目前没有可承办的单位。")
    return Text(f"{rest.en} There is none, so {_EN[got]} handles it.", f"{rest.zh}当前没有该类单位，改由{got.zh}承办。")


_EN: Mapping[RouteTarget, str] = {
    _T.COMPANY: "the organisation that serves the compound",
    _T.COMMITTEE: "the body of its owners",
    _T.GRID: "the team of its grid",
    _T.COMMUNITY: "the office of its community",
    _T.STREET: "the street office",
}


#: Why the street's route does not count in a compound.
WHY_NOT_THERE = Text(
    "The organisation that the street's own route names has nothing to do with this compound now.",
    "街道自定分派规则指定的单位目前与本小区没有服务或管辖关系。",
)


#: Why a ticket is with an organisation to which somebody handed it on.
HANDED_ON = Text("It was handed on to this organisation; the reason stands among its remarks.", "已转办至本单位，原因见备注。")


def why_handed_over(former: str, who: Text) -> Text:
    """Why a ticket is with another organisation than before, and who is proposed there."""
    why = Text(f"Taken over from {former}, which has left the compound.", f"由{former}移交，其已退出本小区。")
    return together(why, who)


def why_them(on_duty: int, load: int | None) -> Text:
    """Why somebody is proposed, of how many on duty, with how many open tickets; None: nobody is on duty."""
    if load is None:
        return Text("Nobody is on duty by its roster now.", "当前无人值班。")
    return Text(
        f"Of {on_duty} on duty, the one proposed has the fewest open tickets ({load}).",
        f"当前值班 {on_duty} 人，建议由未结工单最少（{load} 件）的人员处理。",
    )


def together(*parts: Text) -> Text:
    """Sentences, one after the other."""
    return Text(" ".join(part.en for part in parts), "".join(part.zh for part in parts))
