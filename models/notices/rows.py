"""Channels through which people and systems are told, and the outbox of what to tell them."""

import base64
import secrets
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from domain.access import Reach
from domain.alerts import Severity
from domain.notices import (
    ChannelKind,
    Digest,
    Language,
    NoticeLanguage,
    NoticeState,
    Preferences,
    QuietHours,
    clock_time,
    in_languages,
    words_of,
)
from domain.notices.delivery import Breaker, Health, Outcome, PauseReason
from models.calendar import zone
from models.rows import Row
from models.secrets import open_sealed
from settings import Settings

#: The kind of the work rows that deliver a notice; payload ``{"notice": id}``.
KIND = "notice"


#: The kind of the work rows that tell what waited for a digest; payload ``{"channel": id}``.
DIGEST_KIND = "digest"

#: What belongs to one person is nobody else's: only what is of an organisation is seen by those who see the street.
_BELONGING = {Reach.STREET: "office_street_id", Reach.ORGANISATION: "organisation_id", Reach.ACCOUNT: "account_id"}


def new_secret() -> str:
    """A secret that signs a webhook."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


class Channel(Row):
    """A way to reach an organisation, or a person (one of both is set).

    ``host``: what it calls, where it names one (see hosts.py).
    ``target``, ``secret`` and ``old_secret`` are sealed (see models/secrets.py); an inbox has no target, and the text messages
    of a person go to the number of their account. ``types``, ``compound_ids``: it wants none but these; null: all.
    ``quiet_from`` and ``quiet_to``: quiet hours, such as ``22:00``, both or none. ``office_street_id``: the street, if it is
    an organisation's; made by the database. ``breaker`` and what follows it: how its target fares, as Health of
    domain/notices/delivery.py says. ``reserved_until``: until when turns at it are taken. ``sequence``: the number that it
    gave last to what it tells.
    """

    prefix = "chn"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ChannelKind, max_length=40)
    hint = fields.CharField(max_length=120)
    host = fields.CharField(max_length=300, null=True)
    target = fields.BinaryField(null=True)
    secret = fields.BinaryField(null=True)
    old_secret = fields.BinaryField(null=True)
    old_secret_until = fields.DatetimeField(null=True)
    breaker = fields.CharEnumField(Breaker, max_length=40, db_default=Breaker.CLOSED.value)
    failures = fields.IntField(db_default=0)
    breaker_until = fields.DatetimeField(null=True)
    failing_since = fields.DatetimeField(null=True)
    reserved_until = fields.DatetimeField(null=True)
    sequence: "fields.Field[int]" = fields.BigIntField(db_default=0)
    paused_at = fields.DatetimeField(null=True)
    pause_reason = fields.CharEnumField(PauseReason, max_length=40, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    removed_at = fields.DatetimeField(null=True)
    types: "fields.Field[list[str] | None]" = ArrayField("text", null=True)
    compound_ids: "fields.Field[list[str] | None]" = ArrayField("text", null=True)
    least_severity = fields.CharEnumField(Severity, max_length=40, db_default=Severity.MAJOR.value)
    quiet_from = fields.CharField(max_length=5, null=True)
    quiet_to = fields.CharField(max_length=5, null=True)
    digest = fields.CharEnumField(Digest, max_length=40, db_default=Digest.NONE.value)
    digest_at = fields.CharField(max_length=5, db_default="08:00")
    language = fields.CharEnumField(NoticeLanguage, max_length=40, db_default=NoticeLanguage.BOTH.value)
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30, null=True)
    account_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)
    office_street_id = fields.CharField(max_length=30, null=True, generated=True)

    class Meta:
        table = "channel"

    @property
    def preferences(self) -> Preferences:
        """What it wants to be told, and when."""
        return Preferences(
            types=None if self.types is None else frozenset(self.types),
            compounds=None if self.compound_ids is None else frozenset(self.compound_ids),
            least=self.least_severity,
            quiet=QuietHours(clock_time(self.quiet_from, "quiet_from"), clock_time(self.quiet_to, "quiet_to"))
            if self.quiet_from and self.quiet_to
            else None,
            digest=self.digest,
            digest_at=clock_time(self.digest_at, "digest_at"),
        )

    def open_target(self, settings: Settings) -> str:
        """Where it delivers to; empty for what has no target. Raises NoSecretKey and NotOpened."""
        return open_sealed(self.target, settings, of=f"{self.id}.target") if self.target else ""

    def open_secret(self, settings: Settings) -> str:
        """What a webhook is signed with (``whsec_…``); empty for other kinds. Raises NoSecretKey and NotOpened."""
        return open_sealed(self.secret, settings, of=f"{self.id}.secret") if self.secret else ""

    def open_old_secret(self, settings: Settings, now: datetime) -> str:
        """What it was signed with before, while that goes on; else empty. Raises NoSecretKey and NotOpened."""
        if self.old_secret is None or self.old_secret_until is None or self.old_secret_until <= now:
            return ""
        return open_sealed(self.old_secret, settings, of=f"{self.id}.old_secret")

    @property
    def health(self) -> Health:
        """How its target fares."""
        return Health(self.breaker, self.failures, self.breaker_until, self.failing_since)


class Notice(Row):
    """One message to one channel, with its delivery state. Unique on (channel, topic) and on (channel, sequence).

    ``title`` and ``body``: its words by language, as they were when it was made. ``due_at``: until when a HELD one waits.
    ``digest_id``: the notice in which a GATHERED one was told. ``sequence``: its number among what a webhook tells, had when it
    is first taken up. ``turn_at``: its turn at a target that is not called faster. ``taken_until``: until when somebody is at it.
    """

    prefix = "ntc"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    type = fields.CharField(max_length=60)
    topic = fields.CharField(max_length=80)
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()
    title: fields.JSONField[dict[str, str]] = fields.JSONField(db_default="{}")
    body: fields.JSONField[dict[str, str]] = fields.JSONField(db_default="{}")
    severity = fields.CharEnumField(Severity, max_length=40, null=True)
    state = fields.CharEnumField(NoticeState, max_length=40)
    attempts = fields.IntField(db_default=0)
    created_at = fields.DatetimeField()
    next_attempt_at = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    read_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=300, db_default="")
    sequence: "fields.Field[int | None]" = fields.BigIntField(null=True)
    turn_at = fields.DatetimeField(null=True)
    taken_until = fields.DatetimeField(null=True)
    channel: fields.ForeignKeyRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name=False, on_delete=fields.RESTRICT
    )
    channel_id: str
    alert_id = fields.CharField(max_length=30, null=True)
    ticket_id = fields.CharField(max_length=30, null=True)
    digest_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30, null=True)
    account_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)
    office_street_id = fields.CharField(max_length=30, null=True, generated=True)

    class Meta:
        table = "notice"

    def letter(self, language: NoticeLanguage) -> tuple[str, str]:
        """Its title and body as people read them who want this language."""
        titles, bodies = self.title, self.body
        if not titles:  # made before notices had words of their own
            severity = self.severity or self.payload.get("alert", {}).get("severity")
            titles, bodies = words_of(self.type, self.payload, severity, {}, zone())
        return in_languages(titles, language.languages, " / "), in_languages(bodies, language.languages, "\n\n")


class NoticeAttempt(Row):
    """One attempt to deliver a notice. ``milliseconds``: how long it took. ``status``: of HTTP. ``problem``: holds no secret."""

    prefix = "nta"
    belonging = _BELONGING

    id = fields.CharField(max_length=30, primary_key=True)
    at = fields.DatetimeField()
    outcome = fields.CharEnumField(Outcome, max_length=40)
    status = fields.IntField(null=True)
    milliseconds = fields.IntField()
    problem = fields.CharField(max_length=300, db_default="")
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name=False, on_delete=fields.CASCADE
    )
    notice_id: str
    organisation_id = fields.CharField(max_length=30, null=True)
    account_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)
    office_street_id = fields.CharField(max_length=30, null=True, generated=True)

    class Meta:
        table = "notice_attempt"


class NoticeTemplate(Row):
    """Words that a street writes itself for one type of notice in one language, in place of those in domain/notices."""

    prefix = "ntt"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    type = fields.CharField(max_length=60)
    language = fields.CharEnumField(Language, max_length=40)
    title = fields.CharField(max_length=120)
    body = fields.TextField()
    changed_at = fields.DatetimeField()
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "notice_template"
