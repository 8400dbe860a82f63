"""Who is told of an alert, and what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.alerts import AlertState, Severity
from domain.alerts.versions import RuleVersionState
from domain.notices import (
    ALERT_CLEARED,
    ALERT_RAISED,
    ALERT_RULE_PUBLISHED,
    ALERT_RULE_RETIRED,
    ALERT_WITHDRAWN,
    TICKET_OPENED,
    Announcement,
)
from domain.organisations import OrganisationKind
from domain.steward import Rule
from domain.words import Text
from models.calendar import today, zone
from models.notices import announce
from models.organisations import Organisation, lasting
from models.territory import Compound, Place
from models.tickets import Ticket, handling_organisation
from models.tickets.telling import ticket_data

from .ladders import Rung
from .rows import Alert, AlertRuleVersion


async def announce_alert(
    alert: Alert, *, ticket: Ticket | None = None, again: bool = False, rungs: Sequence[Rung] = (), told: Severity | None = None
) -> int:
    """Tell of the alert as it is now; how mild it may be is for each channel to say.

    Told are the organisation that serves the compound (its community's office where none does) and, of a CRITICAL alert,
    the street office. Call it inside the transaction that raised, worsened, cleared or withdrew the alert, within ``ringing()``
    (models/work.py); said again of the same state and severity, nothing happens. ``ticket``: the one just opened for the
    alert; machines hear of it in a notice of its own as well. ``again``: people were told that it is over, and it is not.
    ``rungs``: who is told besides, and which people (see ladders.py). ``told``: as how bad it was told, where it is over: whoever
    heard of it as worse than it is now, hears of its end.
    Returns the number of new notices.
    """
    match alert.state:
        case AlertState.OPEN:
            type_, topic = ALERT_RAISED, f"{alert.id} raised {alert.version if again else alert.severity}"
        case AlertState.CLEARED:
            type_, topic = ALERT_CLEARED, f"{alert.id} cleared {_time(alert.cleared_at)}"
        case AlertState.WITHDRAWN:
            type_, topic = ALERT_WITHDRAWN, f"{alert.id} withdrawn"
    severity = told if told and told.worse_than(alert.severity) else alert.severity
    what = Announcement(
        type=type_,
        topic=topic,
        data=await alert_data(alert, ticket),
        street_id=alert.street_id,
        compound_id=alert.compound_id,
        severity=severity,
        organisations=await _told(alert, severity) | {each for rung in rungs for each in rung.organisations},
        accounts=frozenset(each for rung in rungs for each in rung.accounts),
        alert_id=alert.id,
        ticket_id=ticket.id if ticket else None,
    )
    made = await announce(what)
    if ticket is not None:
        data = {**what.data, "ticket": ticket_data(ticket)}
        made += await announce(replace(what, type=TICKET_OPENED, topic=f"{ticket.id} opened", data=data))
    return made


async def _told(alert: Alert, severity: Severity) -> frozenset[str]:
    handling = await handling_organisation(alert.compound_id, today())
    told = {handling} if handling else set[str]()
    if severity is Severity.CRITICAL:
        told |= await _street_offices(alert.street_id)
    return frozenset(told)


async def _street_offices(street_id: str) -> set[str]:
    offices = Organisation.filter(lasting(today()), kind=OrganisationKind.STREET_OFFICE, street_id=street_id)
    return {office.id for office in await offices}


async def announce_version(version: AlertRuleVersion, *, before: Rule | None, after: Rule | None) -> int:
    """Tell the street office that a version of the street's own was published, or that one which held was retired.

    ``before``, ``after``: the rule that held until then, and the one that holds now. Call it as ``announce_alert``.
    """
    live = version.state is RuleVersionState.LIVE
    street = await Place.get(id=version.street_id)
    rule, number = version.rule, version.number
    if live:
        message = Text(f"Version {number} of {rule} holds from now on.", f"规则 {rule} 的第 {number} 版即日生效。")
    elif after:
        message = Text(
            f"Version {number} of {rule} was taken back; version {after.version} holds again.",
            f"规则 {rule} 的第 {number} 版已停用，恢复执行第 {after.version} 版。",
        )
    else:
        message = Text(
            f"Version {number} of {rule} was taken back; nothing watches for it any more.",
            f"规则 {rule} 的第 {number} 版已停用，不再监测。",
        )
    return await announce(
        Announcement(
            type=ALERT_RULE_PUBLISHED if live else ALERT_RULE_RETIRED,
            topic=f"{version.id} {version.state}",
            data={
                "message": message.both(),
                "street": {"id": street.id, "code": street.code, "name": street.name},
                "rule": {"key": rule, "module": version.module},
                "version": {"id": version.id, "number": number},
                "before": {"number": before.version} if before else None,
                "after": {"number": after.version} if after else None,
            },
            street_id=version.street_id,
            compound_id=None,
            organisations=frozenset(await _street_offices(version.street_id)),
        )
    )


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(zone()).isoformat() if moment else None


async def alert_data(alert: Alert, ticket: Ticket | None) -> dict[str, Any]:
    """What a notice carries: ids, words and times; nothing about a person."""
    compound = await Compound.get(id=alert.compound_id)
    return {
        "alert": {
            "id": alert.id,
            "rule": alert.rule,
            "ruleVersion": alert.rule_version,
            "module": alert.module,
            "severity": alert.severity,
            "state": alert.state,
            "firstSeenAt": _time(alert.first_seen_at),
            "lastSeenAt": _time(alert.last_seen_at),
            "clearedAt": _time(alert.cleared_at),
            "deviceId": alert.device_id,
            "facilityId": alert.facility_id,
        },
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": alert.message,
        "ticket": {"id": ticket.id, "number": ticket.number, "dueAt": _time(ticket.due_at)} if ticket else None,
    }
