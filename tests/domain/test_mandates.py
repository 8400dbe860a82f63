"""What a mandate is for and stands on: which services shut each other out, and which grounds a role has."""

from itertools import product

import pytest

from domain.organisations import BASES, HOLDS, MandateBasis, MandateRole, MandateService, check_basis, overlapping, service_of
from domain.refusals import RefusalCode, Refused


def test_full_service_shuts_out_what_it_holds_and_no_licensed_upkeep() -> None:
    full, licensed = MandateService.FULL, {MandateService.LIFT_MAINTENANCE, MandateService.FIRE_MAINTENANCE}
    assert {other for other in MandateService if overlapping(full, other)} == set(MandateService) - licensed


@pytest.mark.parametrize(("one", "other"), [*product(MandateService, repeat=2)])
def test_services_shut_each_other_out_both_ways_and_every_one_itself(one: MandateService, other: MandateService) -> None:
    assert overlapping(one, other) == overlapping(other, one)
    assert overlapping(one, one)


def test_the_tables_are_total() -> None:
    assert set(HOLDS) == set(MandateService)
    assert set(BASES) == set(MandateRole)
    assert all(BASES.values())


@pytest.mark.parametrize("role", MandateRole)
def test_only_whoever_serves_does_a_service(role: MandateRole) -> None:
    serves = role is MandateRole.SERVES
    assert service_of(role, None) == (MandateService.FULL if serves else None)
    if serves:
        assert service_of(role, MandateService.CLEANING) is MandateService.CLEANING
        return
    with pytest.raises(Refused) as refused:
        service_of(role, MandateService.CLEANING)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("service",))


@pytest.mark.parametrize(("role", "basis"), [*product(MandateRole, MandateBasis)])
def test_a_ground_that_the_role_has_not_is_refused_with_those_that_it_has(role: MandateRole, basis: MandateBasis) -> None:
    if basis in BASES[role]:
        check_basis(role, basis)
        return
    with pytest.raises(Refused) as refused:
        check_basis(role, basis)
    assert refused.value.path == ("basis",)
    assert all(each in refused.value.hint.en for each in BASES[role])
