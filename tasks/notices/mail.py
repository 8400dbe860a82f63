"""Mail to the address that was checked, under the name it was checked for: the name is not looked up a second time."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from typing import Any

from domain.notices.delivery import Outcome

from .problems import Undelivered

#: Seconds for each step.
_WITHIN = 10
#: Addresses of one server that are tried.
_TRIES = 2


class _Named(ssl.SSLContext):
    """TLS with whoever holds a certificate for ``name``, whatever address was connected to."""

    name = ""

    def wrap_socket(self, sock: Any, *args: Any, **given: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *args, **{**given, "server_hostname": self.name})


def _tls(name: str) -> ssl.SSLContext:
    context = _Named(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    context.name = name
    return context


@dataclass(frozen=True)
class Server:
    """A mail server. ``mode``: ``ssl``, ``starttls`` or ``insecure``, as targets write it."""

    name: str
    port: int
    mode: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Sender:
    """From whom a letter is, and to whom: a name that may be empty, and an address, for each."""

    sender: tuple[str, str]
    receivers: Sequence[tuple[str, str]]


def send_mail(server: Server, addresses: Sequence[str], people: Sender, title: str, body: str) -> None:
    """Send a letter of plain text over one of the server's ``addresses``. Waits; call it in a thread. Raises Undelivered."""
    try:
        letter = _letter(people, title, body)
        problem = "no address"
        for address in addresses[:_TRIES]:
            try:
                mail = _connect(server, address)
            except (ConnectionError, TimeoutError) as failure:
                problem = type(failure).__name__
                continue
            with mail:
                if server.mode == "starttls":
                    mail.starttls(context=_tls(server.name))
                if server.user and server.password:
                    mail.login(server.user, server.password)
                if mail.send_message(letter):
                    raise Undelivered("the service did not accept it for all")
            return
    except TimeoutError:
        raise Undelivered("TimeoutError", Outcome.TIMED_OUT) from None
    except (smtplib.SMTPException, ValueError) as failure:
        raise Undelivered(type(failure).__name__) from None
    except OSError as failure:
        raise Undelivered(type(failure).__name__, Outcome.UNREACHABLE) from None
    raise Undelivered(problem, Outcome.UNREACHABLE)


def _connect(server: Server, address: str) -> smtplib.SMTP:
    if server.mode == "ssl":
        return smtplib.SMTP_SSL(address, server.port, timeout=_WITHIN, context=_tls(server.name))
    return smtplib.SMTP(address, server.port, timeout=_WITHIN)


def _letter(people: Sender, title: str, body: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = title
    letter["From"] = formataddr(people.sender)
    letter["To"] = ", ".join(formataddr(each) for each in people.receivers)
    letter["Date"] = formatdate()
    letter["Message-ID"] = make_msgid(domain=people.sender[1].rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body, cte="base64")
    return letter
