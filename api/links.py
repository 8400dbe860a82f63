"""Links to contents of files: good for one account and some minutes, signed, and no token."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from models.secrets import derived, secret_of
from settings import Settings

#: Links that one field makes at most.
MOST = 100
_LONGEST = 200


def _signature(file_id: str, account_id: str, expires: str, secret: str) -> str:
    return hmac.new(derived(secret, "links to files"), "\n".join((file_id, account_id, expires)).encode(), sha256).hexdigest()


def now() -> datetime:
    """This moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def make(file_id: str, account_id: str, settings: Settings, at: datetime) -> tuple[str, datetime]:
    """A path that is good for the account for ``settings.file_link_seconds`` from ``at``, and when it ends."""
    ends = at + timedelta(seconds=settings.file_link_seconds)
    expires = str(int(ends.timestamp()))
    signature = _signature(file_id, account_id, expires, secret_of(settings))
    query = {"account": account_id, "expires": expires, "signature": signature}
    return f"/files/{file_id}?{urlencode(query)}", ends


def holds(file_id: str, account_id: str, expires: str, signature: str, settings: Settings) -> bool:
    """Whether the parts of a link are as ``make`` made them, with the key of now or an older one, and it has not ended."""
    parts = (file_id, account_id, expires, signature)
    if any(not part.isascii() or len(part) > _LONGEST for part in parts):
        return False
    secrets = (secret_of(settings), *settings.older_secret_keys)
    genuine = [hmac.compare_digest(_signature(file_id, account_id, expires, secret), signature) for secret in secrets]
    return any(genuine) and int(expires) > now().timestamp()
