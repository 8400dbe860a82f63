"""Which categories go with which kind and facility: the tables are total, and what they do not name is refused."""

from itertools import product

import pytest

from domain.facilities import FacilityKind
from domain.refusals import RefusalCode, Refused
from domain.tickets import TicketKind
from domain.tickets.categories import (
    BROKEN,
    CATEGORIES,
    REPAIRS_OF,
    SAID,
    TicketCategory,
    allowed,
    check_category,
    classified,
    usual,
)


def test_every_kind_of_ticket_and_of_facility_has_its_categories():
    assert set(CATEGORIES) == set(TicketKind)
    assert set(REPAIRS_OF) == set(FacilityKind)
    assert len(SAID) == 12
    assert frozenset(TicketCategory) == SAID | BROKEN
    assert all(set(categories) <= BROKEN and categories for categories in REPAIRS_OF.values())
    assert {category for categories in REPAIRS_OF.values() for category in categories} | {
        TicketCategory.INSIDE_HOME,
        TicketCategory.OTHER_REPAIR,
    } == BROKEN


@pytest.mark.parametrize(("kind", "facility"), list(product(TicketKind, [None, *FacilityKind])))
def test_a_category_is_taken_where_the_table_names_it_and_refused_with_those_it_names(
    kind: TicketKind, facility: FacilityKind | None
):
    fitting = allowed(kind, facility)
    assert set(fitting) <= CATEGORIES[kind]
    assert len(set(fitting)) == len(fitting)
    assert usual(kind, facility) in {None, *fitting}
    for category in TicketCategory:
        if category in fitting:
            check_category(kind, category, facility)
            continue
        with pytest.raises(Refused) as refusal:
            check_category(kind, category, facility)
        assert (refusal.value.code, refusal.value.path) == (RefusalCode.INVALID, ("category",))
        assert all(each in refusal.value.hint.en and each.zh in refusal.value.hint.zh for each in fitting)


def test_a_repair_of_a_lift_is_no_matter_of_lamps_and_a_complaint_about_a_lift_is_one_of_upkeep():
    assert usual(TicketKind.REPAIR, FacilityKind.LIFT) is TicketCategory.LIFT
    with pytest.raises(Refused, match="LIGHTING is no category of the repair of a LIFT"):
        check_category(TicketKind.REPAIR, TicketCategory.LIGHTING, FacilityKind.LIFT)
    check_category(TicketKind.COMPLAINT, TicketCategory.FACILITY_UPKEEP, FacilityKind.LIFT)
    assert usual(TicketKind.COMPLAINT, FacilityKind.LIFT) is None


@pytest.mark.parametrize(("was", "kind"), list(product(TicketKind, TicketKind)))
def test_of_another_kind_a_ticket_has_a_category_that_the_kind_allows_or_none(was: TicketKind, kind: TicketKind):
    for facility in (None, *FacilityKind):
        for category in (None, *allowed(was, facility)):
            if kind is was:
                with pytest.raises(Refused) as refusal:
                    classified(was, kind, category, None, facility)
                assert refusal.value.path == ("category",)
                continue
            now = classified(was, kind, category, None, facility)
            assert now is None or now in allowed(kind, facility)
            assert now == category or category not in allowed(kind, facility)
            for given in allowed(kind, facility):
                assert classified(was, kind, category, given, facility) is given
