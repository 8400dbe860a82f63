"""Looks a host up and refuses addresses that are not of the public internet."""

import asyncio
import socket

from domain.addresses import is_public
from domain.notices.delivery import Outcome
from settings import Settings

from .problems import Undelivered


async def addresses_of(host: str, port: int, settings: Settings) -> list[str]:
    """The addresses of a host, in the order to try them; call one of these and not the name, which may change.

    Raises Undelivered for a host that is not found, and unless ``settings.webhook_allow_private`` for one of which
    any address is not public.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undelivered("the host is not found", Outcome.UNREACHABLE, unconnected=True) from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not settings.webhook_allow_private and not all(is_public(address) for address in addresses):
        raise Undelivered("the host has an address that is not public", Outcome.FORBIDDEN)
    return addresses
