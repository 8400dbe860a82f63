"""Channels through which people and systems are told, and the outbox of what to tell them."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.notices import ChannelKind, NoticeState
from models.rows import Row
from models.secrets import open_sealed
from settings import Settings

#: The kind of the work rows that deliver a notice; payload ``{"notice": id}``.
KIND = "notice"


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
