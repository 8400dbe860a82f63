"""Who asks: the bearer token of a request, and the viewer it stands for at this moment."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

from api.context import Context, Door
from api.oidc import LONGEST_TOKEN
from api.problems import Problem, unauthenticated, unavailable
from api.tokens import verify
from api.viewers import Remembered
from domain.access import ANONYMOUS, Viewer
from domain.refusals import Refused
from models.connection import AWAY
from models.identities import identity_digest
from models.tokens import API_TOKEN, token_digest

#: After a database that was away is asked again whether a token still holds.
_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token proves.

    ``key``: what its viewer is found by (models/viewers.py); None for the anonymous. ``holder``: whose sockets and streams
    are counted together. ``expires_at``: seconds since 1970; None for a token that does not say. ``signed``: the token proves
    itself; another is good once somebody is found behind it.
    """

    key: str | None = None
    holder: str = ""
    expires_at: float | None = None
    signed: bool = True

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= time.time()


NOBODY = Identity()


async def identify(authorization: str | None, door: Door) -> Identity:
    """The identity that an ``Authorization`` header proves; nobody without one.

    Refuses (401) all but a bearer token that is a session's, a service account's or a known issuer's; (503) one of an
    issuer whose keys cannot be had.
    """
    if not authorization:
        return NOBODY
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise unauthenticated()
    token = token.strip()
    if len(token) > LONGEST_TOKEN:
        raise unauthenticated()
    if API_TOKEN.fullmatch(token):
        digest = token_digest(token)
        return Identity(digest, digest, signed=False)
    issuer = door.issuers.of(token)
    if issuer is not None:
        subject, expires_at = await issuer.verify(token)
        digest = identity_digest(issuer.issuer, subject)
        return Identity(digest, digest, expires_at)
    try:
        claims = verify(token, door.settings)
    except Refused:
        raise unauthenticated() from None
    return Identity(claims.session_id, claims.account_id, claims.expires_at)


@dataclass(frozen=True, slots=True)
class Session:
    """One client at one door: it lasts for a request, a stream or a socket."""

    door: Door
    identity: Identity
    language: str
    address: str
    client: str = ""

    @property
    def key(self) -> str:
        """Whose sockets and streams are counted together."""
        return self.identity.holder or self.address

    def count(self) -> None:
        """Count one request. Refuses (429) beyond what the settings allow in a minute."""
        if self.identity.key is None:
            self.door.rates.stranger(self.address)
        elif self.identity.signed or self.remembered() is not None:
            self.door.rates.asked(self.identity.holder)

    async def viewer(self) -> Viewer:
        """Who asks, as of now. Refuses (401) when the token has expired or is revoked, or the account is disabled or gone."""
        if self.identity.key is None:
            return ANONYMOUS
        try:
            viewer = None if self.identity.expired else await self.door.viewers.of(self.identity.key)
        except AWAY:
            raise unavailable() from None
        if viewer is None:
            raise unauthenticated()
        return viewer

    def remembered(self) -> Remembered | None:
        """Who asked when it was last looked up, unless the token has expired: to be proven by whoever answers."""
        known = self.identity.key is not None and not self.identity.expired
        return self.door.viewers.remembered(self.identity.key or "") if known else None

    async def context(self) -> Context:
        """The context of one operation or one event, with the viewer as of now."""
        return self.asking(await self.viewer())

    def asking(self, viewer: Viewer) -> Context:
        """The context of an operation that the viewer asks for."""
        return Context(
            viewer=viewer,
            language=self.language,
            settings=self.door.settings,
            engine=self.door.engine,
            address=self.address,
            client=self.client,
        )

    async def until_gone(self) -> None:
        """Returns when the token holds no longer: its session was ended, its account disabled. Never for the anonymous.

        Asked again as soon as something is recorded of the account, and every so often: a row may go without a record, or
        a token end of itself.
        """
        if self.identity.key is None:
            await asyncio.Event().wait()
        account_id = (await self.viewer()).account_id or ""
        with self.door.feed.watching(account_id) as touched:
            while True:
                touched.clear()
                try:
                    await self.viewer()
                except Problem as problem:
                    if problem.status == 401:
                        return
                    await asyncio.sleep(_AGAIN_SECONDS)
                else:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self.door.settings.socket_idle_seconds):
                            await touched.wait()
