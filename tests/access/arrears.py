"""What homes of the story owe: ladders and terms of each book; a case, a plan, a dispute, a late fee and a file for a court."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import models
from domain.arrears.cases import CaseState, DeliveryWay
from domain.arrears.disputes import DisputeReason, DisputeState
from domain.arrears.instalments import PlanState
from domain.arrears.ladder import ReminderKind

from .desk import SERVERS, WORKERS
from .ledger import HOMES
from .people import COMMITTEE
from .story import Told, a_moment, plant, planted
from .world import Ground

_DAY, _LATER = date(2024, 5, 1), date(2024, 5, 31)


async def arrears(world: Ground) -> None:
    """Of one home for each book."""
    for compound in "KLMPS":
        await _Owing(world, compound, SERVERS[compound]).fill()
    await _Owing(world, "K", COMMITTEE).fill()


class _Owing:
    """What is owed by one book."""

    def __init__(self, world: Ground, compound: str, desk: str) -> None:
        self._world, self._compound, self._desk = world, compound, desk
        self._book, self._home = f"book of {compound} by {desk}", HOMES[compound]
        row, told = world.stored, world.told
        self._of_book: dict[str, Any] = {"book_id": row[self._book].id, "compound_id": row[compound].id}
        self._of_book |= {"organisation_id": row[desk].id, "street_id": row[compound].street_id}
        self._of_home = {"home_id": row[self._home].id, **self._of_book}
        self._around: dict[str, Told | None] = {"book": told[self._book], "organisation": told[desk]}
        self._around["compound"] = told[compound]
        self._at_home = self._around | {"home": told[self._home]}

    async def _keep(self, name: str, model: Any, columns: dict[str, Any], links: dict[str, Told | None], **how: Any) -> str:
        fields = model._meta.fields_map
        row = await model.create(**planted(model, {key: value for key, value in columns.items() if key in fields}))
        name = f"{name} of {self._book}"
        near = () if how else (self._compound,)
        self._world.keep(name, row, self._world.told[self._compound].street, *near, desk=self._desk, links=links, **how)
        if hasattr(row, "version") or model is models.CourtFile:
            await self._world.happened(name)
        return name

    async def fill(self) -> None:
        row, told, home = self._world.stored, self._world.told, self._home
        steps = [{"kind": ReminderKind.DEMAND, "after_days": plant(), "period_days": plant()}]
        await self._keep("ladder", models.ReminderLadder, {"steps": steps, "running": False, **self._of_book}, dict(self._around))
        said = {"per_day": Decimal("0.0003"), "cap": Decimal("0.2"), "starts_on": _DAY, "ends_on": _LATER, **self._of_book}
        await self._keep("terms", models.LateFeeTerms, said, dict(self._around))
        days = {"opened_on": _DAY, "sent_on": _DAY, "pay_by": _LATER, "closed_on": _LATER, "step": 1}
        case = await self._keep(
            "case", models.ArrearsCase, {"state": CaseState.CLOSED, **days, **self._of_home}, dict(self._at_home), home=home
        )
        told_: dict[str, Any] = {"kind": ReminderKind.DEMAND, "step": 1, "amount": Decimal(plant()), "oldest_due_on": _DAY}
        told_ |= {"pay_by": _LATER, "delivered_way": DeliveryWay.BY_HAND, "delivered_on": _DAY, "case_id": row[case].id}
        told_ |= {"message": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}, "bills": [{"number": f"~{plant()}~"}]}
        links = self._at_home | {"case": told[case]}
        await self._keep("reminder", models.Reminder, {**told_, **self._of_home}, links, home=home)
        file = {"amount": Decimal(plant()), "case_id": row[case].id, "made_by_id": row[WORKERS[self._compound]].id}
        made = links | {"madeBy": told[WORKERS[self._compound]]}
        await self._keep("file", models.CourtFile, {**file, **self._of_home}, made, home=home)
        await self._agreed()

    async def _agreed(self) -> None:
        row, told, home = self._world.stored, self._world.told, self._home
        bill = f"bill 1 of {self._book}"
        sums = {"total": Decimal(plant()), "paid": Decimal(plant()), "parts": 2, "bill_ids": [row[bill].id]}
        days = {"state": PlanState.KEPT, "agreed_on": _DAY, "ended_on": _LATER}
        plan = await self._keep("plan", models.InstalmentPlan, {**sums, **days, **self._of_home}, dict(self._at_home), home=home)
        part = {"due_on": _DAY, "amount": Decimal(plant()), "plan_id": row[plan].id, **self._of_home}
        await self._keep("part", models.Instalment, part, {"plan": told[plan]}, home=home)
        against: dict[str, Any] = {"reason": DisputeReason.AMOUNT, "state": DisputeState.UPHELD, "credited": Decimal(plant())}
        against |= {"closed_at": a_moment(), "answered_at": a_moment(), "bill_id": row[bill].id}
        against |= {"opened_by_id": row[WORKERS[self._compound]].id, **self._of_home}
        links = self._at_home | {"bill": told[bill]}
        await self._keep("dispute", models.BillDispute, against, links, home=home, person=WORKERS[self._compound])
        late = {"until": _LATER, "amount": Decimal(plant()), "bill_id": row[bill].id, "late_bill_id": row[bill].id}
        own: dict[str, Told | None] = {key: links[key] for key in ("book", "organisation", "home", "bill")}
        await self._keep("late fee", models.LateFeeCharge, {**late, **self._of_home}, own | {"lateBill": told[bill]}, home=home)
