"""What a provider tells, how it proves that it was the provider, and what follows for an order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from domain.payments import (
    ORDER_MOVES,
    Difference,
    DifferenceKind,
    Malformed,
    Movement,
    OrderMove,
    OrderState,
    differences,
    message_of,
    moved,
)
from domain.payments.signing import headers, proven

_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_SECRET = "s" * 32
_PAID: dict[str, Any] = {"kind": "PAID", "order": "por_1", "trade": "T1", "amount": "12.50", "at": "2026-03-01T08:00:00+08:00"}


def test_a_signature_holds_for_one_body_at_one_door_and_for_five_minutes() -> None:
    made = headers(_SECRET, "M1", "POST", "/here", "msg-1", b"{}", _NOW)
    assert proven(_SECRET, "POST", "/here", made, b"{}", _NOW)
    assert proven(_SECRET, "POST", "/here", made, b"{}", _NOW + timedelta(minutes=5))
    assert not proven(_SECRET, "POST", "/here", made, b"{}", _NOW + timedelta(minutes=5, seconds=1))
    assert not proven(_SECRET, "POST", "/here", made, b"{}", _NOW - timedelta(minutes=6))
    assert not proven("t" * 32, "POST", "/here", made, b"{}", _NOW)
    assert not proven(_SECRET, "POST", "/there", made, b"{}", _NOW)
    assert not proven(_SECRET, "GET", "/here", made, b"{}", _NOW)
    assert not proven(_SECRET, "POST", "/here", made, b"{ }", _NOW)
    for name in ("pay-timestamp", "pay-message", "pay-signature"):
        for value in ("", "x", "１", "9" * 13):
            assert not proven(_SECRET, "POST", "/here", {**made, name: value}, b"{}", _NOW)


def test_a_message_is_read_as_it_is_told_and_nothing_else_is() -> None:
    message = message_of(_PAID)
    assert message.amount == Decimal("12.50")
    assert message_of(message.told()) == message
    for wrong in (
        *({"kind": "PAYED"}, {"order": ""}, {"order": 7}, {"order": "x" * 65}, {"trade": ""}, {"at": "2026-03-01T08:00:00"}),
        *({"at": "now"}, {"refund": "\0"}),
        *({"amount": value} for value in (12.5, "12.505", "-1", "NaN", "1e20", "", None)),
    ):
        with pytest.raises(Malformed):
            message_of(_PAID | wrong)
    nothings: list[object] = [None, [], "PAID", {}]
    for nothing in nothings:
        with pytest.raises(Malformed):
            message_of(nothing)


def test_every_state_of_an_order_has_a_row_and_the_money_wins_whatever_the_order_of_messages() -> None:
    assert set(ORDER_MOVES) == set(OrderState)
    for moves in permutations((OrderMove.CREATED, OrderMove.PAY, OrderMove.EXPIRE, OrderMove.CLOSE, OrderMove.PAY)):
        state = OrderState.CREATING
        for move in moves:
            state = moved(state, move) or state
        assert state is OrderState.PAID


def test_two_sides_of_a_day_are_compared_by_key() -> None:
    five, six = Decimal("5.00"), Decimal("6.00")
    theirs = [Movement("T1", "o1", five), Movement("T2", "o2", five), Movement("T3", "o3", five)]
    ours = [Movement("T3", "o3", six), Movement("T1", "o1", five), Movement("R1", "o1", -five)]
    assert differences(theirs[:1], ours[1:2]) == []
    assert differences(theirs, ours) == [
        Difference(DifferenceKind.MISSING_THERE, "R1", "o1", Decimal(0), -five),
        Difference(DifferenceKind.MISSING_HERE, "T2", "o2", five, Decimal(0)),
        Difference(DifferenceKind.AMOUNT, "T3", "o3", five, six),
    ]
