"""Access tokens: short-lived JWTs (HS256) that name a session and its account; what they may is read at every request."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models import AccountSession
from models.secrets import derived, secret_of
from settings import Settings

ISSUER, AUDIENCE = "steward", "steward/graphql"
_ALGORITHM = "HS256"
_MAX_CHARACTERS = 2_000
_registry = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True},
    sid={"essential": True},
    exp={"essential": True},
)


@lru_cache(maxsize=4)
def _signing_key(secret: str) -> OctKey:
    return OctKey.import_key(derived(secret, "access tokens"))


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says. ``expires_at``: seconds since 1970."""

    account_id: str
    session_id: str
    expires_at: float


def issue(account_id: str, session_id: str, settings: Settings, *, now: datetime | None = None) -> tuple[str, datetime]:
    """A token for the session and when it expires: ``settings.token_minutes`` from ``now`` (default: this moment)."""
    expires_at = (now or datetime.now(UTC)).replace(microsecond=0) + timedelta(minutes=settings.token_minutes)
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": account_id, "sid": session_id, "exp": int(expires_at.timestamp())}
    return jwt.encode({"alg": _ALGORITHM, "typ": "JWT"}, claims, _signing_key(secret_of(settings))), expires_at


def verify(token: str, settings: Settings) -> Claims:
    """What a token says, signed with the current key or an older one; whether its session still runs is read at every request.

    Refuses (UNAUTHENTICATED) in the same words whatever is wrong: signature, algorithm, issuer, audience, age or shape.
    """
    for secret in (secret_of(settings), *settings.older_secret_keys):
        try:
            claims = _claims(token[:_MAX_CHARACTERS], secret)
            if claims.expires_at > time.time():
                return claims
        except (JoseError, ValueError, TypeError, RecursionError, OverflowError):
            continue
    raise Refused(
        RefusalCode.UNAUTHENTICATED,
        Text("The access token is not valid, or no longer.", "访问令牌无效或已过期。"),
        hint=Text("Log in again.", "请重新登录。"),
    )


@lru_cache(maxsize=4_000)
def _claims(token: str, secret: str) -> Claims:
    """What a token said when its signature was checked: that takes as long as answering a small query."""
    claims = jwt.decode(token, _signing_key(secret), algorithms=[_ALGORITHM]).claims
    _registry.validate(claims)
    session_id = claims["sid"]
    if not isinstance(session_id, str) or not session_id.startswith(f"{AccountSession.prefix}_"):
        raise TypeError
    return Claims(claims["sub"], session_id, float(claims["exp"]))
