"""Documents that ask for anything the schema allows, in every way GraphQL has of saying it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from api.read.declare import NODES, ById

from .arguments import DEEPEST, Arguments
from .executor import Oracle

#: Roughly how many fields are written in one document: few, some or many.
SIZES = (4, 8, 8, 8, 25)


@dataclass
class Written:
    """A document, two sets of variables for it, and the operation to run."""

    query: str
    variables: list[dict[str, Any]]
    operation: str | None


@dataclass
class Watched:
    """A subscription to rows of ``type`` under the response key ``key``, and the query that reads the same by ``$id``."""

    type: str
    key: str
    subscription: str
    query: str
    variables: dict[str, Any]


@dataclass
class Acted:
    """A mutation of ``$input``, for each of its payload's rows the query that reads the same by ``$id``, and variables."""

    mutation: str
    queries: dict[str, str]
    variables: list[dict[str, Any]]


@dataclass
class Fragment:
    name: str
    type: str
    plain: bool
    depth: int


@dataclass
class Writer(Arguments):
    """Writes one document."""

    fragments: list[Fragment] = field(default_factory=list[Fragment])
    texts: list[str] = field(default_factory=list[str])
    aliases: int = 0
    fields: int = 0
    most: int = 0

    def document(self) -> Written:
        self.most = self.pick(SIZES)
        roots = [self.root() for _ in range(1 + self.below(3))]
        if self.once_in(12):
            roots.append("__typename")
        if self.once_in(12):
            roots.append(f"...{self.fragment('Query', DEEPEST, plain=True)}")
        definitions = ", ".join(f"${name}: {type_}" for name, type_ in self.declared.items())
        name = "Q" if self.once_in(3) else ""
        head = f"query {name}{f'({definitions})' if definitions else ''} " if name or definitions else ""
        texts = [f"{head}{{ {' '.join(roots)} }}", *self.texts]
        if name and self.once_in(2):
            texts.insert(self.below(2), "query Other { places { totalCount } }")
        else:
            name = None
        return Written("\n".join(texts), self.values, name)

    def subscription(self) -> Watched:
        """A subscription to one of the subscription type's fields, and the query that reads the same of a row."""
        self.most = self.pick(SIZES)
        type_ = _object(self.schema.subscription_type)
        name = self.pick(list(type_.fields))
        of: Any = get_named_type(type_.fields[name].type)
        selection = self.selection(of, DEEPEST, plain=True)
        definitions = ", ".join(f"${name}: {type_}" for name, type_ in self.declared.items())
        watching = f"subscription {f'({definitions})' if definitions else ''} {{ {name} {selection} }}"
        reading = f"query ({definitions} $id: ID!) {{ {name}: node(id: $id) {{ ... on {of.name} {selection} }} }}"
        subscription, query = ("\n".join([text, *self.texts]) for text in (watching, reading))
        return Watched(of.name, name, subscription, query, self.values[0])

    def act(self, name: str) -> Acted:
        """A mutation whose payload is asked for all that it tells of rows, and the queries that read the same of them."""
        self.most = self.pick(SIZES)
        payload = _object(get_named_type(_object(self.schema.mutation_type).fields[name].type))
        types = {key: get_named_type(item.type).name for key, item in payload.fields.items() if self.tells(payload, key)}
        asked = {key: self.selection(self.schema.type_map[of], DEEPEST, plain=True) for key, of in types.items()}
        definitions = ", ".join(f"${name}: {type_}" for name, type_ in self.declared.items())
        rows = " ".join(f"{key}_id: {key} {{ id }} {key} {selection}" for key, selection in asked.items())
        head = f"mutation ($input: {name[0].upper()}{name[1:]}Input! {definitions})"
        mutation = f"{head} {{ {name}(input: $input) {{ {rows} errors {{ code }} }} }}"
        queries = {
            key: f"query ($id: ID! {definitions}) {{ {key}: node(id: $id) {{ ... on {types[key]} {selection} }} }}"
            for key, selection in asked.items()
        }
        queries = {key: "\n".join([query, *self.texts]) for key, query in queries.items()}
        return Acted("\n".join([mutation, *self.texts]), queries, self.values)

    def tells(self, payload: GraphQLObjectType, key: str) -> bool:
        return isinstance(self.oracle.bindings.get((payload.name, key)), ById)

    def root(self) -> str:
        query = _object(self.schema.query_type)
        bound = [name for name in query.fields if ("Query", name) in self.oracle.bindings]
        return self.field(query, "viewer" if self.once_in(12) else self.pick(bound), DEEPEST, plain=True)

    # selections

    def selection(self, type_: Any, depth: int, *, plain: bool) -> str:
        """A selection set. ``plain``: fields may go by their own names; else another type's could clash with them."""
        if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            return self.abstract(type_, depth)
        pieces: list[str] = []
        for _ in range(1 + self.below(5)):
            pieces.append(self.piece(type_, depth, pieces, plain=plain))
            if self.fields > self.most:
                break
        return f"{{ {' '.join(pieces)} }}"

    def piece(self, type_: GraphQLObjectType, depth: int, before: list[str], *, plain: bool) -> str:
        kind = self.below(20)
        if kind == 19:
            return self.directed("__typename") if plain else "__typename"
        if kind == 18:
            return f"... {self.directive()}{self.selection(type_, depth, plain=plain)}"
        if kind == 17:
            return f"... on {type_.name} {self.directive()}{self.selection(type_, depth, plain=plain)}"
        if kind == 16:
            return f"...{self.fragment(type_.name, depth, plain=plain)} {self.directive()}"
        if kind == 15 and type_.interfaces:
            return f"... on {type_.interfaces[0].name} {self.directive()}{{ id __typename }}"
        if kind == 14 and before and "{" not in before[-1]:
            return before[-1]
        return self.field(type_, self.pick(self.names(type_, depth)), depth, plain=plain)

    def abstract(self, type_: GraphQLInterfaceType | GraphQLUnionType, depth: int) -> str:
        every = "... on Node { id }" if isinstance(type_, GraphQLUnionType) else "id"
        pieces = ["__typename" if self.once_in(2) else every]
        types = [of.name for of in type_.types] if isinstance(type_, GraphQLUnionType) else self.oracle.store.types
        for _ in range(1 + self.below(4)):
            hinted = [of for of in self.hinted if of in types and self.below(4)]
            of = _object(self.schema.type_map[self.pick(hinted or types)])
            spread = f"...{self.fragment(of.name, depth, plain=False)}" if self.once_in(4) else None
            pieces.append(spread or f"... on {of.name} {self.directive()}{self.selection(of, depth, plain=False)}")
        if self.once_in(4):
            pieces.append(f"... on {type_.name} {{ {every} }}")
        return f"{{ {' '.join(pieces)} }}"

    def names(self, type_: GraphQLObjectType, depth: int) -> list[str]:
        leaves, branches = _names(self.oracle, type_.name)
        if branches and type_.name not in NODES and not type_.name.endswith("Stats"):
            return branches if self.below(4) else leaves or branches
        if depth <= 0 or self.fields > self.most:
            return leaves or branches
        return branches if branches and self.below(2) else leaves or branches

    def field(self, type_: GraphQLObjectType, name: str, depth: int, *, plain: bool) -> str:
        self.fields += 1
        definition = type_.fields[name]
        of = get_named_type(definition.type)
        arguments = self.arguments(type_.name, name, definition, depth)
        renamed = arguments or (not plain and name != "id") or self.once_in(8)
        below = ""
        if is_composite_type(of):
            # Connections, edges and the like are not a level of their own.
            inner = depth - 1 if of.name in NODES or is_abstract_type(of) else depth
            below = f" {self.selection(of, inner, plain=bool(renamed) or plain)}"
            if self.once_in(12):  # the same field again: what both ask for is merged
                key = self.alias() if renamed else name
                whole = f"{key}: {name}{arguments}" if renamed else name
                again = self.selection(of, inner, plain=bool(renamed) or plain)
                return f"{whole}{self.directive()}{below} {whole}{self.directive()} {again}"
        key = f"{self.alias()}: " if renamed else ""
        return f"{key}{name}{arguments}{self.directive()}{below}"

    def alias(self) -> str:
        self.aliases += 1
        return f"a{self.aliases}"

    def fragment(self, type_: str, depth: int, *, plain: bool) -> str:
        """The name of a named fragment on the type, written before or now."""
        known = [f for f in self.fragments if f.type == type_ and f.plain == plain and f.depth <= depth]
        if known and self.below(3):
            return self.pick(known).name
        of = _object(self.schema.type_map[type_])
        text = f"{{ {self.root()} }}" if type_ == "Query" else self.selection(of, min(depth, 2), plain=plain)
        made = Fragment(f"F{len(self.fragments)}", type_, plain, depth)
        self.fragments.append(made)
        self.texts.append(f"fragment {made.name} on {type_} {text}")
        return made.name

    def directed(self, text: str) -> str:
        return f"{text} {self.directive()}"

    def directive(self) -> str:
        if not self.once_in(12):
            return ""
        value = self.value(GraphQLNonNull(self.schema.type_map["Boolean"]), self.once_in(2), not self.once_in(2))
        return f" @{self.pick(['include', 'skip'])}(if: {value})"


def _object(type_: Any) -> GraphQLObjectType:
    assert isinstance(type_, GraphQLObjectType)
    return type_


@cache
def _names(oracle: Oracle, type_: str) -> tuple[list[str], list[str]]:
    """The fields without and with a selection below them."""
    every = _object(oracle.schema.type_map[type_]).fields
    fields = {name: item for name, item in every.items() if (type_, name) not in oracle.by_orm}
    branches = [name for name, item in fields.items() if is_composite_type(get_named_type(item.type))]
    return [name for name in fields if name not in branches], branches
