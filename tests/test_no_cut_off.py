"""Nothing in the product cuts a home off from water, power, gate, lift or parking, can be told to, or learns who is behind.

(Civil Code art. 944.) Asked of the whole schema, of everything that is told and taken, of every table, and of what knows what.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from tortoise import Model

import models
from domain.access import Role
from domain.arrears.wording import threat
from domain.events import EVENT_TYPES as TAKEN
from domain.notices import EVENT_TYPES as TOLD
from domain.notices import checked_template
from domain.policy import ACTS, READ
from domain.refusals import Refused

ROOT = Path(__file__).parents[1]
SCHEMA = build_schema((ROOT / "schema.graphql").read_text())

#: What sounds like it and is about something else: a module of the steward, and a lift that was laid up for safety.
ABOUT_SOMETHING_ELSE = {("ModuleOff", ""), ("Mutation", "facilityResume")}
#: Acts whose names begin so would do it.
_ACTS = re.compile(
    r"(cut|disconnect|shut|lock|block|bar|deny|restrict|throttle|power|water|gas|valve|gate|lift|barrier|parking)([A-Z]|$)"
)
#: What stands at doors, and what knows of money. Neither may know the other.
DOORS = {"devices", "facilities", "mqtt", "parking", "passes", "posts", "security", "stations"}
MONEY = {
    "analysis",
    "arrears",
    "bill_runs",
    "bills",
    "charges",
    "expenses",
    "fees",
    "ledger",
    "payments",
    "revenue",
    "statements",
}
#: Meters of fee items are read, and counted: they are rows of figures, and hold no valve.
OWING = re.compile(
    r"(^|_)(arrears?|debts?|debtor|owed|owing|unpaid|overdue_amount|balance|open_amount|blocked|barred|cut_off)(_|$)"
)
#: The arrears of a home: nobody but people at the desk and the home itself reads them, and no machine.
HOMES_OWN = ("ArrearsCase", "Reminder", "InstalmentPlan", "Instalment", "BillDispute", "LateFeeCharge", "CourtFile")


def spoken() -> list[tuple[str, str, str]]:
    """Everything that the schema says: of which type, which field, and the words."""
    said: list[tuple[str, str, str]] = []
    for name, type_ in SCHEMA.type_map.items():
        said.append((name, "", type_.description or ""))
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in type_.fields.items():
                said.append((name, field_name, f"{field_name} {field.description or ''}"))
        if isinstance(type_, GraphQLEnumType):
            said += [(name, value, f"{value} {each.description or ''}") for value, each in type_.values.items()]
    return said


def test_no_field_value_or_mutation_speaks_of_cutting_a_home_off() -> None:
    found = {(type_, field) for type_, field, words in spoken() if threat(words)}
    assert found == ABOUT_SOMETHING_ELSE


def test_no_act_is_one_and_nobody_may_do_one() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    assert [name for name in {*mutation.fields, *ACTS} if _ACTS.match(name)] == []


def test_nothing_that_is_told_or_taken_is_a_command() -> None:
    for type_, told in TOLD.items():
        words = [text for each in (told.name, told.title, told.body, *told.fields.values()) for text in (each.en, each.zh)]
        assert [each for each in words if threat(each)] == [], type_
    commands = re.compile(r"command|control|cut|lock|open\b|close\b|switch|valve|deny|block")
    assert [type_ for type_ in {*TOLD, *TAKEN} if commands.search(type_)] == []


@pytest.mark.parametrize("type_", [type_ for type_, told in TOLD.items() if told.owing])
def test_no_street_can_write_a_threat_into_what_a_home_is_told_of_what_it_owes(type_: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_template(type_, "缴费提示", "逾期不缴将停水停电。")
    assert refused.value.path == ("body",)
    with pytest.raises(Refused):
        checked_template(type_, "We shall lock you out", "Please pay.")
    assert checked_template(type_, "缴费提示", "{message}") == ("缴费提示", "{message}")


def test_no_machine_reads_who_is_behind() -> None:
    assert [name for name in HOMES_OWN if Role.INTEGRATION in READ[name]] == []


def test_what_stands_at_doors_keeps_no_word_of_what_a_home_owes() -> None:
    tables = [getattr(models, name) for name in models.__all__]
    rows = [row for row in tables if isinstance(row, type) and issubclass(row, Model)]
    doors = [row for row in rows if DOORS & set(row.__module__.split("."))]
    homes = [row for row in rows if row.__name__ in {"Home", "Account", "RoleBinding", "Compound", "Unit", "Building"}]
    assert doors
    assert [(row.__name__, column) for row in [*doors, *homes] for column in row._meta.fields_map if OWING.search(column)] == []


def _nouns(path: Path) -> set[str]:
    """The floors' nouns in a module's path: domain/steward/fees.py is of fees."""
    return set(path.relative_to(ROOT).with_suffix("").parts[1:]) - {"steward", "mutations", "__init__"}


def _known(path: Path) -> set[str]:
    """The nouns that a module imports from its own floor or from those below."""
    nouns: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".") if node.module else []
            nouns |= {*parts[:4], *(each.name for each in node.names if not parts or parts[-1] in {"models", "domain", "tasks"})}
        elif isinstance(node, ast.Import):
            nouns |= {part for each in node.names for part in each.name.split(".")[:4]}
    return nouns


def test_what_stands_at_doors_and_what_knows_of_money_do_not_know_each_other() -> None:
    modules = [
        path for floor in ("domain", "models", "tasks") for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts
    ]
    at_doors = [path for path in modules if _nouns(path) & DOORS and not _nouns(path) & MONEY]
    of_money = [path for path in modules if _nouns(path) & MONEY]
    assert len(at_doors) > 20
    assert len(of_money) > 10
    assert {str(path): found for path in at_doors if (found := _known(path) & MONEY)} == {}
    allowed = {"facilities"}  # the rules' conditions name kinds of devices; an expense may name the facility it was spent on
    assert {str(path): found for path in of_money if (found := (_known(path) & DOORS) - allowed)} == {}
