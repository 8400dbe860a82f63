"""The rows of alerts, of what rules remember, and of thresholds."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.alerts.care import CareRung, CareStanding
from domain.alerts.versions import DryRunState, RuleVersionState
from models.rows import Row


class Alert(Row):
    """Something that somebody must look at. At most one is OPEN per (rule, subject_id).

    ``message`` maps a language (``en``, ``zh-CN``) to a sentence. ``reading`` is what raised it last.
    """

    prefix = "alr"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    rule = fields.CharField(max_length=60)
    rule_version = fields.IntField()
    module = fields.CharField(max_length=40)
    severity = fields.CharEnumField(Severity, max_length=40)
    severity_rank = fields.SmallIntField()
    state = fields.CharEnumField(AlertState, max_length=40)
    subject_id = fields.CharField(max_length=30)
    count = fields.IntField(db_default=1)
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    acknowledged_at = fields.DatetimeField(null=True)
    acknowledged_by_id = fields.CharField(max_length=30, null=True)
    cleared_at = fields.DatetimeField(null=True)
    cleared_by_id = fields.CharField(max_length=30, null=True)
    outcome = fields.CharEnumField(AlertOutcome, max_length=40, null=True)
    outcome_note = fields.CharField(max_length=500, db_default="")
    message: fields.JSONField[dict[str, str]] = fields.JSONField()
    reading: fields.JSONField[dict[str, Any]] = fields.JSONField()
    version = fields.IntField(db_default=1)
    device_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert"


class AlertOccurrence(Row):
    """One time at which an alert's condition was seen (raised, repeated, worsened or cleared)."""

    prefix = "occ"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    severity = fields.CharEnumField(Severity, max_length=40)
    reading: fields.JSONField[dict[str, Any]] = fields.JSONField()
    alert: fields.ForeignKeyRelation[Alert] = fields.ForeignKeyField("models.Alert", related_name=False, on_delete=fields.CASCADE)
    alert_id: str
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert_occurrence"


class AlertCare(Row):
    """What is done about an alert after it was raised, one row an alert: see domain/alerts/care.py.

    ``look_at``: when the next thing is due. ``told_severity``: as it was told; null: not told (again) yet. ``rung``: whom it
    has climbed to, the ``climbs``-th from below. ``group_id``: of those that were told together. ``silence_id``,
    ``parent_alert_id``: what holds it back.
    """

    prefix = "alc"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    standing = fields.CharEnumField(CareStanding, max_length=40)
    raised_at = fields.DatetimeField()
    told_severity = fields.CharEnumField(Severity, max_length=40, null=True)
    said_at = fields.DatetimeField(null=True)
    look_at = fields.DatetimeField(null=True)
    repeats = fields.IntField(db_default=0)
    rung = fields.CharEnumField(CareRung, max_length=40, null=True)
    climbs = fields.IntField(db_default=0)
    climbed_at = fields.DatetimeField(null=True)
    group_id = fields.CharField(max_length=30, null=True)
    shelved_until = fields.DatetimeField(null=True)
    shelved_by_id = fields.CharField(max_length=30, null=True)
    shelve_reason = fields.CharField(max_length=500, db_default="")
    silence_id = fields.CharField(max_length=30, null=True)
    parent_alert_id = fields.CharField(max_length=30, null=True)
    rule = fields.CharField(max_length=60)
    subject_id = fields.CharField(max_length=30)
    module = fields.CharField(max_length=40)
    alert: fields.ForeignKeyRelation[Alert] = fields.ForeignKeyField("models.Alert", related_name=False, on_delete=fields.CASCADE)
    alert_id: str
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert_care"


class RuleState(Row):
    """What a rule remembers about a device between readings, so that it survives any restart."""

    prefix = "rst"

    id = fields.CharField(max_length=30, primary_key=True)
    rule = fields.CharField(max_length=60)
    subject_id = fields.CharField(max_length=30)
    state: fields.JSONField[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "rule_state"


class Threshold(Row):
    """Values that replace a rule's own for one street, compound, facility or device: the nearest of the ids that are set.

    A facility's and a device's row has their compound's id as well, and every row its street's.
    """

    prefix = "thr"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    rule = fields.CharField(max_length=60)
    values: fields.JSONField[dict[str, Any]] = fields.JSONField()
    street_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)
    device_id = fields.CharField(max_length=30, null=True)

    @property
    def owner_id(self) -> str:
        """Whose figures they are."""
        return self.device_id or self.facility_id or self.compound_id or self.street_id

    class Meta:
        table = "threshold"


class AlertRuleVersion(Row):
    """A street's own version of a rule. ``definition``: all of it, as domain/steward/definitions writes it; it never changes.

    At most one DRAFT and one LIVE per street and rule.
    """

    prefix = "arv"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    rule = fields.CharField(max_length=60)
    module = fields.CharField(max_length=40)
    number = fields.IntField()
    state = fields.CharEnumField(RuleVersionState, max_length=40)
    definition: fields.JSONField[dict[str, Any]] = fields.JSONField()
    drafted_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    retired_at = fields.DatetimeField(null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert_rule_version"


class AlertRuleDryRun(Row):
    """A version tried on the stored readings of ``since``..``until``.

    ``devices``: how many it watches; ``devices_done``: how many were looked at, in the order of their ids up to ``cursor``.
    ``alert_count``: what it would have raised, of which the first are listed. ``current_count``: what the rule would have
    that held when it was tried.
    """

    prefix = "adr"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(DryRunState, max_length=40)
    since = fields.DatetimeField()
    until = fields.DatetimeField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    devices = fields.IntField()
    devices_done = fields.IntField(db_default=0)
    readings = fields.IntField(db_default=0)
    alert_count = fields.IntField(db_default=0)
    current_count = fields.IntField(db_default=0)
    cursor = fields.CharField(max_length=30, db_default="")
    work_id = fields.BigIntField(null=True)
    version: fields.ForeignKeyRelation[AlertRuleVersion] = fields.ForeignKeyField(
        "models.AlertRuleVersion", related_name=False, on_delete=fields.CASCADE
    )
    version_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert_rule_dry_run"


class DryRunAlert(Row):
    """An alert that a dry run found: it never was, and nobody is told of it."""

    prefix = "dra"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    severity = fields.CharEnumField(Severity, max_length=40)
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    cleared_at = fields.DatetimeField(null=True)
    count = fields.IntField()
    message: fields.JSONField[dict[str, str]] = fields.JSONField()
    device_id = fields.CharField(max_length=30)
    dry_run: fields.ForeignKeyRelation[AlertRuleDryRun] = fields.ForeignKeyField(
        "models.AlertRuleDryRun", related_name=False, on_delete=fields.CASCADE
    )
    dry_run_id: str
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "dry_run_alert"
