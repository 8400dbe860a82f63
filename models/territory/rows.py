"""Rows of the territory: places, compounds, buildings, units, homes."""

from typing import Any

from tortoise import fields

from domain.access import Reach
from domain.refusals import RefusalCode, Refused
from domain.territory import CompoundKind, GovernanceMode, HomeUse, PlaceKind
from domain.words import Text
from models.rows import Row


class Place(Row):
    """A street, community, village or grid. A street's ``street_id`` is its own id. ``outline``: see domain/outlines.py.

    ``became_id``: the grid that took it in on ``ended_on``. ``split_from_id``: the grid that it was a part of. ``living``: made
    by the database.
    """

    prefix = "plc"
    belonging = {Reach.STREET: "street_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    kind = fields.CharEnumField(PlaceKind, max_length=40)
    name = fields.CharField(max_length=120)
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)
    outline: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    version = fields.IntField(db_default=1)
    ended_on = fields.DateField(null=True)
    living = fields.BooleanField(null=True, generated=True)
    became_id = fields.CharField(max_length=30, null=True)
    split_from_id = fields.CharField(max_length=30, null=True)
    parent: fields.ForeignKeyNullableRelation["Place"] = fields.ForeignKeyField(
        "models.Place", related_name=False, null=True, on_delete=fields.RESTRICT, db_index=True
    )
    parent_id: str | None
    street: fields.ForeignKeyRelation["Place"] = fields.ForeignKeyField(
        "models.Place", related_name=False, on_delete=fields.RESTRICT
    )
    street_id: str

    class Meta:
        table = "place"

    def check_living(self, field: str) -> None:
        """Refuses (ILLEGAL_MOVE, naming ``field``) a place that has ended."""
        if self.ended_on is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The place ended on {self.ended_on}.", f"该地域已于 {self.ended_on} 撤销。"),
                path=(field,),
                hint=Text("Look for what it became.", "请选择承接它的地域。"),
            )


class Compound(Row):
    """A residential compound (小区). ``home_count`` and ``resident_count`` are what its register says, not counted here."""

    prefix = "cmp"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(CompoundKind, max_length=40)
    governance = fields.CharEnumField(GovernanceMode, max_length=40)
    address = fields.CharField(max_length=200)
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)
    outline: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    handed_over_year = fields.IntField(null=True)
    home_count = fields.IntField(db_default=0)
    resident_count = fields.IntField(db_default=0)
    version = fields.IntField(db_default=1)
    street: fields.ForeignKeyRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, on_delete=fields.RESTRICT
    )
    street_id: str
    community: fields.ForeignKeyRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, on_delete=fields.RESTRICT
    )
    community_id: str
    grid: fields.ForeignKeyNullableRelation[Place] = fields.ForeignKeyField(
        "models.Place", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    grid_id: str | None

    class Meta:
        table = "compound"


class Building(Row):
    """A building (幢/栋) of a compound. ``height_m`` decides the fire rules (high-rise: over 27 m)."""

    prefix = "bld"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=60)
    storeys = fields.IntField()
    height_m = fields.DecimalField(max_digits=6, decimal_places=2, null=True)
    compound: fields.ForeignKeyRelation[Compound] = fields.ForeignKeyField(
        "models.Compound", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    compound_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "building"


class Unit(Row):
    """A unit (单元): a stairwell of a building."""

    prefix = "unt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=70, unique=True)
    name = fields.CharField(max_length=60)
    building: fields.ForeignKeyRelation[Building] = fields.ForeignKeyField(
        "models.Building", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    building_id: str
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "unit"


class Home(Row):
    """A home (户). ``residents`` is a count: no resident is recorded here."""

    prefix = "hom"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.HOME: "id"}

    id = fields.CharField(max_length=30, primary_key=True)
    code = fields.CharField(max_length=80, unique=True)
    name = fields.CharField(max_length=60)
    floor = fields.IntField()
    area_m2 = fields.DecimalField(max_digits=8, decimal_places=2)
    use = fields.CharEnumField(HomeUse, max_length=40, db_default=HomeUse.RESIDENTIAL)
    residents = fields.IntField(db_default=0)
    version = fields.IntField(db_default=1)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    unit_id: str
    compound: fields.ForeignKeyRelation[Compound] = fields.ForeignKeyField(
        "models.Compound", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    compound_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "home"
