"""Rows of facilities and of the devices that sense them."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus, ZoneKind
from models.rows import Row
from models.territory import Building, Compound


class Facility(Row):
    """Something that stands in a compound and can break.

    ``attributes``: what is kept of its kind, as domain/facilities/kinds.py says. ``scrap_on``: what follows from them, the day on
    which it must be taken out. ``unit_id``: the stairwell, of the building, that it is in.
    """

    prefix = "fac"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=60, unique=True)
    kind = fields.CharEnumField(FacilityKind, max_length=40)
    name = fields.CharField(max_length=120)
    status = fields.CharEnumField(FacilityStatus, max_length=40, db_default=FacilityStatus.IN_SERVICE)
    status_since = fields.DatetimeField()
    version = fields.IntField(db_default=1)
    compound: fields.ForeignKeyRelation[Compound] = fields.ForeignKeyField(
        "models.Compound", related_name=False, on_delete=fields.RESTRICT
    )
    compound_id: str
    building: fields.ForeignKeyNullableRelation[Building] = fields.ForeignKeyField(
        "models.Building", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    building_id: str | None
    unit_id = fields.CharField(max_length=30, null=True)
    attributes: fields.JSONField[dict[str, Any]] = fields.JSONField(db_default="{}")
    scrap_on = fields.DateField(null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "facility"


class FacilityStatusChange(Row):
    """One entry of a facility's status history."""

    prefix = "fsc"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    status = fields.CharEnumField(FacilityStatus, max_length=40)
    since = fields.DatetimeField()
    note = fields.CharField(max_length=500, db_default="")
    facility: fields.ForeignKeyRelation[Facility] = fields.ForeignKeyField(
        "models.Facility", related_name=False, on_delete=fields.RESTRICT
    )
    facility_id: str
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "facility_status_change"


class Zone(Row):
    """A part of a compound that cameras are to cover. ``ended_at``: since when that is not asked any more."""

    prefix = "zon"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ZoneKind, max_length=40)
    name = fields.CharField(max_length=60)
    declared_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "zone"


class ZoneCamera(Row):
    """A camera that covers a zone of its compound."""

    prefix = "zcm"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    since = fields.DatetimeField()
    zone_id = fields.CharField(max_length=30)
    facility_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "zone_camera"


class Device(Row):
    """A sensing device. ``last_reading`` maps each metric to its newest value by event time.

    ``parent_id``: the device of the same compound through which it is heard, a gateway for one.
    """

    prefix = "dev"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=60, unique=True)
    kind = fields.CharEnumField(DeviceKind, max_length=40)
    name = fields.CharField(max_length=120)
    last_seen_at = fields.DatetimeField(null=True)
    last_reading: fields.JSONField[dict[str, Any]] = fields.JSONField(db_default="{}")
    retired_at = fields.DatetimeField(null=True)
    maker = fields.CharField(max_length=120, db_default="")
    parent_id = fields.CharField(max_length=30, null=True)
    facility: fields.ForeignKeyNullableRelation[Facility] = fields.ForeignKeyField(
        "models.Facility", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    facility_id: str | None
    compound: fields.ForeignKeyRelation[Compound] = fields.ForeignKeyField(
        "models.Compound", related_name=False, on_delete=fields.RESTRICT
    )
    compound_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "device"
