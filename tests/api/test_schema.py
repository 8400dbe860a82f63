"""What the schema promises of itself."""

from collections.abc import Iterator

import asyncpg
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_scalar_type,
)

from api.read.declare import NODES, DeclarationError, column, node, one
from api.read.verify import verify
from api.scalars import SCALARS
from api.schema import SCHEMA
from domain.policy import READ
from models import Compound
from settings import Settings


def _own_types() -> Iterator[GraphQLNamedType]:
    for type_ in SCHEMA.type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield type_


def test_every_type_field_argument_and_enum_value_is_described() -> None:
    missing: list[str] = []
    for type_ in _own_types():
        if not type_.description:
            missing.append(type_.name)
        if isinstance(type_, GraphQLEnumType):
            missing += [f"{type_.name}.{name}" for name, value in type_.values.items() if not value.description]
        if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
            for name, field in type_.fields.items():
                if not field.description:
                    missing.append(f"{type_.name}.{name}")
                arguments = getattr(field, "args", {})
                missing += [f"{type_.name}.{name}({key})" for key, item in arguments.items() if not item.description]
    assert "\n".join(missing) == ""


def test_every_declared_type_has_a_policy_and_a_prefix_of_its_own() -> None:
    assert set(NODES) <= set(READ)
    assert len({declared.prefix for declared in NODES.values()}) == len(NODES)


def test_a_wrong_declaration_is_refused_with_a_sentence_that_names_it() -> None:
    with pytest.raises(DeclarationError, match=r"Ghost has no policy"):
        node(Compound, "…")(type("Ghost", (), {}))
    with pytest.raises(DeclarationError, match=r"Compound is declared twice"):
        node(Compound, "…")(type("Compound", (), {}))
    saved = NODES.pop("Compound")
    try:
        with pytest.raises(DeclarationError, match=r"Compound\.colour: there is no column 'colour'"):
            node(Compound, "…")(type("Compound", (), {"colour": column("…")}))
        with pytest.raises(DeclarationError, match=r"Compound\.owner: there is no column 'owner_id'"):
            node(Compound, "…")(type("Compound", (), {"owner": one("Account", "…")}))
    finally:
        NODES["Compound"] = saved


async def test_a_filter_or_sort_without_an_index_stops_the_start(database: Settings) -> None:
    connection = await asyncpg.connect(database.database_url)
    try:
        await verify(connection)
        await connection.execute("DROP INDEX ticket_due, ticket_street_state")
        with pytest.raises(DeclarationError, match=r"Ticket is filtered or sorted by ticket\.due_at: no index holds"):
            await verify(connection)
        await connection.execute("ALTER TABLE ticket RENAME TO elsewhere")
        with pytest.raises(DeclarationError, match=r"no table ticket: run `steward migrate`"):
            await verify(connection)
    finally:
        await connection.close()


@pytest.mark.parametrize("wrong", ["2026-03-01", "2026-03-01T08:00:00", "yesterday", "0001-01-01T00:00:00+14:00", 5, None])
def test_a_moment_without_an_offset_is_refused(wrong: object) -> None:
    parse = next(scalar.parse_value for python_type, scalar in SCALARS.items() if python_type.__name__ == "datetime")
    with pytest.raises(ValueError, match="DateTime"):
        parse(wrong)


@pytest.mark.parametrize("wrong", ["2026-02-29", "tomorrow", "0001-01-01", "9999-12-31", 5, None])
def test_a_day_is_one_that_can_be_stored(wrong: object) -> None:
    parse = next(scalar.parse_value for python_type, scalar in SCALARS.items() if python_type.__name__ == "date")
    with pytest.raises(ValueError, match="Date"):
        parse(wrong)


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "", "1,5", 1.5])
def test_a_decimal_is_an_exact_number_in_a_string(wrong: object) -> None:
    parse = next(scalar.parse_value for python_type, scalar in SCALARS.items() if python_type.__name__ == "Decimal")
    with pytest.raises(ValueError, match="Decimal"):
        parse(wrong)
