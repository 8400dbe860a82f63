"""Whether a host may be called on behalf of a user, asked when a channel is added; delivery asks again each time. Numbers."""

import asyncio
import socket

from domain.addresses import is_public
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.accounts import Account
from models.secrets import open_sealed
from settings import Settings

from .rows import Channel

#: Seconds that a name may take to be looked up; one that takes longer is left to delivery.
_WITHIN = 3.0


async def refuse_private(host: str) -> None:
    """Refuses (INVALID, path ``target``) a host that has an address which is not of the public internet.

    What is not found is no reason: it may be there tomorrow, and delivery looks again.
    """
    try:
        async with asyncio.timeout(_WITHIN):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return
    if not all(is_public(str(each[4][0])) for each in found):
        raise Refused(
            RefusalCode.INVALID,
            Text("This host is on a private network.", "该地址位于内部网络。"),
            path=("target",),
            hint=Text(
                "Give an address of the public internet; an operator may allow private ones for the whole installation.",
                "请填写公网地址；如确需内网地址，请联系运维人员开启。",
            ),
        )


async def number_of(channel: Channel, settings: Settings) -> str:
    """Where the text messages of an SMS channel go; empty: its person has no number now. Raises NoSecretKey and NotOpened."""
    if channel.account_id is None:
        return channel.open_target(settings)
    account = await Account.get(id=channel.account_id)
    return open_sealed(account.phone_sealed, settings, of=f"{account.id}.phone") if account.phone_sealed else ""
