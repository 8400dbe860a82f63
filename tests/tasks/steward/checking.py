"""What the tests of checks stand on: devices that say something for a while, things that are due, alerts that are open."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.alerts import AlertState, Severity
from domain.upkeep import DueState, PlanSource, UpkeepKind
from models import Alert, Device, Facility
from models.calendar import zone
from models.upkeep import UpkeepDue
from tests.tasks.feeding import minute, read

#: The moment at which checks run: so many minutes after the stories begin.
NOW_AT = 60


def moment(minutes: float = NOW_AT) -> datetime:
    """So many minutes into the story, an hour unless it is said."""
    return minute(minutes)


async def says(device: Device, metric: str, *at: tuple[float, bool]) -> None:
    """Let a device say yes or no, each (minutes, what)."""
    await read(device, [(minutes, {metric: value}) for minutes, value in at])


async def standing(rule: str) -> dict[str, Severity]:
    """The subjects under an open alert of a rule, and how bad that is."""
    return {alert.subject_id: alert.severity for alert in await Alert.filter(rule=rule, state=AlertState.OPEN)}


async def a_due(facility: Facility, kind: UpkeepKind, in_days: int, **columns: Any) -> UpkeepDue:
    """Something that is due of a facility in so many days (negative: it was)."""
    day = datetime.now(UTC).astimezone(zone()).date() + timedelta(days=in_days)
    return await UpkeepDue.create(
        **{
            "kind": kind,
            "state": DueState.RUNNING,
            "source": PlanSource.DEFAULT,
            "cadence": {"en": "now and then", "zh-CN": "定期"},
            "why": {"en": "because", "zh-CN": "因为"},
            "clause": "a code",
            "due_on": day,
            "since": day - timedelta(days=400),
            "facility_id": facility.id,
            "compound_id": facility.compound_id,
            "street_id": facility.street_id,
            **columns,
        }
    )
