"""How a GraphQL type is bound to its table: one line a field.

    @node(models.Ticket, "Ticket (工单): something a person asked for.")
    class Ticket:
        number = column("Number (工单号).", sort=True)
        compound = one("Compound", "Compound (小区) it is about.", filter=True)
        comments = many("TicketComment", "Comments (备注), oldest first.", by="ticket_id", sort="at")

A column's GraphQL type and nullability come from the row's field of the same name. A relation names its
target type; what the viewer may not see of it is null (one) or absent (many). ``filter=True`` adds the field
to the type's filter input, ``sort=True`` to its sort enum; both want an index behind them. ``group=True`` lets the
type's rows be counted by it; ``aggregate=True`` adds up a number of the rows that are counted, and ``share=`` tells a
percentage of such numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from tortoise import Model
from tortoise.fields import JSONField
from tortoise.fields.base import Field

from domain.access import Belonging
from domain.money import Money
from domain.policy import READ, DataClass

T = TypeVar("T")


class DeclarationError(Exception):
    """A binding that cannot work; the sentence names it and says how to mend it."""


@dataclass(kw_only=True)
class Binding:
    """What every bound field says of itself; and what the policy says of it (see disclosure.py).

    ``data``: what kind of thing it tells; ``open``: all who see the row see it; ``hideable``: for some of them it is null.
    """

    description: str
    data: DataClass = DataClass.OPEN
    open: bool = True
    hideable: bool = False


@dataclass(kw_only=True)
class Column(Binding):
    """A column of the row, or of ``name`` where the field is called otherwise."""

    name: str = ""
    filter: bool = False
    sort: bool = False
    group: bool = False
    aggregate: bool = False
    share: tuple[str, str] | None = None
    nullable: bool = False
    python_type: Any = str


@dataclass(kw_only=True)
class Localised(Binding):
    """A JSON column that maps languages to text; answered in the request's language."""

    name: str = ""


@dataclass(kw_only=True)
class Computed(Binding):
    """An SQL expression over the row, written ``{row}``, that is never null."""

    sql: str
    python_type: Any


@dataclass(kw_only=True)
class One(Binding):
    """The row that ``key`` points at, or the one row whose unique ``by`` column is this row's id."""

    target: str
    key: str = ""
    by: str = ""
    filter: bool = False
    group: bool = False


@dataclass(kw_only=True)
class OneOf(Binding):
    """The row that ``key`` points at, of any of ``targets`` (of any type, where there are none): its id's prefix tells which."""

    targets: tuple[str, ...]
    key: str = ""


@dataclass(kw_only=True)
class Many(Binding):
    """A connection of the rows whose ``by`` column is this row's id; of all rows where ``by`` is empty (root fields)."""

    target: str
    by: str = ""
    sort: str = ""


@dataclass(kw_only=True)
class Count(Binding):
    """How many rows of ``target`` (that the viewer sees) have ``by`` = this row's id, and fulfil ``where`` over ``{row}``."""

    target: str
    by: str
    where: str = ""


@dataclass(kw_only=True)
class Stats(Binding):
    """Counts of ``target`` rows by some of its groups: of those whose ``by`` column is this row's id, or of all."""

    target: str
    by: str = ""


@dataclass(kw_only=True)
class Lookup(Binding):
    """Root field: the row whose unique column ``by`` equals the argument of the same name."""

    target: str
    by: str


@dataclass(kw_only=True)
class NodeById(Binding):
    """Root field ``node(id:)``."""


@dataclass(kw_only=True)
class NodesByIds(Binding):
    """Root field ``nodes(ids:)``."""


@dataclass(kw_only=True)
class ById(Binding):
    """A field of a mutation's payload: the row whose id the payload's attribute ``attribute`` holds."""

    target: str
    attribute: str


@dataclass(kw_only=True)
class Changed(Binding):
    """Root field of a subscription: the row that changed, re-read through the viewer's access."""

    target: str


def column(
    description: str,
    *,
    name: str = "",
    filter: bool = False,
    sort: bool = False,
    group: bool = False,
    aggregate: bool = False,
    share: tuple[str, str] | None = None,
) -> Any:
    """A column of the row. ``aggregate``: counts of the type's rows also tell its sum, least, greatest and average.

    ``share``: counts of the type's rows tell what percentage the first of these columns is of both, added up over the rows.
    """
    return Column(description=description, name=name, filter=filter, sort=sort, group=group, aggregate=aggregate, share=share)


def localised(description: str, *, name: str = "") -> Any:
    """A JSON column of texts by language, answered in the language of the request."""
    return Localised(description=description, name=name)


def computed(python_type: Any, sql: str, description: str) -> Any:
    """A non-null SQL expression over ``{row}``, of the given Python type."""
    return Computed(description=description, sql=sql, python_type=python_type)


def one(target: str, description: str, *, key: str = "", by: str = "", filter: bool = False, group: bool = False) -> Any:
    """The row that column ``key`` (default: the field's name + ``_id``) points at, or whose unique ``by`` is this id."""
    return One(description=description, target=target, key=key, by=by, filter=filter, group=group)


def one_of(*targets: str, description: str, key: str = "") -> Any:
    """The row of one of these types, or of any type, that column ``key`` (default: the field's name + ``_id``) points at."""
    return OneOf(description=description, targets=targets, key=key)


def many(target: str, description: str, *, by: str = "", sort: str = "") -> Any:
    """A connection of ``target``. ``sort``: the default order, a sortable column, ``-`` before it for descending."""
    return Many(description=description, target=target, by=by, sort=sort)


def count(target: str, description: str, *, by: str, where: str = "") -> Any:
    """The number of ``target`` rows that the viewer sees."""
    return Count(description=description, target=target, by=by, where=where)


