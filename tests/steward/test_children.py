"""When something that died is started again."""

import pytest

from steward import children
from steward.children import BackOff


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds; tests set its one item."""
    time = [1_000.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: time[0])
    return time


def test_what_dies_after_a_long_life_starts_again_at_once(now: list[float]):
    back_off = BackOff()
    back_off.started()
    now[0] += 60

    back_off.died()

    assert back_off.due


def test_what_dies_young_waits_longer_each_time_and_is_hopeless_in_the_end(now: list[float]):
    back_off, waits = BackOff(), list[float]()
    while not back_off.hopeless:
        back_off.started()
        now[0] += 1
        back_off.died()
        began = now[0]
        while not back_off.due:
            now[0] += 0.1
        waits.append(now[0] - began)

    assert len(waits) == 5
    assert waits == sorted(waits)


def test_a_long_life_makes_up_for_early_deaths(now: list[float]):
    back_off = BackOff()
    for life in (1, 1, 60, 1, 1, 1, 1):
        back_off.started()
        now[0] += life
        back_off.died()

    assert not back_off.hopeless
