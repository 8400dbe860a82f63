"""Noticing early that the process is told to stop."""

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
Handler = Callable[[int, FrameType | None], object]


@contextmanager
def told_to_stop(closing: asyncio.Event) -> Generator[None]:
    """Set ``closing`` when a stop signal comes, and at the latest when this ends.

    A server shuts the application down only after its last answer has ended, and an open event stream never ends by
    itself. So this listens beside the server's own handlers, which still run; where there are none it adds none.
    """
    loop = asyncio.get_running_loop()
    replaced: dict[signal.Signals, Handler] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if callable(handler) and handler is not signal.default_int_handler:
                replaced[number] = handler
                signal.signal(number, _also(handler, lambda: loop.call_soon_threadsafe(closing.set)))
    try:
        yield
    finally:
        closing.set()
        for number, handler in replaced.items():
            signal.signal(number, handler)


def _also(handler: Handler, then: Callable[[], object]) -> Handler:
    def both(number: int, frame: FrameType | None) -> None:
        then()
        handler(number, frame)

    return both
