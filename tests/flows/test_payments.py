"""Paying online against a provider that is a process of its own: messages repeat and stray, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import httpx2
import pytest

from domain.access import Role
from models.calendar import today
from tests.models.payments.world import a_paying_world, uneven
from tests.waiting import a_free_port, until

from .people import Somebody, a_person
from .stack import Stack

_SECRET = "0123456789abcdef" * 2
_ORDER = """query ($id: ID!) { node(id: $id) { ... on PaymentOrder { state payUrl amount paid late problem } } }"""
_BILLS = """query ($home: ID!) { bills(filter: {home: {eq: $home}}, sort: NUMBER_ASC) { nodes { open state
  allocations { nodes { amount payment { method state } } } } } }"""
_PAYMENTS = """query { payments(sort: ENTERED_ASC) { nodes { id state method amount unallocated
  receipts { nodes { number state } } refunds { nodes { state } } } } }"""


class _Sandbox:
    """The provider, and its levers."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def pull(self, lever: str, **told: Any) -> dict[str, Any]:
        async with httpx2.AsyncClient() as http:
            answer = await http.post(f"{self.url}/levers/{lever}", json={"merchant": "M1", **told})
            assert answer.is_success, answer.text
            return answer.json()

    async def up(self) -> bool:
        async with httpx2.AsyncClient() as http:
            try:
                return (await http.get(f"{self.url}/healthz")).status_code == 204
            except httpx2.TransportError:
                return False


async def _opened(somebody: Somebody, *bills: str) -> tuple[str, str]:
    """An order and the page at which it is paid."""
    order = await somebody.did("paymentOrderOpen", "paymentOrder { id state }", billIds=list(bills))

    async def page() -> str:
        return (await somebody.ask(_ORDER, id=order["id"]))["node"]["payUrl"]

    return order["id"], await until(page, what="the page to pay at")


async def _state(somebody: Somebody, order: str, *states: str) -> dict[str, Any]:
    async def stands() -> dict[str, Any] | None:
        node = (await somebody.ask(_ORDER, id=order))["node"]
        return node if node["state"] in states else None

    found = await until(stands, what=f"the order to be {states}")
    assert found
    return found


async def test_what_is_paid_online_pays_the_bills_whatever_the_provider_tells_and_how_often(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = a_free_port()
    sandbox = _Sandbox(f"http://127.0.0.1:{port}")
    monkeypatch.setenv("STEWARD_PAYMENTS_URL", sandbox.url)
    monkeypatch.setenv("STEWARD_PAYMENTS_CALLBACK_URL", stack.url)
    world = await a_paying_world()
    command = [sys.executable, "-m", "steward", "payments-sandbox", "--port", str(port), "--merchant", f"M1={_SECRET}"]
    provider = await asyncio.create_subprocess_exec(*command, env=dict(os.environ))
    try:
        await stack.start()
        await until(sandbox.up, what="the sandbox")
        await _told(stack, sandbox, world)
    finally:
        provider.terminate()
        await provider.wait()


async def _told(stack: Stack, sandbox: _Sandbox, world: Any) -> None:
    resident = await a_person(stack, Role.RESIDENT, home=world.home)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=world.company)
    cashier = await a_person(stack, Role.COMPANY_STAFF, organisation=world.company)
    officer = await a_person(stack, Role.STREET_OFFICER, place=world.street)
    first, second, foreign = (bill.id for bill in world.bills)
    refused = await resident.refused("paymentOrderOpen", billIds=[first])
    assert refused == {"code": "INVALID", "field": ["billIds"]}
    await manager.did("merchantSet", "paymentMerchant { id }", bookId=world.book.id, number="M1", secret=_SECRET)
    assert (await resident.refused("paymentOrderOpen", billIds=[foreign]))["code"] == "NOT_FOUND"

    # The resident pays at the provider's page; what it tells, it tells five times at once.
    order, page = await _opened(resident, first)
    async with httpx2.AsyncClient() as http:
        assert "100.00" in (await http.get(page)).text
        assert (await http.post(page)).is_success
    await sandbox.pull("tell_again", order=order, times=5)
    assert (await _state(resident, order, "PAID"))["late"] is False
    bills = (await resident.ask(_BILLS, home=world.home.id))["bills"]["nodes"]
    assert [bill["state"] for bill in bills] == ["PAID", "OPEN"]
    assert bills[0]["allocations"]["nodes"] == [{"amount": "100.00", "payment": {"method": "ONLINE", "state": "ALLOCATED"}}]
    (payment,) = (await resident.ask(_PAYMENTS))["payments"]["nodes"]
    assert payment["receipts"]["nodes"] == [{"number": 1, "state": "ISSUED"}]
    assert (await officer.ask(_PAYMENTS))["payments"]["nodes"] == []

    # Of the next one nothing is told, and another amount comes; a forged message is not heard.
    order, _ = await _opened(resident, second)
    await sandbox.pull("hold")
    await sandbox.pull("pay", order=order, amount="50.00")
    async with httpx2.AsyncClient() as http:
        forged = {"kind": "PAID", "order": order, "trade": "T1", "amount": "50.25", "at": "2026-01-01T00:00:00+08:00"}
        merchants = await manager.ask("query { paymentMerchants { nodes { id } } }")
        url = f"{stack.url}/payments/callbacks/{merchants['paymentMerchants']['nodes'][0]['id']}"
        assert (await http.post(url, json=forged)).status_code == 401
        assert (await http.post(f"{url}x", json=forged)).status_code == 401
    await sandbox.pull("release")
    assert (await _state(resident, order, "MISMATCHED"))["paid"] == "50.00"
    suspense = next(each for each in (await cashier.ask(_PAYMENTS))["payments"]["nodes"] if each["state"] == "UNMATCHED")
    await cashier.did("paymentMatch", "payment { state }", id=suspense["id"], homeId=world.home.id)

    # The payment is taken back by its allocation, and goes back by the word of two.
    await cashier.did(
        "paymentReceive", "payment { id }", bookId=world.book.id, homeId=world.home.id, amount="0.25", method="CASH"
    )
    allocations = "query ($id: ID!) { node(id: $id) { ... on Payment { allocations { nodes { id } } } } }"
    (part,) = (await manager.ask(allocations, id=payment["id"]))["node"]["allocations"]["nodes"]
    await manager.did("paymentAllocationUndo", "payment { unallocated }", id=part["id"], reason="paid twice")
    refund = await cashier.did("refundRequest", "refund { id }", paymentId=payment["id"], amount="100.00", reason="paid twice")
    assert (await cashier.refused("refundApprove", id=refund["id"]))["code"] == "FORBIDDEN"
    await manager.did("refundApprove", "refund { state }", id=refund["id"])

    async def returned() -> bool:
        node = (await resident.ask("query ($id: ID!) { node(id: $id) { ... on Refund { state } } }", id=refund["id"]))["node"]
        return node["state"] == "DONE"

    await until(returned, what="the refund")
    merchant = (await manager.ask("query { paymentMerchants { nodes { id } } }"))["paymentMerchants"]["nodes"][0]["id"]
    assert (await cashier.refused("reconciliationRun", merchantId=merchant, day=today().isoformat()))["field"] == ["day"]
    assert await uneven() == []
