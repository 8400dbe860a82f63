"""What the policy says of fields: asked when types are declared, so that nothing can be declared past it."""

import re
from collections.abc import Iterable

from domain.access import Reach, Role
from domain.permits import reaches
from domain.policy import FIELDS, MASKS, Mask, Shown, disclosed

from .declare import Binding, Column, Computed, Count, DeclarationError, Localised, Lookup, Many, NodeType, One, OneOf, Stats

_TABLE = "FIELDS in domain/policy/fields.py"
#: SQL of a masked text.
MASK_SQL = {Mask.FIRST: "(left({0}, 1) || '**')", Mask.STORED: "{0}"}


def ask_policy(node: NodeType) -> None:
    """Settle what the policy says of every field of a type. Raises DeclarationError where they do not fit together."""
    fields = FIELDS.get(node.name, {})
    for name in fields.keys() - node.bindings.keys():
        raise DeclarationError(f"{_TABLE} names {node.name}.{name}, which is not declared: take it out, or declare it")
    ways = [(role, way) for role, way in reaches(node.name, frozenset(Role)) if way in node.belonging]
    for name, binding in node.bindings.items():
        if name not in fields:
            raise DeclarationError(f"{node.name}.{name} has no policy: add it to {_TABLE}, under the class of what it tells")
        binding.data = fields[name]
        _settle(f"{node.name}.{name}", binding, ways)


def _settle(name: str, binding: Binding, ways: list[tuple[Role, Reach]]) -> None:
    shown = {disclosed(binding.data, role, way) for role, way in ways}
    binding.hideable, binding.open = Shown.HIDDEN in shown, shown <= {Shown.VISIBLE}
    if binding.open:
        return
    if isinstance(binding, (Many, Count, Stats)):
        raise DeclarationError(f"{name}: its rows decide who sees what; make it open in {_TABLE}")
    guessed = isinstance(binding, (Column, One)) and (binding.filter or binding.group)
    if guessed or (isinstance(binding, Column) and (binding.sort or binding.aggregate)):
        raise DeclarationError(
            f"{name} is {binding.data}: who sees only the row could guess it by a filter, sort, group or aggregate: drop those"
        )
    if Shown.MASKED in shown and (binding.data not in MASKS or not isinstance(binding, Column) or binding.python_type is not str):
        raise DeclarationError(f"{name} is {binding.data}: masked for some, and only a column of text can be; see MASKS")


def ask_about(name: str, bindings: Iterable[Binding], nodes: dict[str, NodeType], own: NodeType | None = None) -> None:
    """Refuse (DeclarationError) what would tell in another way what the policy does not show to all who see the rows."""
    for binding in bindings:
        match binding:
            case Computed() if own is not None and binding.open:
                node, sql = own, binding.sql
            case Count():
                node, sql = nodes[binding.target], binding.where
            case Many():
                node, sql = nodes[binding.target], f"{{row}}.{binding.sort.removeprefix('-')} {{row}}.{binding.by}"
            case Stats() | Lookup():
                node, sql = nodes[binding.target], f"{{row}}.{binding.by}"
            case _:
                continue
        for column in _closed(node):
            if re.search(rf"\{{row\}}\.{column}\b", sql):
                raise DeclarationError(f"{name}: a field of it would let {node.name}.{column} be guessed, which not all may see")


def _closed(node: NodeType) -> set[str]:
    """The columns that are not visible to all who see the rows."""
    columns: set[str] = set()
    for binding in node.bindings.values():
        if not binding.open and isinstance(binding, (Column, Localised, One, OneOf)):
            columns.add(binding.key if isinstance(binding, (One, OneOf)) else binding.name)
    return columns - {""}
