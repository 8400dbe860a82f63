"""Small real servers that receive notices: HTTP (plain or with TLS) and mail."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Received:
    """One HTTP request."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """An HTTP server that answers every request with ``answer``, or never when that is empty.

    ``pause``: seconds between two bytes of it. ``endless``: it says it over and over.
    """

    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    pause: float = 0
    endless: bool = False
    port: int = 0
    requests: list[Received] = field(default_factory=list[Received])
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected.set()
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.requests.append(Received(head[0], headers, body))
            if not self.answer:
                await self._gone.wait()
            await self._say(writer)
            while self.endless:
                await self._say(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter) -> None:
        step = 1 if self.pause else max(len(self.answer), 1)
        for start in range(0, len(self.answer), step):
            writer.write(self.answer[start : start + step])
            await writer.drain()
            await asyncio.sleep(self.pause)

    def leave(self) -> None:
        """Let go of callers that still wait."""
        self._gone.set()


@asynccontextmanager
async def receiving(
    answer: bytes | None = None, *, tls: ssl.SSLContext | None = None, pause: float = 0, endless: bool = False
) -> AsyncGenerator[Receiver]:
    """An HTTP server on this machine."""
    receiver = Receiver(pause=pause, endless=endless) if answer is None else Receiver(answer, pause, endless)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.leave()
        server.close()
        await server.wait_closed()


@dataclass
class MailServer:
    """An SMTP server that keeps what it is sent. ``later``: the TLS that it changes to when asked."""

    later: ssl.SSLContext | None = None
    port: int = 0
    letters: list[str] = field(default_factory=list[str])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            command = line[:8].upper().strip()
            if self.later is not None and command == b"STARTTLS":
                writer.write(b"220 go on\r\n")
                try:
                    await writer.start_tls(self.later)
                except OSError:
                    break
                continue
            command = command[:4]
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                self.letters.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            said = b"250-fine\r\n250 STARTTLS\r\n" if self.later is not None and command == b"EHLO" else b"250 fine\r\n"
            writer.write(b"221 bye\r\n" if command == b"QUIT" else said)
            if command == b"QUIT":
                break
        writer.close()


@asynccontextmanager
async def receiving_mail(tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> AsyncGenerator[MailServer]:
    """A mail server on this machine; with TLS ``at_once``, or when it is asked for it."""
    mail = MailServer(None if at_once else tls)
    server = await asyncio.start_server(mail.serve, "127.0.0.1", 0, ssl=tls if at_once else None)
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        server.close()
        await server.wait_closed()


def a_certificate(name: str, folder: Path) -> ssl.SSLContext:
    """A server's certificate for ``name``, signed by itself; ``folder/ca.pem`` is what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    public = made.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(private + public)
    (folder / "ca.pem").write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
