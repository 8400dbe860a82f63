"""What a worker counts, and the listener at which it is read. Labels come from closed sets and never hold personal data."""

from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import Counter, start_http_server

from domain.notices import ChannelKind
from domain.notices.delivery import Outcome
from settings import Settings

log = structlog.stdlib.get_logger(__name__)

#: An inbox is reached by being written: nothing is delivered to it.
DELIVERIES = Counter("steward_deliveries", "Attempts to deliver a notice.", ["channel", "outcome"])
for _channel in set(ChannelKind) - {ChannelKind.LIVE}:
    for _outcome in Outcome:
        DELIVERIES.labels(_channel, _outcome)


def serve_metrics(settings: Settings) -> WSGIServer | None:
    """Listen at ``worker_metrics_port``; None: that is 0, or somebody else listens there. What counts goes on either way."""
    if not settings.worker_metrics_port:
        return None
    try:
        server, _ = start_http_server(settings.worker_metrics_port, settings.host)
    except OSError as problem:
        log.warning("nobody can read the metrics", port=settings.worker_metrics_port, problem=problem.strerror)
        return None
    return server
