"""The parts as real processes on the test's own database: started, killed, started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

import httpx2
import psutil

from settings import Settings
from tests.waiting import a_free_port, until


@dataclass
class Stack:
    """API, worker and clock of one test."""

    settings: Settings
    port: int = field(default_factory=a_free_port)
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        key = self.settings.secret_key
        assert key is not None
        return {
            **os.environ,
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.settings.redis_url,
            "STEWARD_SECRET_KEY": key.get_secret_value(),
            "STEWARD_DATA": str(self.settings.data),
            "STEWARD_PORT": str(self.port),
            "STEWARD_WEBHOOK_ALLOW_PRIVATE": "true",
            "STEWARD_LOG_LEVEL": "WARNING",
            "STEWARD_RATE_WAIT_MS": "5000",
        }

    async def start(self, *parts: str) -> None:
        for part in parts or ("api", "worker", "clock"):
            self.processes[part] = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "steward", part, env=self.environment(), start_new_session=True
            )
        if "api" in self.processes:
            await until(self.answers, what="the API")

    async def answers(self) -> bool:
        async with httpx2.AsyncClient() as client:
            try:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
            except httpx2.TransportError:
                return False

    async def kill(self, part: str) -> None:
        """kill -9 the part with everything it started."""
        process = self.processes.pop(part)
        family = psutil.Process(process.pid)
        for one in [*family.children(recursive=True), family]:
            one.send_signal(signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        for process in self.processes.values():
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        for part in list(self.processes):
            try:
                await asyncio.wait_for(self.processes[part].wait(), 15)
            except TimeoutError:
                await self.kill(part)
        self.processes.clear()

    def client(self, token: str = "") -> Client:
        return Client(self, {"authorization": f"Bearer {token}"} if token else {})


@dataclass
class Client:
    """Somebody outside, over HTTP."""

    stack: Stack
    headers: dict[str, str]

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL answer without errors."""
        answer = (await self.post(query, **variables)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def post(self, query: str, **variables: Any) -> httpx2.Response:
        async with httpx2.AsyncClient(timeout=15) as http:
            body = {"query": query, "variables": variables}
            return await http.post(f"{self.stack.url}/graphql", json=body, headers=self.headers)

    async def post_events(self, *events: dict[str, Any]) -> httpx2.Response:
        headers = {**self.headers, "content-type": "application/cloudevents-batch+json"}
        async with httpx2.AsyncClient(timeout=15) as http:
            return await http.post(f"{self.stack.url}/events", json=list(events), headers=headers)


async def log_in(stack: Stack, login: str, password: str) -> tuple[Client, str]:
    """Somebody logged in, and their token."""
    answer = await stack.client().ask(
        "mutation ($l: String!, $p: String!) { logIn(input: {login: $l, password: $p}) { token errors { code } } }",
        l=login,
        p=password,
    )
    token = answer["logIn"]["token"]
    assert token, answer
    return stack.client(token), token


def an_event(source: str, number: object, device: str, moment: str, **readings: float | bool) -> dict[str, Any]:
    """A reading event as a company's machine posts it."""
    return {
        "specversion": "1.0",
        "id": f"{device}-{number}",
        "source": source,
        "type": "steward.device.reading.v1",
        "subject": device,
        "time": moment,
        "datacontenttype": "application/json",
        "data": {"readings": readings},
    }
