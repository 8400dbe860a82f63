"""What all rows share."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from tortoise import Model
from tortoise.fields import DecimalField

from domain.access import Belonging, Reach
from domain.money import Money

from .ids import new_id


class Row(Model):
    """A stored row.

    ``prefix``: the three letters its ids begin with; a new row gets such an id by itself.
    ``belonging``: by which columns it belongs to a viewer; which of them count for whom is said in domain/policy.
    """

    prefix: ClassVar[str] = ""
    belonging: ClassVar[Belonging] = {}

    def __init__(self, **values: Any) -> None:
        if self.prefix and "id" not in values:
            values["id"] = new_id(self.prefix)
        super().__init__(**values)

    def belongs(self) -> Mapping[Reach, str | None]:
        """The ids this row belongs to, for ``sees`` and ``may`` of domain/permits.py."""
        return {reach: getattr(self, column) for reach, column in self.belonging.items() if isinstance(column, str)}

    def street_of(self) -> str:
        """The street in which it is, also if it belongs to nobody through it."""
        return getattr(self, "street_id", "")

    class Meta:
        abstract = True


class MoneyField(DecimalField[Decimal]):
    """A column of amounts: yuan, exact to the fen. What is read of it is a ``Decimal``.

    ``told_as``: what GraphQL tells it as.
    """

    told_as = Money

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **options)
