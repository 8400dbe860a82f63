"""A worker tells how its deliveries went."""

import asyncio
import urllib.request

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from domain.notices import ChannelKind
from models import Organisation
from settings import Settings
from tasks.metrics import serve_metrics
from tasks.notices import deliver
from tests.waiting import a_free_port

from .notices_world import a_channel, a_company, a_notice
from .receivers import receiving


@pytest.fixture
async def company(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    return await a_company(database, monkeypatch)


def counted(channel: ChannelKind, outcome: str) -> float:
    return REGISTRY.get_sample_value("steward_deliveries_total", {"channel": channel, "outcome": outcome}) or 0


async def test_every_attempt_is_counted_by_kind_of_channel_and_outcome(company: Organisation, database: Settings) -> None:
    outcomes = ("ACCEPTED", "REFUSED", "UNREACHABLE")
    before = {outcome: counted(ChannelKind.WEBHOOK, outcome) for outcome in outcomes}
    async with receiving() as receiver, receiving(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n") as refusing:
        for url in (receiver.url, receiver.url, refusing.url, f"http://127.0.0.1:{a_free_port()}/hook"):
            notice = await a_notice(await a_channel(company, database, url))
            await deliver(notice.id, database)
        assert await deliver("ntc_unknown", database) is None
    assert [counted(ChannelKind.WEBHOOK, outcome) - before[outcome] for outcome in outcomes] == [2, 1, 1]


async def test_the_counts_are_read_at_a_port_of_its_own_and_a_second_worker_goes_on_without(settings: Settings) -> None:
    assert serve_metrics(settings) is None, "off unless a port is set"
    settings = settings.model_copy(update={"worker_metrics_port": a_free_port()})
    server = serve_metrics(settings)
    assert server is not None
    try:
        address = f"http://{settings.host}:{settings.worker_metrics_port}/metrics"
        with await asyncio.to_thread(urllib.request.urlopen, address, timeout=5) as answer:
            text = answer.read().decode()
        assert 'steward_deliveries_total{channel="SMS",outcome="TIMED_OUT"} 0.0' in text
        with capture_logs() as logs:
            assert serve_metrics(settings) is None
        assert [each["event"] for each in logs] == ["nobody can read the metrics"]
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
