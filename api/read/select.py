"""Which fields a selection asks for, fragments and directives resolved."""

from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)
from graphql.execution.values import VariableValues, get_directive_values

#: Response key → the field nodes that ask for it; their selections are merged.
Selected = dict[str, list[FieldNode]]


class Selector:
    """Collects fields within one document, for one set of directive values."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: VariableValues) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def fields(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]) -> Selected:
        """The fields that ``sets`` ask of an object of ``type_``, in order of first mention."""
        selected: Selected = {}
        seen: set[str] = set()
        for selection_set in sets:
            if selection_set is not None:
                self._collect(type_, selection_set, selected, seen)
        return selected

    def below(self, type_: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Selected:
        """The fields that the merged selections of ``nodes`` ask of an object of ``type_``."""
        return self.fields(type_, [node.selection_set for node in nodes])

    def _collect(self, type_: GraphQLObjectType, selection_set: SelectionSetNode, into: Selected, seen: set[str]) -> None:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                into.setdefault((node.alias or node.name).value, []).append(node)
                continue
            if isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name in seen:
                    continue
                seen.add(name)
                part: FragmentDefinitionNode | InlineFragmentNode = self._fragments[name]
            elif isinstance(node, InlineFragmentNode):
                part = node
            else:
                continue
            if self._applies(part, type_):
                self._collect(type_, part.selection_set, into, seen)

    def _included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(self, part: FragmentDefinitionNode | InlineFragmentNode, type_: GraphQLObjectType) -> bool:
        if part.type_condition is None:
            return True
        condition = self._schema.get_type(part.type_condition.name.value)
        if isinstance(condition, (GraphQLInterfaceType, GraphQLUnionType)):
            return self._schema.is_sub_type(condition, type_)
        return condition is type_
