"""Time: what needs retry or a schedule."""

import sys

from settings import Settings

#: Milliseconds that a stopping worker gives to what it holds.
_STOP_WITHIN = 2_500


def worker_command(settings: Settings) -> list[str]:
    """The command line of a worker process; it reads its settings from the environment.

    Ends within a few seconds of SIGTERM.
    """
    command = [sys.executable, "-m", "dramatiq", "tasks.worker", "--processes", "1", "--skip-logging"]
    return [*command, "--threads", str(settings.worker_threads), "--worker-shutdown-timeout", str(_STOP_WITHIN)]
