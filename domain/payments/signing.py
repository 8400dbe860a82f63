"""How a request between us and a payment provider proves who sent it, when, and that nobody changed it.

Both sides hold one secret per merchant. Signed is what stands in ``signed_text``: the method and the path are part of it, so that
what was signed for one door is no good at another; so is the moment, and what is older than ``TOLERANCE`` is refused.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

#: How far the clocks of both sides may differ, journey included.
TOLERANCE = timedelta(seconds=300)
#: The headers: who (the merchant's number), when (seconds since 1970), which message, and the proof.
MERCHANT, TIMESTAMP, MESSAGE, SIGNATURE = "pay-merchant", "pay-timestamp", "pay-message", "pay-signature"
#: What a signature begins with; another scheme would have another.
_SCHEME = "v1="
#: A secret has so many characters at least.
SECRET_LEAST, SECRET_MOST = 32, 128
_DIGITS = 12


def signed_text(method: str, path: str, timestamp: str, message: str, body: bytes) -> bytes:
    """What is signed."""
    return "\n".join((method.upper(), path, timestamp, message, sha256(body).hexdigest())).encode()


def sign(secret: str, method: str, path: str, timestamp: str, message: str, body: bytes) -> str:
    """The signature of a request: HMAC-SHA256 in hex, with its scheme."""
    return _SCHEME + hmac.digest(secret.encode(), signed_text(method, path, timestamp, message, body), "sha256").hex()


def headers(secret: str, merchant: str, method: str, path: str, message: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove a request made at ``now``."""
    timestamp = str(int(now.timestamp()))
    return {
        MERCHANT: merchant,
        TIMESTAMP: timestamp,
        MESSAGE: message,
        SIGNATURE: sign(secret, method, path, timestamp, message, body),
    }


def proven(secret: str, method: str, path: str, given: dict[str, str], body: bytes, now: datetime) -> bool:
    """Whether the headers (names in small letters) prove the request: signed with ``secret``, and not long ago."""
    timestamp, message, signature = (given.get(name, "") for name in (TIMESTAMP, MESSAGE, SIGNATURE))
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _DIGITS and message and signature.isascii()):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    return hmac.compare_digest(signature, sign(secret, method, path, timestamp, message, body))
