"""Events as they came in, and the readings taken from them. Both tables are partitioned by month."""

from typing import Any

from tortoise import fields

from domain.access import Reach

from .rows import Row


class Event(Row):
    """A CloudEvent accepted by the intake; partitioned by ``received_at``.

    Unique on (organisation, source, event_id) through the table ``event_receipt``.
    """

    prefix = "evt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    source = fields.CharField(max_length=300)
    event_id = fields.CharField(max_length=200)
    type = fields.CharField(max_length=100)
    subject = fields.CharField(max_length=100)
    time = fields.DatetimeField()
    received_at = fields.DatetimeField()
    data: fields.JSONField[dict[str, Any]] = fields.JSONField()
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    device_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "event"


class Reading(Row):
    """One metric of one device at one time; partitioned by ``time``; unique on (device, metric, time).

    Booleans are stored as 0 and 1.
    """

    device_id = fields.CharField(max_length=30, primary_key=True)
    metric = fields.CharField(max_length=40)
    time = fields.DatetimeField()
    value = fields.FloatField()

    class Meta:
        table = "reading"
