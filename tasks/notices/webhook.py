"""Delivery by webhook: a POST signed as Standard Webhooks describes it. What receivers are told of it: docs/webhooks.md."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx2
import orjson
from standardwebhooks import Webhook

from domain.notices.delivery import Outcome
from models.notices import Notice
from settings import Settings

from .addresses import addresses_of
from .problems import Undelivered

#: Seconds for each step of a request; the whole is bounded by the caller.
_TIMEOUT = httpx2.Timeout(10, connect=5)
#: Addresses of one host that are tried.
_TRIES = 2
#: Answers that ask to be left alone for a while.
_BUSY = frozenset({429, 503})
_GONE = 410


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


async def post(notice: Notice, target: str, secrets: list[str], settings: Settings) -> int:
    """POST a notice to ``target``, signed with each of ``secrets``. Returns the status, any 2xx; the rest is not read.

    Redirects are not followed. The connection goes to an address that was checked, with the certificate of the name.
    Raises Undelivered.
    """
    try:
        url = httpx2.URL(target)
    except httpx2.InvalidURL:
        raise Undelivered("the target is not understood") from None
    name = url.raw_host.decode()
    addresses = await addresses_of(name, url.port or (443 if url.scheme == "https" else 80), settings)
    body, now = _body(notice), datetime.now(UTC)
    headers = {
        "host": url.netloc.decode(),
        "content-type": "application/json",
        "user-agent": "Steward",
        "webhook-id": notice.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(notice.id, now, body.decode()) for secret in secrets),
    }
    async with httpx2.AsyncClient(verify=_tls(), timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
        status, retry_after = await _answer(client, url, addresses[:_TRIES], headers, body)
    if 200 <= status < 300:
        return status
    problem = f"HTTP {status}{': redirects are not followed' if 300 <= status < 400 else ''}"
    outcome = Outcome.GONE if status == _GONE else Outcome.REFUSED
    raise Undelivered(problem, outcome, status=status, retry_after=_wait(retry_after) if status in _BUSY else None)


def _body(notice: Notice) -> bytes:
    numbered: dict[str, int] = {} if notice.sequence is None else {"sequence": notice.sequence}
    return orjson.dumps({"type": notice.type, "timestamp": notice.created_at, **numbered, "data": notice.payload})


def _wait(retry_after: str) -> timedelta | None:
    """What an answer's Retry-After says, if it says it in seconds."""
    seconds = retry_after.strip()
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() and seconds.isascii() and len(seconds) <= 6 else None


async def _answer(
    client: httpx2.AsyncClient, url: httpx2.URL, addresses: list[str], headers: dict[str, str], body: bytes
) -> tuple[int, str]:
    """The status, and Retry-After, of the first address that can be connected to."""
    problem, outcome = "no address", Outcome.UNREACHABLE
    for address in addresses:
        try:
            async with client.stream(
                "POST",
                url.copy_with(host=address),
                headers=headers,
                content=body,
                extensions={"sni_hostname": url.raw_host.decode()},
            ) as response:
                return response.status_code, response.headers.get("retry-after", "")
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as failure:
            problem = type(failure).__name__
            outcome = Outcome.TIMED_OUT if isinstance(failure, httpx2.TimeoutException) else Outcome.UNREACHABLE
        except httpx2.HTTPError as failure:
            late = isinstance(failure, httpx2.TimeoutException)
            raise Undelivered(type(failure).__name__, Outcome.TIMED_OUT if late else Outcome.UNREACHABLE) from None
    raise Undelivered(problem, outcome, unconnected=True)
