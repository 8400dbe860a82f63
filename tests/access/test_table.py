"""The table of expectations knows everything that the schema can tell or do: whoever adds to it says who may see it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_leaf_type,
    is_list_type,
)

from api.schema import SCHEMA

from .shape import (
    ANSWERS,
    COUNTS,
    FIELDS,
    FILTERS,
    GROUPS,
    LINKS,
    LISTS,
    LOOKUPS,
    ROOTS,
    SHARES,
    SORTS,
    STATS,
    SUBJECTS,
    SUBSCRIPTIONS,
    SUMS,
)
from .table import MUTATIONS, ROWS, SEEN_OF_THE_HOUSE, STATES
from .town import Town

#: Made of rows, and told of them nothing that is not in the table.
_PAGES = ("Connection", "Edge", "Stats")


def _objects() -> Iterator[GraphQLObjectType]:
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not is_introspection_type(type_):
            yield type_


def test_the_table_names_every_field_of_every_row() -> None:
    nodes = {type_.name: type_ for type_ in _objects() if "Node" in {each.name for each in type_.interfaces}}
    known = {*(f"{type_}.{name}" for type_, names in FIELDS.items() for name in names), *LINKS, *LISTS, *COUNTS, *SUBJECTS}
    known |= {name for name in STATS if not name.startswith("Query.")}
    told = {f"{type_.name}.{name}" for type_ in nodes.values() for name in type_.fields}
    assert told == known, f"say in tests/access what they are and who sees them: {sorted(told ^ known)}"
    assert set(nodes) == set(FIELDS) == set(ROWS)
    assert set(STATES) <= told


def test_the_table_names_every_way_in() -> None:
    assert SCHEMA.query_type is not None
    known = {*ROOTS, *LOOKUPS, *(name.removeprefix("Query.") for name in STATS if name.startswith("Query."))}
    known |= {
        "node",
        "nodes",
        "viewer",
        "fileLinks",
        "slaDefaults",
        "ticketSuggestion",
        "noticeTypes",
        "alertRules",
        "stewardModules",
        "stewardModule",
    }
    known |= {"openNearby", "search", "facilityKinds", "facilityAttributes", "facilityDowntime", "facilityAvailability"}
    known |= {
        "coverage",
        "coverageTrend",
        "lacking",
        "trend",
        "cameraCoverage",
        "sheetImportFaults",
        "upkeepDefaults",
        "roundDefaults",
        "fireReport",
        "fireKeeper",
        "trialBalance",
        "incomeAndExpense",
        "cashForecast",
        "spendingAnomalies",
        "doubtfulInvoices",
        "accountStatement",
        "arrearsAgeing",
        "homesInArrears",
        "bookStatement",
        *SEEN_OF_THE_HOUSE,
    }
    assert set(SCHEMA.query_type.fields) == known


def test_the_table_names_every_mutation_and_subscription() -> None:
    assert SCHEMA.mutation_type is not None
    assert SCHEMA.subscription_type is not None
    assert set(SCHEMA.mutation_type.fields) == set(MUTATIONS)
    assert set(SCHEMA.subscription_type.fields) == set(SUBSCRIPTIONS)


def test_the_table_names_every_field_that_is_told_of_no_row() -> None:
    rest = {
        f"{type_.name}.{name}"
        for type_ in _objects()
        if type_.name not in {*FIELDS, "Query", "Mutation", "Subscription", "PageInfo"} and not type_.name.endswith(_PAGES)
        for name, field in type_.fields.items()
        if is_leaf_type(get_named_type(field.type)) or is_list_type(get_nullable_type(field.type))
        if name != "errors"
    }
    assert rest == set(ANSWERS), f"say in tests/access/table.py what they tell: {sorted(rest ^ set(ANSWERS))}"


def test_the_table_names_every_filter_sort_and_group() -> None:
    filters = {
        type_.name: set(type_.fields)
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLInputObjectType) and type_.name.endswith("Filter") and not {"eq", "gte"} & set(type_.fields)
    }
    assert filters == {name: set(fields) for name, fields in FILTERS.items()}
    enums = [type_ for type_ in SCHEMA.type_map.values() if isinstance(type_, GraphQLEnumType)]
    sorts = {enum.name: set(enum.values) for enum in enums if enum.name.endswith("Sort")}
    assert sorts == {f"{name}Sort": {f"{by}_{end}" for by in fields for end in ("ASC", "DESC")} for name, fields in SORTS.items()}
    groups = {enum.name: set(enum.values) for enum in enums if enum.name.endswith("Group")}
    assert groups == {f"{name}Group": set(fields) for name, fields in GROUPS.items()}
    for name, fields in GROUPS.items():
        counted = SCHEMA.type_map[f"{name}Stats"]
        assert isinstance(counted, GraphQLObjectType)
        assert set(counted.fields) == {*fields.values(), *SUMS.get(name, ()), *SHARES.get(name, ()), "count"}


def test_nothing_can_be_found_sorted_or_counted_by_what_is_not_plain_for_all_who_see_the_row() -> None:
    by = {
        *(f"{name.removesuffix('Filter')}.{field}" for name, fields in FILTERS.items() for field in fields),
        *(f"{name}.{field}" for name, fields in SORTS.items() for field in fields.values()),
        *(f"{name}.{field}" for name, fields in GROUPS.items() for field in fields.values()),
        *(f"{name}.{field}" for name, fields in (*SUMS.items(), *SHARES.items()) for field in fields),
        *(f"{name}.{field}" for name, field in LOOKUPS.values()),
    }
    assert by & set(STATES) == set()


def test_the_story_has_something_to_show_in_every_field(town: Town) -> None:
    empty = {
        f"{type_}.{name}"
        for type_, names in FIELDS.items()
        for name in names
        if not any(row.values.get(name) not in (None, "", {}) for row in town.story.of_type[type_])
    }
    assert empty == {
        "Ticket.overdue",
        "TicketDeadline.paused",
        "ApiToken.revokedAt",
        "IntakeKey.revokedAt",
        "Channel.removedAt",
        "File.removedAt",
        "Zone.endedAt",
    }
    unlinked = {
        way for way in LINKS if not any(row.links.get(way.split(".")[1]) for row in town.story.of_type[way.split(".")[0]])
    }
    assert unlinked == set()
    unlisted = {
        way
        for way in LISTS
        if not any(town.story.linked(row, way.split(".")[1]) for row in town.story.of_type[way.split(".")[0]])
    }
    assert unlisted == set()
