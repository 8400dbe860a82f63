"""The nearest route counts, every category has one, and of those on duty the least loaded is proposed."""

from hypothesis import given
from hypothesis import strategies as st

from domain.tickets import TicketKind
from domain.tickets.categories import TicketCategory
from domain.tickets.routing import (
    DEFAULTS,
    LADDER,
    Route,
    RouteTarget,
    chosen,
    ladder,
    least_loaded,
    together,
    why_them,
    why_there,
)

_PLACES = ("cmp_here", "plc_grid", "plc_community")
_routes = st.builds(
    Route,
    kind=st.sampled_from([None, *TicketKind]),
    category=st.sampled_from([None, TicketCategory.PARKING, TicketCategory.LIFT]),
    place_id=st.sampled_from([None, *_PLACES, "cmp_elsewhere"]),
    target=st.sampled_from(RouteTarget),
)
_categories = st.sampled_from([None, TicketCategory.PARKING, TicketCategory.OTHER])


def test_every_category_and_none_has_a_default_and_every_ladder_ends_with_the_street():
    assert set(DEFAULTS) == {None, *TicketCategory}
    for target in RouteTarget:
        assert ladder(target)[0] is target
        assert ladder(target)[-1] is RouteTarget.STREET
        assert len(set(ladder(target))) == len(ladder(target))
    assert ladder(RouteTarget.COMPANY) == LADDER


@given(st.lists(_routes, max_size=8), st.sampled_from(TicketKind), _categories)
def test_the_route_that_counts_fits_and_no_other_that_fits_is_nearer(
    routes: list[Route], kind: TicketKind, category: TicketCategory | None
):
    def fits(route: Route) -> bool:
        return route.kind in (None, kind) and route.category in (None, category) and route.place_id in (None, *_PLACES)

    order = [*_PLACES, None]
    route = chosen(routes, kind, category, _PLACES)
    fitting = [each for each in routes if fits(each)]
    if route is None:
        assert not fitting
        return
    assert fits(route)
    assert order.index(route.place_id) == min(order.index(each.place_id) for each in fitting)
    as_near = [each for each in fitting if each.place_id == route.place_id]
    assert (route.category is not None) == any(each.category is not None for each in as_near)


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(0, 50)))
def test_nobody_has_less_to_do_than_the_one_proposed(loads: dict[str, int]):
    proposed = least_loaded(loads)
    assert (proposed is None) == (not loads)
    if proposed is not None:
        assert loads[proposed] == min(loads.values())
        assert proposed == least_loaded(dict(reversed(loads.items())))


def test_a_route_says_why_in_both_languages_whatever_was_to_be_had():
    for wanted in (None, *RouteTarget):
        for got in (None, *RouteTarget):
            for route in (None, Route()):
                why = why_there(route, TicketCategory.NEIGHBOURS, wanted, got)
                assert why.en.endswith(".")
                assert why.zh.endswith("。")
    both = together(why_there(None, None, RouteTarget.COMPANY, RouteTarget.COMMUNITY), why_them(3, 2))
    assert both.en == (
        "It goes to the organisation that serves the compound. There is none, so the office of its community handles it."
        " Of 3 on duty, the one proposed has the fewest open tickets (2)."
    )
    assert "值班 3 人" in both.zh
    assert "Nobody is on duty" in why_them(0, None).en
