"""Limits of requests: what is measured before validation, and what is shown of the schema. What reading costs: cost.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)

from .errors import refuse

if TYPE_CHECKING:
    from domain.access import Viewer
    from settings import Settings

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SUGGESTION = re.compile(r"\s*Did you mean [^?]*\?")


def response_too_large(settings: Settings) -> GraphQLError:
    return too_much(
        "RESPONSE_TOO_LARGE",
        settings.graphql_response_bytes,
        "The answer would have more than {limit} bytes; ask for smaller pages (first:), fewer fields, or in several requests.",
    )


def too_much(code: str, limit: int, sentence: str) -> GraphQLError:
    """A limit was passed; ``sentence`` may speak of ``{limit}``."""
    return refuse(code, sentence.format(limit=f"{limit:,}"), limit=limit)


@dataclass(frozen=True)
class _Extent:
    """A selection with its fragments written out: levels, fields at all levels, fields at its first level."""

    depth: int = 0
    fields: int = 0
    width: int = 0


class _Ruler:
    """Measures each fragment once, so that the time is linear in the document's length, whatever it nests."""

    def __init__(self, document: DocumentNode) -> None:
        self.aliases = self.directives = 0
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._measured: dict[str, _Extent | None] = {}
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        for definition in (*operations, *self._fragments.values()):
            self._count(definition, *(definition.variable_definitions or ()))
        self.operations = [self._extent(operation.selection_set) for operation in operations]
        for name in self._fragments:
            self._fragment(name)

    def _count(self, *nodes: Any) -> None:
        self.directives += sum(len(node.directives or ()) for node in nodes)

    def _extent(self, selection_set: SelectionSetNode) -> _Extent:
        depth = fields = width = 0
        for node in selection_set.selections:
            self._count(node)
            if isinstance(node, FieldNode):
                self.aliases += node.alias is not None
                below = self._extent(node.selection_set) if node.selection_set else _Extent()
                part = _Extent(1 + below.depth, 1 + below.fields, 1)
            elif isinstance(node, FragmentSpreadNode):
                part = self._fragment(node.name.value)
            else:
                part = self._extent(cast("Any", node).selection_set)
            depth, fields, width = max(depth, part.depth), fields + part.fields, width + part.width
        return _Extent(depth, fields, width)

    def _fragment(self, name: str) -> _Extent:
        if name not in self._fragments:
            return _Extent()
        if name not in self._measured:
            self._measured[name] = None
            self._measured[name] = self._extent(self._fragments[name].selection_set)
        measured = self._measured[name]
        if measured is None:
            raise refuse("GRAPHQL_VALIDATION_FAILED", f"Fragment {name} spreads itself; take it out of what it spreads.")
        return measured


#: What to do about a shape that passes its limit.
_SENTENCES = {
    "TOO_MANY_ALIASES": "{limit} aliases; ask for many of a kind with nodes(ids:) or a filter, or in several requests.",
    "TOO_MANY_DIRECTIVES": "{limit} directives; put @include or @skip on a fragment instead of each field.",
    "TOO_DEEP": "{limit} levels, fragments included; follow ids in another request.",
    "TOO_MANY_ROOT_FIELDS": "{limit} root fields in all its operations together; ask in several requests.",
    "TOO_MANY_FIELDS": "{limit} fields, each fragment counted wherever it is spread; ask in several requests.",
}


def check_shape(document: DocumentNode, settings: Settings) -> None:
    """Refuse a document whose shape passes a limit, or whose fragments go round in circles. Raises RecursionError too."""
    found = _Ruler(document)
    sizes = {
        "TOO_MANY_ALIASES": (found.aliases, settings.graphql_aliases),
        "TOO_MANY_DIRECTIVES": (found.directives, settings.graphql_directives),
        "TOO_DEEP": (max((each.depth for each in found.operations), default=0), settings.graphql_depth),
        "TOO_MANY_ROOT_FIELDS": (sum(max(1, each.width) for each in found.operations), settings.graphql_root_fields),
        "TOO_MANY_FIELDS": (sum(each.fields for each in found.operations), settings.graphql_fields),
    }
    for code, (size, limit) in sizes.items():
        if size > limit:
            raise too_much(code, limit, f"A document may have {_SENTENCES[code]}")


def check_text(text: str) -> None:
    """Refuse a string that no text of the database can hold or equal: with U+0000, or half of a surrogate pair."""
    if _UNSTORABLE.search(text):
        raise refuse("BAD_USER_INPUT", "A string holds U+0000 or half of a surrogate pair; leave such characters out.")


def check_values(variables: Mapping[str, Any] | None, settings: Settings) -> None:
    """Refuse variables of so many values that reading them would take long, or with strings that cannot be stored."""
    limit, found, layer = settings.graphql_values, 0, list[Any]([variables])
    while layer:
        layer = [inner for value in layer for inner in _within(value)]
        found += len(layer)
        if found > limit:
            raise too_much("TOO_MANY_VALUES", limit, "The variables may have {limit} values; ask in several requests.")
        for value in layer:
            if type(value) is str:
                check_text(value)


def _within(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return cast("dict[str, Any]", value).values()
        case list():
            return cast("list[Any]", value)
        case _:
            return ()


class Allowance:
    """How many bytes are left of what one response may have."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._left = settings.graphql_response_bytes

    def take(self, value: bytes) -> bytes:
        """The value, which is going to be answered. Refuses what is too much."""
        if len(value) > self._left:
            raise response_too_large(self._settings)
        self._left -= len(value)
        return value


def may_introspect(viewer: Viewer, settings: Settings) -> bool:
    """Whether the viewer is shown the schema, and names like those they mistyped."""
    match settings.introspection or ("accounts" if settings.production else "everyone"):
        case "everyone":
            return True
        case "accounts":
            return viewer.account_id is not None
        case _:
            return False


def without_suggestions(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """The errors, without the names that they say were perhaps meant."""
    return [GraphQLError(_SUGGESTION.sub("", e.message), e.nodes, path=e.path, extensions=e.extensions) for e in errors]
