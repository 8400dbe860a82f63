"""What the tests of what becomes of alerts stand on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.access import Viewer
from domain.alerts import Severity
from domain.alerts.care import CareStanding
from domain.alerts.versions import RuleVersionState
from domain.duty import DutyLevel
from domain.steward import RULES
from domain.steward.definitions import FIRST_OWN, packed
from models import (
    Account,
    Alert,
    AlertCare,
    AlertRuleVersion,
    Channel,
    Device,
    Notice,
    Organisation,
    Silence,
)
from models.alerts.caring import Raised, attend
from models.alerts.silences import create_silence
from models.calendar import now
from models.duty import add_shift, create_roster
from tests.builders import (
    a_device,
    a_rule_version,
    an_alert,
)
from tests.models.ticket_world import World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

SMOKE, TAMPER, SILENT = "fire_safety.smoke", "fire_safety.tamper", "fire_safety.silent"


class Story(World):
    officer: Viewer
    street_office: Organisation
    start: datetime


async def raised(story: Story, *, device: Device | None = None, rule: str = TAMPER, **columns: Any) -> Alert:
    """An alert of the served compound, just raised and attended to."""
    device = device or await a_device(story.compound)
    alert = await an_alert(device, rule=rule, **{"severity": Severity.MAJOR, **columns})
    await attend([Raised(alert)])
    return alert


async def told(organisation: Organisation | None = None) -> list[str]:
    """The types of what was told, to the channels of one organisation or to all."""
    channels = [each.id for each in await Channel.filter(organisation_id__not_isnull=True)]
    if organisation:
        channels = [each.id for each in await Channel.filter(organisation_id=organisation.id)]
    return await Notice.filter(channel_id__in=channels).order_by("created_at", "id").values_list("type", flat=True)


async def standing(alert: Alert) -> CareStanding:
    return (await AlertCare.get(alert_id=alert.id)).standing


async def on_duty(story: Story, organisation: Organisation, level: DutyLevel, account: Account) -> Account:
    roster = await create_roster(story.officer, organisation.id, name=f"{level}", level=level)
    await add_shift(story.officer, roster.id, account.id, now() - HOUR, now() + 8 * HOUR)
    return account


async def heard(account: Account) -> list[str]:
    """The types of what came to somebody's own inbox."""
    inbox = await Channel.get_or_none(account_id=account.id)
    return await Notice.filter(channel_id=inbox.id).order_by("created_at").values_list("type", flat=True) if inbox else []


async def silence(story: Story, viewer: Viewer | None = None, **changes: Any) -> Silence:
    given = {"ends_at": now() + HOUR, "reason": "The pump is being painted.", "compound_id": story.compound.id, **changes}
    return await create_silence(viewer or story.officer, **given)


async def a_rule_of_the_streets_own(story: Story, like: str, **changes: Any) -> str:
    """The key of a rule that only this street has, like one of the code."""
    key = f"fire_safety.own_{like.partition('.')[2]}"
    definition = packed(replace(RULES[like], key=key, version=FIRST_OWN, **changes))
    await a_rule_version(story.street, like, definition=definition, state=RuleVersionState.LIVE)
    await AlertRuleVersion.filter(rule=like).update(rule=key)
    return key
