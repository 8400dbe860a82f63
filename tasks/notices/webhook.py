"""Delivery by webhook: a POST signed as Standard Webhooks describes it."""

import ssl
from datetime import UTC, datetime
from functools import cache

import httpx2
import orjson
from standardwebhooks import Webhook

from models.notices import Notice
from settings import Settings

from .addresses import addresses_of
from .problems import Undelivered

#: Seconds for each step of a request; the whole is bounded by the caller.
_TIMEOUT = httpx2.Timeout(10, connect=5)
#: Addresses of one host that are tried.
_TRIES = 2


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


async def post(notice: Notice, target: str, secret: str, settings: Settings) -> None:
    """POST a notice to ``target``, signed with ``secret``. Accepted is any 2xx; of the response only its status is read.

    Redirects are not followed. The connection goes to an address that was checked, with the certificate of the name.
    Raises Undelivered.
    """
    try:
        url = httpx2.URL(target)
    except httpx2.InvalidURL:
        raise Undelivered("the target is not understood") from None
    name = url.raw_host.decode()
    addresses = await addresses_of(name, url.port or (443 if url.scheme == "https" else 80), settings)
    body = orjson.dumps({"type": notice.type, "timestamp": notice.created_at, "data": notice.payload})
    now = datetime.now(UTC)
    headers = {
        "host": url.netloc.decode(),
        "content-type": "application/json",
        "user-agent": "Steward",
        "webhook-id": notice.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(notice.id, now, body.decode()),
    }
    async with httpx2.AsyncClient(verify=_tls(), timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
        status = await _status(client, url, addresses[:_TRIES], headers, body)
    if 300 <= status < 400:
        raise Undelivered(f"HTTP {status}: redirects are not followed")
    if not 200 <= status < 300:
        raise Undelivered(f"HTTP {status}")


async def _status(client: httpx2.AsyncClient, url: httpx2.URL, addresses: list[str], headers: dict[str, str], body: bytes) -> int:
    """The status of the first address that can be connected to."""
    problem = "no address"
    for address in addresses:
        try:
            async with client.stream(
                "POST",
                url.copy_with(host=address),
                headers=headers,
                content=body,
                extensions={"sni_hostname": url.raw_host.decode()},
            ) as response:
                return response.status_code
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as failure:
            problem = type(failure).__name__
        except httpx2.HTTPError as failure:
            raise Undelivered(type(failure).__name__) from None
    raise Undelivered(problem)
