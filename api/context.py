"""What the doors of one process share, and what one request carries to the resolvers."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.types import Scope

from api.feed import Feed
from api.oidc import Issuers
from api.persisted import PersistedDocuments
from api.problems import full, too_many
from api.rates import Rates
from api.read.engine import Engine
from api.viewers import Viewers
from domain.access import Viewer
from settings import Settings


@dataclass(slots=True)
class Context:
    """One request: who asks (as of now), in which language to answer, from which address and which kind of client it came."""

    viewer: Viewer
    language: str
    settings: Settings
    engine: Engine
    address: str
    client: str = ""


@dataclass(frozen=True)
class Door:
    """What HTTP, WebSocket and SSE share in one process. ``closing`` is set as soon as the process is told to stop."""

    settings: Settings
    engine: Engine
    feed: Feed
    viewers: Viewers
    persisted: PersistedDocuments
    issuers: Issuers
    rates: Rates
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    streams: Counter[str] = field(default_factory=Counter[str])

    def enter(self, key: str) -> None:
        """Count one more open socket or stream of the viewer (or address) ``key``.

        Refuses beyond the viewer's limit (429) and beyond the process's (503).
        """
        if self.streams.total() >= self.settings.streams_per_process:
            raise full()
        limit = self.settings.streams_per_viewer
        if self.streams[key] >= limit:
            raise too_many(
                f"You have {limit} open sockets and streams already; close one.", f"您已打开 {limit} 个连接，请先关闭一个。"
            )
        self.streams[key] += 1

    def leave(self, key: str) -> None:
        """The counterpart of ``enter``."""
        self.streams[key] -= 1
        if self.streams[key] <= 0:
            del self.streams[key]


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by small name; several of one name joined by commas, as HTTP reads them."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def address_of(scope: Scope, headers: dict[str, str], settings: Settings) -> str:
    """The client's address: the peer's, or what trusted proxies say in ``X-Forwarded-For``; "" when unknown."""
    peer = (scope.get("client") or ("", 0))[0]
    trusted = networks(settings.trusted_proxies)
    if not trusted or "x-forwarded-for" not in headers or not _inside(peer, trusted):
        return peer
    for hop in reversed(headers["x-forwarded-for"].split(",")):
        if not _inside(hop.strip(), trusted):
            return hop.strip()[:64]
    return peer


@lru_cache(maxsize=4)
def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks written with commas between them. Raises ValueError."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _inside(address: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
