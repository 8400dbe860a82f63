"""Text messages: what of a notice goes into one, how many parts it takes, and the gateway that sends it.

A gateway is any HTTP interface, told by a template: an address, headers and a body with ``{number}``, ``{text}`` and ``{id}``.
A value is written as its place demands: escaped within JSON, per cent within an address or a form.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, quote_plus, urlsplit

#: The characters of GSM 03.38, and those that take two places.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€")
#: Places of a message that is one part, and of each part of several: with seven bits a character, and with sixteen.
_SEVEN, _SIXTEEN = (160, 153), (70, 67)

_HOLE = re.compile(r"\{(number|text|id)\}")
_METHODS = ("POST", "GET", "PUT")


def _plain(text: str) -> bool:
    return all(character in _BASIC or character in _DOUBLE for character in text)


def _places(character: str, *, plain: bool) -> int:
    """How much room a character takes in a part."""
    if plain:
        return 2 if character in _DOUBLE else 1
    return 2 if ord(character) > 0xFFFF else 1


def parts(text: str) -> list[str]:
    """The parts in which telephones send a text; nothing is lost, and no character is cut in two. None for an empty text."""
    plain = _plain(text)
    one, several = _SEVEN if plain else _SIXTEEN
    if sum(_places(character, plain=plain) for character in text) <= one:
        return [text] if text else []
    return list(_cut(text, several, plain=plain))


def _cut(text: str, room: int, *, plain: bool) -> Iterator[str]:
    part, taken = "", 0
    for character in text:
        places = _places(character, plain=plain)
        if taken + places > room:
            yield part
            part, taken = "", 0
        part, taken = part + character, taken + places
    yield part


def message(title: str, body: str, signature: str, most: int) -> str:
    """A notice as a text message of at most ``most`` parts: signature, title, lines of the body; "…" where it is cut."""
    whole = "\n".join(line for line in [f"{signature}{title}", *body.splitlines()] if line.strip())
    if len(parts(whole)) <= most:
        return whole
    low, high = 0, len(whole)  # the longest beginning that fits: longer never takes fewer parts
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(parts(whole[:middle] + "…")) <= most else (low, middle - 1)
    return whole[:low] + "…"


class GatewayError(ValueError):
    """What is wrong with the template of a gateway, in a sentence without any of its values."""


@dataclass(frozen=True, repr=False)
class Gateway:
    """An HTTP interface that sends text messages. ``accepted``: what a good answer contains; empty: any answer of 2xx is one."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    accepted: str = ""

    @property
    def form(self) -> bool:
        """Whether the body is a form; else it is JSON."""
        kinds = [value for name, value in self.headers.items() if name.lower() == "content-type"]
        return any("x-www-form-urlencoded" in kind for kind in kinds)

    def request(self, number: str, text: str, id_: str) -> tuple[str, str]:
        """The address and the body of the request that sends ``text``; ``id_`` is the same when it is sent again."""
        values = {"number": number, "text": text, "id": id_}
        return _filled(self.url, values, _in_address), _filled(self.body, values, quote_plus if self.form else _in_json)


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_address(text: str) -> str:
    return quote(text, safe="")


def _filled(template: str, values: Mapping[str, str], written: Callable[[str], str]) -> str:
    return _HOLE.sub(lambda hole: written(values[hole[1]]), template)


def gateway(text: str) -> Gateway:
    """The gateway that a JSON object tells: ``url``, and perhaps ``method``, ``headers``, ``body``, ``accepted``.

    Raises GatewayError for what is none: not JSON, a name that is not known, no address of http or https, a body that is not
    JSON when it is to be, nowhere for the number or the text to go.
    """
    try:
        told: Any = json.loads(text)
    except ValueError:
        raise GatewayError("it is not JSON") from None
    if not isinstance(told, dict):
        raise GatewayError("it is no JSON object")
    given = cast("dict[str, Any]", told)
    names = {"url", "method", "headers", "body", "accepted"}
    if unknown := sorted(given.keys() - names):
        raise GatewayError(f"{unknown[0][:40]!r} is not known; use {', '.join(sorted(names))}")
    headers: Any = given.get("headers", {})
    texts: list[Any] = [given.get(name, "") for name in ("url", "method", "body", "accepted")]
    if isinstance(headers, dict):
        texts += cast("dict[Any, Any]", headers).values()
    if not isinstance(headers, dict) or not all(isinstance(each, str) for each in texts):
        raise GatewayError("headers are an object of texts, all else are texts")
    made = Gateway(given.pop("url", ""), **given)
    _check(made)
    return made


def _check(made: Gateway) -> None:
    if urlsplit(made.url).scheme not in {"https", "http"} or not urlsplit(made.url).hostname:
        raise GatewayError("url is an address that begins with https:// or http://")
    if made.method not in _METHODS:
        raise GatewayError(f"method is one of {', '.join(_METHODS)}")
    if any("\n" in part or "\r" in part for header in made.headers.items() for part in header):
        raise GatewayError("a header is one line")
    for hole in ("{number}", "{text}"):
        if hole not in made.url + made.body:
            raise GatewayError(f"{hole} stands neither in url nor in body")
    if made.body and not made.form:
        try:
            json.loads(_filled(made.body, {"number": "1", "text": "1", "id": "1"}, _in_json))
        except ValueError:
            raise GatewayError("body is not JSON; name content-type application/x-www-form-urlencoded for a form") from None
