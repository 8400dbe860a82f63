"""Everything that the schema can tell or do has its entry in the policy; every entry names something of the schema."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLField, GraphQLObjectType, is_introspection_type, is_object_type

from api.read.declare import NODES, Binding, ById, DeclarationError, NodeType, column, computed, count, localised, lookup, many
from api.read.disclosure import ask_about, ask_policy
from api.read.types import CONNECTIONS, binding_of
from api.schema import SCHEMA
from domain.policy import ACTS, FIELDS, OPEN_ACTS, OWN_ACTS, READ

#: Made of the declared types, and told of them nothing but rows, counts and groups that the policy leaves open.
_DERIVED = {"PageInfo", "Aggregate", "Share", *CONNECTIONS, *(f"{name}{end}" for name in NODES for end in ("Edge", "Stats"))}


def _python_name(name: str, field: GraphQLField) -> str:
    definition = field.extensions.get("strawberry-definition")
    return definition.python_name if definition is not None else name


def _fields() -> Iterator[tuple[str, str]]:
    """Every type and field of the schema that wants an entry of its own."""
    for type_ in SCHEMA.type_map.values():
        if not is_object_type(type_) or is_introspection_type(type_) or type_.name in {*_DERIVED, "Mutation"}:
            continue
        assert isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items():
            shared = type_.name.endswith("Payload") and name == "errors"
            if not shared and not isinstance(binding_of(field), ById) and not (type_.name in NODES and name == "id"):
                yield type_.name, _python_name(name, field)


def test_every_type_and_field_has_an_entry() -> None:
    missing = [f"{type_}.{name}" for type_, name in _fields() if name not in FIELDS.get(type_, {})]
    assert missing == [], f"add them to FIELDS in domain/policy/fields.py: {', '.join(missing)}"


def test_every_entry_names_a_type_and_a_field() -> None:
    known = set(_fields())
    assert [f"{type_}.{name}" for type_, names in FIELDS.items() for name in names if (type_, name) not in known] == []
    assert set(READ) == set(NODES)


def test_every_mutation_has_a_policy_and_every_policy_a_mutation() -> None:
    assert SCHEMA.mutation_type
    acts, elsewhere = (
        [*ACTS, *OWN_ACTS, *OPEN_ACTS],
        ["fileAttach", "expenseAttach", "courtFileRead"],
    )  # POST /files, GET /court-files
    assert sorted(acts) == sorted([*SCHEMA.mutation_type.fields, *elsewhere])


def test_what_leads_to_rows_leads_to_rows_with_a_policy() -> None:
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                assert getattr(binding_of(field), "target", "Place") in READ


def a_type(name: str, /, **bindings: Binding) -> NodeType:
    """The declared type of this name with some fields declared otherwise."""
    node = NODES[name]
    return NodeType(node.name, "…", node.table, node.prefix, node.belonging, {**node.bindings, **bindings})


def settled(field: Binding, python_type: type = str) -> Binding:
    field.python_type = python_type  # pyright: ignore[reportAttributeAccessIssue]
    return field


@pytest.mark.parametrize(
    ("name", "bindings", "sentence"),
    [
        ("Place", {"mayor": column("…")}, r"Place\.mayor has no policy: add it to FIELDS in domain/policy/fields\.py"),
        (
            "Account",
            {"name": settled(column("…", name="name", sort=True))},
            r"Account\.name is NAME: .* could guess it by a filter",
        ),
        ("Account", {"login": settled(column("…", filter=True))}, r"Account\.login is ACCESS: .* could guess it"),
        ("Alert", {"outcome_note": settled(column("…", group=True))}, r"Alert\.outcome_note is INSIDE: .* could guess it"),
        ("Account", {"name": localised("…")}, r"Account\.name is NAME: masked for some, and only a column of text can be"),
        ("Account", {"name": settled(column("…"), int)}, r"Account\.name is NAME: masked for some, and only a column of text"),
        ("Account", {"login": many("ApiToken", "…", by="account_id")}, r"Account\.login: its rows decide"),
    ],
    ids=lambda value: value if isinstance(value, str) and value in READ else "",
)
def test_a_type_that_does_not_fit_its_policy_is_refused(name: str, bindings: dict[str, Binding], sentence: str) -> None:
    with pytest.raises(DeclarationError, match=sentence):
        ask_policy(a_type(name, **bindings))


def test_a_policy_of_a_field_that_is_not_there_is_refused() -> None:
    node = a_type("Place")
    del node.bindings["code"]
    with pytest.raises(DeclarationError, match=r"FIELDS in domain/policy/fields\.py names Place\.code, which is not declared"):
        ask_policy(node)


@pytest.mark.parametrize(
    ("field", "closed"),
    [
        (computed(bool, "{row}.name = ''", "…"), "Account.name"),
        (count("Account", "…", by="street_id", where="{row}.name > 'M'"), "Account.name"),
        (many("Account", "…", sort="-name"), "Account.name"),
        (lookup("Account", "…", by="login"), "Account.login"),
    ],
    ids=["computed", "counted", "ordered", "looked up"],
)
def test_what_tells_a_closed_field_in_another_way_is_refused(field: Binding, closed: str) -> None:
    with pytest.raises(DeclarationError, match=rf"Account: a field of it would let {closed} be guessed"):
        ask_about("Account", [field], NODES, NODES["Account"])
