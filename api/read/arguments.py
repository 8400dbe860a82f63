"""Arguments as shapes and getters.

A statement is compiled once per *shape* of its arguments (which are given, which are null, which enum value)
and run many times with other values. So an argument is read at compile time as a tree of getters that fetch
the value again from each request's variables.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_input_object_type,
    print_ast,
)
from graphql.execution.values import VariableValues
from graphql.utilities.coerce_input_value import (
    coerce_input_literal,  # pyright: ignore[reportUnknownVariableType]
)

from .declare import NODES
from .errors import refuse

#: Whole numbers up to this may be page sizes.
_SMALL = 100
Getter = Callable[[VariableValues], Any]


@dataclass(frozen=True)
class Argument:
    """One given, non-null argument or input field: its value now, and how to fetch it from another request."""

    value: Any
    get: Getter
    fields: Mapping[str, "Argument"]


def _from_value(value: Any, get: Getter) -> Argument | None:
    if value is None or value is Undefined:
        return None
    fields: dict[str, Argument] = {}
    if isinstance(value, dict):
        for key, child in value.items():  # pyright: ignore[reportUnknownVariableType]
            made = _from_value(child, lambda v, key=key: get(v)[key])  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType]
            if made is not None:
                fields[str(key)] = made  # pyright: ignore[reportUnknownArgumentType]
    return Argument(value, get, fields)


def _variable(node: VariableNode, variables: VariableValues) -> Argument | None:
    name = node.name.value
    return _from_value(variables.coerced.get(name), lambda v: v.coerced[name])


def _read(node: ValueNode, type_: Any, variables: VariableValues) -> Argument | None:
    if isinstance(type_, GraphQLNonNull):
        made = _read(node, type_.of_type, variables)
        if made is None:
            raise _null(node)
        return made
    match node:
        case VariableNode():
            return _variable(node, variables)
        case NullValueNode():
            return None
        case ObjectValueNode() if is_input_object_type(type_):
            fields = {
                item.name.value: made
                for item in node.fields
                if (made := _read(item.value, type_.fields[item.name.value].type, variables)) is not None
            }
            return Argument(None, lambda _: None, fields)
        case ListValueNode():
            value = coerce_input_literal(node, type_, variables)
            if value is Undefined:
                raise _null(node)
            return Argument(value, lambda v: coerce_input_literal(node, type_, v), {})
        case _:
            value = coerce_input_literal(node, type_, variables)
            return Argument(value, lambda _: value, {})


def _null(node: ValueNode) -> GraphQLError:
    return refuse("BAD_USER_INPUT", f"{print_ast(node)}: a variable is null or not given where null may not be; give it a value.")


def arguments(definition: GraphQLField, node: FieldNode, variables: VariableValues) -> dict[str, Argument]:
    """The given, non-null arguments of ``node``. Raises BAD_USER_INPUT where a variable is null and may not be."""
    given = {item.name.value: item.value for item in node.arguments or ()}
    read = {name: _read(given[name], arg.type, variables) for name, arg in definition.args.items() if name in given}
    return {name: made for name, made in read.items() if made is not None}


def _prefix(value: object) -> str:
    """The prefix of an id of a declared type; all other ids are of one kind."""
    prefix = str(value)[:4]
    return prefix if prefix in _prefixes(len(NODES)) else ""


@lru_cache(maxsize=1)
def _prefixes(_: int) -> frozenset[str]:
    return frozenset(f"{node.prefix}_" for node in NODES.values())


def shape(value: Any, type_: Any) -> Hashable:
    """What of a variable's value decides the statement: presence, enum values, booleans, page sizes, kinds of ids."""
    if value is None or value is Undefined:
        return None
    named = cast("Any", get_named_type(type_))
    if isinstance(type_, GraphQLNonNull):
        return shape(value, cast("Any", type_).of_type)
    if isinstance(type_, GraphQLList):
        if isinstance(named, GraphQLEnumType):
            return tuple(dict.fromkeys(str(item) for item in value))
        return ("list", *sorted({_prefix(item) for item in value})) if named.name == "ID" else "list"
    match type_:
        case GraphQLInputObjectType():
            return tuple((key, shape(value[key], item.type)) for key, item in type_.fields.items() if key in value)
        case GraphQLEnumType():
            return str(value)
        case GraphQLScalarType(name="Boolean"):
            return bool(value)
        case GraphQLScalarType(name="Int"):
            return value if 0 <= value <= _SMALL else "given"
        case GraphQLScalarType(name="ID"):
            return _prefix(value)
        case _:
            return "given"
