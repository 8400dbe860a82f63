"""Prices: what the law lets them stand on, and tiers that can be reckoned with."""

from datetime import date
from decimal import Decimal

import pytest

from domain.charges import FeeBasis, Price, Tier, check_account, check_basis, check_price, higher
from domain.ledger import AccountCode
from domain.refusals import Refused

D = Decimal

_DAY = date(2026, 1, 1)
_SERVICE, _SUPPLIED, _COMMON = AccountCode.SERVICE_INCOME, AccountCode.COLLECTED_FOR_OTHERS, AccountCode.COMMON_PARKING


def test_a_service_fee_is_raised_by_a_vote_or_an_authority_and_not_by_the_contract_alone() -> None:
    check_basis(_SERVICE, FeeBasis.CONTRACT, _DAY, _DAY, raised=False)
    check_basis(_SERVICE, FeeBasis.OWNERS_VOTE, _DAY, _DAY, raised=True)
    check_basis(_SUPPLIED, FeeBasis.SUPPLIER_BILL, _DAY, _DAY, raised=True)
    for account, basis, raised in (
        (_SERVICE, FeeBasis.CONTRACT, True),
        (_SUPPLIED, FeeBasis.OWNERS_VOTE, False),
        (_COMMON, FeeBasis.CONTRACT, False),
    ):
        with pytest.raises(Refused) as refused:
            check_basis(account, basis, _DAY, _DAY, raised=raised)
        assert refused.value.path == ("basis",)


def test_a_ground_comes_before_its_price_and_a_fee_is_income() -> None:
    with pytest.raises(Refused) as refused:
        check_basis(_SERVICE, FeeBasis.OWNERS_VOTE, date(2026, 1, 2), _DAY, raised=True)
    assert refused.value.path == ("basis_on",)
    check_account(_SERVICE)
    with pytest.raises(Refused):
        check_account(AccountCode.STAFF)


@pytest.mark.parametrize(
    "tiers",
    [
        [(10, 1)],
        [(10, 1), (5, 2), (None, 3)],
        [(10, 1), (None, 2), (None, 3)],
        [(10, 1), (20, 2)],
        [(0, 1), (None, 2)],
        [(None, 2)],
        [(10, -1), (None, 2)],
    ],
)
def test_tiers_rise_to_an_open_end(tiers: list[tuple[int | None, int]]) -> None:
    check_price(Price(_DAY, D(1), (Tier(D(10), D(1)), Tier(None, D(2)))))
    with pytest.raises(Refused) as refused:
        check_price(Price(_DAY, D(1), tuple(Tier(None if upto is None else D(upto), D(price)) for upto, price in tiers)))
    assert refused.value.path == ("tiers",)


def test_a_price_is_higher_where_any_quantity_costs_more() -> None:
    flat, dear = Price(_DAY, D(2)), Price(_DAY, D("2.01"))
    assert not higher(flat, None)
    assert not higher(flat, dear)
    assert higher(dear, flat)
    assert higher(Price(_DAY, D(2), (Tier(D(10), D(1)), Tier(None, D(3)))), flat)
    assert not higher(Price(_DAY, D(2), (Tier(D(10), D(1)), Tier(None, D(2)))), flat)
