"""How a process logs. It lives on this floor because every process that logs stands on it; it stores nothing."""

import logging
import sys
from collections.abc import Generator
from typing import Any, cast

import asyncpg
import structlog

from settings import Settings

#: Libraries that would tell addresses, statements or secrets below these levels.
_QUIET = {
    "apprise": logging.CRITICAL,
    "asyncio": logging.WARNING,
    "httpcore2": logging.WARNING,
    "httpx2": logging.WARNING,
    "tortoise": logging.WARNING,
    "urllib3": logging.WARNING,
}


def _and_behind(error: BaseException | None, seen: set[int]) -> Generator[BaseException]:
    """The error, what it came from, and what it is made of."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inside = cast("BaseExceptionGroup[BaseException]", error).exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (error.__cause__, error.__context__, *inside):
        yield from _and_behind(other, seen)


def without_values(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take from database errors what they quote of rows and values: people's words do not belong in logs."""
    told: Any = entry.get("exc_info")
    if told and not isinstance(told, BaseException):
        told = cast("tuple[Any, Any, Any]", told)[1] if isinstance(told, tuple) else sys.exc_info()[1]
    for each in _and_behind(told or None, set()):
        if isinstance(each, asyncpg.PostgresError):
            each.detail = None
        if isinstance(each, asyncpg.DataError):
            each.args = (f"a value does not fit (SQLSTATE {each.sqlstate})",)
    return entry


def configure_logging(settings: Settings) -> None:
    """Send what structlog and the standard library log to standard error, one line an entry.

    ``settings.log_json`` makes each line a JSON object; ``settings.log_level`` is the least level that is told.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if settings.log_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_values, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))
