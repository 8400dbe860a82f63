"""The data folder of one machine: who holds it, where its parts are, what is running on it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

#: A path that can stand in a URL as it is, and short enough that a socket in it stays below the system's limit of ~107 bytes.
_PLAIN = re.compile(r"[A-Za-z0-9._/-]{1,70}")
_PRIVATE = 0o700
_LOG_BYTES = 10_000_000


class Unusable(Exception):
    """Something that stops the start; the message is a sentence for the person who started it."""


class InUse(Unusable):
    """Somebody else holds the data folder."""


@dataclass
class Running:
    """What runs on a data folder, as written into it for others to read.

    ``token``: stands in the environment (``STEWARD_RUN``) of every process of this start. ``temporary``: folders
    outside the data folder that go when the start ends.
    """

    token: str = field(default_factory=lambda: secrets.token_hex(16))
    pid: int = field(default_factory=os.getpid)
    database_url: str = ""
    redis_url: str = ""
    url: str = ""
    temporary: list[str] = field(default_factory=list[str])


class DataFolder:
    """Paths below one folder; everything in it is private to whoever started it."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.logs = self.path / "logs"
        self._running = self.path / "running.json"
        self._lock = self.path / "lock"
        self._secret = self.path / "secret.key"

    def prepare(self) -> None:
        """Make the folder. Raises Unusable where it cannot be written."""
        try:
            for folder in (self.path, self.logs):
                folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            reason = (error.strerror or "it is not a folder").lower()
            raise Unusable(f"The data folder {self.path} cannot be written ({reason}): choose another with --data.") from error

    @contextmanager
    def held(self, role: str, *, wait: float = 0) -> Generator[None]:
        """Hold the folder alone, as ``role`` (``up``, ``sweep`` or ``keys``).

        Waits up to ``wait`` seconds, and longer while a sweep of a former start is under way. Raises InUse.
        """
        try:
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise Unusable(f"The data folder {self.path} belongs to another account: start as that account.") from error
        with os.fdopen(descriptor, "r+") as lock:
            deadline = time.monotonic() + wait
            sweep_deadline = time.monotonic() + 20
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    holder = self._lock.read_text()
                    if time.monotonic() > (sweep_deadline if holder == "sweep" else deadline):
                        raise InUse(
                            f"Steward is already running on the data folder {self.path}: "
                            "stop it first, or choose another folder with --data."
                        ) from None
                    time.sleep(0.02)
                else:
                    break
            lock.truncate()
            lock.write(role)
            lock.flush()
            yield

    def running(self) -> Running | None:
        """What runs on the folder, or what a killed start left behind; None after an orderly end."""
        try:
            return Running(**json.loads(self._running.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write_running(self, running: Running) -> None:
        """Tell others what runs here. Written aside and renamed, so that a reader never sees half of it."""
        aside = self._running.with_suffix(".new")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(running), file)
        aside.replace(self._running)

    def forget_running(self, running: Running) -> None:
        """Remove the note and the temporary folders it names."""
        for folder in running.temporary:
            shutil.rmtree(folder, ignore_errors=True)
        self._running.unlink(missing_ok=True)

    def secret_key(self, *, make: bool = False) -> str | None:
        """32 bytes as hex, kept in the folder (the first of several); made on first use when ``make``."""
        if make:
            try:
                with os.fdopen(os.open(self._secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write(secrets.token_hex(32))
                    file.flush()
                    os.fsync(file.fileno())
            except FileExistsError:
                pass
        return next(iter(self._secret_keys()), None)

    def older_secret_keys(self) -> list[str]:
        """The keys that ``add_secret_key`` put behind a newer one."""
        return self._secret_keys()[1:]

    def add_secret_key(self) -> None:
        """Put a new key before those in the folder. Written aside and renamed: whatever happens, no key is lost."""
        aside = self._secret.with_suffix(".new")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join([secrets.token_hex(32), *self._secret_keys(), ""]))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._secret)

    def _secret_keys(self) -> list[str]:
        try:
            return self._secret.read_text().split()
        except FileNotFoundError:
            return []

    def socket_folder(self, running: Running) -> Path:
        """A folder for sockets: in the data folder, or below the temporary one where that path is too long or odd."""
        folder = self.path / "run"
        if _PLAIN.fullmatch(str(folder)):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
            return folder
        return self.temporary(running, tempfile.gettempdir())

    def temporary(self, running: Running, parent: str) -> Path:
        """A new private folder below ``parent`` that is removed when this start ends, or by the next one."""
        folder = tempfile.mkdtemp(prefix="steward-", dir=parent)
        running.temporary.append(folder)
        self.write_running(running)
        return Path(folder)

    def log(self, name: str) -> int:
        """Open the log of ``name`` for appending; an old long one is put aside. Returns a file descriptor."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def log_end(self, name: str, lines: int = 8) -> str:
        """The last lines of a log."""
        try:
            return "\n".join((self.logs / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""
