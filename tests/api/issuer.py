"""An OpenID Connect issuer on this machine, for tests: it answers over real HTTP and signs what it is told to."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64encode

AUDIENCE = "steward-test"
_ANYTHING = JWSRegistry(algorithms=["RS256", "ES256"], strict_check_header=False)
_ANYTHING.max_header_length = 100_000


class TestIssuer:
    """``keys``: what it publishes; ``answers``: paths answered otherwise than they should be; ``asked``: requests by path."""

    __test__ = False

    def __init__(self) -> None:
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
        self.ec = ECKey.generate_key("P-256", {"kid": "ec-1"})
        self.keys: list[Any] = [self.rsa.as_dict(private=False), self.ec.as_dict(private=False)]
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: Counter[str] = Counter()
        self.address = ""
        self.server: asyncio.Server | None = None

    async def open(self, port: int = 0) -> None:
        self.server = await asyncio.start_server(self._answer, "127.0.0.1", port)
        self.address = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/realm"

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
            await self.server.wait_closed()
            self.server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readuntil(b"\r\n\r\n")).split(b" ")
        path = line[1].decode().removeprefix("/realm")
        self.asked[path] += 1
        documents: dict[str, Any] = {
            "/.well-known/openid-configuration": {"issuer": self.address, "jwks_uri": f"{self.address}/jwks"},
            "/jwks": {"keys": self.keys},
        }
        status, body = self.answers.get(path, (200, json.dumps(documents.get(path)).encode()))
        writer.write(b"HTTP/1.1 %d x\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (status, len(body), body))
        await writer.drain()
        writer.close()

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        whole = {"iss": self.address, "aud": AUDIENCE, "sub": "subject-1", "iat": now, "exp": now + 300} | changed
        return {name: value for name, value in whole.items() if value is not None}

    def token(self, key: RSAKey | ECKey | None = None, header: dict[str, Any] | None = None, **changed: Any) -> str:
        """A token of subject-1 with other claims, a header of its own, and another key where one is given."""
        key = key or self.rsa
        given = {"alg": "RS256" if isinstance(key, RSAKey) else "ES256", "kid": key.kid} | (header or {})
        given = {name: value for name, value in given.items() if value is not None}
        return jwt.encode(given, self.claims(**changed), key, registry=_ANYTHING)

    def token_with_public_key(self) -> str:
        """A token signed with the public RSA key, as if that were a shared secret."""
        parts = [{"alg": "HS256", "kid": "rsa-1"}, self.claims()]
        signed = b".".join(urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
        signature = hmac.digest(self.rsa.as_pem(private=False), signed, "sha256")
        return b".".join([signed, urlsafe_b64encode(signature)]).decode()


@asynccontextmanager
async def an_issuer() -> AsyncGenerator[TestIssuer]:
    issuer = TestIssuer()
    await issuer.open()
    try:
        yield issuer
    finally:
        await issuer.close()
