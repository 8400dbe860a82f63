"""Mail to the address that was checked, under the name it was checked for: the name is not looked up a second time."""

import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from threading import Timer
from typing import Any

from domain.notices.delivery import Outcome

from .problems import Undelivered

#: Seconds for each step, and for all of them: a server that answers drop by drop never exceeds the former.
_WITHIN, _WHOLE = 10, 18
#: How a server greets that takes letters.
_READY = 220
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


class _Mail(smtplib.SMTP):
    """A conversation that is broken off at ``deadline`` (time.monotonic), whoever is speaking."""

    deadline = 0.0
    _line: socket.socket | None = None
    _timer: Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = socket.create_connection((host, port), timeout)
        self._line = connected.dup()  # of its own, as TLS takes the other one over
        self._timer = Timer(max(self.deadline - time.monotonic(), 0), _break_off, [self._line])
        self._timer.daemon = True
        self._timer.start()
        return connected

    def close(self) -> None:
        super().close()
        if self._timer is not None and self._line is not None:
            self._timer.cancel()
            self._line.close()


class _MailOverTls(smtplib.SMTP_SSL, _Mail):
    """The same, with TLS from the first byte."""


def _break_off(line: socket.socket) -> None:
    with suppress(OSError), line:
        line.shutdown(socket.SHUT_RDWR)


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
    deadline = time.monotonic() + _WHOLE
    try:
        letter = _letter(people, title, body)
        problem = "no address"
        for address in addresses[:_TRIES]:
            try:
                mail = _connect(server, address, deadline)
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
    except (smtplib.SMTPException, ValueError, OSError) as failure:
        if time.monotonic() >= deadline:
            raise Undelivered("TimeoutError", Outcome.TIMED_OUT) from None
        away = isinstance(failure, OSError) and not isinstance(failure, smtplib.SMTPException)
        raise Undelivered(type(failure).__name__, Outcome.UNREACHABLE if away else Outcome.REFUSED) from None
    raise Undelivered(problem, Outcome.UNREACHABLE, unconnected=True)


def _connect(server: Server, address: str, deadline: float) -> _Mail:
    mail = _MailOverTls(timeout=_WITHIN, context=_tls(server.name)) if server.mode == "ssl" else _Mail(timeout=_WITHIN)
    mail.deadline = deadline
    try:
        code, said = mail.connect(address, server.port)
    except BaseException:
        mail.close()
        raise
    if code != _READY:
        mail.close()
        raise smtplib.SMTPConnectError(code, said)
    return mail


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
