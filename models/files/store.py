"""Where contents of files are: behind a port, so that another store can take the folder's place.

In the folder a content stands under the id of its row and nothing else, in a folder named by the id's last two characters. It is
written aside, brought to disk and then given its name: who reads finds all of it or nothing, whenever the power fails.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from models.ids import ID
from settings import Settings

_PIECE = 262_144
#: Bytes that stay free on the disk.
_SPARE = 268_435_456


class Missing(Exception):
    """The store does not have this content."""


class NoRoom(Exception):
    """The store is full."""


class Store(Protocol):
    """Keeps contents under the ids of their rows."""

    async def keep(self, file_id: str, source: Path) -> None:
        """Keep what is in ``source``, a file of the spool, which is gone afterwards. Raises NoRoom."""
        ...

    def read(self, file_id: str) -> AsyncGenerator[bytes]:
        """The content in pieces; raises Missing before the first. To be closed by who does not take them all."""
        ...

    async def drop(self, file_id: str) -> None:
        """Keep it no longer; no matter whether it was there."""
        ...

    async def kept_before(self, moment: datetime) -> list[str]:
        """Ids of what was kept before that moment."""
        ...


class Folder:
    """The store on a disk that all parts see."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.data / "files"
        self._spool = self._root / "incoming"

    @contextmanager
    def spooled(self) -> Generator[Path]:
        """An empty file for what is being sent, on the same disk; what is there at the end goes. Raises NoRoom."""
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._spool).free < _SPARE:
            raise NoRoom
        path = self._spool / secrets.token_hex(16)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def keep(self, file_id: str, source: Path) -> None:
        await asyncio.to_thread(self._keep, file_id, source)

    def _keep(self, file_id: str, source: Path) -> None:
        target = self._path(file_id)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with source.open("rb") as file:
            os.fsync(file.fileno())
        source.replace(target)
        for folder in (target.parent, self._root):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    async def read(self, file_id: str) -> AsyncGenerator[bytes]:
        try:
            file = await asyncio.to_thread(self._path(file_id).open, "rb")
        except FileNotFoundError:
            raise Missing from None
        with file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece

    async def drop(self, file_id: str) -> None:
        await asyncio.to_thread(self._path(file_id).unlink, missing_ok=True)

    async def kept_before(self, moment: datetime) -> list[str]:
        return await asyncio.to_thread(self._kept_before, moment.timestamp())

    def _kept_before(self, moment: float) -> list[str]:
        return [path.name for path in self._root.glob("??/fil_*") if _before(path, moment)]

    async def sweep_spool(self, moment: datetime) -> int:
        """Drop what was being sent and has not moved since that moment: its sender or its process is gone."""
        return await asyncio.to_thread(self._sweep_spool, moment.timestamp())

    def _sweep_spool(self, moment: float) -> int:
        left = [path for path in self._spool.glob("*") if _before(path, moment)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, file_id: str) -> Path:
        if not ID.match(file_id):
            raise Missing
        return self._root / file_id[-2:] / file_id


def _before(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False
