"""Under which names the API answers, and which pages may open a WebSocket to it.

A page of another site cannot read what a request of its answers (CORS), but a browser lets every page open a WebSocket, and
takes a name that suddenly points here for the page's own site. So the name in ``Host`` must be one of the settings', where they
name any, and a WebSocket that says from which page it comes must come from there or from one of the settings'.
"""

from collections.abc import Iterable
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import send_problem
from api.problems import Problem
from domain.words import Text
from settings import Settings

#: Asked by address and not by name, by whoever watches over the process; they tell nothing of the street.
_WATCHED = frozenset({"/healthz", "/readyz", "/metrics"})
_PORTS = {"http": ":80", "https": ":443"}


class Hosts:
    """Turns away what came under another name, or from another site's page, before ``app`` sees it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._names = listed(settings.allowed_hosts)
        self._origins = listed(settings.cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._names and scope["path"] not in _WATCHED and not self._named(_header(scope, b"host")):
            await _turn_away(scope, send)
        elif scope["type"] == "websocket" and not (self._named(_header(scope, b"host")) and self._ours(scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "Not from here"})
        else:
            await self._app(scope, receive, send)

    def _named(self, host: str) -> bool:
        return not self._names or _among(host, self._names)

    def _ours(self, scope: Scope) -> bool:
        """Whether a WebSocket comes from no page, from one under the name it asks for, or from one of the settings' sites."""
        if not any(name == b"origin" for name, _ in scope["headers"]):
            return True
        origin, host = _header(scope, b"origin").lower(), _header(scope, b"host").lower()
        if origin in self._origins or "*" in self._origins:
            return True
        scheme, _, name = origin.partition("://")
        port = _PORTS.get(scheme)
        return port is not None and name.removesuffix(port) == host.removesuffix(port) != ""


def listed(text: str) -> frozenset[str]:
    """What a setting lists with commas between, in small letters."""
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


@lru_cache(maxsize=1_000)
def _among(host: str, names: Iterable[str]) -> bool:
    name = host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()
    return any(name == each or (each.startswith("*.") and name.endswith(each[1:])) for each in names)


def _header(scope: Scope, wanted: bytes) -> str:
    """The one header of that name; "" for none, and for several, of which nobody knows which is meant."""
    found = [value for name, value in scope["headers"] if name == wanted]
    return found[0].decode("latin-1") if len(found) == 1 else ""


async def _turn_away(scope: Scope, send: Send) -> None:
    text = Text("Nothing is answered under this name.", "本服务不使用该域名。")
    await send_problem(scope, send, Problem(421, "MISDIRECTED_REQUEST", text))
