"""Processes that belong to a folder or to a start, found by what they are and not by a pid written down earlier."""

from __future__ import annotations

import importlib.util
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

#: Stands in the environment of every process that one start of Steward started, with the start's token.
MARK = "STEWARD_RUN"


def installed(package: str) -> Path:
    """The folder of an installed package, found without importing it: we use the programs it brings, not its code."""
    spec = importlib.util.find_spec(package)
    if not spec or not spec.origin:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """The processes called ``name`` whose working folder is ``folder``."""
    found: list[psutil.Process] = []
    folder = folder.resolve()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name() == name and Path(process.cwd()) == folder:
                found.append(process)
    return found


def marked(token: str) -> list[psutil.Process]:
    """The processes of the start that ``token`` names, without this one."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == token:
                found.append(process)
    return found


def lives(process: psutil.Process) -> bool:
    """Whether it still runs: not one that has ended and waits for its parent to take notice."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(processes: list[psutil.Process], politely: signal.Signals, seconds: float) -> None:
    """Ask processes to end; kill those that have not after ``seconds``. Returns when they have ended."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(politely)
    for process in _living(processes, seconds):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _living(processes, 2)


def _living(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still live when all have ended or ``seconds`` have passed."""
    deadline = time.monotonic() + seconds
    while (living := [process for process in processes if lives(process)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return living
