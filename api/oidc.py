"""OpenID Connect: tokens of issuers that the settings name, checked with the keys that each issuer publishes.

An issuer is asked for its keys when the first token comes, again once an hour, and when a token names a key that is not
known, but never more often than every half minute. While it does not answer, the keys that are known go on.
"""

import asyncio
import time
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import orjson
import structlog
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from api.problems import issuer_away, unauthenticated
from settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SKEW_SECONDS = 60
LONGEST_TOKEN = 16_000
_FRESH_SECONDS = 3_600.0
_BETWEEN_SECONDS = 30.0
_TIMEOUT = httpx2.Timeout(5, connect=3)
_LONGEST_ANSWER = 262_144
_LONGEST_SUBJECT = 255
_MOST_KEYS = 64

log = structlog.get_logger()

Key = jwk.RSAKey | jwk.ECKey | jwk.OKPKey


class IssuerRefused(Exception):
    """What an issuer answered cannot be used."""


def _object(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError."""
    value = orjson.loads(body)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 (a value of the client's, not of ours)
    return cast("dict[str, Any]", value)


def _part(token: str, number: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a token whose signature nobody has checked yet. Raises ValueError."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError
    return _object(urlsafe_b64decode(parts[number].encode()))


class Issuer:
    """One issuer and the keys that are known of it."""

    def __init__(self, issuer: str, audience: str, client: httpx2.AsyncClient) -> None:
        self.issuer = issuer
        self._client = client
        self._keys: dict[str | None, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._fetching = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None
        self._registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        self._registry.max_header_length = 4_096
        self._claims = jwt.JWTClaimsRegistry(
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> tuple[str, float]:
        """The subject of a token, and when it is good no longer (seconds since 1970).

        Refuses (401) in the same words whatever is wrong; (503) while no key of the issuer could be had yet.
        """
        try:
            header = _part(token, 0)
            if header.get("alg") not in ALGORITHMS:
                raise unauthenticated()
            key = await self._key(header.get("kid"))
            claims = jwt.decode(token, key, algorithms=ALGORITHMS, registry=self._registry).claims
            self._claims.validate(claims)
            subject = claims["sub"]
            if not 1 <= len(subject) <= _LONGEST_SUBJECT:
                raise unauthenticated()
            return subject, float(claims["exp"]) + SKEW_SECONDS
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            raise unauthenticated() from None

    async def _key(self, kid: object) -> Key:
        found = self._find(kid)
        if found is None:
            await self._fetch()
            found = self._find(kid)
        elif time.monotonic() - self._fetched > _FRESH_SECONDS and self._refreshing is None:
            self._refreshing = asyncio.create_task(self._refresh())
        if found is None:
            raise unauthenticated() if self._keys else issuer_away()
        return found

    def _find(self, kid: object) -> Key | None:
        """The key of that id; for a token that names none, the only key."""
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid) if isinstance(kid, str) else None

    async def _refresh(self) -> None:
        try:
            await self._fetch()
        finally:
            self._refreshing = None

    async def _fetch(self) -> None:
        """Ask the issuer for its keys, unless that was just done; what goes wrong is logged, and the known keys stay."""
        async with self._fetching:
            if time.monotonic() - self._tried < _BETWEEN_SECONDS:
                return
            self._tried = time.monotonic()
            try:
                keys = await self._published()
            except (httpx2.HTTPError, httpx2.InvalidURL, IssuerRefused, TimeoutError, ValueError, UnicodeError) as error:
                log.warning("an issuer's keys cannot be had", issuer=self.issuer, error=type(error).__name__)
                return
            self._keys, self._fetched = keys, time.monotonic()

    async def _published(self) -> dict[str | None, Key]:
        document = await self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer:
            raise IssuerRefused("the document is of another issuer")
        return _keys((await self._get(_safe(document.get("jwks_uri")))).get("keys"))

    async def _get(self, url: str) -> dict[str, Any]:
        body = b""
        async with asyncio.timeout(_TIMEOUT.read), self._client.stream("GET", url) as response:
            if response.status_code != 200:
                raise IssuerRefused(f"status {response.status_code}")
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _LONGEST_ANSWER:
                    raise IssuerRefused("the answer is too long")
        return _object(body)

    async def stop(self) -> None:
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)


def _keys(given: object) -> dict[str | None, Key]:
    """The public keys for signatures, by id; what is of another kind, or broken, is left out. Raises IssuerRefused."""
    keys: dict[str | None, Key] = {}
    listed = cast("list[Any]", given) if isinstance(given, list) else []
    for each in [cast("dict[str, Any]", key) for key in listed[:_MOST_KEYS] if isinstance(key, dict)]:
        if each.get("use", "sig") != "sig" or each.get("kty") not in {"RSA", "EC", "OKP"}:
            continue
        kid = each.get("kid")
        try:
            key = jwk.import_key(each)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if isinstance(key, Key) and (kid is None or isinstance(kid, str)):
            keys[kid] = key
    if not keys:
        raise IssuerRefused("no key that could be used")
    return keys


def _safe(url: object) -> str:
    """An address over TLS, or on this machine. Raises IssuerRefused."""
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _on_this_machine(parts.hostname))):
        return parts.geturl()
    raise IssuerRefused("an address without TLS")


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Issuers:
    """The issuers that the settings name. Raises ValueError for one whose address is not over TLS or has no audience."""

    def __init__(self, settings: Settings) -> None:
        named = {settings.oidc_issuer: settings.oidc_audience} if settings.oidc_issuer else {}
        self._client: httpx2.AsyncClient | None = None
        self._named: dict[str, Issuer] = {}
        for issuer, audience in (named | settings.oidc_more).items():
            try:
                _safe(issuer)
            except IssuerRefused as error:
                raise ValueError(f"the issuer {issuer} cannot be trusted: {error}") from None
            if not audience:
                raise ValueError(f"the issuer {issuer} has no audience: set STEWARD_OIDC_AUDIENCE")
            self._client = self._client or httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False)
            self._named[issuer] = Issuer(issuer, audience, self._client)

    def of(self, token: str) -> Issuer | None:
        """The issuer that a token says it is of; None: none that is known."""
        if not self._named:
            return None
        try:
            issuer = _part(token[:LONGEST_TOKEN], 1).get("iss")
        except (ValueError, TypeError, RecursionError):
            return None
        return self._named.get(issuer) if isinstance(issuer, str) else None

    async def stop(self) -> None:
        for issuer in self._named.values():
            await issuer.stop()
        if self._client is not None:
            await self._client.aclose()
