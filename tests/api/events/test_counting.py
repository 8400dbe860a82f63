"""Events are counted by what became of them."""

from tests.api.doors import metric
from tests.api.events.conftest import Sender


async def test_events_are_counted_by_outcome(sender: Sender) -> None:
    outcomes = ("accepted", "duplicate", "rejected")
    before = [metric("steward_events_total", outcome=outcome) for outcome in outcomes]
    await sender.send_all(
        [sender.reading("1"), sender.reading("2"), sender.reading("1"), sender.reading("3", subject="nobody's")]
    )
    after = [metric("steward_events_total", outcome=outcome) for outcome in outcomes]
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 1, 1]
