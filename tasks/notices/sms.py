"""Delivery by text message, through the gateway that the operator chose."""

import httpx2

from domain.notices.delivery import Outcome
from domain.notices.sms import Gateway, gateway, message
from settings import Settings

from .problems import Undelivered

#: Seconds for each step of a request; the whole is bounded by the caller.
_TIMEOUT = httpx2.Timeout(10, connect=5)
#: How much of an answer is read.
_READ = 4_096


async def send_sms(number: str, title: str, body: str, notice_id: str, settings: Settings) -> None:
    """Send a notice to a telephone number. Raises Undelivered; the gateway's answer is not told, as it may hold the number."""
    if settings.sms_gateway is None:
        raise Undelivered("no gateway for text messages is set", Outcome.NOT_CALLED)
    if not number:
        raise Undelivered("there is no telephone number", Outcome.NOT_CALLED)
    way = gateway(settings.sms_gateway.get_secret_value())
    text = message(title, body, settings.sms_signature, settings.sms_parts)
    url, content = way.request(number, text, notice_id)
    async with httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
        try:
            status, answer = await _ask(client, way, url, content)
        except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
            away = isinstance(failure, httpx2.ConnectError | httpx2.ConnectTimeout)
            raise Undelivered(f"the gateway: {type(failure).__name__}", Outcome.UNREACHABLE, unconnected=away) from None
    if not 200 <= status < 300:
        raise Undelivered(f"the gateway: HTTP {status}", status=status)
    if way.accepted not in answer:
        raise Undelivered("the gateway did not accept it", status=status)


async def _ask(client: httpx2.AsyncClient, way: Gateway, url: str, content: str) -> tuple[int, str]:
    headers = {"content-type": "application/json", **{name.lower(): value for name, value in way.headers.items()}}
    async with client.stream(way.method, url, headers=headers, content=content.encode() or None) as response:
        read = b""
        async for chunk in response.aiter_bytes():
            read += chunk
            if len(read) >= _READ:
                break
        return response.status_code, read[:_READ].decode(errors="replace")
