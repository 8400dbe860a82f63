"""What is said of alerts when it is due: one announcement for what goes together, one of its own for what is CRITICAL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.alerts import AlertState, Severity
from domain.alerts.care import CareAct, Step
from domain.notices import ALERT_ESCALATED, ALERT_REPEATED, ALERTS_CLEARED, ALERTS_RAISED, ALERTS_WITHDRAWN, Announcement
from models.facts import Actor, record
from models.ids import new_id
from models.notices import announce
from models.tickets import Ticket

from .announcing import alert_data, announce_alert
from .ladders import Rung
from .rows import Alert, AlertCare

#: Alerts of one announcement that are listed one by one; their number is always told.
LISTED = 50
SYSTEM = Actor("system:alerts")


@dataclass(frozen=True)
class _Said:
    row: AlertCare
    alert: Alert
    step: Step
    rungs: Sequence[Rung]
    again: bool

    @property
    def order(self) -> tuple[int, datetime, str]:
        """The worst first."""
        return self.alert.severity.rank, self.alert.first_seen_at, self.alert.id


def _type(said: _Said) -> str:
    """As what several are told together that are like this one."""
    match said.step.act:
        case CareAct.REPEAT:
            return ALERT_REPEATED
        case CareAct.CLIMB:
            return ALERT_ESCALATED
        case CareAct.END:
            return ALERTS_WITHDRAWN if said.alert.state is AlertState.WITHDRAWN else ALERTS_CLEARED
        case _:
            return ALERTS_RAISED


class Voice:
    """Gathers what is to be said at one moment, and says it."""

    def __init__(self, moment: datetime, tickets: Mapping[str, Ticket]) -> None:
        self._moment, self._tickets = moment, tickets
        self._said: dict[tuple[str, ...], list[_Said]] = {}

    def hear(
        self, row: AlertCare, alert: Alert, step: Step, ladders: Mapping[str, Sequence[Rung]], *, again: bool = False
    ) -> None:
        """Take in what is to be said of an alert. What is CRITICAL, or ends and was told as such, is said alone.

        ``again``: people were told it was over.
        """
        if step.act is None:
            return
        told = row.told_severity if step.act is CareAct.END else None
        alone = alert.id if Severity.CRITICAL in (alert.severity, told) else ""
        key = (step.act, row.compound_id, row.module, str(step.care.rung), alone, alert.state)
        self._said.setdefault(key, []).append(_Said(row, alert, step, ladders.get(row.compound_id, ()), again))

    async def speak(self) -> dict[str, str]:
        """Say it. Answers, by the id of the care, under which id those were told that went together."""
        groups: dict[str, str] = {}
        for said in self._said.values():
            said.sort(key=lambda each: each.order)
            first = said[0]
            if first.step.act in {CareAct.TELL, CareAct.END} and len(said) == 1:
                await self._tell_one(first)
                continue
            group_id = new_id("grp")
            groups |= {each.row.id: group_id for each in said if first.step.act is CareAct.TELL}
            await announce(await self._announcement(said, group_id))
            if first.step.act is CareAct.CLIMB:
                for each in said:
                    rung = each.rungs[each.step.care.rung].name
                    await record(SYSTEM, "alertEscalate", each.alert, after={"rung": rung, "severity": each.alert.severity})
        return groups

    async def _tell_one(self, said: _Said) -> None:
        ticket, rungs = self._tickets.get(said.alert.id), said.rungs[: said.step.care.rung + 1]
        told = said.row.told_severity if said.step.act is CareAct.END else None
        await announce_alert(said.alert, ticket=ticket, again=said.again, rungs=rungs, told=told)

    async def _announcement(self, said: Sequence[_Said], group_id: str) -> Announcement:
        first = said[0]
        act, care, rungs = first.step.act, first.step.care, first.rungs
        told = rungs[care.rung : care.rung + 1] if act is CareAct.CLIMB else rungs[: care.rung + 1]
        return Announcement(
            type=_type(first),
            topic=f"{group_id} {first.alert.id}",
            data=await self._data(said, told[-1].name if told else None),
            street_id=first.alert.street_id,
            compound_id=first.alert.compound_id,
            severity=first.alert.severity,
            organisations=frozenset(each for rung in told for each in rung.organisations),
            accounts=frozenset(each for rung in told for each in rung.accounts),
            alert_id=first.alert.id,
        )

    async def _data(self, said: Sequence[_Said], rung: str | None) -> dict[str, Any]:
        """What is told of the worst of them, and a list of all."""
        data = await alert_data(said[0].alert, self._tickets.get(said[0].alert.id))
        del data["ticket"]
        more = len(said) - 1
        if more:
            data["message"] = {
                "en": f"{len(said)} alerts, the worst: {said[0].alert.message.get('en', '')}",
                "zh-CN": f"共 {len(said)} 条告警，其中最重：{said[0].alert.message.get('zh-CN', '')}",
            }
        return data | {
            "rung": rung,
            "count": len(said),
            "minutes": int((self._moment - said[0].row.raised_at).total_seconds() // 60),
            "alerts": [
                {"id": each.alert.id, "rule": each.alert.rule, "severity": each.alert.severity, "message": each.alert.message}
                for each in said[:LISTED]
            ],
        }
