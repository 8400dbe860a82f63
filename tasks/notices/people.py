"""Delivery to people: mail and group robots, by apprise's plugins for exactly the kinds of channels that there are.

The plugins of robots call their services' own hosts over TLS and follow no redirect: nobody else holds a certificate for
those names, whatever address they are said to have. A mail server is named by the target, so mail is sent by ourselves, to an
address that was checked; its plugin only reads the target.
"""

import asyncio
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from apprise.common import NotifyFormat
from apprise.exception import AppriseException
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.wecombot import NotifyWeComBot

from domain.notices import ChannelKind
from settings import Settings

from .addresses import addresses_of
from .mail import Sender, Server, send_mail
from .problems import Undelivered

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it looks for a module that later Pythons do not have
    from apprise.plugins.email.base import NotifyEmail

#: Which plugin speaks a scheme; whatever else apprise knows cannot be reached from here.
_PLUGINS: Mapping[str, Any] = {
    "mailto": NotifyEmail,
    "mailtos": NotifyEmail,
    "wecombot": NotifyWeComBot,
    "dingtalk": NotifyDingTalk,
    "feishu": NotifyFeishu,
    "lark": NotifyLark,
}
#: Seconds until a plugin gives up connecting, and reading.
_CONNECT, _READ = 5, 10
#: The plugins wait for the network, so they run in threads of their own.
_threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="people")


async def tell(kind: ChannelKind, target: str, title: str, body: str, settings: Settings) -> None:
    """Send a message of plain text. Raises Undelivered."""
    plugin, loop = _plugin(target), asyncio.get_running_loop()
    if kind is ChannelKind.MAIL:
        server = Server(plugin.smtp_host, plugin.port, plugin.secure_mode, plugin.user or "", plugin.password or "")
        addresses = await addresses_of(server.name, server.port, settings)
        people = Sender(_person(plugin.from_addr), [_person(each) for each in plugin.targets])
        await loop.run_in_executor(_threads, send_mail, server, addresses, people, title, body)
    elif not await loop.run_in_executor(_threads, _notify, plugin, title, body):
        raise Undelivered("the service did not accept it")


def _person(named: Sequence[str | bool]) -> tuple[str, str]:
    """A name and an address, as the plugin tells them: False for no name."""
    name, address = named
    return str(name or ""), str(address or "")


def _plugin(target: str) -> Any:
    plugin = _PLUGINS[target.partition(":")[0].lower()]
    try:
        made = plugin(**plugin.parse_url(target))
    except (AppriseException, TypeError):
        raise Undelivered("the target is not understood") from None
    made.redirects = False
    made.socket_connect_timeout, made.socket_read_timeout = _CONNECT, _READ
    return made


def _notify(plugin: Any, title: str, body: str) -> bool:
    try:
        return bool(plugin.notify(body=body, title=title, body_format=NotifyFormat.TEXT))
    except Exception as problem:  # noqa: BLE001 - a plugin may raise anything
        raise Undelivered(type(problem).__name__) from None
