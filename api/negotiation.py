"""What a client accepts: media types and languages with their weights, charsets (RFC 9110, section 12)."""

from dataclasses import dataclass
from functools import lru_cache

from api.problems import Problem
from domain.words import Text

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
STREAM = "text/event-stream"
PAGE = "text/html"

_MAX_HEADER = 2_000
_UTF8 = frozenset({"utf-8", "utf8"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """What may be answered: ``json`` is the GraphQL media type or "" for none; ``stream`` and ``page`` only where named."""

    json: str
    stream: bool
    stream_first: bool
    page: bool


def _parameters(text: str) -> tuple[str, dict[str, str]]:
    """A value and its parameters, names in small letters: ``a/b; Charset="utf-8"`` → ("a/b", {"charset": "utf-8"})."""
    value, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    return value.strip().lower(), {name.strip().lower(): content.strip().strip('"').lower() for name, _, content in pairs}


def _weight(parameters: dict[str, str]) -> float:
    """``q`` between 0 and 1; what is not a weight counts as 0."""
    try:
        weight = float(parameters.get("q", "1"))
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _ranges(header: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in header.split(","):
        name, parameters = _parameters(part)
        if name and parameters.get("charset", "utf-8") in _UTF8:
            ranges[name] = max(ranges.get(name, 0.0), _weight(parameters))
    return ranges


def _quality(ranges: dict[str, float], media_type: str) -> float:
    """The weight of the most specific range that covers ``media_type``."""
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


@lru_cache(maxsize=256)
def accepted(header: str) -> Accepted:
    """What an ``Accept`` header allows. Without one, and for wildcards, JSON is plain ``application/json``."""
    ranges = _ranges(header[:_MAX_HEADER] if header.strip() else "*/*")
    plain, response = _quality(ranges, JSON), _quality(ranges, RESPONSE)
    wants_response = response > plain or (response == plain and RESPONSE in ranges)
    json = "" if max(plain, response) == 0 else RESPONSE if wants_response else JSON
    stream = ranges.get(STREAM, 0.0)
    page = ranges.get(PAGE, 0.0)
    return Accepted(
        json=json,
        stream=stream > 0,
        stream_first=stream > max(plain, response),
        page=page > 0 and page >= max(plain, response, stream),
    )


@lru_cache(maxsize=256)
def language(header: str) -> str:
    """The language to answer in: "en" where English is preferred to Chinese, else "zh-CN"."""
    weights = {"en": 0.0, "zh": 0.0}
    for part in header[:_MAX_HEADER].split(","):
        name, parameters = _parameters(part)
        tongue = name.partition("-")[0]
        if tongue in weights:
            weights[tongue] = max(weights[tongue], _weight(parameters))
    return "en" if weights["en"] > weights["zh"] else "zh-CN"


@lru_cache(maxsize=64)
def _is_json(header: str) -> bool:
    name, parameters = _parameters(header)
    return name == JSON and parameters.get("charset", "utf-8") in _UTF8


def require_json(content_type: str, content_encoding: str) -> None:
    """Refuse (415) a body that is not plain UTF-8 JSON. Forms in particular: a browser sends those across sites unasked."""
    if not _is_json(content_type[:_MAX_HEADER]):
        raise Problem(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            Text("Send the body as Content-Type: application/json, in UTF-8.", "请以 UTF-8 编码的 application/json 发送请求体。"),
            {"accept-post": JSON},
        )
    if content_encoding.lower() not in {"", "identity"}:
        raise Problem(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            Text("Send the body uncompressed.", "请发送未压缩的请求体。"),
            {"accept-encoding": "identity"},
        )


def not_acceptable(en: str = "", zh: str = "") -> Problem:
    """406: nothing that the client accepts can be made."""
    offers = f"{RESPONSE}, {JSON}, {STREAM}"
    return Problem(
        406,
        "NOT_ACCEPTABLE",
        Text(en or f"Accept one of {offers}.", zh or f"Accept 须包含以下之一：{offers}。"),
    )
