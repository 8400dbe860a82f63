"""What covers a compound, and how months and shares are told."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import COVERED_BY, CoverageAspect, covers, month_ends, percent
from domain.figures import MEASURES, KeyFigure, MonthBy
from domain.organisations import MandateRole, MandateService, OrganisationKind

GUIDES, SERVES, REPRESENTS = MandateRole.GUIDES, MandateRole.SERVES, MandateRole.REPRESENTS


@pytest.mark.parametrize(
    ("role", "kind", "covered"),
    [
        (GUIDES, OrganisationKind.PARTY_BRANCH, {CoverageAspect.PARTY_ORGANISATION, CoverageAspect.PARTY_WORK}),
        (GUIDES, OrganisationKind.COMMUNITY_OFFICE, {CoverageAspect.PARTY_WORK}),
        (GUIDES, OrganisationKind.PROPERTY_COMPANY, set[CoverageAspect]()),
        (REPRESENTS, OrganisationKind.OWNERS_COMMITTEE, {CoverageAspect.OWNERS_BODY}),
        (MandateRole.GOVERNS, OrganisationKind.SELF_GOVERNANCE_COMMITTEE, {CoverageAspect.OWNERS_BODY}),
        (MandateRole.SUPERVISES, OrganisationKind.PARTY_BRANCH, set[CoverageAspect]()),
        (SERVES, OrganisationKind.PROPERTY_COMPANY, {CoverageAspect.COMPANY}),
        (SERVES, OrganisationKind.COMMUNITY_OFFICE, set[CoverageAspect]()),
    ],
)
def test_a_mandate_covers_what_its_role_and_its_organisation_say(
    role: MandateRole, kind: OrganisationKind, covered: set[CoverageAspect]
) -> None:
    assert {aspect for aspect in CoverageAspect if covers(aspect, role, kind, None)} == covered


@pytest.mark.parametrize("service", MandateService)
def test_whoever_looks_after_lifts_or_fire_facilities_alone_is_no_property_service(service: MandateService) -> None:
    licensed = {MandateService.LIFT_MAINTENANCE, MandateService.FIRE_MAINTENANCE}
    covered = covers(CoverageAspect.COMPANY, SERVES, OrganisationKind.PROPERTY_COMPANY, service)
    assert covered == (service not in licensed)


def test_whatever_a_branch_guides_has_party_work_too() -> None:
    assert COVERED_BY[CoverageAspect.PARTY_ORGANISATION] < COVERED_BY[CoverageAspect.PARTY_WORK]
    assert set(COVERED_BY) == set(CoverageAspect)


@given(st.dates(), st.integers(1, 60))
def test_months_end_on_their_last_days_and_the_last_one_where_it_is_said(until: date, months: int) -> None:
    days = month_ends(until, months)
    assert days[-1] == until
    assert len(days) == months or days[0].replace(day=1) == date(1, 1, 1)
    for before, after in pairwise(days):
        assert (before.toordinal() + 1, before.month != after.month) == (after.replace(day=1).toordinal(), True)


def test_shares_are_told_to_one_place_and_of_nothing_it_is_none() -> None:
    assert [percent(*pair) for pair in ((170, 212), (1, 3), (0, 0), (11, 11))] == [
        *(Decimal("80.2"), Decimal("33.3"), Decimal("0.0"), Decimal("100.0")),
    ]


def test_every_figure_is_told_in_one_way() -> None:
    assert set(MEASURES) == set(KeyFigure)
    assert {figure for figure, measure in MEASURES.items() if measure.month_by is not MonthBy.LAST} == {
        KeyFigure.CLOSED_TICKETS,
        KeyFigure.SATISFACTION,
        KeyFigure.COLLECTION_RATE,
    }
