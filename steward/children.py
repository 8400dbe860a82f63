"""Our own parts as child processes: started in sessions of their own, restarted when they die, ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress

from settings import Settings

from .folder import DataFolder, Unusable
from .parts import ROOT, Part, command

_QUICK_SECONDS = 5.0
_QUICK_DEATHS = 5


class BackOff:
    """When something that died may start again: at once, then ever later while it keeps dying young."""

    def __init__(self) -> None:
        self._started, self._quick_deaths, self._due = 0.0, 0, 0.0

    def started(self) -> None:
        """It has just started."""
        self._started = time.monotonic()

    def died(self) -> None:
        """It has just died."""
        now = time.monotonic()
        self._quick_deaths = self._quick_deaths + 1 if now - self._started < _QUICK_SECONDS else 0
        self._due = now + (0.1 * 2**self._quick_deaths if self._quick_deaths else 0)

    @property
    def hopeless(self) -> bool:
        return self._quick_deaths >= _QUICK_DEATHS

    @property
    def due(self) -> bool:
        return time.monotonic() >= self._due


class Child:
    """One part of Steward, logging to a file of its name in the data folder."""

    def __init__(self, part: Part, settings: Settings, data: DataFolder, environment: Mapping[str, str]) -> None:
        self.name = part
        self._command, self._data, self._environment = command(part, settings), data, dict(environment)
        self._back_off = BackOff()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self._data.log(self.name)
        try:
            self._process = subprocess.Popen(  # noqa: S603
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self._environment,
                start_new_session=True,
            )
        finally:
            os.close(log)
        self._back_off.started()

    def tend(self) -> None:
        """Start it again if it has died. Raises Unusable when it keeps dying as soon as it starts."""
        if self._process and self._process.poll() is not None:
            self._end_group()
            self._process = None
            self._back_off.died()
            if self._back_off.hopeless:
                raise Unusable(f"`steward {self.name}` ends as soon as it starts. Its log ends:\n{self._data.log_end(self.name)}")
        if not self._process and self._back_off.due:
            self.start()

    def terminate(self) -> None:
        """Ask it to end."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Return when it and all that it started have ended: by themselves until ``deadline`` (monotonic), then killed."""
        if not self._process:
            return
        try:
            self._process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._end_group()
        self._process = None

    def _end_group(self) -> None:
        """Kill what the child started and left behind."""
        if self._process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
