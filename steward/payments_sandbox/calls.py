"""How the sandbox tells a merchant: a signed POST, repeated until it is answered with 2xx."""

import asyncio
import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2
import orjson
import structlog

from domain.payments import Message
from domain.payments.signing import headers

log = structlog.stdlib.get_logger(__name__)

#: Seconds before each further attempt.
_AGAIN = (0.2, 1.0, 5.0, 15.0, 60.0, 300.0)


class Calls:
    """Calls that go out by themselves, and those that are held back: a lever."""

    def __init__(self, secrets_of: dict[str, str]) -> None:
        self._secrets = secrets_of
        self._going = set[asyncio.Task[None]]()
        self._held: list[tuple[str, str, str, bytes]] = []
        self.hold = False

    def tell(self, merchant: str, url: str, message: Message, *, times: int = 1) -> None:
        """Tell it, ``times`` times at once; every time it is the same message."""
        call = (merchant, url, f"msg_{secrets.token_hex(12)}", orjson.dumps(message.told()))
        for _ in range(times):
            if self.hold:
                self._held.append(call)
            else:
                self._go(call)

    def release(self) -> int:
        """Let go of what was held back, the last first; how many there were."""
        held, self._held, self.hold = self._held[::-1], [], False
        for call in held:
            self._go(call)
        return len(held)

    async def stop(self) -> None:
        """Give up what is still going out."""
        for task in list(self._going):
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    def _go(self, call: tuple[str, str, str, bytes]) -> None:
        task = asyncio.create_task(self._deliver(*call))
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def _deliver(self, merchant: str, url: str, message: str, body: bytes) -> None:
        async with httpx2.AsyncClient(timeout=10, trust_env=False) as client:
            for wait in (*_AGAIN, None):
                # Signed anew each time: the moment is part of what is signed.
                proof = headers(self._secrets[merchant], merchant, "POST", urlsplit(url).path, message, body, datetime.now(UTC))
                try:
                    answer = await client.post(url, content=body, headers={"content-type": "application/json", **proof})
                    if answer.is_success:
                        return
                except httpx2.HTTPError as problem:
                    log.info("a callback was not delivered", problem=type(problem).__name__)
                if wait is not None:
                    await asyncio.sleep(wait)
