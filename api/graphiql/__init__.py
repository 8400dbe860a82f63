"""GraphiQL for a browser at ``/graphql``: a page and its scripts, all served from here, so that it works offline.

GraphiQL itself is no part of the repository: ``make graphiql`` fetches it (see build.py) into ``static/``.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

HERE = Path(__file__).parent
STATIC = HERE / "static"
FETCHED = ("react.production.min.js", "react-dom.production.min.js", "graphiql.min.js", "graphiql.min.css")
OURS = ("start.js", "start.css")

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_MISSING = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Steward</title>
<p>GraphiQL is not installed: run <code>make graphiql</code> once. The API itself works: POST a query to this address.</p>
<p>尚未安装 GraphiQL：请运行一次 <code>make graphiql</code>。接口本身可用：向本地址 POST 查询即可。</p>
"""


@dataclass(frozen=True)
class Page:
    """An HTTP answer: status, headers, body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def page(if_none_match: str) -> Page:
    """GraphiQL's page, 304 where the browser has it already, or a page that says how to install it."""
    if not all((STATIC / name).is_file() for name in FETCHED):
        return _page(200, _MISSING.encode(), "no-store")
    body, tag = _rendered()
    if tag in if_none_match:
        return _page(304, b"", "no-cache", tag)
    return _page(200, body, "no-cache", tag)


def _page(status: int, body: bytes, caching: str, tag: str = "") -> Page:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": caching,
        "content-security-policy": _POLICY,
        "vary": "accept",
    }
    if tag:
        headers["etag"] = tag
    if status == 304:
        del headers["content-length"], headers["content-type"]
    return Page(status, [(name.encode(), value.encode()) for name, value in headers.items()], body)


async def asset(request: Request) -> Response:
    """One of the page's scripts and style sheets. Their addresses name their version, so that a browser may keep them."""
    name: str = request.path_params["name"]
    if name not in FETCHED + OURS or not _path(name).is_file():
        return PlainTextResponse("There is no such file.", 404)
    body, tag = _file(name)
    headers = {"etag": tag, "cache-control": "public, max-age=31536000, immutable"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=mimetypes.guess_type(name)[0])


def _path(name: str) -> Path:
    return (HERE if name in OURS else STATIC) / name


@cache
def _file(name: str) -> tuple[bytes, str]:
    body = _path(name).read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'


@cache
def _rendered() -> tuple[bytes, str]:
    """The page with the version of every asset in its address, and its tag."""
    text = (HERE / "page.html").read_text(encoding="utf-8")
    for name in FETCHED + OURS:
        _, tag = _file(name)
        text = text.replace(f"/graphiql/{name}", f"/graphiql/{name}?v={tag.strip(chr(34))}")
    body = text.encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def clear() -> None:
    """Forget what was read, as after a new ``make graphiql``."""
    _file.cache_clear()
    _rendered.cache_clear()
