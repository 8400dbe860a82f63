"""Channels through which people and systems are told, and the outbox of what to tell them."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import connections, fields
from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.alerts import AlertState, Severity
from domain.notices import ALERT_CLEARED, ALERT_RAISED, TICKET_OPENED, ChannelKind, NoticeState, back_off, target_hint
from domain.organisations import OrganisationKind
from settings import Settings

from .alerts import Alert
from .calendar import today, zone
from .facts import record
from .ids import new_id
from .organisations import Organisation
from .permits import actor_of, found, permit, permitted
from .rows import Row
from .secrets import open_sealed, seal
from .territory import Compound
from .tickets import Ticket
from .tickets.opening import handling_organisation
from .work import add

#: The kind of the work rows that deliver a notice; payload ``{"notice": id}``.
KIND = "notice"

#: The mildest severity of which channels are told.
ANNOUNCED = Severity.MAJOR


class Channel(Row):
    """A way to reach an organisation. ``target`` and ``secret`` are sealed (see models/secrets.py)."""

    prefix = "chn"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ChannelKind, max_length=40)
    hint = fields.CharField(max_length=120)
    target = fields.BinaryField()
    secret = fields.BinaryField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    removed_at = fields.DatetimeField(null=True)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "channel"

    def open_target(self, settings: Settings) -> str:
        """Where it delivers to. Raises NoSecretKey and NotOpened."""
        return open_sealed(self.target, settings, of=f"{self.id}.target")

    def open_secret(self, settings: Settings) -> str:
        """What a webhook is signed with (``whsec_…``); empty for other kinds. Raises NoSecretKey and NotOpened."""
        return open_sealed(self.secret, settings, of=f"{self.id}.secret") if self.secret else ""


class Notice(Row):
    """One message to one channel, with its delivery state. Unique on (channel, topic)."""

    prefix = "ntc"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    type = fields.CharField(max_length=60)
    topic = fields.CharField(max_length=80)
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()
    state = fields.CharEnumField(NoticeState, max_length=40)
    attempts = fields.IntField(db_default=0)
    created_at = fields.DatetimeField()
    next_attempt_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=300, db_default="")
    channel: fields.ForeignKeyRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name=False, on_delete=fields.RESTRICT
    )
    channel_id: str
    alert_id = fields.CharField(max_length=30, null=True)
    ticket_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "notice"


async def add_channel(
    viewer: Viewer, organisation_id: str, kind: ChannelKind, target: str, *, settings: Settings
) -> tuple[Channel, str]:
    """Add a channel of an organisation; returns it and the secret its messages are signed with.

    The secret (``whsec_…``; empty unless the kind is WEBHOOK) cannot be had again. ``target`` looks as
    ``domain.notices.TARGETS`` says. Refuses NOT_FOUND (organisation), FORBIDDEN, INVALID (target). Raises NoSecretKey.
    """
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        channel = Channel(id=new_id(Channel.prefix), kind=kind, organisation_id=organisation.id, street_id=organisation.street_id)
        permit(viewer, "channelAdd", channel)
        channel.hint = target_hint(kind, target, plain=settings.webhook_allow_private)
        channel.target = seal(target, settings, of=f"{channel.id}.target")
        secret = ""
        if kind is ChannelKind.WEBHOOK:
            secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
            channel.secret = seal(secret, settings, of=f"{channel.id}.secret")
        await channel.save()
        await record(actor_of(viewer), "channelAdd", channel, after={"kind": kind, "hint": channel.hint})
        return channel, secret


async def remove_channel(viewer: Viewer, channel_id: str) -> Channel:
    """Stop telling through a channel; what still waits for it is given up. A channel that is removed stays as it is.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        channel = await permitted(Channel, channel_id, viewer, "channelRemove")
        if channel.removed_at is None:
            channel.removed_at = datetime.now(UTC)
            await channel.save(update_fields=["removed_at"])
            await record(actor_of(viewer), "channelRemove", channel, after={"removed_at": channel.removed_at.isoformat()})
        return channel


