"""People outside, who log in and do things over HTTP."""

from __future__ import annotations

from typing import Any

from domain.access import Role
from models import Account, Organisation
from tests.builders import an_account

from .stack import Client, Stack, log_in

_PASSWORD = "Correct-horse-7"


class Somebody:
    """Somebody with a token, who does things."""

    def __init__(self, client: Client) -> None:
        self.client, self.ask = client, client.ask

    async def refused(self, act: str, **given: Any) -> dict[str, Any]:
        (error,) = (await self._did(act, "__typename", given))["errors"]
        assert error["message"]
        assert error["hint"]
        return {"code": error["code"], "field": error["field"]}

    async def did(self, act: str, what: str = "station { id }", **given: Any) -> Any:
        payload = await self._did(act, what, given)
        assert payload["errors"] == [], payload
        return next(value for name, value in payload.items() if name != "errors")

    async def _did(self, act: str, what: str, given: dict[str, Any]) -> dict[str, Any]:
        kind = f"{act[0].upper()}{act[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {act}(input: $input) {{ {what} errors {{ code field message hint }} }} }}"
        return (await self.ask(query, input=given))[act]


async def a_person(stack: Stack, role: Role, *, employer: Organisation | None = None, **bound: Any) -> Somebody:
    """Somebody with the role, logged in."""
    works = {"organisation_id": employer.id} if employer else {}
    account: Account = await an_account(role, password=_PASSWORD, **bound, **works)
    client, _ = await log_in(stack, account.login, _PASSWORD)
    return Somebody(client)
