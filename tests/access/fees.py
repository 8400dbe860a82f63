"""What homes of the story are charged: items with prices and shares, meters, a run, bills and what was taken back of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import models
from domain.bill_runs import BillRunState
from domain.bills import BillKind, CreditKind, FeeUnit
from domain.charges import ChargeFault, ExemptionReason, FeeBasis, FeeKind, ShareBy, TierBasis
from domain.jobs import JobState
from domain.ledger import AccountCode
from domain.money import Rounding

from .desk import SERVERS
from .ledger import HOMES
from .people import COMMITTEE
from .story import Told, a_moment, plant, planted
from .world import Ground

_FIRST, _LAST = date(2024, 3, 1), date(2024, 3, 31)


async def fees(world: Ground) -> None:
    """In each book two items, one of them over, and a run that billed one home twice."""
    for compound in "KLMPS":
        await _Charging(world, compound, SERVERS[compound]).fill()
    await _Charging(world, "K", COMMITTEE).fill()


class _Charging:
    """Charging by one book."""

    def __init__(self, world: Ground, compound: str, desk: str) -> None:
        self._world, self._compound, self._desk = world, compound, desk
        self._book, self._home = f"book of {compound} by {desk}", HOMES[compound]
        row = world.stored
        self._place: dict[str, Any] = {"compound_id": row[compound].id, "organisation_id": row[desk].id}
        self._place["street_id"] = row[compound].street_id
        self._of_home = {"home_id": row[self._home].id, **self._place}

    async def _keep(self, name: str, model: Any, columns: dict[str, Any], links: dict[str, Told | None], **how: Any) -> str:
        world, compound = self._world, self._compound
        row = await model.create(**planted(model, columns))
        await row.refresh_from_db()
        name = f"{name} of {self._book}"
        near = () if how else (compound,)
        world.keep(name, row, world.told[compound].street, *near, desk=self._desk, links=links, **how)
        return name

    async def fill(self) -> None:
        row, told = self._world.stored, self._world.told
        about: dict[str, Told | None] = {"book": told[self._book], "compound": told[self._compound]}
        items: list[str] = []
        for kind, over in ((FeeKind.AREA, None), (FeeKind.SHARED, date(2024, 12, 1))):
            columns: dict[str, Any] = {"code": f"~{plant()}~", "kind": kind, "account": AccountCode.SERVICE_INCOME, "months": 1}
            columns |= {"unit": FeeUnit.M2, "rounding": Rounding.FEN_HALF_UP, "tier_basis": TierBasis.MONTH, "ended_on": over}
            columns |= {"starts_on": _FIRST, "share_by": ShareBy.AREA if over else None, "book_id": row[self._book].id}
            links = about | {"organisation": told[self._desk]}
            items.append(await self._keep(f"item {kind}", models.FeeItem, {**columns, **self._place}, links))
        of_item: dict[str, Any] = {"fee_item_id": row[items[0]].id, **self._place}
        priced = {
            "starts_on": _FIRST,
            "basis_on": _FIRST,
            "price": Decimal(plant()) / 1_000_000,
            "basis": FeeBasis.CONTRACT,
            **of_item,
        }
        priced["tiers"] = [{"upto": None, "price": f"{plant()}"}]
        await self._keep("price", models.FeePrice, priced, {"feeItem": told[items[0]]})
        common = {"period_from": _FIRST, "period_to": _LAST, "amount": Decimal("12.50"), **of_item}
        await self._keep("cost", models.SharedCost, common, {"feeItem": told[items[0]]})
        await self._at_home(items[0], of_item)
        await self._run(items[0], about)

    async def _at_home(self, item: str, of_item: dict[str, Any]) -> None:
        row, told, home = self._world.stored, self._world.told, self._home
        links: dict[str, Told | None] = {"feeItem": told[item], "home": told[home]}
        part: dict[str, Any] = {"starts_on": _FIRST, "ends_on": _LAST, "exemption": ExemptionReason.HARDSHIP, **of_item}
        part |= {"book_id": row[self._book].id, **self._of_home}
        await self._keep("part", models.FeeAssignment, part, links, home=home)
        counted: dict[str, Any] = {
            "digits": 5,
            "value": Decimal(12),
            "charged": Decimal(12),
            "started_on": _FIRST,
            "read_on": _LAST,
        }
        counted |= {"ended_on": _LAST, "book_id": row[self._book].id, "turns": 0, **of_item, **self._of_home}
        meter = await self._keep("meter", models.Meter, counted, links, home=home)
        reading = {
            "read_on": _LAST,
            "value": Decimal(12),
            "used": Decimal(12),
            "meter_id": row[meter].id,
            **of_item,
            **self._of_home,
        }
        await self._keep("reading", models.MeterReading, reading, {"meter": told[meter]}, home=home)

    async def _run(self, item: str, about: dict[str, Told | None]) -> None:
        row, told, home = self._world.stored, self._world.told, self._home
        job = f"{self._compound} job {JobState.DONE}"
        shown = {"planted": f"~{plant()}~"}
        columns: dict[str, Any] = {"month": _FIRST, "state": BillRunState.REVERSED, "item_ids": [], "examples": [shown]}
        columns |= {"issued_on": _FIRST, "due_on": _LAST, "ended_at": a_moment(), "job_id": row[job].id, **self._place}
        columns |= {"after_home_id": "", "book_id": row[self._book].id}
        run = await self._keep("run", models.BillRun, columns, about | {"job": told[job]}, person="nobody in particular")
        of_run: dict[str, Any] = {"run_id": row[run].id, "fee_item_id": row[item].id, **self._place}
        links: dict[str, Told | None] = {"run": told[run], "feeItem": told[item]}
        billed = {"period_from": _FIRST, "period_to": _LAST, **of_run}
        await self._keep("run item", models.BillRunItem, billed, links, person="nobody in particular")
        fault = {"fault": ChargeFault.NO_PRICE, **of_run, **self._of_home}
        await self._keep("fault", models.BillRunFault, fault, links | {"home": told[home]}, person="nobody in particular")
        first = await self._bill(1, run, item, about, None)
        await self._bill(2, run, item, about, first)

    async def _bill(self, n: int, run: str, item: str, about: dict[str, Told | None], before: str | None) -> str:
        row, told, home = self._world.stored, self._world.told, self._home
        columns: dict[str, Any] = {"number": plant(), "kind": BillKind.FEES, "period_from": _FIRST, "period_to": _LAST}
        columns |= {"issued_on": _FIRST, "due_on": _LAST, "total": Decimal(100), "paid": Decimal(20), "credited": Decimal(30)}
        columns |= {"run_id": row[run].id, "corrects_id": before and row[before].id, "book_id": row[self._book].id}
        links = about | {"run": told[run], "corrects": told[before] if before else None, "home": told[home]}
        links["organisation"] = told[self._desk]
        bill = await self._keep(f"bill {n}", models.Bill, {**columns, **self._of_home}, links, home=home)
        line: dict[str, Any] = {"number": 1, "account": AccountCode.SERVICE_INCOME, "period_from": _FIRST, "period_to": _LAST}
        line |= {"description": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}, "quantity": Decimal(10), "unit": FeeUnit.M2}
        line |= {"unit_price": Decimal(10), "amount": Decimal(100), "tier": n, "bill_id": row[bill].id, **self._of_home}
        line |= {"fee_item_id": row[item].id, "credited": Decimal(30)}
        kept = await self._keep(f"bill {n} line", models.BillLine, line, {"bill": told[bill], "feeItem": told[item]}, home=home)
        note: dict[str, Any] = {"number": plant(), "kind": CreditKind.WAIVER, "amount": Decimal(30), "issued_on": _LAST}
        note |= {"bill_id": row[bill].id, "book_id": row[self._book].id, **self._of_home}
        of_bill: dict[str, Told | None] = {"bill": told[bill], "book": told[self._book], "home": told[home]}
        credited = await self._keep(f"bill {n} note", models.CreditNote, note, of_bill, home=home)
        of_note = {"amount": Decimal(30), "credit_note_id": row[credited].id, "bill_line_id": row[kept].id, **self._of_home}
        around: dict[str, Told | None] = {"creditNote": told[credited], "billLine": told[kept]}
        await self._keep(f"bill {n} note line", models.CreditNoteLine, of_note, around, home=home)
        return bill
