"""Rows of warm stations. All that is a station's belongs to whoever keeps the station, and goes along when that changes."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.stations import (
    ClosureReason,
    EquipmentKind,
    EquipmentState,
    ItemKind,
    LoanState,
    MovementKind,
    PointKind,
    ServiceKind,
    Visitors,
)
from models.rows import Row

_KEPT = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id", Reach.OFFICE: "office_id"}


class _Doors(Row):
    """Where the doors of something are. ``opens`` and ``closes``: times of day, both null round the clock."""

    address = fields.CharField(max_length=200)
    latitude = fields.FloatField()
    longitude = fields.FloatField()
    opens = fields.CharField(max_length=5, null=True)
    closes = fields.CharField(max_length=5, null=True)

    class Meta:
        abstract = True


class Station(_Doors):
    """A warm station in a business grid.

    ``organisation_id`` runs it; ``office_id``: the office of the grid's community, the organisation itself where there is none.
    """

    prefix = "stn"
    belonging = _KEPT

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    name = fields.CharField(max_length=60)
    police_point = fields.BooleanField(db_default=False)
    opened_at = fields.DatetimeField(auto_now_add=True)
    ended_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    grid_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    office_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "station"

    @property
    def keepers(self) -> dict[str, Any]:
        """The columns that say whose it is, for what is a station's."""
        return {
            "station_id": self.id,
            "organisation_id": self.organisation_id,
            "office_id": self.office_id,
            "street_id": self.street_id,
        }


class _Kept(Row):
    """What is a station's."""

    belonging = _KEPT

    station_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    office_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        abstract = True

    @property
    def keepers(self) -> dict[str, Any]:
        """The columns that say whose it is."""
        return {name: getattr(self, name) for name in ("station_id", "organisation_id", "office_id", "street_id")}


class StationClosure(_Kept):
    """A time for which a station is closed, ``ends_at`` not included (null: until further notice). No two overlap."""

    prefix = "stc"

    id = fields.CharField(max_length=30, primary_key=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True)
    reason = fields.CharEnumField(ClosureReason, max_length=40)
    note = fields.CharField(max_length=500, db_default="")

    class Meta:
        table = "station_closure"


class StationEquipment(_Kept):
    """Furnishing or equipment of a station."""

    prefix = "ste"

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(EquipmentKind, max_length=40)
    name = fields.CharField(max_length=60)
    amount = fields.IntField()
    state = fields.CharEnumField(EquipmentState, max_length=40)
    state_since = fields.DatetimeField()
    note = fields.CharField(max_length=500, db_default="")
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "station_equipment"


class StationItem(_Kept):
    """Something that a station has in stock. ``low_since``: since when there is less of it than ``minimum``."""

    prefix = "sti"

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ItemKind, max_length=40)
    name = fields.CharField(max_length=60)
    unit = fields.CharField(max_length=10)
    in_stock = fields.IntField()
    lent = fields.IntField(db_default=0)
    minimum = fields.IntField()
    low_since = fields.DatetimeField(null=True)
    added_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "station_item"


class StationLoan(_Kept):
    """One piece of an item, lent to the number of a slip; to whom, is written nowhere. A slip is out once at a time."""

    prefix = "stl"

    id = fields.CharField(max_length=30, primary_key=True)
    slip = fields.CharField(max_length=8)
    state = fields.CharEnumField(LoanState, max_length=40, db_default=LoanState.OUT)
    lent_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    item_id = fields.CharField(max_length=30)

    class Meta:
        table = "station_loan"


class StationMovement(_Kept):
    """A change of an item's stock: ``amount`` more (or less), after which there were ``in_stock``."""

    prefix = "stm"

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(MovementKind, max_length=40)
    amount = fields.IntField()
    in_stock = fields.IntField()
    at = fields.DatetimeField()
    item_id = fields.CharField(max_length=30)

    class Meta:
        table = "station_movement"


class StationService(_Kept):
    """What a partner offers in a station, from ``starts_on`` to ``ends_on`` (both included; null: open). ``times``: in words."""

    prefix = "sts"

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ServiceKind, max_length=40)
    name = fields.CharField(max_length=60)
    partner = fields.CharField(max_length=120)
    times = fields.CharField(max_length=120)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)

    class Meta:
        table = "station_service"


class StationPoint(_Doors, _Kept):
    """A service point that a station keeps beyond its own doors."""

    prefix = "stp"

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(PointKind, max_length=40)
    name = fields.CharField(max_length=60)
    opened_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "station_point"


class StationVisit(_Kept):
    """How many came in the hour that begins at ``hour``, by their line of work; never who."""

    prefix = "stv"

    id = fields.CharField(max_length=30, primary_key=True)
    hour = fields.DatetimeField()
    visitors = fields.CharEnumField(Visitors, max_length=40)
    visits = fields.IntField()

    class Meta:
        table = "station_visit"