def stats(target: str, description: str, *, by: str = "") -> Any:
    """``target`` rows counted by ``groupBy``: by what is declared with ``group=True``; moments are grouped by month."""
    return Stats(description=description, target=target, by=by)


def lookup(target: str, description: str, *, by: str) -> Any:
    """The ``target`` whose unique column ``by`` equals the argument; null when there is none."""
    return Lookup(description=description, target=target, by=by)


def node_by_id(description: str) -> Any:
    """``node(id:)`` over every declared type."""
    return NodeById(description=description)


def nodes_by_ids(description: str) -> Any:
    """``nodes(ids:)`` over every declared type."""
    return NodesByIds(description=description)


def by_id(target: str, attribute: str, *, description: str) -> Any:
    """In a payload: the ``target`` whose id the payload's ``attribute`` holds; null when the attribute is None."""
    return ById(description=description, target=target, attribute=attribute)


def changed(target: str, description: str) -> Any:
    """In a subscription: every ``target`` that changes and that the viewer sees."""
    return Changed(description=description, target=target)


@dataclass
class NodeType:
    """One declared type: its table, how its rows belong, its bindings by GraphQL-side Python name."""

    name: str
    description: str
    table: str
    prefix: str
    belonging: Belonging
    bindings: dict[str, Binding]
    sorts: dict[str, str] = field(default_factory=dict[str, str])
    filters: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def groups(self) -> dict[str, "Column | One"]:
        """What rows can be counted by: the name in ``groupBy`` → the binding."""
        groups = [b for b in self.bindings.values() if isinstance(b, (Column, One)) and b.group]
        return {group_name(binding).upper(): binding for binding in groups}

    @property
    def shares(self) -> dict[str, tuple["Column", tuple[str, str]]]:
        """The percentages that counts of rows tell, by the field's name, with the part and the rest that make the whole."""
        return {name: (b, b.share) for name, b in self.bindings.items() if isinstance(b, Column) and b.share}

    @property
    def aggregates(self) -> dict[str, "Column"]:
        """The numbers that counts of rows tell more of, by the field's name."""
        return {name: b for name, b in self.bindings.items() if isinstance(b, Column) and b.aggregate}


#: Every declared type by its GraphQL name, in order of declaration.
NODES: dict[str, NodeType] = {}


def bindings_of(declaration: type) -> dict[str, Binding]:
    """The bound fields of a class body, in order."""
    return {name: value for name, value in vars(declaration).items() if isinstance(value, Binding)}


def _settle(owner: str, name: str, binding: Binding, columns: Mapping[str, Field[Any]]) -> None:
    """Fill what follows from the row; refuse what cannot work."""
    match binding:
        case Column() | Localised():
            binding.name = binding.name or name
            wanted = binding.name
        case One(by="") | OneOf():
            binding.key = binding.key or f"{name}_id"
            wanted = binding.key
        case _:
            return
    if wanted not in columns and wanted.removesuffix("_id") not in columns:
        raise DeclarationError(f"{owner}.{name}: there is no column {wanted!r}; name it with name= or key=")
    if isinstance(binding, Column):
        row_field = columns[wanted]
        binding.nullable = row_field.null
        is_json = isinstance(row_field, JSONField)
        told_as = getattr(row_field, "told_as", None) or getattr(row_field, "enum_type", None)
        binding.python_type = dict if is_json else told_as or row_field.field_type
        if binding.aggregate and binding.python_type not in {int, Decimal, Money}:
            raise DeclarationError(f"{owner}.{name}: only whole and decimal numbers add up; drop aggregate=")


def sort_name(column_name: str) -> str:
    """``opened_at`` → ``OPENED``: the name of a sort without its direction."""
    return column_name.removesuffix("_at").upper()


def group_name(binding: "Column | One") -> str:
    """What a group is called: ``state``, ``compound``; ``opened_month`` for the moment ``opened_at``."""
    if isinstance(binding, One):
        return binding.key.removesuffix("_id")
    return f"{binding.name.removesuffix('_at')}_month" if binding.python_type is datetime else binding.name


def group_field(binding: "Column | One") -> str:
    """The field of a count that tells its group: as the group is called; ``score_group`` where ``score`` tells its sums."""
    return f"{binding.name}_group" if isinstance(binding, Column) and binding.aggregate else group_name(binding)


def node(row: type[Model], description: str) -> Callable[[type[T]], type[T]]:
    """Bind the decorated class, as the GraphQL type of its name, to ``row``'s table."""

    def bind(declaration: type[T]) -> type[T]:
        name = declaration.__name__
        if name in NODES:
            raise DeclarationError(f"{name} is declared twice")
        if name not in READ:
            raise DeclarationError(f"{name} has no policy: add a row to READ in domain/policy/rows.py")
        columns: dict[str, Field[Any]] = row._meta.fields_map  # pyright: ignore[reportPrivateUsage, reportUnknownVariableType]
        bindings = bindings_of(declaration)
        for key, binding in bindings.items():
            _settle(name, key, binding, columns)
        NODES[name] = NodeType(
            name=name,
            description=description,
            table=row._meta.db_table,  # pyright: ignore[reportPrivateUsage]
            prefix=row.prefix,  # pyright: ignore[reportAttributeAccessIssue,reportUnknownArgumentType,reportUnknownMemberType]
            belonging=row.belonging,  # pyright: ignore[reportAttributeAccessIssue,reportUnknownArgumentType,reportUnknownMemberType]
            bindings=bindings,
            sorts={sort_name(b.name): b.name for b in bindings.values() if isinstance(b, Column) and b.sort},
            filters={
                key: b.name if isinstance(b, Column) else b.key
                for key, b in bindings.items()
                if isinstance(b, (Column, One)) and b.filter
            },
        )
        return declaration

    return bind
