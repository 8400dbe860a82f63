"""Documents written by hand, each with the variables it is run with, in turn, by every viewer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from api.read.declare import NODES, Many
from models import Alert, Compound, Ticket

from .executor import Oracle
from .hostile import HOSTILE

_FORGED = ("", "x", "=", "é", "AAAA", "Y29kZQ", "Y29kZR8", "a" * 5_000)

#: What is shown: document, sets of variables.
BY_HAND: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "a look at the schema": (
        """{ ticket: __type(name: "Ticket") { ...T } filter: __type(name: "TicketFilter") { ...T }
        kind: __type(name: "TicketKind") {
        enumValues { name description } } none: __type(name: "Nothing") { name } __schema { directives { name args { name } } } }
        fragment T on __Type { kind description interfaces { name } inputFields { name description type { name } }
        fields { name description args { name defaultValue } type { kind ofType { name } } } }""",
        [{}],
    ),
    "type names at every level": (
        """{ __typename viewer { __typename roles { __typename } } node(id: "tkt_x") { __typename }
        alertStats(groupBy: []) { __typename } compounds(first: 1) { __typename pageInfo { __typename }
        edges { __typename node { __typename buildings { __typename nodes { __typename } } street { __typename } } } } }""",
        [{}],
    ),
    "bound and unbound fields in document order": (
        """query ($yes: Boolean = true) { b: viewer { name } a: compounds { totalCount } __schema { queryType { name } }
        c: __type(name: "Ticket") { name fields { name } } viewer @skip(if: $yes) { id } ...F z: places { totalCount } }
        fragment F on Query { y: viewer { id } x: mandates(first: 1) { nodes { role } } }""",
        [{}, {"yes": False}],
    ),
    "one field in many fragments": (
        """{ compounds(first: 2) { nodes { ...A ... on Node { id ...C } ... { ...B name } ...A }
        nodes { ...B street { name } } } }
        fragment A on Compound { street { id ...D } name ...B }
        fragment B on Compound { code street { ...D code } ... on Compound { street { kind } } }
        fragment C on Node { id ... on Compound { address ...B } ... on Ticket { number } }
        fragment D on Place { parent { id } __typename }""",
        [{}],
    ),
    "one connection asked in two halves": (
        """query ($n: Int) { tickets(first: $n) { edges { cursor } } tickets(first: $n) { edges { node { id } } totalCount }
        tickets(first: $n) { edges { node { title } cursor } pageInfo { endCursor } nodes { id } } }""",
        [{"n": 3}, {}, {"n": None}, {"n": 0}],
    ),
    "aliases that are names of other things": (
        """{ compounds: places(first: 2) { nodes: totalCount edges: nodes { id: name name: id code: kind kind: parent { id } }
        pageInfo: __typename totalCount: pageInfo { q: endCursor rn: startCursor t1: hasNextPage c0: hasPreviousPage } }
        __a_long_alias_that_no_column_of_postgresql_could_ever_have_for_it_is_longer_than_63: viewer { id } }""",
        [{}],
    ),
    "skip and include on everything": (
        """query ($a: Boolean!, $b: Boolean = true) {
        compounds @skip(if: $a) { totalCount } c: compounds @include(if: $a) @skip(if: $b) { totalCount }
        d: compounds(first: 1) { ... @include(if: $b) { nodes { id @skip(if: $a) name @include(if: $a) } } ...F @skip(if: $b) }
        e: places(first: 1) { nodes @include(if: $a) { id } nodes @skip(if: $b) { name } } viewer @include(if: $b) { id } }
        fragment F on CompoundConnection { totalCount edges { node { code @skip(if: $b) @include(if: $b) } } }""",
        [{"a": a, "b": b} for a in (True, False) for b in (True, False)] + [{"a": True}],
    ),
    "nothing left to ask for": ("{ compounds @skip(if: true) { totalCount } ... @include(if: false) { viewer { id } } }", [{}]),
    "nothing left to ask of rows": (
        "{ compounds { nodes { id @skip(if: true) } edges { node { ... @skip(if: true) { id } } } } }",
        [{}],
    ),
    "variables of every shape": (
        """query ($n: Int = 2, $f: TicketFilter, $s: TicketSort = DUE_ASC, $states: [TicketState!], $one: TicketState = OPEN,
        $since: DateTime, $ids: [ID!]) { a: tickets(first: $n, filter: $f, sort: $s) { nodes { id state dueAt } totalCount }
        b: tickets(first: $n, filter: {state: {in: $states, eq: $one}, openedAt: {gte: $since}}) { nodes { id } totalCount }
        c: tickets(filter: {compound: {in: $ids}, state: {in: [$one, CLOSED]}}) { totalCount } }""",
        [
            {},
            {"n": None, "f": None, "s": None, "states": None, "since": None, "ids": None},
            {"f": {}, "states": [], "ids": []},
            {"f": {"state": None, "kind": {}}, "states": "OPEN", "one": "CLOSED", "ids": "cmp_x"},
            {"f": {"state": {"eq": None, "in": ["OPEN", "CLOSED"]}}, "states": ["OPEN"], "ids": ["cmp_x", 5]},
            {"s": "OPENED_DESC", "f": {"openedAt": {"lt": "2026-02-28T16:00:00Z", "gte": "2026-02-28T23:59:59.999999+08:00"}}},
            {"since": "0001-01-01T00:00:00Z", "f": {"dueAt": {"lte": "9999-12-31T23:59:59.999999Z"}}},
            {"since": "2026-02-28T15:59:59.9999990+00:00", "n": 100},
        ],
    ),
    "a default that is overridden by null": (
        'query ($code: String = "x") { a: compound(code: $code) { id } b: compounds { totalCount } }',
        [{}, {"code": None}, {"code": "y"}],
    ),
    "an id that is overridden by null": ('query ($id: ID = "tkt_x") { node(id: $id) { id } }', [{}, {"id": None}]),
    "ids that are overridden by null": ('query ($ids: [ID!] = ["tkt_x"]) { nodes(ids: $ids) { id } }', [{}, {"ids": None}]),
    "groups that are overridden by null": (
        "query ($by: [AlertGroup!] = [STATE]) { alertStats(groupBy: $by) { state count } }",
        [{}, {"by": None}, {"by": []}],
    ),
    "an item that is overridden by null": (
        'query ($id: ID = "x") { nodes(ids: ["y", $id]) { id } }',
        [{}, {"id": None}],
    ),
    "an item of a filter that is overridden by null": (
        'query ($id: ID = "x") { tickets(filter: {compound: {in: [$id]}}) { totalCount } }',
        [{}, {"id": None}],
    ),
    "conditions that ask nothing or find nothing": (
        """{ a: places(filter: null) { totalCount } b: places(filter: {}) { totalCount }
        c: places(filter: {code: null}) { totalCount }
        d: places(filter: {code: {}}) { totalCount } e: places(filter: {code: {eq: null, in: null}}) { totalCount }
        f: places(filter: {code: {in: []}}) { totalCount nodes { id } pageInfo { endCursor hasNextPage } }
        g: places(filter: {parent: {eq: 5}}) { totalCount } h: places(filter: {parent: {in: 5}}) { totalCount }
        i: places(filter: {kind: {eq: STREET, in: [GRID]}}) { totalCount }
        j: places(filter: {kind: {in: STREET}}) { totalCount } }""",
        [{}],
    ),
    "strings in every way of writing them": (
        '''{ a: compound(code: "\\u{1F600} \\uD83D\\uDE00 \\"\\\\\\n") { id }
        b: compound(code: """ a "quoted" \\""" 'one' $1 """) { id }
        c: places(filter: {name: {in: ["Same name", "it's", "\\u2028\\u2029", """"""]}}) { nodes { id name } } }''',
        [{}],
    ),
    "page sizes": (
        "query ($f: Int, $l: Int) { places(first: $f, last: $l) { nodes { id } } }",
        [{"f": f, "l": size} for f in (None, -1, 0, 1, 100, 101, 2**31 - 1) for size in (None, -(2**31), 0, 2, 100, 101)],
    ),
    "page sizes where only the flags are asked": (
        "query ($f: Int, $l: Int) { tickets(first: $f, last: $l) { pageInfo { hasNextPage hasPreviousPage } } }",
        [{"f": f} for f in (None, 0, 1, 100)] + [{"l": size} for size in (None, 0, 1, 100)],
    ),
    "forged cursors": (
        "query ($c: String) { a: compounds(after: $c) { nodes { id } } }",
        [{"c": cursor} for cursor in (*_FORGED, *HOSTILE)],
    ),
    "forged cursors below rows": (
        """query ($c: String) { a: compound(code: "x") { tickets(sort: DUE_ASC, before: $c) { totalCount } }
        b: node(id: "cmp_x") { ... on Compound { tickets(sort: DUE_ASC, before: $c) { nodes { id } } }
        ... on Ticket { number } } }""",
        [{"c": cursor} for cursor in _FORGED],
    ),
    "two hundred of one field": (
        f"{{ {' '.join(f'a{n}: tickets(first: {n % 7}, sort: DUE_DESC) {{ totalCount nodes {{ id }} }}' for n in range(200))} }}",
        [{}],
    ),
    "eighteen levels": (
        "{ compounds(first: 1) { nodes " + "{ tickets(first: 1) { nodes { compound " * 6 + "{ id }" + " } } }" * 6 + " } }",
        [{}],
    ),
    "counts by group": (
        """query ($by: [TicketGroup!]!, $f: TicketFilter) { ticketStats(groupBy: $by, filter: $f) {
        kind priority state openedMonth count compound { id name ticketStats(groupBy: [STATE]) { state count compound { id } } }
        organisation { name } again: count } compounds { nodes { ticketStats(groupBy: $by, filter: $f) { count state } } } }""",
        [
            {"by": by, "f": f}
            for by in ([], ["STATE"], ["STATE", "STATE"], ["OPENED_MONTH", "KIND"], "COMPOUND", ["ORGANISATION", "COMPOUND"])
            for f in (None, {"state": {"in": []}}, {"kind": {"eq": "REPAIR"}})
        ],
    ),
    "to many of to many": (
        """{ organisations { nodes { name mandates { nodes { role compound { name
        mandates(sort: STARTS_ON_DESC) { totalCount nodes { organisation { id
        mandates(first: 1) { edges { cursor node { endsOn } } } } } } } } } } } }""",
        [{}],
    ),
}


_PAGE = "{ totalCount edges { cursor } }"


def everything(oracle: Oracle) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of every row, by id: (document, variables)."""
    for node in NODES.values():
        type_ = oracle.schema.type_map[node.name]
        assert isinstance(type_, GraphQLObjectType)
        plain = [name for name, field in type_.fields.items() if is_leaf_type(get_named_type(field.type))]
        related = [
            f"{name} {_PAGE if isinstance(oracle.bindings[node.name, name], Many) else '{ ... on Node { id } }'}"
            for name, field in type_.fields.items()
            if (node.name, name) in oracle.bindings and name not in plain and not field.args.get("groupBy")
        ]
        query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {node.name} {{ {' '.join([*plain, *related])} }} }} }}"
        ids = [row.id for row in oracle.store.rows[node.name]]
        for start, end in pairwise([*range(0, len(ids), 100), len(ids)]):
            yield query, {"ids": ids[start:end]}


def of_ids(oracle: Oracle) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ids of all types at once, of none, twice, too many: (document, variables)."""
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Ticket { number compound { code } }
      ... on Compound { code } ... on Alert { message } ... on Node { again: id } } }"""
    first = [rows[0].id for rows in oracle.store.rows.values()]
    some = [oracle.store.rows[row.__name__][-1].id for row in (Ticket, Compound, Alert)]
    odd = ["", "tkt_", "x", *some]
    for ids in ([], first, first * 2, some * 3, some[::-1], odd, some * 33, some * 34, some[0], [5], HOSTILE):
        yield query, {"ids": ids}
