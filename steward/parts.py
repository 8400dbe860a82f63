"""The parts that run as processes of their own: the command line of each."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from settings import Settings
from tasks import worker_command

Part = Literal["api", "worker", "clock", "mqtt"]

#: The folder that holds our packages. Parts run in it, so that no module of the caller's folder hides one of ours.
ROOT = Path(__file__).resolve().parents[1]

#: Most connections that wait to be accepted, and most requests that one API process works on at once.
_BACKLOG, _BACKPRESSURE = 2_048, 512
#: A client that is slower than this with its headers, or whose headers are longer, is cut off.
_HEADERS_WITHIN_MS, _HEADERS_MAX_BYTES = 10_000, 65_536
#: Seconds that open requests and sockets get when the API stops.
_STOP_WITHIN = 10


def parts(settings: Settings) -> tuple[Part, ...]:
    """The parts that make up the whole: the bridge is one where a broker is set."""
    return ("api", "worker", "clock", "mqtt") if settings.mqtt_url else ("api", "worker", "clock")


def command(part: Part, settings: Settings) -> list[str]:
    """The command line of a part; the process reads its settings from the environment."""
    match part:
        case "api":
            return _api_command(settings)
        case "worker":
            return worker_command(settings)
        case "clock" | "mqtt":
            return [sys.executable, "-m", f"steward.{part}"]


def _api_command(settings: Settings) -> list[str]:
    options = {
        "--interface": "asgi",
        "--host": settings.host,
        "--port": settings.port,
        "--workers": 1,
        "--backlog": _BACKLOG,
        "--backpressure": _BACKPRESSURE,
        "--http1-header-read-timeout": _HEADERS_WITHIN_MS,
        "--http1-buffer-size": _HEADERS_MAX_BYTES,
        "--workers-kill-timeout": _STOP_WITHIN,
        "--log-level": "warning",
    }
    line = [str(word) for option in options.items() for word in option]
    return [sys.executable, "-m", "granian", "--factory", *line, "api.asgi:create_app"]


def become(part: Part, settings: Settings) -> None:
    """Turn this process into the part. Does not return."""
    line = command(part, settings)
    os.environ["STEWARD_DATA"] = str(settings.data.absolute())
    os.chdir(ROOT)
    os.execv(line[0], line)  # noqa: S606
