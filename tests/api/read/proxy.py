"""A way to the test's PostgreSQL that can be cut or blocked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

from settings import Settings


class Proxy:
    """Listens on a port of its own and passes everything on to the socket of ``url``'s server."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        where = parse_qs(address.query)
        self._socket = f"{where['host'][0]}/.s.PGSQL.{where['port'][0]}"
        self._name = f"{address.username or 'postgres'}@127.0.0.1"
        self._path = address.path
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"postgresql://{self._name}:{self._port}{self._path}"

    async def open(self) -> None:
        """Let clients through, on the same port as before."""
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every connection and refuse new ones, as when the database's machine has gone."""
        if self._server is not None:
            self._server.close()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    def block(self) -> None:
        """Take connections and pass nothing on, as when packets are lost on the way."""
        self._flowing.clear()

    def unblock(self) -> None:
        self._flowing.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            their_reader, their_writer = await asyncio.open_unix_connection(self._socket)
            await asyncio.gather(self._pass(reader, their_writer), self._pass(their_reader, writer))
        except asyncio.CancelledError:
            pass
        finally:
            self._talks.discard(task)
            for one in (writer, their_writer):
                one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
            writer.close()


@asynccontextmanager
async def a_proxy(settings: Settings) -> AsyncGenerator[Proxy]:
    """An open proxy to the settings' database; unblocked and cut at the end."""
    proxy = Proxy(settings.database_url)
    await proxy.open()
    try:
        yield proxy
    finally:
        proxy.unblock()
        await proxy.cut()
