"""What was paid in the story: online, by a bank's file and at the desk, with what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import models
from domain.payments import (
    BankFileState,
    BuyerKind,
    InvoiceState,
    MatchedBy,
    OrderState,
    PaymentMethod,
    Provider,
    ReceiptState,
    ReconciliationState,
    RefundState,
)

from .desk import SERVERS, WORKERS
from .ledger import HOMES
from .people import COMMITTEE
from .story import Told, a_moment, plant, planted
from .world import Ground

_DAY = date(2024, 3, 1)
_NOBODYS: dict[str, Any] = {"person": "nobody in particular"}


async def payments(world: Ground) -> None:
    """In each book a payment online, one in suspense, and one that was a mistake."""
    for compound in "KLMPS":
        await _Paying(world, compound, SERVERS[compound]).fill()
    await _Paying(world, "K", COMMITTEE).fill()


class _Paying:
    """Paying into one book."""

    def __init__(self, world: Ground, compound: str, desk: str) -> None:
        self._world, self._compound, self._desk = world, compound, desk
        self._book, self._home, self._by = f"book of {compound} by {desk}", HOMES[compound], WORKERS[compound]
        row = world.stored
        self._of_book: dict[str, Any] = {"compound_id": row[compound].id, "organisation_id": row[desk].id}
        self._of_book |= {"street_id": row[compound].street_id, "book_id": row[self._book].id}
        self._of_home = {"home_id": row[self._home].id, **self._of_book}
        self._about: dict[str, Told | None] = {"book": world.told[self._book], "home": world.told[self._home]}

    async def _keep(self, name: str, model: Any, columns: dict[str, Any], links: dict[str, Told | None], **how: Any) -> str:
        world, how = self._world, how or {"home": self._home}
        row = await model.create(**planted(model, columns))
        await row.refresh_from_db()
        name = f"{name} of {self._book}"
        world.keep(name, row, world.told[self._compound].street, desk=self._desk, links=links, **how)
        return name

    async def fill(self) -> None:
        row, told = self._world.stored, self._world.told
        of_desk: dict[str, Told | None] = {"book": told[self._book]}
        contract = {"provider": Provider.SANDBOX, "number": f"{plant()}", **self._of_book}
        contract |= {"set_at": (begun := a_moment(plant())), "ended_at": begun + timedelta(days=9)}
        merchant = await self._keep("merchant", models.PaymentMerchant, contract, dict(of_desk), **_NOBODYS)
        await self._compared(merchant)
        for n, state in enumerate((OrderState.PAID, OrderState.MISMATCHED)):
            begun = a_moment(plant())
            columns: dict[str, Any] = {"state": state, "amount": Decimal(plant()), "bill_ids": [f"~{plant()}~"], "late": False}
            columns |= {"paid": Decimal(plant()) if n else None, "opened_at": begun, "expires_at": begun + timedelta(hours=1)}
            columns |= {"ended_at": begun, "opened_by_id": row[self._by].id, "merchant_id": row[merchant].id, **self._of_home}
            links = self._about | {"openedBy": told[self._by]}
            await self._keep(f"order {n}", models.PaymentOrder, columns, links)
        await self._online(merchant, f"order 0 of {self._book}")
        await self._in_suspense()
        await self._mistaken()

    async def _compared(self, merchant: str) -> None:
        """A day that was compared."""
        row, told = self._world.stored, self._world.told
        columns: dict[str, Any] = {"day": _DAY, "state": ReconciliationState.DIFFERENT, "their_total": Decimal(plant())}
        columns |= {"our_total": Decimal(plant()), "fee": Decimal(plant()), "settled": Decimal(plant())}
        columns |= {"differences": [{"planted": f"~{plant()}~"}], "merchant_id": row[merchant].id, **self._of_book}
        links: dict[str, Told | None] = {"book": told[self._book], "merchant": told[merchant]}
        await self._keep("comparison", models.Reconciliation, columns, links, **_NOBODYS)

    async def _payment(self, name: str, columns: dict[str, Any], links: dict[str, Told | None], **how: Any) -> str:
        told, by = self._world.told, self._by
        columns = {"received_on": _DAY, "void_reason": "", "entered_by_id": self._world.stored[by].id, **columns}
        around = self._about | {"enteredBy": told[by], "order": None, "bankFile": None} | links
        return await self._keep(name, models.Payment, {**self._of_home, **columns}, around, **how)

    async def _online(self, merchant: str, order: str) -> None:
        row, told = self._world.stored, self._world.told
        columns: dict[str, Any] = {"method": PaymentMethod.ONLINE, "amount": Decimal(100), "allocated": Decimal(20)}
        columns |= {"refunded": Decimal(5), "charged_back": Decimal(7), "trade": f"~{plant()}~", "matched_by": MatchedBy.GIVEN}
        columns |= {"order_id": row[order].id, "merchant_id": row[merchant].id}
        payment = await self._payment("payment online", columns, {"order": told[order]})
        bill = f"bill 1 of {self._book}"
        of_payment: dict[str, Told | None] = {"payment": told[payment], "home": told[self._home]}
        for n, undone in enumerate(({"undone_at": None, "undone_why": ""}, {"undone_at": a_moment()})):
            went: dict[str, Any] = {"amount": Decimal(20), "payment_id": row[payment].id, "bill_id": row[bill].id, **undone}
            await self._keep(f"part {n}", models.Allocation, {**went, **self._of_home}, of_payment | {"bill": told[bill]})
        receipt = await self._receipt(payment, plant())
        await self._invoice(receipt, InvoiceState.ISSUED)
        back: dict[str, Any] = {"state": RefundState.DONE, "amount": Decimal(5), "payment_id": row[payment].id}
        back |= {"decided_at": a_moment(), "done_at": a_moment(), "requested_by_id": row[self._by].id}
        another = next(name for name in WORKERS.values() if name != self._by)
        back |= {"decided_by_id": row[another].id, **self._of_home}
        links = self._about | {"payment": told[payment], "requestedBy": told[self._by], "decidedBy": told[another]}
        await self._keep("refund", models.Refund, back, links)

    async def _receipt(self, payment: str, number: int, *, void: bool = False) -> str:
        row, told = self._world.stored, self._world.told
        columns: dict[str, Any] = {"number": number, "state": ReceiptState.VOID if void else ReceiptState.ISSUED}
        columns |= {"amount": Decimal(100), "voided_at": a_moment() if void else None, "payment_id": row[payment].id}
        columns |= {} if void else {"void_reason": ""}
        links = self._about | {"payment": told[payment], "invoiceRequest": None}
        return await self._keep(f"receipt {number}", models.Receipt, {**columns, **self._of_home}, links)

    async def _invoice(self, receipt: str, state: InvoiceState) -> None:
        row, told = self._world.stored, self._world.told
        made = state is InvoiceState.ISSUED
        columns: dict[str, Any] = {"state": state, "buyer_kind": BuyerKind.ORGANISATION, "buyer_code": f"{plant()}"[:18]}
        columns |= {"amount": Decimal(100), "exported_at": a_moment(), "ended_at": a_moment(), "receipt_id": row[receipt].id}
        columns |= {"problem": ""} if made else {"invoice_number": ""}
        links = self._about | {"receipt": told[receipt]}
        invoice = await self._keep(f"invoice {state}", models.InvoiceRequest, {**columns, **self._of_home}, links)
        told[receipt].links["invoiceRequest"] = told[invoice]

    async def _in_suspense(self) -> None:
        row, told = self._world.stored, self._world.told
        columns: dict[str, Any] = {
            "state": BankFileState.DONE,
            "lines": 3,
            "matched": 1,
            "suspense": 1,
            "known": 1,
            "waiting": [],
        }
        columns |= {"sha256": f"{plant():a>64}", "total": Decimal(plant()), "entered_by_id": row[self._by].id, **self._of_book}
        links: dict[str, Told | None] = {"book": told[self._book], "enteredBy": told[self._by]}
        file = await self._keep("file", models.BankFile, columns, links, **_NOBODYS)
        columns = {"method": PaymentMethod.BANK_FILE, "amount": Decimal(plant()), "home_id": None, "bank_key": f"~{plant()}~"}
        columns |= {"bank_file_id": row[file].id}
        await self._payment("payment in suspense", columns, {"home": None, "bankFile": told[file]}, **_NOBODYS)

    async def _mistaken(self) -> None:
        columns: dict[str, Any] = {"method": PaymentMethod.CASH, "amount": Decimal(100), "voided_at": a_moment()}
        columns |= {"void_reason": f"~{plant()}~", "matched_by": MatchedBy.GIVEN}
        receipt = await self._receipt(await self._payment("payment by mistake", columns, {}), plant(), void=True)
        await self._invoice(receipt, InvoiceState.FAILED)