async def announce(alert: Alert, *, ticket: Ticket | None = None) -> int:
    """Leave a notice, and the work of sending it, for every channel that must hear of the alert as it is now.

    What is milder than ANNOUNCED is found in the lists. Told are the organisation that serves the compound (its
    community's office where none does) and, of a CRITICAL alert, the street office. Call it inside the transaction that
    raised, worsened or cleared the alert, within ``ringing()`` (models/work.py); said again of the same state and
    severity, nothing happens. ``ticket``: the one just opened for the alert; webhooks hear of it in a notice of its own
    as well. Returns the number of new notices.
    """
    if ANNOUNCED.worse_than(alert.severity):
        return 0
    channels = await _channels(alert)
    if not channels:
        return 0
    data = await _data(alert, ticket)
    cleared = alert.state is AlertState.CLEARED
    type_, topic = (ALERT_CLEARED, f"{alert.id} cleared") if cleared else (ALERT_RAISED, f"{alert.id} raised {alert.severity}")
    made = 0
    for channel in channels:
        made += await _leave(channel, type_, topic, data, alert, ticket)
        if ticket is not None and channel.kind is ChannelKind.WEBHOOK:
            made += await _leave(channel, TICKET_OPENED, f"{ticket.id} opened", data, alert, ticket)
    return made


async def _channels(alert: Alert) -> list[Channel]:
    told = [await handling_organisation(alert.compound_id, today())]
    if alert.severity is Severity.CRITICAL:
        offices = Organisation.filter(kind=OrganisationKind.STREET_OFFICE, street_id=alert.street_id)
        told += await offices.values_list("id", flat=True)
    return await Channel.filter(organisation_id__in=[each for each in told if each], removed_at=None).order_by("id")


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(zone()).isoformat() if moment else None


async def _data(alert: Alert, ticket: Ticket | None) -> dict[str, Any]:
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


async def _leave(channel: Channel, type_: str, topic: str, data: dict[str, Any], alert: Alert, ticket: Ticket | None) -> bool:
    """Store one notice and the work of sending it, once per channel and topic."""
    rows = await connections.get("default").execute_query_dict(
        """
        INSERT INTO notice (id, type, topic, payload, state, created_at, next_attempt_at, channel_id, alert_id, ticket_id,
            organisation_id, street_id)
        VALUES ($1, $2, $3, $4::jsonb, 'PENDING', now(), now(), $5, $6, $7, $8, $9)
        ON CONFLICT (channel_id, topic) DO NOTHING RETURNING id
        """,
        [
            *(new_id(Notice.prefix), type_, topic, JSON_DUMPS(data), channel.id, alert.id),
            *(ticket.id if ticket else None, channel.organisation_id, channel.street_id),
        ],
    )
    for row in rows:
        await add(KIND, {"notice": row["id"]})
    return bool(rows)


async def note_sent(notice: Notice) -> None:
    """The channel accepted it. A notice that is no longer PENDING stays as it is."""
    await Notice.filter(id=notice.id, state=NoticeState.PENDING).update(
        state=NoticeState.SENT, sent_at=datetime.now(UTC), attempts=notice.attempts + 1, next_attempt_at=None, last_error=""
    )


async def note_failure(notice: Notice, problem: str, *, for_good: bool = False) -> timedelta | None:
    """An attempt failed. Returns the wait before the next one; None: given up (always so when ``for_good``).

    ``problem`` is shown to people: it holds no secret and no part of the target.
    """
    attempts = notice.attempts + 1
    wait = None if for_good else back_off(attempts)
    await Notice.filter(id=notice.id, state=NoticeState.PENDING).update(
        state=NoticeState.DEAD if wait is None else NoticeState.PENDING,
        attempts=attempts,
        next_attempt_at=None if wait is None else datetime.now(UTC) + wait,
        last_error=problem[:300],
    )
    return wait
