"""Who asks: the bearer token of a request, and the viewer it stands for at this moment."""

import base64
import time
from dataclasses import dataclass

import asyncpg
import orjson
from tortoise.exceptions import BaseORMException

from api.context import Context, Door
from api.problems import unauthenticated, unavailable
from api.tokens import verify
from domain.access import ANONYMOUS, Viewer
from domain.refusals import Refused
from settings import Settings


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token proves. ``expires_at``: seconds since 1970; None for the anonymous."""

    account_id: str | None = None
    expires_at: float | None = None

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= time.time()


NOBODY = Identity()


def identify(authorization: str | None, settings: Settings) -> Identity:
    """The identity that an ``Authorization`` header proves; nobody without one. Refuses (401) all but a valid bearer token."""
    if not authorization:
        return NOBODY
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise unauthenticated()
    token = token.strip()
    try:
        account_id = verify(token, settings)
        return Identity(account_id, _expiry(token))
    except (Refused, ValueError):
        raise unauthenticated() from None


def _expiry(token: str) -> float:
    """When a token that was found valid expires."""
    claims = token.split(".")[1]
    return float(orjson.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])


@dataclass(frozen=True, slots=True)
class Session:
    """One client at one door: it lasts for a request, a stream or a socket."""

    door: Door
    identity: Identity
    language: str
    address: str

    @property
    def key(self) -> str:
        """Whose sockets and streams are counted together."""
        return self.identity.account_id or self.address

    async def viewer(self) -> Viewer:
        """Who asks, as of now. Refuses (401) when the token has expired or the account is disabled or gone."""
        if self.identity.account_id is None:
            return ANONYMOUS
        try:
            viewer = None if self.identity.expired else await self.door.viewers.of(self.identity.account_id)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException):
            raise unavailable() from None
        if viewer is None:
            raise unauthenticated()
        return viewer

    async def context(self) -> Context:
        """The context of one operation or one event, with the viewer as of now."""
        return Context(
            viewer=await self.viewer(),
            language=self.language,
            settings=self.door.settings,
            engine=self.door.engine,
            address=self.address,
        )
