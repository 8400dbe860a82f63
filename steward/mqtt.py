"""``python -m steward.mqtt``: the process ``steward mqtt``."""

import asyncio
import signal
import sys
from collections.abc import Mapping

import structlog

from api.health import database_state
from api.mqtt import Bridge, Misconfigured
from api.mqtt.watch import Listener
from models.logs import configure_logging
from settings import Settings, load

log = structlog.stdlib.get_logger(__name__)


async def main(settings: Settings) -> None:
    """Bridge until SIGTERM or Ctrl-C. Raises Misconfigured."""
    bridge = Bridge(settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    async def state() -> Mapping[str, str]:
        return {"broker": "ok" if bridge.connected else "not connected", **await database_state(settings)}

    listener = Listener(state)
    if settings.mqtt_metrics_port:
        try:
            await listener.start(settings.host, settings.mqtt_metrics_port)
        except OSError as problem:
            log.warning("nobody can read health and metrics", port=settings.mqtt_metrics_port, problem=problem.strerror)
    try:
        await bridge.run(stop)
    finally:
        await listener.stop()


if __name__ == "__main__":
    chosen = load()
    configure_logging(chosen)
    try:
        asyncio.run(main(chosen))
    except Misconfigured as wrong:
        sys.stderr.write(f"steward: {wrong}\n")
        sys.exit(2)
